"""The town's staff pages: its posts at their desks, at its hour."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gewu.core.clock import DrivenClock


@pytest.fixture
def desk(town: ModuleType, clock: DrivenClock, settings: Any, tmp_path: Path) -> ModuleType:
    """The cast, with photos and heads in folders of the test's own."""
    settings.PHOTOS, settings.HEADS = tmp_path / "photos", tmp_path / "heads"
    settings.PHOTOS.mkdir()
    return town


@pytest.fixture(autouse=True)
def _chromium_may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    # Playwright's loop runs in this thread while Django answers Chromium from it; no second thread is involved.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
