"""A question to the reporter holds the clocks until it is answered or its time has run out."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.cases.actions.timers import fire_due, next_due
from gewu.domain.cases.models import CaseText, Clock
from tests.cases.refusals import invalid, refused
from tests.town import OTHER, at, do, fresh, report_case, reporter, walk_to


def due(told: object, kind: str = "promise") -> object:
    return Clock.objects.get(case=told.case, kind=kind, stopped_at=None).due_at  # type: ignore[attr-defined]


def test_question_and_answer_hold_the_clocks_in_between(town: ModuleType) -> None:
    told = walk_to("handling")
    case = do("ask_reporter", told, "worker_a1", now=at(10, 10))
    assert case.asked_at == at(10, 10)
    assert (due(told), due(told, "stage")) == (None, None)

    case = do("answer", told, reporter(told), now=at(11, 9))
    assert (case.asked_at, case.state) == (None, "handling")
    assert due(told) == at(11, 12)  # three of four hours were left
    assert CaseText.objects.get(case=case, kind="answer").by_reporter


def test_asking_is_the_first_contact(town: ModuleType) -> None:
    told = walk_to("handling")
    do("ask_reporter", told, "worker_a1", now=at(10, 10))
    assert Clock.objects.get(case=told.case, kind="contact").stopped_at == at(10, 10)


def test_so_is_a_word_to_the_reporter_without_a_question(town: ModuleType) -> None:
    told = walk_to("handling")
    do("answer", told, "worker_a1", now=at(10, 10))
    assert Clock.objects.get(case=told.case, kind="contact").stopped_at == at(10, 10)


def test_silence_lets_them_go_on_after_five_working_days(town: ModuleType) -> None:
    told = walk_to("handling", report_case(OTHER))
    do("ask_reporter", told, "worker_a1", now=at(10, 10))
    assert next_due() == at(17, 10)
    fire_due(at(17, 9))
    assert fresh(told).asked_at is not None
    fire_due(at(17, 10))
    assert fresh(told).asked_at is None
    assert due(told, "stage") == at(18, 9)


def test_a_stage_that_begins_meanwhile_waits_too(town: ModuleType) -> None:
    told = walk_to("accepted")
    do("ask_reporter", told, "lead_a1")
    do("assign", told, "lead_a1")
    assert due(told, "stage") is None
    do("answer", told, reporter(told), now=at(10, 10))
    assert due(told, "stage") == at(10, 16)  # what is left of the promise


def test_a_promise_that_begins_meanwhile_waits_too(town: ModuleType) -> None:
    told = report_case()
    do("ask_reporter", told, "lead_a1")
    do("accept", told, "lead_a1")
    assert due(told) is None


def test_on_hold_an_answer_wakes_no_clock(town: ModuleType) -> None:
    told = walk_to("handling")
    do("ask_reporter", told, "worker_a1")
    do("pause", told, "worker_a1")
    do("answer", told, reporter(told))
    assert due(told) is None
    do("resume", told, "worker_a1")
    assert due(told) is not None


def test_resumed_while_the_reporter_is_asked_they_still_stand(town: ModuleType) -> None:
    told = walk_to("handling")
    do("ask_reporter", told, "worker_a1")
    do("pause", told, "worker_a1")
    do("resume", told, "worker_a1")
    assert due(told) is None


def test_done_settles_the_question(town: ModuleType) -> None:
    told = walk_to("handling")
    do("ask_reporter", told, "worker_a1", now=at(10, 10))
    case = do("report_done", told, "worker_a1", now=at(11, 10))
    assert case.asked_at is None
    do("rework", told, "lead_a1", now=at(11, 11))
    assert due(told) == at(11, 15)  # one hour used before, one since it was done


def test_one_question_at_a_time(town: ModuleType) -> None:
    told = walk_to("handling")
    do("ask_reporter", told, "worker_a1")
    with refused("asked"):
        do("ask_reporter", told, "worker_a1")


def test_there_must_be_somebody_to_ask(town: ModuleType) -> None:
    told = report_case()
    do("split", told, "lead_a1")
    child = told.case.children.get()
    with refused("no_reporter"):
        do("ask_reporter", child, "lead_a1")


def test_a_question_has_words(town: ModuleType) -> None:
    with invalid(text="required"):
        do("ask_reporter", walk_to("handling"), "worker_a1", text="")


def test_not_while_it_waits_or_is_done(town: ModuleType) -> None:
    for state in ("waiting", "handled"):
        with refused("wrong_state"):
            do("ask_reporter", walk_to(state), "lead_a1")
