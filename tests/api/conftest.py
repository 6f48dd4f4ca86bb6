"""Calls to the API by the people of the town."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gewu.core.clock import DrivenClock
from tests.api.caller import Caller
from tests.town_fixture import filled, town

__all__ = ["api", "filled", "town"]


@pytest.fixture
def api(town: Any, clock: DrivenClock) -> Iterator[Caller]:
    """Anyone, calling; `api.as_("lead_a1")` signs in, `api.with_token(...)` and `api.with_receipt(...)` carry a header."""
    yield Caller()
