"""The holder says it is done; somebody else looks."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from gewu.core.errors import Conflict
from gewu.domain.cases.actions import Reported
from gewu.domain.cases.models import Clock
from tests.cases.refusals import invalid, refused
from tests.town import OTHER, actor, at, do, fresh, photo, report_case, walk_to


def test_done_waits_to_be_verified_and_the_promise_stops_its_hands(town: ModuleType) -> None:
    told = walk_to("handling")
    case = do("report_done", told, "worker_a1", now=at(10, 14, 30))

    assert (case.state, case.closing, case.done_at) == ("handled", "solved", at(10, 14, 30))
    assert case.done_by == actor("worker_a1").post_id
    kinds = set(Clock.objects.filter(case=case, stopped_at=None).values_list("kind", flat=True))
    assert kinds == {"promise", "verify"}
    promise = Clock.objects.get(case=case, kind="promise")
    assert (promise.due_at, promise.next_at) == (at(10, 15), None)


def test_verified_later_the_hour_of_the_report_counts(town: ModuleType) -> None:
    told = walk_to("handling")
    do("report_done", told, "worker_a1", now=at(10, 14, 30))
    do("verify", told, "lead_a1", now=at(12, 9))

    promise = Clock.objects.get(case=told.case, kind="promise")
    assert (promise.stopped_at, promise.counted) == (at(10, 14, 30), 3 * 3600 + 1800)
    assert fresh(told).overdue_at is None


def test_then_the_reporter_is_asked_for_five_working_days(town: ModuleType) -> None:
    told = walk_to("handled")
    case = do("verify", told, "lead_a1")

    assert (case.state, case.verified_at) == ("handled", town.NOW)
    assert Clock.objects.get(case=case, kind="confirm").due_at == at(17, 9)


def test_with_nobody_to_ask_it_closes(town: ModuleType) -> None:
    told = walk_to("handled", report_case(wants_answer=False))
    case = do("verify", told, "lead_a1")

    assert (case.state, case.closing, case.confirmation) == ("closed", "solved", "none")
    assert not Clock.objects.filter(case=case, stopped_at=None).exists()


def test_solved_needs_its_closing_condition_and_the_evidence(town: ModuleType) -> None:
    with invalid(closing_met="required", photos="required"):
        do("report_done", walk_to("handling"), "worker_a1", closing_met="", photos=[])


def test_words_are_evidence_where_the_category_says_so(town: ModuleType) -> None:
    told = walk_to("handling", report_case(OTHER))
    assert do("report_done", told, "worker_a1", photos=[]).state == "handled"


def at_the_toilet() -> Reported:
    """No accessible fittings: the one condition of the seed that may be closed by notice."""
    told = report_case("C301d")
    do("accept", told, "director_a")
    do("assign", told, "director_a", to="unit:committee-a")
    do("start", told, "committee_hand_a")
    return told


def test_explained_needs_no_photo(town: ModuleType) -> None:
    case = do(
        "report_done", at_the_toilet(), "committee_hand_a", closing="notice", closing_met=False, photos=[]
    )
    assert case.closing == "notice"


def test_not_everything_is_ended_by_an_explanation(town: ModuleType) -> None:
    told = walk_to("handling")
    with invalid(closing="not_by_notice"):
        do("report_done", told, "worker_a1", closing="notice")
    assert do("report_done", told, "worker_a1", closing="unfounded", photos=[]).closing == "unfounded"


def test_without_a_photo_from_before_two_are_asked(town: ModuleType) -> None:
    told = walk_to("handling")
    with invalid(photos="required"):
        do("report_done", told, "worker_a1", photos=[str(photo().pk)])
    assert do("report_done", told, "worker_a1").state == "handled"


def test_the_reporters_photo_shows_how_it_was(town: ModuleType) -> None:
    told = walk_to("handling", report_case(photos=[str(photo().pk)]))
    assert do("report_done", told, "worker_a1", photos=[str(photo().pk)]).state == "handled"


def test_so_does_one_that_was_added_while_it_was_worked_on(town: ModuleType) -> None:
    told = walk_to("handling")
    do("add", told, "worker_a1", text="", photos=[str(photo().pk)])
    assert do("report_done", told, "worker_a1", photos=[str(photo().pk)]).state == "handled"


def test_of_a_case_that_is_private_no_photo_is_asked(town: ModuleType) -> None:
    told = walk_to("handling", report_case(confidential=True))  # waste: the condition itself is not private
    assert do("report_done", told, "worker_a1", photos=[]).state == "handled"


def test_text_and_outcome_are_needed(town: ModuleType) -> None:
    with invalid(text="required", closing="choice"):
        do("report_done", walk_to("handling"), "worker_a1", text="", closing="merged")


def test_a_photo_belongs_to_one_act(town: ModuleType) -> None:
    once = str(photo().pk)
    do("report_done", walk_to("handling"), "worker_a1", photos=[once, str(photo().pk)])
    other = walk_to("handling")
    with pytest.raises(Conflict):
        do("report_done", other, "worker_a1", photos=[once, str(photo().pk)])
    assert fresh(other).state == "handling"


def test_photos_nobody_kept_are_refused(town: ModuleType) -> None:
    told = walk_to("handling")
    for wrong, code in (["no-id"], "unknown"), ([str(told.case.pk)], "unknown"), (["x"] * 7, "too_many"):
        with invalid(photos=code):
            do("report_done", told, "worker_a1", photos=wrong)


def test_only_the_holder_and_only_from_handling(town: ModuleType) -> None:
    with refused("not_yours"):
        do("report_done", walk_to("handling"), "lead_a1")
    with refused("wrong_state"):
        do("report_done", walk_to("assigned"), "worker_a1")


def test_nobody_verifies_the_own_work(town: ModuleType) -> None:
    told = walk_to("accepted")
    do("assign", told, "lead_a1", to="post:lead-a1")
    do("start", told, "lead_a1")
    do("report_done", told, "lead_a1")
    with refused("own_work"):
        do("verify", told, "lead_a1")
    assert do("verify", told, "director_a").verified_at is not None


def test_nor_under_another_post(town: ModuleType) -> None:
    worker, director = actor("worker_a1"), actor("director_a")
    both = replace(worker, hats=(*worker.hats, *director.hats))
    told = walk_to("handling")
    do("report_done", told, both)
    with refused("own_work"):
        do("verify", told, both)


def test_the_holder_does_not_verify(town: ModuleType) -> None:
    with refused("not_yours"):
        do("verify", walk_to("handled"), "worker_a1")


def test_it_is_verified_once(town: ModuleType) -> None:
    told = walk_to("verified")
    for move in ("verify", "rework"):
        with refused("already_verified"):
            do(move, told, "director_a")


def test_back_to_work_the_promise_never_stopped(town: ModuleType) -> None:
    told = walk_to("handling")
    do("report_done", told, "worker_a1", now=at(10, 11))
    case = do("rework", told, "lead_a1", now=at(10, 14, 30))

    assert (case.state, case.holder_post.code, case.done_at, case.closing) == (
        "handling",
        "worker-a1",
        None,
        "",
    )
    promise = Clock.objects.get(case=case, kind="promise")
    assert (promise.due_at, promise.paused_at) == (at(10, 15), None)
    assert promise.next_at is not None


def test_back_to_work_needs_a_word(town: ModuleType) -> None:
    with invalid(text="required"):
        do("rework", walk_to("handled"), "lead_a1", text="")
