"""The town of tests.notify, and one on a store that other processes can open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gewu.core.clock import DrivenClock
from tests.notify import cast


@pytest.fixture
def town(db: None, clock: DrivenClock, data_dir: Path, heads_dir: Path) -> Iterator[cast.Town]:
    yield from cast.made(clock)


@pytest.fixture
def open_town(transactional_db: None, clock: DrivenClock, data_dir: Path, heads_dir: Path) -> Iterator[Any]:
    yield from cast.made(clock)
