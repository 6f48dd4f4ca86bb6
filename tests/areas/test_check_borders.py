"""What a grid map must fulfil, and how its faults are told."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gewu.core.errors import Invalid
from gewu.domain.areas import rules
from gewu.domain.areas.maps import GridMap
from gewu.domain.areas.models import Area
from gewu.domain.areas.rules import Node, Shape, accept_all_names, build_tree_from_leaves, check_borders
from tests.areas.squares import SIDE, SOUTH, WEST, box, shapes

METRE = 1 / 94_000  # of longitude at this latitude, in degrees; a square is 940 m wide and 1,109 m high


def names(**instead: Any) -> list[str]:
    return [fault.name for fault in check_borders(shapes(**instead))]


def test_a_sound_map_has_no_fault() -> None:
    checked = rules.examine(shapes())
    assert (checked.faults, checked.ignored) == ((), 0)


def test_an_overlap_is_told_with_size_and_place() -> None:
    # left_1 reaches a tenth of a square into its neighbour, so also beyond its community.
    faults = check_borders(shapes(left_1=box(0, 1, 1.1)))
    overlap = faults[0]
    assert [fault.name for fault in faults] == ["overlap:left_1:right_1", "outside:left_1:left"]
    assert overlap.m2 == pytest.approx(0.1 * 940 * 1109, rel=0.01)
    assert box(1, 1, 0.1).contains(shapely.points(overlap.lon, overlap.lat))


def test_a_gap_is_named_after_the_parent_and_the_areas_around_it() -> None:
    assert names(left_1=box(0, 1.5, 1, 0.5)) == ["gap:left:left_1:left_2"]


def test_two_gaps_between_the_same_areas_are_told_apart_from_west_to_east() -> None:
    holes = shapely.difference(
        box(0, 1), shapely.union_all([box(0.2, 1.4, 0.1, 0.1), box(0.6, 1.4, 0.1, 0.1)])
    )
    faults = check_borders(shapes(left_1=holes))
    assert [fault.name for fault in faults] == ["gap:left:left_1", "gap:left:left_1~2"]
    assert faults[0].lon < faults[1].lon


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        (0.0004, []),  # 0.44 m2: left alone
        (0.008, ["overlap_sliver:left_1:right_1", "outside_sliver:left_1:left"]),  # below 10 m2
        (
            0.15,
            ["overlap_sliver:left_1:right_1", "outside_sliver:left_1:left"],
        ),  # 166 m2, narrower than 0.2 m
        (0.25, ["overlap:left_1:right_1", "outside:left_1:left"]),
    ],
)
def test_how_wide_a_strip_must_be_to_count(metres: float, expected: list[str]) -> None:
    assert names(left_1=box(0, 1, 1 + metres * METRE / SIDE)) == expected


def test_what_is_too_small_to_matter_is_counted() -> None:
    bump = shapely.union(
        box(0, 1), shapely.box(WEST + SIDE, SOUTH + 1.5 * SIDE, WEST + SIDE + 5e-6, SOUTH + 1.5 * SIDE + 5e-6)
    )
    checked = rules.examine(shapes(left_1=bump))  # some 0.47 m x 0.55 m
    assert (checked.faults, checked.ignored) == ((), 2)  # as an overlap and as reaching beyond the community


def test_borders_drawn_twice_with_rounding_differences_are_one_border() -> None:
    shaken = shapely.transform(box(0, 1), lambda xy: xy + np.where(xy > 100, 4e-9, -4e-9))
    assert names(left_1=shaken) == []


def test_a_border_that_crosses_itself_is_a_fault_and_is_repaired() -> None:
    bow = shapely.polygons([(120.1, 32.51), (120.11, 32.52), (120.11, 32.51), (120.1, 32.52), (120.1, 32.51)])
    checked = rules.examine(shapes(left_1=bow))
    assert checked.faults[0].name == "invalid:left_1"
    assert (checked.faults[0].lon, checked.faults[0].lat) == pytest.approx((120.105, 32.515))
    assert all(shape.geometry.is_valid for shape in checked.shapes)


def test_a_code_twice_can_never_be_accepted() -> None:
    twice = [*shapes(), shapes()[-1]]
    faults = check_borders(twice)
    assert [fault.name for fault in faults] == ["duplicate:right_2"]
    assert accept_all_names(faults) == []
    assert rules.unaccepted(faults, ["duplicate:right_2"]) == faults


def test_accepting_by_name() -> None:
    faults = check_borders(shapes(left_1=box(0, 1, 1.1)))
    listed = "overlap:left_1:right_1  # known since the survey\n\n# nothing else\noutside:left_1:left\n"
    assert rules.unaccepted(faults, rules.read_accept_list(listed)) == []
    assert rules.unaccepted(faults, ["overlap:left_1:right_1"]) == [faults[1]]
    assert accept_all_names(faults) == ["outside:left_1:left", "overlap:left_1:right_1"]


def test_an_area_below_the_wrong_level_is_refused() -> None:
    astray = [
        *shapes(),
        Shape("astray", "grid", "town", box(5, 5)),
        Shape("lost", "grid", "nowhere", box(7, 7)),
    ]
    with pytest.raises(Invalid) as refused:
        rules.check_tree(astray)
    assert {(error.field, error.code) for error in refused.value.errors} == {
        ("astray.parent", "wrong_level"),
        ("lost.parent", "no_parent"),
    }


def test_parents_made_from_leaves_show_enclosed_gaps() -> None:
    ring = [box(0, 0, 3), box(0, 2, 3), box(0, 1), box(2, 1)]
    leaves = [Shape(f"g{n}", "grid", "c", geometry) for n, geometry in enumerate(ring)]
    made = build_tree_from_leaves(leaves, [Node("c", "community", "s"), Node("s", "subdistrict", None)])
    assert [shape.code for shape in made] == ["s", "c", "g0", "g1", "g2", "g3"]
    assert [fault.name for fault in check_borders(made)] == ["gap:s:c"]


def precincts(file: Path) -> list[Shape]:
    """A real map of leaves: precinct = grid, ward = community, the city = one subdistrict of one district."""
    leaves = [
        Shape(
            feature["properties"]["precinct"],
            "grid",
            f"w{feature['properties']['ward']}",
            shapely.geometry.shape(feature["geometry"]),
        )
        for feature in json.loads(file.read_text())["features"]
    ]
    wards = sorted({leaf.parent or "" for leaf in leaves})
    above = [Node("city", "district", None), Node("sub", "subdistrict", "city")]
    return build_tree_from_leaves(leaves, [*above, *(Node(ward, "community", "sub") for ward in wards)])


def test_a_real_map_shows_its_known_faults(datasets: Callable[[str], Path]) -> None:
    """The map is known for 2 invalid polygons, 57 overlapping pairs and 68 holes.

    Counted without a threshold we find the same. Of the pairs 5 and of the holes 6 are below 0.5 m2 and left alone
    (12 pieces, one pair overlaps in two), so 52 and 62 remain; most of them are slivers. Overlapping pairs of
    precincts in different wards make 9 pairs of wards overlap as well.
    """
    made = precincts(datasets("geo/boston_precincts.geojson"))
    checked = rules.examine(made)
    kinds = Counter(fault.kind for fault in checked.faults if len(fault.codes[0]) == 4)
    gaps = Counter(fault.kind for fault in checked.faults if fault.kind.startswith("gap"))
    if len(made) < 255:
        assert (kinds["invalid"], kinds["overlap"], gaps["gap"]) == (
            1,
            1,
            1,
        )  # our small map of the same form
        return
    assert kinds["invalid"] == 2
    assert kinds["overlap"] + kinds["overlap_sliver"] == 52
    assert gaps["gap"] + gaps["gap_sliver"] == 62
    assert checked.ignored == 12
    assert rules.unaccepted(checked.faults, accept_all_names(checked.faults)) == []


def test_points_of_a_real_map_fall_where_the_city_recorded_them(datasets: Callable[[str], Path]) -> None:
    """At least 95 % of the first 2,000 cases with a position of their own; the rest lie metres outside."""
    made = rules.examine(precincts(datasets("geo/boston_precincts.geojson"))).shapes
    grids = [(Area(code=shape.code), shape.geometry) for shape in made if shape.level == "grid"]
    recorded, points = [], []
    with gzip.open(datasets("boston311_2011/cases.csv.gz"), "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            place = row["longitude"], row["latitude"]
            # The city hall stands in for unknown places.
            if not row["precinct"] or not all(place) or place == ("-71.0587", "42.3594"):
                continue
            recorded.append(row["precinct"])
            points.append((float(place[0]), float(place[1])))
            if len(points) == 2000:
                break
    found = GridMap(grids).locate_many(points)
    agreed = sum(
        located.area is not None and located.area.code == code
        for located, code in zip(found, recorded, strict=True)
    )
    assert agreed / len(points) >= 0.95
