"""Why a case stands in somebody's list: what is asked of them first, and never nothing."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

from gewu.domain.cases.models import Case
from gewu.domain.desk.queries import beside
from gewu.domain.desk.rules import why


def told(town: ModuleType, case: Case, who: str, *, later: timedelta = timedelta()) -> list[str]:
    actor, fresh = town.actor(who), Case.objects.get(pk=case.pk)
    return why(fresh, actor, beside([case.pk], actor=actor, now=town.NOW).part_in(case), now=town.NOW + later)


def test_the_desk_accepts_and_assigns_the_holder_holds(town: ModuleType) -> None:
    case = town.report_case().case
    assert told(town, case, "lead_a1") == ["accept"]
    assert told(town, case, "director_a") == ["area"]
    assert told(town, case, "director_a", later=timedelta(days=1)) == ["late"]
    town.do("accept", case, "lead_a1")
    assert told(town, case, "lead_a1") == ["assign"]
    town.do("assign", case, "lead_a1")
    assert told(town, case, "worker_a1") == ["held"]


def test_what_is_overdue_is_offered_one_level_up(town: ModuleType) -> None:
    case = town.walk_to("handling").case
    Case.objects.filter(pk=case.pk).update(overdue_at=town.NOW - timedelta(hours=1))
    assert told(town, case, "director_a") == ["take_over"]
    assert told(town, case, "worker_a1") == ["held"]
    assert told(town, case, "dispatcher") == ["overdue"]


def test_a_whistled_unit_is_asked_to_come_and_later_helps(town: ModuleType) -> None:
    case = town.walk_to("accepted").case
    Case.objects.filter(pk=case.pk).update(level="S")
    town.do("whistle", case, "dispatcher", units=["team", "safety"], lead="team", text="现场处置")
    assert told(town, case, "safety_hand") == ["arrive"]
    town.do("confirm_arrival", case, "safety_hand")
    assert told(town, case, "safety_hand") == ["whistled"]
    assert "held_unit" in told(town, case, "team_hand")


def test_who_triages_checks_what_was_done_and_knows_what_rests(town: ModuleType) -> None:
    case = town.walk_to("handled").case
    assert told(town, case, "lead_a1") == ["verify"]
    resting = town.walk_to("waiting").case
    assert "waiting" in told(town, resting, "lead_a1")


def test_after_two_returns_the_next_level_names_the_holder(town: ModuleType) -> None:
    case = town.walk_to("assigned").case
    Case.objects.filter(pk=case.pk).update(returns=2)
    assert told(town, case, "director_a")[0] == "decide"
