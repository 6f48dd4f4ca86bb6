"""Deadlines: how long a stage is, what holds it, when it warns, and where the time went."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import ModuleType

import pytest

from gewu.domain.cases.actions.timers import find_still, fire_due, next_due
from gewu.domain.cases.clocks import first_word_by
from gewu.domain.cases.marks import MARKS
from gewu.domain.cases.models import Case, Clock, Stage
from gewu.domain.figures import queries as figures
from gewu.domain.journal.queries import history
from gewu.domain.place.queries import calendar
from tests.cases.refusals import refused
from tests.town import OTHER, ROAD, WASTE, at, at_level, do, fresh, report_case, reporter, walk_to


def clock(case: object, kind: str) -> Clock:
    return Clock.objects.get(case=getattr(case, "case", case), kind=kind, stopped_at=None)


def warnings(case: object, kind: str) -> list[tuple[str, datetime]]:
    entries = history(("case", getattr(case, "case", case).pk))  # type: ignore[attr-defined]
    return [
        (entry.data["warning"], entry.at)
        for entry in entries
        if entry.kind == "case.warned" and entry.data["clock"] == kind
    ]


def run_until(
    end: datetime, *, step: timedelta = timedelta(minutes=30), start: datetime | None = None
) -> None:
    """The worker comes by every half hour."""
    now = start or at(10, 9)
    while now <= end:
        while fire_due(now):
            pass
        now += step


def test_what_the_receipt_promises_is_the_clock_that_then_runs(town: ModuleType) -> None:
    told = report_case()
    promised = first_word_by(told.case.due_at, calendar())
    do("accept", told, "lead_a1", now=told.case.due_at)
    assert Clock.objects.get(case=told.case, kind="contact").due_at == promised


@pytest.mark.parametrize(
    ("level", "condition", "due"),
    [
        ("G", OTHER, at(11, 9)),  # without a promise the ladder alone: one working day
        ("G", ROAD, at(11, 9)),  # five days are promised, the ladder gives one
        ("V", OTHER, at(13, 9)),
        ("V", ROAD, at(13, 9)),
        ("S", OTHER, at(17, 9)),
        ("G", "0110", at(10, 15)),  # four hours are promised: less than the ladder's day
        ("S", "0110", at(10, 15)),
    ],
)
def test_a_stage_is_the_smaller_of_ladder_and_what_is_left(
    town: ModuleType, level: str, condition: str, due: datetime
) -> None:
    told = (
        at_level(level, report_case(condition))
        if level != "G"
        else walk_to("accepted", report_case(condition))
    )
    who, to = {
        "G": ("lead_a1", "post:worker-a1"), "V": ("director_a", "unit:property"), "S": ("dispatcher", "unit:team"),
    }[level]  # fmt: skip
    do("assign", told, who, to=to)
    assert clock(told, "stage").due_at == due


def test_at_the_district_fifteen_working_days(town: ModuleType) -> None:
    told = at_level("D", report_case(OTHER))
    do("assign", told, "urban_dispatcher", to="unit:urban")
    assert clock(told, "stage").due_at == at(31, 9)


def test_a_broken_promise_leaves_the_ladder_alone(town: ModuleType) -> None:
    told = walk_to("accepted")
    do("assign", told, "lead_a1", now=at(11, 9))
    assert clock(told, "stage").due_at == at(12, 9)


def test_the_promise_never_restarts_on_the_ladder(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD))
    promise = clock(told, "promise")
    do("hand_up", told, "worker_a1", now=at(11, 9))
    do("assign", told, "director_a", to="unit:property", now=at(11, 10))
    do("transfer", told, "property_hand", to="unit:committee-a", now=at(12, 9))
    do("hand_back", told, "committee_hand_a", now=at(12, 10))
    same = clock(told, "promise")
    assert (same.pk, same.started_at, same.due_at) == (promise.pk, at(10, 9), promise.due_at)


def test_each_warning_fires_once_at_its_share_of_countable_time(town: ModuleType) -> None:
    told = walk_to("handling")  # four working hours from 9:00: yellow 11:00, red 14:12, overdue 15:00
    run_until(at(11, 9), step=timedelta(minutes=6))
    assert warnings(told, "promise") == [
        ("yellow", at(10, 11)),
        ("red", at(10, 14, 12)),
        ("overdue", at(10, 15)),
    ]
    assert warnings(told, "stage") == warnings(told, "promise")


def test_after_a_rest_only_the_highest_is_told(town: ModuleType) -> None:
    told = walk_to("handling")
    run_until(at(12, 9), start=at(12, 9))
    assert warnings(told, "promise") == [("overdue", at(12, 9))]


def test_the_next_thing_due_is_what_a_driven_clock_jumps_to(town: ModuleType) -> None:
    walk_to("handling", report_case(ROAD, wants_answer=False))
    assert next_due() == at(10, 15)  # half of the stage's working day
    while fire_due(at(10, 15)):
        pass
    assert next_due() == at(10, 17, 24)


def test_overdue_is_a_mark_beside_the_state(town: ModuleType) -> None:
    told = walk_to("handling")
    run_until(at(10, 15))
    case = fresh(told)
    assert (case.state, case.overdue_at, case.holder_post.code) == ("handling", at(10, 15), "worker-a1")


def test_what_a_level_kept_too_long_is_not_overdue_on_the_next(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD))  # five days are promised, the grid has one
    run_until(at(11, 9))
    assert fresh(told).overdue_at == at(11, 9)
    do("hand_up", told, "worker_a1", now=at(11, 10))
    do("assign", told, "director_a", to="unit:property", now=at(11, 10))
    assert fresh(told).overdue_at is None
    with refused("not_overdue"):
        do("take_over", told, "dispatcher", now=at(11, 10))
    assert do("extend", told, "property_hand", now=at(11, 10)).extension == "asked"


def test_a_broken_promise_stays_whoever_holds_it(town: ModuleType) -> None:
    told = walk_to("handling")
    run_until(at(10, 15))
    do("hand_up", told, "worker_a1", now=at(10, 16))
    do("assign", told, "director_a", to="unit:property", now=at(10, 16))
    do("start", told, "property_hand", now=at(10, 16))
    do("report_done", told, "property_hand", now=at(10, 17))
    do("verify", told, "director_a", now=at(10, 17))
    assert fresh(told).overdue_at == at(10, 15)
    do("rate", told, reporter(told), now=at(10, 17))
    assert fresh(told).overdue_at == at(10, 15)


def test_done_after_a_stage_too_long_is_in_time_by_its_promise(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD))
    run_until(at(11, 9))
    assert do("report_done", told, "worker_a1", now=at(11, 10)).overdue_at is None


def test_the_list_of_broken_promises_is_as_long_as_its_figure(town: ModuleType) -> None:
    kept_too_long, broken, on_hold = (walk_to("handling", report_case(one)) for one in (ROAD, WASTE, WASTE))
    run_until(at(11, 9))
    do("pause", on_hold, "worker_a1", now=at(11, 9))
    listed = set(Case.objects.filter(MARKS["broken"].rows(), is_open=True).values_list("number", flat=True))
    assert listed == {broken.case.number, on_hold.case.number}
    assert figures.stock("")["", "overdue_open"] == len(listed)
    assert fresh(kept_too_long).overdue_at is not None


def test_time_on_hold_does_not_count_towards_a_warning(town: ModuleType) -> None:
    told = walk_to("handling")
    do("pause", told, "worker_a1", now=at(10, 10), until="2026-03-12")
    run_until(at(11, 18))
    assert warnings(told, "promise") == []
    run_until(at(12, 9), start=at(12, 8))
    assert warnings(told, "promise") == [("yellow", at(12, 9))]


def test_a_case_waiting_to_be_verified_is_not_warned_about(town: ModuleType) -> None:
    told = walk_to("handled")
    run_until(at(10, 18))
    assert warnings(told, "promise") == []
    assert [word for word, _at in warnings(told, "verify")] == ["yellow", "red"]


def test_done_late_is_late_though_verified_much_later(town: ModuleType) -> None:
    told = walk_to("handling")
    do("report_done", told, "worker_a1", now=at(10, 16))
    do("verify", told, "lead_a1", now=at(13, 9))
    (entry,) = [e for e in history(("case", told.case.pk)) if e.kind == "case.verify"]
    promise = next(word for word in entry.data["stage"] if word.startswith("promise"))
    assert promise == f"promise:G:{5 * 3600}:{7 * 3600}:0"


def test_an_urgent_hour_runs_through_night_and_week_end(town: ModuleType) -> None:
    told = walk_to("handling", report_case("0120", now=at(13, 23)), now=at(13, 23))
    assert clock(told, "promise").due_at == at(14, 1)


def test_a_deadline_beyond_the_published_calendar_is_provisional(town: ModuleType) -> None:
    told = walk_to("accepted", report_case(ROAD, now=at(30, 9, month=12)), now=at(30, 9, month=12))
    assert clock(told, "promise").provisional


def test_the_ledger_adds_up_to_the_life_of_the_case(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD, wants_answer=False))
    do("hand_up", told, "worker_a1", now=at(11, 9))
    do("assign", told, "director_a", to="unit:property", now=at(11, 10))
    do("start", told, "property_hand", now=at(11, 11))
    do("report_done", told, "property_hand", now=at(12, 9))
    do("verify", told, "director_a", now=at(12, 10))

    stages = list(Stage.objects.filter(case=told.case).order_by("began_at", "id"))
    assert stages[0].began_at == fresh(told).filed_at
    assert [one.ended_at for one in stages[:-1]] == [one.began_at for one in stages[1:]]
    assert stages[-1].ended_at == fresh(told).closed_at == at(12, 10)
    by_level = {level: timedelta() for level in "GV"}
    for one in stages:
        by_level[one.charged_level] += one.ended_at - one.began_at  # type: ignore[operator]
    assert by_level == {"G": timedelta(days=1), "V": timedelta(days=1, hours=1)}


def test_a_case_nobody_touches_is_found(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD))
    run_until(at(10, 14, 30))
    assert find_still(at(10, 14, 59)) == 0
    while fire_due(at(10, 15)):  # the yellow warning is no act of anybody
        pass
    assert find_still(at(10, 15)) == 1
    assert find_still(at(10, 16)) == 0  # told once
    do("internal_note", told, "worker_a1", now=at(10, 16))
    assert find_still(at(10, 17)) == 0


def test_time_on_hold_leaves_nobody_idle(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD))  # a stage of a working day
    do("pause", told, "worker_a1", until="2026-03-13")
    fire_due(at(13, 8))  # its day has come: by itself it goes on
    assert find_still(at(13, 11, 59)) == 0
    assert find_still(at(13, 14)) == 1  # half a working day


def test_while_the_reporter_is_asked_nothing_is_stuck(town: ModuleType) -> None:
    told = walk_to("handling", report_case(OTHER))
    do("ask_reporter", told, "worker_a1", now=at(10, 10))
    do("answer", told, reporter(told), now=at(16, 10))
    do("internal_note", told, "worker_a1", now=at(16, 12))
    assert find_still(at(16, 14)) == 0
    do("internal_note", told, "worker_a1", now=at(17, 17))
    assert find_still(at(17, 17, 30)) == 0  # in handling for six working days, of which not two ran
    do("internal_note", told, "worker_a1", now=at(18, 8, 30))
    assert find_still(at(18, 9)) == 1


def test_a_case_that_moves_nowhere_is_found(town: ModuleType) -> None:
    told = walk_to("handling", report_case(ROAD))
    for day in (11, 12):
        do("internal_note", told, "worker_a1", now=at(day, 8, 30))
    assert find_still(at(12, 9)) == 1
    (entry,) = [e for e in history(("case", told.case.pk)) if e.kind == "case.stuck"]
    assert entry.data["kind"] == "stuck"


def test_the_queue_is_sorted_by_the_next_deadline(town: ModuleType) -> None:
    told = walk_to("handling")
    dues = Clock.objects.filter(case=told.case, stopped_at=None).values_list("due_at", flat=True)
    assert fresh(told).due_at == min(dues)
    do("pause", told, "worker_a1")
    case = Case.objects.get(pk=told.case.pk)
    assert case.due_at == clock(told, "contact").due_at


def test_a_firing_that_meets_a_person_is_done_by_the_next_pass(town: ModuleType) -> None:
    told = walk_to("handling")
    with refused("not_overdue"):
        do("take_over", told, "director_a", now=at(10, 15))
    run_until(at(10, 15), start=at(10, 15))
    assert do("take_over", told, "director_a", now=at(10, 15)).level == "V"
