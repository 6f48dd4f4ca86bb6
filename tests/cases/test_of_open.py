"""What hangs on a case knows whether it is open, so that lists find the open ones among all there ever were."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.domain.cases import queries
from gewu.domain.cases.models import Case, Party, Report
from gewu.domain.cases.queries import Filter
from tests.town import actor, at_level, do, report_case, reporter, walk_to


def marks(case: Case) -> set[bool]:
    parts = Party.objects.filter(case=case).values_list("of_open", flat=True)
    return {*parts, *Report.objects.filter(case=case).values_list("of_open", flat=True)}


def numbers(who: str, **wanted: bool | None) -> list[str]:
    return [line.case.number for line in queries.queue(actor(who), Filter(**wanted)).lines]


def test_an_ended_case_leaves_the_open_lists_of_all_who_had_a_part(town: ModuleType) -> None:
    told = at_level("S", report_case(by=actor("intake"), source="phone"))
    do("whistle", told, "dispatcher")
    assert marks(told.case) == {True}
    assert all(told.case.number in numbers(who) for who in ("team_hand", "safety_hand", "intake"))

    do("withdraw", told, reporter(told))
    assert marks(told.case) == {False}
    assert not any(told.case.number in numbers(who) for who in ("team_hand", "safety_hand", "intake"))
    assert told.case.number in numbers("team_hand", open=None)


def test_a_case_that_begins_anew_comes_back_to_them(town: ModuleType) -> None:
    told = walk_to("closed")
    assert marks(told.case) == {False}
    do("reopen", told, reporter(told))
    assert Party.objects.filter(case=told.case).exists()
    assert marks(told.case) == {True}


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("who", "index"),
    [("team_hand", "party_open_unit"), ("team_hand", "party_open_post"), ("intake", "report_entered_open")],
)
def test_a_list_of_open_cases_reads_the_index_that_holds_them_alone(
    town: ModuleType, who: str, index: str
) -> None:
    rows = Case.objects.filter(is_open=True).order_by("due_at", "id")
    assert index in queries.first(rows, actor(who), most=51, open_only=True).explain()
