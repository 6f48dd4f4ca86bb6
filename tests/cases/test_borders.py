"""A new map takes effect: open cases go where it puts them, and whoever no longer serves the place lets go of them."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from gewu.domain.access.actor import SYSTEM
from gewu.domain.areas import actions as maps
from gewu.domain.areas.models import Area, BorderVersion
from gewu.domain.areas.rules import Shape
from gewu.domain.cases.actions.borders import move_cases, preview, take_effect
from gewu.domain.cases.models import Case
from gewu.domain.journal.queries import history
from tests import town as cast
from tests.town import NOW, at_level, do, fresh, report_case, walk_to


def drawn(change: Callable[[Shape], Shape | None]) -> BorderVersion:
    """A prepared map: that of the town with one change to its shapes."""
    imported = maps.import_shapes(
        [new for shape in cast.SHAPES if (new := change(shape)) is not None], actor=SYSTEM, now=NOW
    )
    assert imported.version is not None
    return imported.version


def one_grid_fewer(shape: Shape) -> Shape | None:
    """Grid a1 is dissolved into a2."""
    if shape.code == "a1":
        return None
    return shape if shape.code != "a2" else _as(shape, cast._square(0, 0, 1, 2))


def communities_swapped(shape: Shape) -> Shape:
    """Grid a1 goes over to community B."""
    if shape.code == "a1":
        return Shape("b3", "grid", "community_b", shape.geometry, "新网格")
    if shape.code == "community_a":
        return _as(shape, cast._square(0, 0))
    if shape.code == "community_b":
        return _as(shape, cast._square(1, 0, 1, 2).union(cast._square(0, 1)))
    return shape


def _as(shape: Shape, geometry: object) -> Shape:
    return Shape(shape.code, shape.level, shape.parent, geometry, shape.name)


def path_of(code: str) -> str:
    return Area.objects.get(code=code, valid_to=None).path


def test_a_case_with_a_position_goes_where_the_map_puts_it(town: ModuleType) -> None:
    told = report_case()
    version = drawn(one_grid_fewer)
    assert [change.to.code for change in preview(version)] == ["a2"]
    _version, moved = take_effect(version, actor=SYSTEM, now=NOW)
    case = fresh(told)
    assert (moved, case.scope_path) == (1, path_of("a2"))
    assert case.filed_area.code == "a1", "figures stay with the area it was filed in"
    assert history(("case", case.pk))[-1].kind == "case.moved_border"


def test_one_without_a_position_goes_to_the_area_above_when_its_own_has_ended(town: ModuleType) -> None:
    told = report_case(at=None, area_code="a1")
    take_effect(drawn(one_grid_fewer), actor=SYSTEM, now=NOW)
    assert fresh(told).scope_path == path_of("community_a")


def test_one_outside_every_grid_goes_there_too(town: ModuleType) -> None:
    told = report_case()
    Case.objects.filter(pk=told.case.pk).update(lon=121.5, lat=31.0)
    take_effect(drawn(one_grid_fewer), actor=SYSTEM, now=NOW)
    assert fresh(told).scope_path == path_of("community_a")


def test_what_lies_above_the_grids_and_what_is_closed_stays(town: ModuleType) -> None:
    nowhere, closed = report_case(at=None), walk_to("closed")
    _version, moved = take_effect(drawn(one_grid_fewer), actor=SYSTEM, now=NOW)
    assert moved == 0
    assert fresh(nowhere).scope_path == path_of("321204001")
    assert fresh(closed).scope_path == Area.objects.get(code="a1").path


def test_the_post_of_another_grid_lets_go(town: ModuleType) -> None:
    told = report_case()
    do("accept", told, "lead_a1")
    do("assign", told, "lead_a1")
    take_effect(drawn(one_grid_fewer), actor=SYSTEM, now=NOW)
    holder = fresh(told).holder_post
    assert holder is not None
    assert holder.code == "lead-a2"


@pytest.mark.parametrize(("unit", "keeps"), [("committee-a", False), ("team", True)])
def test_a_unit_lets_go_where_it_does_not_serve(town: ModuleType, unit: str, keeps: bool) -> None:
    level, who = ("V", "director_a") if unit == "committee-a" else ("S", "dispatcher")
    told = at_level(level)
    do("assign", told, who, to=f"unit:{unit}")
    take_effect(drawn(communities_swapped), actor=SYSTEM, now=NOW)
    case = fresh(told)
    assert case.scope_path == path_of("b3")
    assert (case.holder_unit is not None and case.holder_unit.code == unit) is keeps
    if not keeps:
        assert case.holder_post is not None
        assert case.holder_post.code == "director-b"


def test_a_second_time_moves_nothing(town: ModuleType) -> None:
    told = report_case()
    version, _moved = take_effect(drawn(one_grid_fewer), actor=SYSTEM, now=NOW)
    assert move_cases(version, actor=SYSTEM, now=NOW) == 0
    assert fresh(told).version == 2
