"""The reporter is asked: solved, not solved, or silence."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.core.errors import NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.cases import queries
from gewu.domain.cases.actions import personal
from gewu.domain.cases.actions.timers import fire_due
from gewu.domain.cases.hooks import due_for_erasure
from gewu.domain.cases.models import Clock, Report
from gewu.domain.journal.queries import history
from gewu.domain.privacy import texts
from tests.cases.refusals import invalid, refused
from tests.town import actor, at, at_level, do, fresh, join, report_case, reporter, walk_to


def test_solved_closes_it(town: ModuleType) -> None:
    told = walk_to("verified")
    case = do("rate", told, reporter(told), rating=4, text="谢谢")

    assert (case.state, case.closing, case.confirmation) == ("closed", "solved", "confirmed")
    report = Report.objects.get(pk=told.report.pk)
    assert (report.answer, report.rating) == ("solved", 4)


def test_a_rating_is_welcome_and_not_needed(town: ModuleType) -> None:
    told = walk_to("verified")
    assert do("rate", told, reporter(told), rating="").confirmation == "confirmed"


def test_no_staff_sees_who_rated_what(town: ModuleType) -> None:
    told = walk_to("verified")
    do("rate", told, reporter(told), rating=2, text="太慢了")
    (entry,) = [e for e in history(("case", told.case.pk)) if e.kind == "case.rate"]
    assert (entry.actor_id, entry.post_id) == (None, None)


def test_its_words_are_read_by_those_who_had_no_part_in_the_work(town: ModuleType) -> None:
    told = report_case()
    other = join(told.case.number, text="")
    walk_to("verified", told)
    do("rate", told, reporter(told), rating=2, text="太慢了")

    def reads(who: str | Actor) -> bool:
        view = queries.view_case(told.case.number, actor=actor(who) if isinstance(who, str) else who)
        return any(row.kind == "rating" for act in view.story for row, _words in act.texts)

    assert {who for who in ("worker_a1", "lead_a1", "director_a", "adviser", "duty_lead") if reads(who)} == {
        "lead_a1", "director_a", "adviser", "duty_lead",
    }  # fmt: skip
    assert reads(reporter(told))
    assert not reads(reporter(other))


def test_they_end_with_the_other_texts_of_the_case(town: ModuleType) -> None:
    told = walk_to("verified")
    do("rate", told, reporter(told), rating=2, text="太慢了")
    words = Report.objects.get(pk=told.report.pk).rating_text_id
    assert words in due_for_erasure("text", closed_before=at(1, month=6), limit=99)
    personal.erase(told.report.number, "contact", "request", actor=actor("privacy_officer"), now=at(11))
    assert texts.read([words]) == {}


def test_not_solved_goes_one_level_up(town: ModuleType) -> None:
    told = walk_to("verified")
    case = do("refuse", told, reporter(told), now=at(11, 9))

    assert (case.state, case.level, case.holder_post.code) == ("handling", "V", "director-a")
    assert (case.confirmation, case.verified_at, case.closing) == ("refused", None, "")
    running = set(Clock.objects.filter(case=case, stopped_at=None).values_list("kind", flat=True))
    assert running == {"promise", "stage"}


def test_at_the_district_it_stays_with_the_department(town: ModuleType) -> None:
    told = at_level("D")
    do("assign", told, "urban_dispatcher", to="unit:urban")
    do("start", told, "urban_hand")
    do("report_done", told, "urban_hand")
    do("verify", told, "urban_dispatcher")
    case = do("refuse", told, reporter(told))

    assert (case.state, case.level, case.holder_unit.code) == ("handling", "D", "urban")


def test_refusing_needs_a_reason_and_words(town: ModuleType) -> None:
    told = walk_to("verified")
    with invalid(reason="required", text="required"):
        do("refuse", told, reporter(told), reason="", text="")
    with invalid(rating="choice"):
        do("rate", told, reporter(told), rating=6)


def test_silence_closes_it_and_is_counted_apart(town: ModuleType) -> None:
    told = walk_to("verified")
    fire_due(at(17, 8, 59))
    assert fresh(told).is_open
    fire_due(at(17, 9))

    case = fresh(told)
    assert (case.state, case.closing, case.confirmation) == ("closed", "solved", "unconfirmed")


def test_each_joined_reporter_has_an_own_answer(town: ModuleType) -> None:
    told = report_case()
    other = join(told.case.number)
    walk_to("verified", told)
    assert do("rate", told, reporter(told)).state == "handled"
    assert do("rate", told, reporter(other)).confirmation == "confirmed"


def test_one_refusal_counts(town: ModuleType) -> None:
    told = report_case()
    other = join(told.case.number)
    walk_to("verified", told)
    do("rate", told, reporter(told))
    assert do("refuse", told, reporter(other)).state == "handling"


def test_the_next_round_asks_everybody_anew(town: ModuleType) -> None:
    told = report_case()
    other = join(told.case.number)
    walk_to("verified", told)
    do("rate", told, reporter(told))
    do("refuse", told, reporter(other))
    do("report_done", told, "director_a")
    do("verify", told, "dispatcher")
    assert do("rate", told, reporter(other)).state == "handled"
    assert do("rate", told, reporter(told)).confirmation == "confirmed"


def test_partial_silence_is_unconfirmed(town: ModuleType) -> None:
    told = report_case()
    join(told.case.number)
    walk_to("verified", told)
    do("rate", told, reporter(told))
    fire_due(at(17, 9))
    assert fresh(told).confirmation == "unconfirmed"


def test_nobody_answers_before_it_is_verified(town: ModuleType) -> None:
    told = walk_to("handled")
    for move in ("rate", "refuse"):
        with refused("not_asked_yet"):
            do(move, told, reporter(told))


def test_after_closing_a_rating_can_still_be_given_once(town: ModuleType) -> None:
    told = walk_to("verified")
    fire_due(at(17, 9))
    case = do("rate", told, reporter(told), rating=5, now=at(18, 9))
    assert (case.state, case.confirmation) == ("closed", "unconfirmed")
    with refused("already_rated"):
        do("rate", told, reporter(told), rating=1, now=at(18, 9))


@pytest.mark.parametrize("second", ["rate", "refuse"])
def test_a_round_takes_one_answer_of_each_reporter(town: ModuleType, second: str) -> None:
    told = report_case()
    join(told.case.number)
    walk_to("verified", told)
    do("rate", told, reporter(told), rating=5)
    with refused("answered"):
        do(second, told, reporter(told))
    assert Report.objects.get(pk=told.report.pk).rating == 5
    assert [e.kind for e in history(("case", told.case.pk)) if e.actor_kind == "reporter"].count(
        "case.rate"
    ) == 1


def test_a_second_answer_is_not_offered(town: ModuleType) -> None:
    told = report_case()
    join(told.case.number)
    walk_to("verified", told)
    do("rate", told, reporter(told))
    offered = {move.code for move in queries.moves_for(fresh(told), reporter(told))}
    assert not offered & {"rate", "refuse"}


def test_who_did_not_want_to_be_asked_may_say_so_in_every_round(town: ModuleType) -> None:
    told = report_case()
    silent = join(told.case.number, wants_answer=False)
    walk_to("verified", told)
    do("refuse", told, reporter(silent))
    do("report_done", told, "director_a")
    do("verify", told, "dispatcher")
    assert do("refuse", told, reporter(silent)).state == "handling"


def test_a_rating_after_closing_is_one_to_five(town: ModuleType) -> None:
    """A case that its reporter closed without a rating takes one later, and no empty ones."""
    told = walk_to("verified")
    do("rate", told, reporter(told), rating="")
    with invalid(rating="required"):
        do("rate", told, reporter(told), rating="", text="还可以")
    assert do("rate", told, reporter(told), rating=4).state == "closed"


def test_what_was_withdrawn_is_not_rated(town: ModuleType) -> None:
    told = report_case()
    do("withdraw", told, reporter(told))
    assert "rate" not in {move.code for move in queries.moves_for(fresh(told), reporter(told))}
    with refused("withdrawn"):
        do("rate", told, reporter(told))


def test_staff_cannot_answer_for_the_reporter(town: ModuleType) -> None:
    for move in ("rate", "refuse"):
        with refused("not_yours"):
            do(move, walk_to("verified"), "lead_a1")


def test_a_receipt_opens_its_own_case_only(town: ModuleType) -> None:
    with pytest.raises(NotFound):
        do("rate", walk_to("verified"), reporter(report_case()))


def test_no_person_closes_a_case_without_the_reporter(town: ModuleType) -> None:
    with refused("not_yours"):
        do("close", walk_to("verified"), "duty_lead")
