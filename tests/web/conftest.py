"""Pages of the town, read as a resident's browser without script would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gewu.core.clock import DrivenClock
from tests.town_fixture import filled, town

__all__ = ["filled", "town"]


@pytest.fixture
def resident(town: Any, clock: DrivenClock, settings: Any, tmp_path: Path) -> Client:
    """Somebody without an account, reading English, so that tests need no translation."""
    settings.PHOTOS = tmp_path / "photos"
    settings.PHOTOS.mkdir()
    return Client(headers={"accept-language": "en"})
