"""Who may do what is tested on the people of the town, and on a world of cases with planted texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from gewu.core import clock as core_clock
from tests import town as cast
from tests.access import matrix
from tests.town_fixture import filled, town

__all__ = ["filled", "town"]


@pytest.fixture(scope="module")
def world(
    filled: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[matrix.World]:
    """Built once for a module; every knock at a door is undone."""
    folder = tmp_path_factory.mktemp("world")
    settings = override_settings(PHOTOS=folder / "photos", HEADS=folder / "heads")
    time = core_clock.driven(core_clock.DrivenClock(cast.NOW))
    with django_db_blocker.unblock(), settings, time:
        yield matrix.build()


@pytest.fixture
def standing(world: matrix.World, db: None) -> matrix.World:
    """The world, with the store open to the test."""
    return world
