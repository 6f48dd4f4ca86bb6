"""Importing a map: a new prepared version, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely
from django.db.models import Min

from gewu.core import geo
from gewu.core.clock import DrivenClock
from gewu.core.errors import Conflict, Invalid, NotFound
from gewu.domain.areas import actions, queries, rules
from gewu.domain.areas.models import Area, Border, BorderVersion
from gewu.domain.areas.rules import FaultyBorders, Shape
from gewu.domain.journal.models import Entry
from tests.areas.squares import LEFT, RIGHT, TOWN, Actor, box, collection, middle, shapes

pytestmark = pytest.mark.django_db
Import = Callable[..., actions.Imported]


@pytest.fixture
def imported(clock: DrivenClock) -> Import:
    """Import these shapes as a file, as somebody at noon of the test's day."""

    def run(of: list[Shape], **given: Any) -> actions.Imported:
        return actions.import_geojson(json.dumps(collection(of)), actor=Actor(), now=clock.now(), **given)

    return run


def test_the_first_map_makes_the_areas(imported: Import) -> None:
    result = imported(shapes())
    assert result.version is not None
    assert (result.version.number, result.version.state, result.areas) == (1, "prepared", 7)
    left = queries.get_area(LEFT)
    assert [area.code for area in queries.ancestors(queries.get_area("left_2"))] == [TOWN, LEFT]
    assert (left.path, queries.get_area("right_2").path) == ("000000", "000001001")
    assert Border.objects.get(area=left).surface_m2 == pytest.approx(2 * 940 * 1109, rel=0.01)
    entry = Entry.objects.get(kind="areas.borders_imported")
    assert (entry.subject_id, entry.data["added"]) == (result.version.id, 7)


def test_a_dry_run_tells_the_same_and_keeps_nothing(imported: Import) -> None:
    told = imported(shapes(left_1=box(0, 1, 1.1)), dry_run=True)
    assert [fault.name for fault in told.unaccepted] == ["overlap:left_1:right_1", "outside:left_1:left"]
    assert (told.version, len(told.added)) == (None, 7)
    assert not Area.objects.exists()
    assert not Entry.objects.exists()


def test_a_faulty_map_is_refused_until_each_fault_is_accepted_by_name(imported: Import) -> None:
    faulty = shapes(left_1=box(0, 1, 1.1))
    with pytest.raises(FaultyBorders) as refused:
        imported(faulty, accept=["overlap:left_1:right_1"])
    assert [error.field for error in refused.value.errors] == ["outside:left_1:left"]
    assert not BorderVersion.objects.exists()
    reasons = {"overlap:left_1:right_1": "surveyed", "outside:left_1:left": "surveyed"}
    version = imported(faulty, accept=reasons).version
    assert version is not None
    assert version.accepted == sorted(reasons)
    assert queries.locate(*middle(1.05, 1.5), version=version).on_border


def test_an_invalid_polygon_is_repaired_when_accepted(imported: Import) -> None:
    bow = shapely.polygons([(120.1, 32.51), (120.11, 32.52), (120.11, 32.51), (120.1, 32.52), (120.1, 32.51)])
    faulty = shapes(left_1=bow)
    version = imported(faulty, accept=rules.accept_all_names(rules.check_borders(faulty))).version
    assert version is not None
    assert all(shape.geometry.is_valid for shape in queries.shapes_of(version))


def test_a_ring_that_is_not_closed_is_a_fault(clock: DrivenClock) -> None:
    data = collection(shapes())
    del data["features"][3]["geometry"]["coordinates"][0][-1]
    told = actions.import_geojson(data, actor=Actor(), now=clock.now(), dry_run=True)
    assert [fault.name for fault in told.faults] == ["open:left_1"]


def test_a_map_with_the_chinese_offset_lands_where_it_belongs(clock: DrivenClock) -> None:
    data = collection(shapes())
    for feature in data["features"]:
        ring = feature["geometry"]["coordinates"][0]
        feature["geometry"]["coordinates"][0] = [list(geo.wgs84_to_gcj02(*corner)) for corner in ring]
    version = actions.import_geojson(data, system="gcj02", actor=Actor(), now=clock.now()).version
    assert version is not None
    for shape, expected in zip(
        sorted(queries.shapes_of(version), key=lambda s: s.code),
        sorted(shapes(), key=lambda s: s.code),
        strict=True,
    ):
        assert shapely.hausdorff_distance(shape.geometry, expected.geometry) < 1e-6


def test_every_wrong_feature_is_told_at_its_place(clock: DrivenClock) -> None:
    data = collection(shapes())
    data["features"][0]["properties"]["code"] = "a b"
    data["features"][1]["properties"]["level"] = "planet"
    data["features"][2]["properties"]["name"] = " "
    data["features"][3]["geometry"] = {"type": "Point", "coordinates": [1, 2]}
    data["features"][4]["geometry"]["coordinates"] = [[[120, 32], [121, 32], [120, 32]]]
    data["features"][5]["geometry"]["coordinates"] = [[[120, 32], [500, 32], [120, 33], [120, 32]]]
    data["features"][6]["properties"] = None
    with pytest.raises(Invalid) as refused:
        actions.import_geojson(data, actor=Actor(), now=clock.now())
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("features[0].properties.code", "bad_code"),
        ("features[1].properties.level", "bad_level"),
        ("features[2].properties.name", "bad_text"),
        ("features[3].geometry", "not_polygon"),
        ("features[4].geometry", "bad_ring"),
        ("features[5].geometry.lon", "out_of_range"),
        ("features[6]", "no_properties"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        "{",
        "[]",
        '{"type": "FeatureCollection"}',
        "[" * 100_000,
        {"type": "FeatureCollection", "features": []},
        {"type": "FeatureCollection", "features": [None, 7]},
    ],
)
def test_what_is_no_map_is_refused(clock: DrivenClock, data: Any) -> None:
    with pytest.raises(Invalid):
        actions.import_geojson(data, actor=Actor(), now=clock.now())


def test_a_second_map_keeps_areas_and_their_keys(imported: Import) -> None:
    imported(shapes())
    known = {area.code: area.id for area in Area.objects.all()}
    wider = [s for s in shapes(left_2=box(0, 0.5, 1, 0.5)) if s.code != "left_3"]
    wider.append(Shape("left_3", "grid", LEFT, box(0, 0, 1, 0.5), "Left 3"))
    second = imported(wider)
    assert second.version is not None
    assert (second.version.number, len(second.gone)) == (2, 0)
    assert {area.code: area.id for area in Area.objects.exclude(code="left_3")} == known
    assert queries.get_area("left_3").path == "000000002"


def test_a_code_keeps_its_place_in_the_tree(imported: Import) -> None:
    imported(shapes())
    moved = [s for s in shapes() if s.code != "left_1"]
    moved.append(Shape("left_1", "grid", RIGHT, box(0, 1), "Left 1"))
    told = rules.accept_all_names(rules.check_borders(moved))
    with pytest.raises(Invalid) as refused:
        imported(moved, accept=told)
    assert refused.value.errors[0].code == "code_moved"


def test_a_file_may_hold_what_lies_below_one_area(imported: Import, clock: DrivenClock) -> None:
    first = imported(shapes()).version
    assert first is not None
    actions.put_into_force(first, actor=Actor(), now=clock.now())
    three = [
        Shape(f"left_{n}", "grid", LEFT, box(0, row, 1, high), f"Left {n}")
        for n, row, high in ((1, 1, 1), (2, 0.5, 0.5), (3, 0, 0.5))
    ]
    result = imported(three, within=LEFT)
    assert (result.areas, result.added, result.gone) == (8, ("left_3",), ())
    with pytest.raises(NotFound):
        imported(three, within="nowhere")


def test_micro_grids_may_lie_below_grids(imported: Import) -> None:
    with_micro = [
        *shapes(),
        Shape("m1", "microgrid", "left_1", box(0, 1, 0.5), "M 1"),
        Shape("m2", "microgrid", "left_1", box(0.5, 1, 0.5), "M 2"),
    ]
    version = imported(with_micro).version
    assert version is not None
    located = queries.locate(*middle(0.2, 1.2), version=version)
    assert located.area is not None
    assert located.area.code == "left_1"  # a case belongs to a grid


def test_of_two_imports_at_once_one_is_told(imported: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(shapes())
    imported(shapes())
    monkeypatch.setattr(actions, "Max", Min)  # read the last number before the other one stored its map
    with pytest.raises(Conflict):
        imported(shapes())


def test_takes_effect_on_the_day_given(imported: Import) -> None:
    version = imported(shapes(), takes_effect=date(2026, 6, 1)).version
    assert version is not None
    assert version.takes_effect == date(2026, 6, 1)
    assert queries.get_area(LEFT).valid_from == date(2026, 6, 1)
