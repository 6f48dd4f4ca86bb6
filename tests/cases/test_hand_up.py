"""Up the ladder, one level at a time."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.domain.cases.models import CaseText, Clock
from tests.cases.refusals import invalid, refused
from tests.town import FIRE, ROAD, at, at_level, do, fresh, report_case, walk_to


def test_the_next_level_gets_it_and_the_promise_runs_on(town: ModuleType) -> None:
    told = walk_to("handling")
    promise = Clock.objects.get(case=told.case, kind="promise")
    case = do("hand_up", told, "worker_a1", now=at(10, 10))

    assert (case.state, case.level, case.holder_post, case.holder_unit) == ("accepted", "V", None, None)
    now_running = Clock.objects.get(case=case, kind="promise")
    assert (now_running.pk, now_running.due_at) == (promise.pk, promise.due_at)
    assert CaseText.objects.filter(case=case, kind="tried").exists()
    assert Clock.objects.filter(case=case, kind="dispatch", stopped_at=None, level="V").exists()


def test_every_level_once_up_to_the_department(town: ModuleType) -> None:
    told = at_level("D")

    case = fresh(told)
    assert (case.level, case.state, case.holder_unit) == ("D", "accepted", None)
    assert case.department.code == "urban"
    assert do("assign", told, "urban_dispatcher", to="unit:urban").holder_unit.code == "urban"


def test_the_subdistrict_dispatcher_may_confirm_the_department(town: ModuleType) -> None:
    assert do("assign", at_level("D"), "dispatcher", to="unit:urban").state == "assigned"


def test_an_emergency_jumps(town: ModuleType) -> None:
    told = walk_to("handling", report_case(FIRE))
    assert do("hand_up", told, "worker_a1", level="S", reason="danger").level == "S"


def test_everything_else_goes_one_level_at_a_time(town: ModuleType) -> None:
    with invalid(level="one_at_a_time"):
        do("hand_up", walk_to("handling"), "worker_a1", level="S")


def test_it_goes_up_only(town: ModuleType) -> None:
    with invalid(level="choice"):
        do("hand_up", at_level("S"), "dispatcher", level="G")


def test_there_is_nothing_above_the_departments(town: ModuleType) -> None:
    told = at_level("D")
    do("assign", told, "urban_dispatcher", to="unit:urban")
    with refused("top"):
        do("hand_up", told, "urban_hand")


def test_reason_and_what_was_tried_are_needed(town: ModuleType) -> None:
    with invalid(reason="required", text="required"):
        do("hand_up", walk_to("handling"), "worker_a1", reason=None, text=" ")


@pytest.mark.parametrize("state", ["submitted", "waiting", "handled", "closed"])
def test_not_from_every_state(town: ModuleType, state: str) -> None:
    with refused("wrong_state"):
        do("hand_up", walk_to(state), "director_a")


def test_who_held_it_keeps_sight_of_it(town: ModuleType) -> None:
    from gewu.domain.cases.queries import get_case

    told = walk_to("handling", report_case(ROAD))
    do("hand_up", told, "worker_a1")
    do("hand_up", told, "director_a")
    assert get_case(told.case.number, actor=town.actor("worker_a1")).level == "S"
