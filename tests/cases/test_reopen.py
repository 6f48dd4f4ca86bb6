"""A closed case is opened again: once by its reporter within 15 days, at any time by the next level."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.cases.models import Clock, Stage
from tests.cases.refusals import invalid, refused
from tests.town import at, do, fresh, reporter, walk_to


def test_the_reporter_opens_it_one_level_up(town: ModuleType) -> None:
    told = walk_to("closed")
    case = do("reopen", told, reporter(told), now=at(20, 9))

    assert (case.state, case.level, case.reopened, case.is_open) == ("handling", "V", 1, True)
    assert (case.closed_at, case.confirmation, case.closing) == (None, "", "")
    running = set(Clock.objects.filter(case=case, stopped_at=None).values_list("kind", flat=True))
    assert running == {"promise", "stage"}
    assert Stage.objects.filter(case=case, ended_at=None).count() == 1


def test_the_next_level_opens_it_with_the_holder_it_had(town: ModuleType) -> None:
    told = walk_to("closed")
    case = do("reopen", told, "director_a", now=at(10, 9, month=9))

    assert (case.state, case.level, case.holder_post.code) == ("handling", "G", "worker-a1")


def test_the_reporter_has_fifteen_days(town: ModuleType) -> None:
    told = walk_to("closed")
    with refused("too_late"):
        do("reopen", told, reporter(told), now=at(25, 9, 1))
    assert do("reopen", told, reporter(told), now=at(25, 9)).state == "handling"


def test_the_reporter_has_one_try(town: ModuleType) -> None:
    told = walk_to("closed")
    do("reopen", told, reporter(told))
    do("report_done", told, "director_a")
    do("verify", told, "dispatcher")
    do("rate", told, reporter(told))
    with refused("too_late"):
        do("reopen", told, reporter(told))
    assert do("reopen", told, "dispatcher").reopened == 2


def test_the_same_level_does_not_open_it(town: ModuleType) -> None:
    with refused("not_yours"):
        do("reopen", walk_to("closed"), "lead_a1")


def test_what_was_withdrawn_stays_ended(town: ModuleType) -> None:
    told = town.report_case()
    do("withdraw", told, reporter(told))
    with refused("withdrawn"):
        do("reopen", told, reporter(told))


def test_it_needs_words(town: ModuleType) -> None:
    told = walk_to("closed")
    with invalid(text="required"):
        do("reopen", told, reporter(told), text="")


def test_a_reopened_void_case_counts_its_promise_from_now(town: ModuleType) -> None:
    told = walk_to("submitted")
    do("void", told, "lead_a1")
    do("reopen", told, "director_a", now=at(11, 9))
    assert fresh(told).accepted_at == at(11, 9)
