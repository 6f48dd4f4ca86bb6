"""Places in the town: a compound of grid a1 that everybody's tests begin with."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.domain.places.actions import PlaceInput, add_place
from gewu.domain.places.models import Place
from tests.town_fixture import filled, town

__all__ = ["filled", "town"]


def given(code: str = "P1", *, grid: str = "a1", town: ModuleType, **more: object) -> PlaceInput:
    """A building of this grid, with readable defaults."""
    lon, lat = town.middle(grid)
    values: dict[str, object] = {
        "kind": "building",
        "name": "望湖小区3号楼",
        "area": grid,
        "lon": lon,
        "lat": lat,
    }
    return PlaceInput(code=code, **(values | more))  # type: ignore[arg-type]


@pytest.fixture
def building(town: ModuleType) -> Place:
    return add_place(given(town=town), actor=town.actor("director_a"), now=town.NOW)
