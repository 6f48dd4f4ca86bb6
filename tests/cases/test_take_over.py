"""Overdue: the next level is told and may take over; the holder stays until it does."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.cases.actions import Reported
from gewu.domain.cases.actions.timers import fire_due
from gewu.domain.cases.models import Clock
from tests.cases.refusals import refused
from tests.town import at, do, fresh, walk_to

LATE = at(11, 9)


def overdue() -> Reported:
    told = walk_to("handling")
    while fire_due(LATE):
        pass
    return told


def test_the_next_level_takes_it(town: ModuleType) -> None:
    told = overdue()
    assert fresh(told).holder_post.code == "worker-a1"
    case = do("take_over", told, "director_a", now=LATE)

    assert (case.state, case.level, case.holder_post.code) == ("handling", "V", "director-a")
    stage = Clock.objects.get(case=case, kind="stage", stopped_at=None)
    assert (stage.level, stage.started_at) == ("V", LATE)


def test_the_promise_stays_broken(town: ModuleType) -> None:
    told = overdue()
    do("take_over", told, "director_a", now=LATE)
    assert Clock.objects.get(case=told.case, kind="promise").due_at < LATE
    assert fresh(told).overdue_at == at(10, 15)


def test_a_case_on_hold_goes_on_when_taken_over(town: ModuleType) -> None:
    told = overdue()
    do("pause", told, "worker_a1", now=LATE)
    case = do("take_over", told, "director_a", now=LATE)
    assert (case.state, case.wakes_at) == ("handling", None)
    assert Clock.objects.get(case=told.case, kind="promise").paused_at is None


def test_not_before_it_is_overdue(town: ModuleType) -> None:
    with refused("not_overdue"):
        do("take_over", walk_to("handling"), "director_a")


def test_not_by_the_own_level_or_two_levels_up(town: ModuleType) -> None:
    told = overdue()
    for who in ("lead_a1", "dispatcher"):
        with refused("not_yours"):
            do("take_over", told, who, now=LATE)


def test_a_unit_may_hold_what_one_of_its_posts_held_before(town: ModuleType) -> None:
    told = overdue()
    do("take_over", told, "director_a", now=LATE)
    do("transfer", told, "director_a", to="unit:committee-a", now=LATE)
    do("transfer", told, "committee_hand_a", to="unit:property", now=LATE)
    held = {
        (p.post and p.post.code, p.unit and p.unit.code) for p in fresh(told).parties.filter(relation="held")
    }
    assert held == {("worker-a1", None), ("director-a", None), (None, "committee-a")}
