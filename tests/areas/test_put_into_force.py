"""A prepared map takes effect on its day, and older ones stay readable."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gewu.core.clock import DrivenClock
from gewu.core.errors import Conflict, NotFound, Refused
from gewu.domain.areas import actions, queries
from gewu.domain.areas.models import Area, BorderVersion
from gewu.domain.areas.rules import Shape
from gewu.domain.journal.models import Entry
from tests.areas.squares import LEFT, TOWN, Actor, box, middle, shapes

pytestmark = pytest.mark.django_db


def prepare(of: list[Shape], clock: DrivenClock, takes_effect: date | None = None) -> BorderVersion:
    imported = actions.import_shapes(of, actor=Actor(), now=clock.now(), takes_effect=takes_effect)
    assert imported.version is not None
    return imported.version


def moved_line() -> list[Shape]:
    """The line between left_1 and left_2 moves north by half a square; left_2 is called anew."""
    changed = shapes(left_1=box(0, 1.5, 1, 0.5), left_2=box(0, 0, 1, 1.5))
    return [
        Shape(s.code, s.level, s.parent, s.geometry, "New" if s.code == "left_2" else s.name) for s in changed
    ]


def test_the_first_map(clock: DrivenClock) -> None:
    version = prepare(shapes(), clock)
    assert queries.locate(*middle(0.5, 1.2)).reason == "no_map"
    actions.put_into_force(version, actor=Actor(), now=clock.now())
    located = queries.locate(*middle(0.5, 1.2))
    assert located.area == queries.get_area("left_1")
    assert queries.current_version() == version
    assert Entry.objects.get(kind="areas.borders_in_force").data["areas"] == 7


def test_the_next_map_decides_and_the_old_one_stays_readable(clock: DrivenClock) -> None:
    first = prepare(shapes(), clock)
    actions.put_into_force(first, actor=Actor(), now=clock.now())
    second = prepare(moved_line(), clock)
    point = middle(0.5, 1.2)
    assert queries.get_area("left_2").name == "Left 2"  # a prepared map renames nothing
    actions.put_into_force(second, actor=Actor(), now=clock.now())
    now_in, was_in = queries.locate(*point), queries.locate(*point, version=queries.get_version(1))
    assert (now_in.area.code, was_in.area.code) == ("left_2", "left_1")  # type: ignore[union-attr]
    assert queries.get_area("left_2").name == "New"
    assert queries.get_version(1).state == "past"


def test_a_preview_of_what_would_move(clock: DrivenClock) -> None:
    first, second = prepare(shapes(), clock), prepare(moved_line(), clock)
    points = [("moves", *middle(0.5, 1.2)), ("stays", *middle(0.5, 0.2)), ("outside", *middle(9, 9))]
    moves = queries.moves_between(first, second, points)
    assert [(m.key, m.before and m.before.code, m.after and m.after.code) for m in moves] == [
        ("moves", "left_1", "left_2")
    ]


def test_areas_that_left_the_map_end(clock: DrivenClock) -> None:
    actions.put_into_force(prepare(shapes(), clock), actor=Actor(), now=clock.now())
    merged = [s for s in shapes(left_1=box(0, 0, 1, 2)) if s.code != "left_2"]
    clock.advance(timedelta(days=1))
    actions.put_into_force(prepare(merged, clock), actor=Actor(), now=clock.now())
    with pytest.raises(NotFound):
        queries.get_area("left_2")
    ended = Area.objects.get(code="left_2")
    assert ended.valid_to == date(2026, 3, 11)
    assert ended in queries.children(queries.get_area(LEFT), on=date(2026, 3, 10))
    assert ended not in queries.children(queries.get_area(LEFT), on=date(2026, 3, 11))


def test_a_code_may_come_back_with_a_key_of_its_own(clock: DrivenClock) -> None:
    actions.put_into_force(prepare(shapes(), clock), actor=Actor(), now=clock.now())
    merged = [s for s in shapes(left_1=box(0, 0, 1, 2)) if s.code != "left_2"]
    actions.put_into_force(prepare(merged, clock), actor=Actor(), now=clock.now())
    actions.put_into_force(prepare(shapes(), clock), actor=Actor(), now=clock.now())
    assert queries.get_area("left_2").path == "000000002"


def test_not_before_its_day(clock: DrivenClock) -> None:
    version = prepare(shapes(), clock, takes_effect=date(2026, 3, 11))
    with pytest.raises(Refused):
        actions.put_into_force(version, actor=Actor(), now=clock.now())
    # 16:00 UTC is midnight in Shanghai.
    clock.advance(timedelta(hours=15))
    actions.put_into_force(version, actor=Actor(), now=clock.now())


def test_never_twice_and_never_backwards(clock: DrivenClock) -> None:
    first, second, third = (prepare(shapes(), clock) for _version in range(3))
    actions.put_into_force(second, actor=Actor(), now=clock.now())
    for late in (first, second):
        with pytest.raises(Refused):
            actions.put_into_force(late, actor=Actor(), now=clock.now())
    BorderVersion.objects.filter(id=third.id).update(state="past")  # somebody was faster
    with pytest.raises(Conflict):
        actions.put_into_force(third, actor=Actor(), now=clock.now())
    assert queries.current_version() == second


def test_a_prepared_map_can_be_thrown_away(clock: DrivenClock) -> None:
    """Then a code that stood at the wrong place is free again."""
    actions.put_into_force(prepare(shapes(), clock), actor=Actor(), now=clock.now())
    extra = [Shape("extra", "grid", LEFT, box(0, 0, 1, 0.5), "Extra")]
    wrong = prepare([*shapes(left_2=box(0, 0.5, 1, 0.5)), *extra], clock)
    actions.discard(wrong, actor=Actor(), now=clock.now())
    with pytest.raises(NotFound):
        queries.get_area("extra")
    assert Area.objects.count() == 7
    assert Entry.objects.get(kind="areas.borders_discarded").data == {"number": 2, "areas": 1}


def test_a_map_that_was_in_force_stays(clock: DrivenClock) -> None:
    version = prepare(shapes(), clock)
    actions.put_into_force(version, actor=Actor(), now=clock.now())
    with pytest.raises(Refused):
        actions.discard(version, actor=Actor(), now=clock.now())
    assert Area.objects.count() == 7


def test_the_first_map_can_be_thrown_away_whole(clock: DrivenClock) -> None:
    actions.discard(prepare(shapes(), clock), actor=Actor(), now=clock.now())
    assert not Area.objects.exists()


def test_the_tree_lists_parents_before_children_in_code_order(clock: DrivenClock) -> None:
    prepare(shapes(), clock)
    listed = queries.tree(on=date(2026, 3, 10))
    assert [(branch.area.code, branch.depth) for branch in listed] == [
        (TOWN, 0),
        ("left", 1),
        ("left_1", 2),
        ("left_2", 2),
        ("right", 1),
        ("right_1", 2),
        ("right_2", 2),
    ]
    left = queries.get_area(LEFT)
    assert [b.area.code for b in queries.tree(on=date(2026, 3, 10), under=left)] == [
        "left",
        "left_1",
        "left_2",
    ]
    assert len(queries.tree(on=date(2026, 3, 10), deepest="community")) == 3
    assert queries.tree(on=date(2026, 3, 9)) == []


def test_a_subtree_is_one_range(clock: DrivenClock) -> None:
    prepare(shapes(), clock)
    left = queries.get_area(LEFT)
    assert set(Area.objects.filter(queries.within(left.path)).values_list("code", flat=True)) == {
        "left",
        "left_1",
        "left_2",
    }
    assert Area.objects.filter(queries.within("")).count() == 7


def test_an_exported_map_can_be_imported_again(clock: DrivenClock) -> None:
    version = prepare(shapes(), clock)
    again = actions.import_geojson(queries.feature_collection(version), actor=Actor(), now=clock.now())
    assert (again.faults, again.ignored, again.areas) == ((), 0, 7)
    part = queries.feature_collection(version, under=queries.get_area(LEFT), levels=("grid",))
    assert [f["properties"]["code"] for f in part["features"]] == ["left_1", "left_2"]
