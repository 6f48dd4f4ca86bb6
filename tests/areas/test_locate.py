"""From a point to its grid."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gewu.core.errors import Invalid
from gewu.domain.areas.maps import GridMap
from gewu.domain.areas.models import Area
from tests.areas.squares import SIDE, SOUTH, WEST, box, middle


@pytest.fixture
def four() -> GridMap:
    grids = {"a": box(0, 1), "b": box(1, 1), "c": box(0, 0), "d": box(1, 0)}
    return GridMap([(Area(code=code), geometry) for code, geometry in grids.items()])


def where(found: object) -> tuple[str | None, bool, str]:
    return (found.area.code if found.area else None, found.on_border, found.reason)  # type: ignore[attr-defined]


def test_a_point_inside(four: GridMap) -> None:
    assert where(four.locate(*middle(1.5, 0.5))) == ("d", False, "")


@pytest.mark.parametrize(
    ("column", "row", "code"), [(1, 1.5, "a"), (1.5, 1, "b"), (1, 1, "a"), (0, 0.5, "c"), (2, 2, "b")]
)
def test_a_point_on_a_border_belongs_to_the_smaller_code(
    four: GridMap, column: float, row: float, code: str
) -> None:
    assert where(four.locate(*middle(column, row))) == (code, True, "")


def test_a_border_is_a_centimetre_wide(four: GridMap) -> None:
    lon, lat = middle(1, 1.5)
    assert where(four.locate(lon + 0.9e-7, lat)) == ("a", True, "")
    assert where(four.locate(lon + 3e-7, lat)) == ("b", False, "")


def test_a_point_in_an_accepted_overlap_is_marked_too() -> None:
    overlapping = GridMap([(Area(code="b"), box(0, 0, 2)), (Area(code="a"), box(1, 0, 2))])
    assert where(overlapping.locate(*middle(1.5, 0.5))) == ("a", True, "")


def test_a_point_outside_every_grid_gets_a_clear_answer(four: GridMap) -> None:
    assert where(four.locate(*middle(3, 3))) == (None, False, "outside")


def test_many_points_get_the_same_answers_as_single_ones(four: GridMap) -> None:
    points = [middle(column / 4, row / 4) for column in range(-2, 12) for row in range(-2, 12)]
    assert four.locate_many(points) == [four.locate(*point) for point in points]
    assert four.locate_many([]) == []


def test_an_empty_map() -> None:
    assert where(GridMap([]).locate(*middle(1, 1))) == (None, False, "outside")


def test_nonsense_is_refused(db: None) -> None:
    from gewu.domain.areas import queries

    for lon, lat in ((float("nan"), 32.0), (181.0, 32.0), (120.0, 91.0)):
        with pytest.raises(Invalid):
            queries.locate(lon, lat)
    assert queries.locate(120.0, 32.0).reason == "no_map"


def test_every_point_among_fifty_thousand_grids_finds_its_own() -> None:
    """How long a look takes is measured by `gewu bench locate`."""
    side = 224
    corners = np.array([(x, y) for x in range(side) for y in range(side)][:50_000]) * SIDE / 4 + (WEST, SOUTH)
    boxes = shapely.segmentize(shapely.box(*corners.T, *(corners + SIDE / 4).T), SIDE / 40)
    grids = GridMap([(Area(code=f"{n:05d}"), geometry) for n, geometry in enumerate(boxes)])
    chosen = range(0, 50_000, 25)
    found = [grids.locate(*(corners[number] + SIDE / 9)).area for number in chosen]
    assert [area and area.code for area in found] == [f"{number:05d}" for number in chosen]
