"""On hold with a reason and a day to wake up; the clocks of the work stand still."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.domain.cases.actions.timers import fire_due, next_due
from gewu.domain.cases.models import Clock
from tests.cases.refusals import invalid, refused
from tests.town import ROAD, at, do, fresh, report_case, walk_to


def test_hold_stops_promise_and_stage(town: ModuleType) -> None:
    told = walk_to("handling")
    case = do("pause", told, "worker_a1", until="2026-03-17", now=at(10, 10))

    assert (case.state, case.reason, case.wakes_at) == ("waiting", "works", at(17, 8))
    for kind in ("promise", "stage"):
        clock = Clock.objects.get(case=case, kind=kind)
        assert (clock.counted, clock.paused_at, clock.due_at) == (3600, at(10, 10), None)


def test_the_day_wakes_it_and_the_time_left_is_the_same(town: ModuleType) -> None:
    told = walk_to("handling")
    do("pause", told, "worker_a1", until="2026-03-17", now=at(10, 10))
    fire_due(at(17, 7))
    assert fresh(told).state == "waiting"
    fire_due(at(17, 8))

    case = fresh(told)
    assert (case.state, case.wakes_at, case.reason) == ("handling", None, "")
    assert Clock.objects.get(case=case, kind="promise").due_at == at(17, 11)  # three of four hours were left


def test_the_wake_up_is_what_comes_next(town: ModuleType) -> None:
    told = walk_to("handling", report_case("9901", wants_answer=False))
    do("pause", told, "worker_a1", until="2026-03-12")
    assert next_due() == at(12, 8)


def test_holder_or_triage_resume_it_earlier(town: ModuleType) -> None:
    assert do("resume", walk_to("waiting"), "worker_a1").state == "handling"
    assert do("resume", walk_to("waiting"), "lead_a1").state == "handling"


@pytest.mark.parametrize(
    ("until", "code"),
    [
        ("2026-03-10", "range"),
        ("2026-07-01", "range"),
        ("soon", "date"),
        ("9999-12-31", "range"),
        ("0001-01-01", "range"),
    ],
)
def test_the_day_lies_within_ninety_days(town: ModuleType, until: str, code: str) -> None:
    with invalid(until=code):
        do("pause", walk_to("handling"), "worker_a1", until=until)


def test_reason_day_and_explanation_are_needed(town: ModuleType) -> None:
    with invalid(reason="required", until="required", text="required"):
        do("pause", walk_to("handling"), "worker_a1", reason="", until="", text="")


def test_only_the_holder_puts_it_on_hold(town: ModuleType) -> None:
    with refused("not_yours"):
        do("pause", walk_to("handling"), "lead_a1")


def test_only_from_handling(town: ModuleType) -> None:
    with refused("wrong_state"):
        do("pause", walk_to("assigned"), "worker_a1")


def test_a_category_changed_on_hold_does_not_wake_the_clock(town: ModuleType) -> None:
    told = walk_to("waiting")
    do("recategorise", told, "worker_a1", condition=ROAD)
    assert Clock.objects.get(case=told.case, kind="promise").due_at is None
