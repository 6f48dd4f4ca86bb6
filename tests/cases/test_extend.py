"""One extension: asked by the holder, granted one level up, never once overdue."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

from gewu.domain.cases.actions.timers import fire_due
from gewu.domain.cases.models import Clock
from tests.cases.refusals import invalid, refused
from tests.town import OTHER, actor, at, at_level, do, fresh, report_case, walk_to


def test_granted_from_above_the_promise_grows_by_its_own_length(town: ModuleType) -> None:
    told = walk_to("handling")
    do("extend", told, "worker_a1")
    assert fresh(told).extension == "asked"
    case = do("extend", told, "director_a", grant="yes")

    assert case.extension == "granted"
    promise = Clock.objects.get(case=case, kind="promise")
    assert (promise.limit_seconds, promise.due_at) == (8 * 3600, at(10 + 1, 9))


def test_the_stage_that_the_promise_cut_short_grows_too(town: ModuleType) -> None:
    told = walk_to("handling")
    assert Clock.objects.get(case=told.case, kind="stage").due_at == at(10, 15)
    do("extend", told, "worker_a1")
    do("extend", told, "director_a", grant="yes", now=at(10, 11))
    assert Clock.objects.get(case=told.case, kind="stage").due_at == at(
        11, 9
    )  # and not beyond the ladder's day


def test_refused_nothing_changes(town: ModuleType) -> None:
    told = walk_to("handling")
    do("extend", told, "worker_a1")
    assert do("extend", told, "director_a", grant="no").extension == "refused"
    assert Clock.objects.get(case=told.case, kind="promise").limit_seconds == 4 * 3600


def test_it_is_asked_for_once_only(town: ModuleType) -> None:
    told = walk_to("handling")
    do("extend", told, "worker_a1")
    with refused("asked_before"):
        do("extend", told, "worker_a1")
    do("extend", told, "director_a", grant="yes")
    with refused("not_asked"):
        do("extend", told, "director_a", grant="yes")


def test_only_the_next_level_grants(town: ModuleType) -> None:
    told = walk_to("handling")
    do("extend", told, "worker_a1")
    with refused("level_above"):
        do("extend", told, "worker_a1", grant="yes")
    for who in ("lead_a1", "dispatcher"):
        with refused("not_yours"):
            do("extend", told, who, grant="yes")


def test_a_department_does_not_grant_itself(town: ModuleType) -> None:
    told = at_level("D")
    do("assign", told, "urban_dispatcher", to="unit:urban")
    do("extend", told, "urban_hand")
    for who in ("urban_hand", "urban_head"):
        with refused("level_above"):
            do("extend", told, who, grant="yes")
    assert do("extend", told, "transport_dispatcher", grant="yes").extension == "granted"


def test_who_asked_does_not_grant_under_another_post(town: ModuleType) -> None:
    told = walk_to("handling")
    worker, director = actor("worker_a1"), actor("director_a")
    both = replace(worker, hats=(*worker.hats, *director.hats))
    do("extend", told, both.wearing(worker.post_id))
    with refused("level_above"):
        do("extend", told, both.wearing(director.post_id), grant="yes")


def test_an_overdue_case_is_not_extended(town: ModuleType) -> None:
    told = walk_to("handling")
    do("extend", told, "worker_a1")
    with refused("overdue"):  # the deadline has passed, whether or not the worker has marked it yet
        do("extend", told, "director_a", grant="yes", now=at(10, 15))
    while fire_due(at(10, 16)):
        pass
    with refused("overdue"):
        do("extend", told, "director_a", grant="yes", now=at(10, 16))


def test_without_a_promise_there_is_nothing_to_extend(town: ModuleType) -> None:
    with refused("no_promise"):
        do("extend", walk_to("handling", report_case(OTHER)), "worker_a1")


def test_it_needs_a_reason(town: ModuleType) -> None:
    with invalid(text="required", grant="choice"):
        do("extend", walk_to("handling"), "worker_a1", text="", grant="perhaps")
