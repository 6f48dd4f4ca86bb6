"""Another filing condition; its promise counts from the same start."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.cases.actions import Reported
from gewu.domain.cases.actions.timers import fire_due
from gewu.domain.cases.clocks import OVERDUE, YELLOW
from gewu.domain.cases.models import Clock
from tests.cases.refusals import invalid, refused
from tests.town import (
    DISPUTE,
    FIRE,
    GAS,
    OTHER,
    POLICE_MATTER,
    ROAD,
    WASTE,
    actor,
    at,
    do,
    fresh,
    report_case,
    reporter,
    walk_to,
)


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


def promise(told: Reported) -> Clock:
    return Clock.objects.get(case=told.case, kind="promise", stopped_at=None)


def test_a_promise_found_late_runs_from_accept(town: ModuleType) -> None:
    told = walk_to("handling", report_case(OTHER))
    do("recategorise", told, "lead_a1", condition=ROAD, now=at(12, 9))
    assert (promise(told).started_at, promise(told).due_at) == (at(10, 9), at(17, 9))


def test_there_and_back_gives_no_time(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD))
    do("pause", told, "worker_a1", now=at(11, 9), until="2026-03-13")
    do("resume", told, "worker_a1", now=at(12, 9))  # a working day at work, one on hold
    due, ran = promise(told).due_at, promise(told).started_at
    do("recategorise", told, "lead_a1", condition=OTHER, now=at(13, 9))
    do("recategorise", told, "lead_a1", condition=ROAD, now=at(16, 9))
    assert (promise(told).started_at, promise(told).due_at) == (ran, due)


def test_without_a_promise_a_pause_a_question_and_a_joining_still_hold_it(town: ModuleType) -> None:
    other = walk_to("handling", report_case(OTHER))
    told = walk_to("handling", report_case(OTHER))
    do("pause", told, "worker_a1", now=at(11, 9), until="2026-03-13")
    do("resume", told, "worker_a1", now=at(12, 9))
    do("ask_reporter", told, "worker_a1", now=at(12, 9))
    do("answer", told, "worker_a1", now=at(12, 10))  # the reporter's own word is still missing
    do("answer", told, reporter(told), now=at(13, 9))
    do("merge", told, "lead_a1", into=other.case.number, now=at(13, 9))
    do("unmerge", told, "lead_a1", now=at(16, 9))
    do("recategorise", told, "lead_a1", condition=ROAD, now=at(17, 9))
    assert promise(told).due_at == at(20, 9)  # two of five days are used; 17, 18, 19 are left


def test_a_promise_found_while_on_hold_is_on_hold(town: ModuleType) -> None:
    told = walk_to("handling", report_case(OTHER))
    do("pause", told, "worker_a1", now=at(11, 9), until="2026-03-13")
    do("recategorise", told, "lead_a1", condition=ROAD, now=at(12, 9))
    assert promise(told).due_at is None
    do("resume", told, "worker_a1", now=at(13, 9))
    assert promise(told).due_at == at(19, 9)


def test_after_a_refusal_it_runs_from_the_refusal(town: ModuleType) -> None:
    told = walk_to("verified", report_case(OTHER))
    do("refuse", told, reporter(told), now=at(12, 9))
    do("recategorise", told, "director_a", condition=ROAD, now=at(13, 9))
    assert (promise(told).started_at, promise(told).due_at) == (at(12, 9), at(19, 9))


def test_what_another_system_promised_follows_no_category_but_in_its_own_round(town: ModuleType) -> None:
    told = report_case(ROAD, by=actor("intake"), source="hotline", promised_at=at(12, 9))
    walk_to("handling", told)
    do("recategorise", told, "lead_a1", condition=WASTE)
    assert promise(told).due_at == at(12, 9)
    for move, who in (("report_done", "worker_a1"), ("verify", "lead_a1")):
        do(move, told, who)
    do("refuse", told, reporter(told), now=at(13, 9))
    assert promise(told).due_at == at(13, 15), "of the category, four working hours"
    do("recategorise", told, "director_a", condition=ROAD, now=at(13, 9))
    assert promise(told).due_at == at(20, 9)


def test_a_promise_that_was_over_when_it_was_found_is_late(town: ModuleType) -> None:
    told = walk_to("handling", report_case(OTHER))
    do("recategorise", told, "lead_a1", condition=WASTE, now=at(11, 9))  # four working hours
    while fire_due(at(11, 9)):
        pass
    assert promise(told).warned == OVERDUE


def test_more_time_that_was_granted_stays_granted(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD))
    do("extend", told, "worker_a1")
    do("extend", told, "director_a", grant="yes")
    assert promise(told).due_at == at(24, 9)
    do("recategorise", told, "lead_a1", condition="0111", now=at(18, 9))  # W5d as well
    assert promise(told).due_at == at(24, 9)
    do("recategorise", told, "lead_a1", condition=OTHER, now=at(18, 9))
    do("recategorise", told, "lead_a1", condition=ROAD, now=at(18, 9))
    assert promise(told).due_at == at(24, 9)
    with refused("asked_before"):
        do("extend", told, "worker_a1", now=at(18, 9))


def stage(told: Reported) -> Clock:
    return Clock.objects.get(case=told.case, kind="stage", stopped_at=None)


def test_the_stage_follows_the_promise(town: ModuleType) -> None:
    told = walk_to("handling", report_case(FIRE))
    assert stage(told).due_at == at(10, 11)  # two hours of the wall clock
    while fire_due(at(10, 10, 40)):
        pass
    do("recategorise", told, "lead_a1", condition=ROAD, now=at(10, 10, 40))
    assert (stage(told).due_at, stage(told).warned) == (at(11, 9), 0)  # the ladder's working day
    do("recategorise", told, "lead_a1", condition=WASTE, now=at(10, 11))
    assert stage(told).due_at == promise(told).due_at == at(10, 15)
    do("recategorise", told, "lead_a1", condition=OTHER, now=at(10, 11))
    assert stage(told).due_at == at(11, 9)


def test_a_warning_that_is_still_true_is_not_told_again(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD))
    while fire_due(at(10, 16)):
        pass
    assert stage(told).warned == YELLOW
    do("recategorise", told, "lead_a1", condition="0111", now=at(10, 16))
    assert stage(told).warned == YELLOW


def test_before_it_is_taken_an_emergency_has_a_quarter_of_an_hour(town: ModuleType) -> None:
    told = report_case(OTHER)
    do("recategorise", told, "lead_a1", condition=GAS, now=at(10, 9, 5))
    accept = Clock.objects.get(case=told.case, kind="accept")
    assert (accept.due_at, fresh(told).due_at) == (at(10, 9, 15), at(10, 9, 15))
    do("recategorise", told, "dispatcher", condition=OTHER, now=at(10, 9, 10))
    accept.refresh_from_db()
    assert accept.due_at == at(10, 11)


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
