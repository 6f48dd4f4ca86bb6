"""A reporter takes the report back; triage voids what was entered in error."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.domain.cases.queries import moves_for
from tests.cases.refusals import invalid, refused
from tests.town import do, fresh, join, report_case, reporter, walk_to


@pytest.mark.parametrize("state", ["submitted", "accepted", "assigned", "handling", "waiting"])
def test_the_only_reporter_ends_the_case(town: ModuleType, state: str) -> None:
    told = walk_to(state)
    case = do("withdraw", told, reporter(told))

    assert (case.state, case.closing, case.confirmation) == ("closed", "withdrawn", "none")
    assert not case.clocks.filter(stopped_at=None).exists()


def test_with_others_the_matter_goes_on(town: ModuleType) -> None:
    told = report_case()
    other = join(told.case.number)
    assert do("withdraw", told, reporter(told)).state == "submitted"
    assert do("withdraw", told, reporter(other)).state == "closed"


def test_who_has_withdrawn_is_not_asked(town: ModuleType) -> None:
    told = report_case()
    other = join(told.case.number)
    do("withdraw", told, reporter(told))
    walk_to("verified", told)
    assert do("rate", told, reporter(other)).confirmation == "confirmed"


def test_it_is_withdrawn_once(town: ModuleType) -> None:
    told = report_case()
    join(told.case.number)
    do("withdraw", told, reporter(told))
    with refused("withdrawn"):
        do("withdraw", told, reporter(told))


@pytest.mark.parametrize("move", ["answer", "add", "correct"])
def test_who_has_withdrawn_does_nothing_more_by_that_receipt(town: ModuleType, move: str) -> None:
    told = report_case()
    join(told.case.number)
    do("withdraw", told, reporter(told))
    with refused("withdrawn"):
        do(move, told, reporter(told))


def test_neither_answers_nor_opens_it_again(town: ModuleType) -> None:
    told = report_case()
    other = join(told.case.number)
    do("withdraw", told, reporter(told))
    walk_to("verified", told)
    for move in ("rate", "refuse"):
        with refused("withdrawn"):
            do(move, told, reporter(told))
    do("rate", told, reporter(other))
    with refused("withdrawn"):
        do("reopen", told, reporter(told))
    assert moves_for(fresh(told), reporter(told)) == []


def test_not_when_the_work_is_done(town: ModuleType) -> None:
    told = walk_to("handled")
    with refused("wrong_state"):
        do("withdraw", told, reporter(told))


def test_void_ends_a_wrong_entry(town: ModuleType) -> None:
    case = do("void", report_case(), "lead_a1", reason="double_entry")
    assert (case.state, case.closing, case.reason) == ("closed", "unfounded", "double_entry")


def test_void_needs_its_reason_and_comes_early(town: ModuleType) -> None:
    with invalid(reason="choice", text="required"):
        do("void", report_case(), "lead_a1", reason="bored", text="")
    told = walk_to("handling")
    with refused("wrong_state"):
        do("void", told, "lead_a1")
    assert fresh(told).is_open
