"""How a test says what is refused: `with refused("wrong_state"):` and `with invalid(text="required"):`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gewu.core.errors import Invalid, Refused


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Understood, but not by this person or not now."""
    with pytest.raises(Refused) as told:
        yield
    assert told.value.code == code, (told.value.code, str(told.value))


@contextmanager
def invalid(**faults: str) -> Iterator[None]:
    """Every wrong field with its code, and no other."""
    with pytest.raises(Invalid) as told:
        yield
    assert {error.field: error.code for error in told.value.errors} == faults
