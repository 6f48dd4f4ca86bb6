"""Triage takes a case, or says why it does not."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.core.errors import NotFound
from gewu.domain.cases.models import Clock
from gewu.domain.privacy.contact_data import ContactInput
from tests.cases.refusals import invalid, refused
from tests.town import GAS, NOW, ROAD, actor, at, do, fresh, people_who, report_case, walk_to


def running(case: object) -> dict[str, Clock]:
    return {clock.kind: clock for clock in Clock.objects.filter(case=case, stopped_at=None)}


def test_accepting_starts_the_promise(town: ModuleType) -> None:
    told = report_case()
    case = do("accept", told, "lead_a1", now=at(10, 10))

    assert (case.state, case.accepted_at, case.version) == ("accepted", at(10, 10), 2)
    clocks = running(case)
    assert clocks.keys() == {"promise", "contact", "dispatch"}
    assert clocks["promise"].due_at == at(10, 16)  # four working hours, two of them after the break
    accept = Clock.objects.get(case=case, kind="accept")
    assert (accept.stopped_at, accept.counted) == (at(10, 10), 3600)


def test_without_anyone_to_answer_there_is_no_contact_clock(town: ModuleType) -> None:
    case = do("accept", report_case(wants_answer=False), "lead_a1")

    assert "contact" not in running(case)


def test_without_a_limit_there_is_no_promise(town: ModuleType) -> None:
    case = do("accept", report_case("9901"), "lead_a1")

    assert "promise" not in running(case)


def test_a_condition_given_with_it_counts_from_here(town: ModuleType) -> None:
    told = report_case("9901")
    case = do("accept", told, "lead_a1", condition=GAS)

    assert (case.condition.code, case.level, case.start_level, case.emergency) == (GAS, "S", "S", True)
    assert fresh(told).start_level == "S"


def test_those_over_the_place_accept_and_nobody_else(town: ModuleType) -> None:
    told = report_case()
    from gewu.domain.access.table import may

    case = fresh(told)
    assert people_who(lambda one: may(one, "case.accept", case)) == {
        "lead_a1", "director_a", "intake", "dispatcher", "duty_lead",
    }  # fmt: skip


def test_a_stranger_to_the_place_does_not_even_find_it(town: ModuleType) -> None:
    with pytest.raises(NotFound):
        do("accept", report_case(), "lead_b1")


def test_the_worker_of_the_grid_sees_it_but_does_not_triage(town: ModuleType) -> None:
    with refused("not_yours"):
        do("accept", report_case(), "worker_a1")


def test_a_dispatcher_needs_the_second_factor(town: ModuleType) -> None:
    told = report_case()
    with pytest.raises(NotFound):  # without it the hat does not count at all
        do("accept", told, actor("dispatcher", strong=False))


def test_a_second_accept_is_refused_by_the_state(town: ModuleType) -> None:
    told = walk_to("accepted")
    with refused("wrong_state"):
        do("accept", told, "lead_a1")


def test_an_unknown_condition_is_refused_at_its_field(town: ModuleType) -> None:
    with invalid(condition="unknown"):
        do("accept", report_case(), "lead_a1", condition="zzz")


def test_declining_ends_the_case_with_a_reason(town: ModuleType) -> None:
    told = report_case(contact=ContactInput(phone="13800000000"))
    case = do("decline", told, "lead_a1", reason="court")

    assert (case.state, case.is_open, case.reason, case.closed_at) == ("declined", False, "court", NOW)
    assert not running(case)


def test_declining_needs_a_reason_and_a_way_to_turn(town: ModuleType) -> None:
    with invalid(reason="required", text="required"):
        do("decline", report_case(), "lead_a1", reason="", text="")
    with invalid(reason="choice"):
        do("decline", report_case(), "lead_a1", reason="no_time")


def test_a_declined_case_takes_no_further_step(town: ModuleType) -> None:
    told = walk_to("declined")
    for move in ("accept", "assign", "void", "withdraw"):
        with refused("wrong_state"):
            do(move, told, "lead_a1" if move != "withdraw" else town.reporter(told), condition=ROAD)
