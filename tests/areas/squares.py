"""A small town of squares of 0.01 degrees: one subdistrict, two communities side by side, two grids in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import shapely

from gewu.domain.areas.rules import Shape

WEST, SOUTH, SIDE = 120.1, 32.5, 0.01
TOWN, LEFT, RIGHT = "town", "left", "right"


@dataclass(frozen=True)
class Actor:
    """Somebody who may import maps."""

    kind: str = "staff"
    user_id: UUID | None = None
    post_id: UUID | None = None


def box(column: float, row: float, wide: float = 1, high: float = 1) -> Any:
    """A rectangle counted in squares from the south-west corner."""
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    return shapely.box(west, south, west + wide * SIDE, south + high * SIDE)


def shapes(**instead: Any) -> list[Shape]:
    """The town without a fault; `instead` gives single areas another geometry: shapes(left_1=box(0, 0, 1.1))."""
    town = [
        Shape(TOWN, "subdistrict", None, box(0, 0, 2, 2), "Town"),
        Shape(LEFT, "community", TOWN, box(0, 0, 1, 2), "Left"),
        Shape(RIGHT, "community", TOWN, box(1, 0, 1, 2), "Right"),
        Shape("left_1", "grid", LEFT, box(0, 1), "Left 1"),
        Shape("left_2", "grid", LEFT, box(0, 0), "Left 2"),
        Shape("right_1", "grid", RIGHT, box(1, 1), "Right 1"),
        Shape("right_2", "grid", RIGHT, box(1, 0), "Right 2"),
    ]
    return [Shape(s.code, s.level, s.parent, instead.get(s.code, s.geometry), s.name) for s in town]


def middle(column: float, row: float) -> tuple[float, float]:
    """A point counted in squares: middle(0.5, 0.5) lies inside the south-western square."""
    return WEST + column * SIDE, SOUTH + row * SIDE


def collection(of: list[Shape]) -> dict[str, Any]:
    """The same as a GeoJSON FeatureCollection."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": s.code, "name": s.name, "level": s.level, "parent": s.parent},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[list(corner) for corner in s.geometry.exterior.coords]],
                },
            }
            for s in of
        ],
    }
