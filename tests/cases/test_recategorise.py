"""Another filing condition; its promise counts from the same start."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.cases.actions.timers import fire_due
from gewu.domain.cases.models import Clock
from tests.cases.refusals import invalid, refused
from tests.town import DISPUTE, OTHER, POLICE_MATTER, ROAD, WASTE, at, do, fresh, report_case, walk_to


def test_the_promise_is_counted_anew_from_accept(town: ModuleType) -> None:
    told = walk_to("handling")
    do("recategorise", told, "lead_a1", condition=ROAD, now=at(11, 9))

    promise = Clock.objects.get(case=told.case, kind="promise")
    assert (promise.started_at, promise.due_at) == (at(10, 9), at(17, 9))  # five working days


def test_a_promise_in_other_time_counts_the_same_hours_again(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD))
    do("recategorise", told, "lead_a1", condition="1202", now=at(11, 9))  # N15d
    assert Clock.objects.get(case=told.case, kind="promise").due_at == at(25, 9)


def test_a_pause_before_it_stays_a_pause(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD), now=at(10, 9))
    do("pause", told, "worker_a1", now=at(11, 9), until="2026-03-13")
    do("resume", told, "worker_a1", now=at(12, 9))  # a working day at work, one on hold
    do("recategorise", told, "lead_a1", condition="1202", now=at(12, 9))
    assert Clock.objects.get(case=told.case, kind="promise").due_at == at(26, 9)


def test_to_a_category_without_a_limit_there_is_no_promise_any_more(town: ModuleType) -> None:
    told = walk_to("handling")
    do("recategorise", told, "lead_a1", condition=OTHER)
    assert Clock.objects.get(case=told.case, kind="promise").stopped_at is not None
    do("recategorise", told, "lead_a1", condition=WASTE)
    assert Clock.objects.filter(case=told.case, kind="promise", stopped_at=None).exists()


def test_late_only_by_the_wrong_limit_is_not_late(town: ModuleType) -> None:
    told = walk_to("accepted")
    while fire_due(at(11, 9)):
        pass
    assert fresh(told).overdue_at is not None
    do("recategorise", told, "lead_a1", condition=ROAD, now=at(11, 9))
    assert fresh(told).overdue_at is None


def test_before_it_is_taken_the_level_follows(town: ModuleType) -> None:
    told = report_case(OTHER)
    case = do("recategorise", told, "lead_a1", condition=POLICE_MATTER)

    assert (case.level, case.start_level, case.department.code) == ("D", "D", "police")
    assert fresh(told).start_level == "D"


def test_private_once_stays_private(town: ModuleType) -> None:
    told = walk_to("handling")
    assert do("recategorise", told, "lead_a1", condition=DISPUTE).sensitivity == "private"
    told = report_case(DISPUTE)
    assert do("recategorise", told, "director_a", condition=WASTE).sensitivity == "private"


def test_the_same_or_an_unknown_category_is_refused(town: ModuleType) -> None:
    with invalid(condition="same"):
        do("recategorise", report_case(), "lead_a1", condition=WASTE)
    with invalid(condition="unknown"):
        do("recategorise", report_case(), "lead_a1", condition="1401")


def test_not_when_the_work_is_done(town: ModuleType) -> None:
    with refused("wrong_state"):
        do("recategorise", walk_to("handled"), "lead_a1")
