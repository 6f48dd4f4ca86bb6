"""Calls to the API by the people of the town."""

from __future__ import annotations

from typing import Any

import pytest

from gewu.core.clock import DrivenClock
from tests.api.caller import Caller
from tests.town_fixture import filled, town

__all__ = ["api", "filled", "town"]


@pytest.fixture
def api(town: Any, clock: DrivenClock) -> Caller:
    """Anyone, calling; `as_("lead_a1")` signs in, `with_token(...)` and `with_receipt(...)` carry a header."""
    return Caller()
