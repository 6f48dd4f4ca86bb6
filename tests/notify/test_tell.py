"""Who is told of an act: the right people, once, without a word of the case's text."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gewu.domain.access.actor import SYSTEM, Actor
from gewu.domain.cases import actions as cases
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import actor_for_receipt
from gewu.domain.journal import heads
from gewu.domain.journal.actions import seal_all
from gewu.domain.journal.models import Entry
from gewu.domain.notify import actions, queries, table, texts
from gewu.domain.notify.models import Message
from tests.notify.cast import FIRE, Town
from tests.people.cast import appoint, away, post, user


def told(entry: Entry, town: Town) -> set[tuple[str, str, str]]:
    """Queue, and say who (role or reporter) was told what over which channel."""
    actions.tell(entry, now=town.clock.now())
    names = {person.pk: role for role, person in town.people.items()}
    rows = Message.objects.filter(entry_id=entry.id).values_list("to_user_id", "code", "channel")
    return {(names.get(key, "reporter"), code, channel) for key, code, channel in rows}


def entry_of(case: Any, move: str) -> Entry:
    return Entry.objects.get(kind=f"case.{move}", subject_id=case.id)


def test_a_new_case_is_told_to_those_who_accept_it(town: Town) -> None:
    case = town.report()
    assert told(entry_of(case, "report"), town) == {("lead", "new", "page"), ("reporter", "received", "news")}


def test_the_holder_hears_of_an_assignment_and_the_one_who_assigned_does_not(town: Town) -> None:
    case = town.report()
    town.act("lead", "accept", case)
    entry = town.act("lead", "assign", case, to="post:worker-left1")
    assert told(entry, town) == {("worker", "assigned", "page"), ("worker", "assigned", "email")}
    own = town.act("lead", "transfer", case, to="post:lead-left1", reason="wrong_address", text="Mine.")
    assert told(own, town) == set()


def test_handing_up_tells_the_next_level_and_the_reporter(town: Town) -> None:
    case = town.report()
    town.act("lead", "accept", case)
    entry = town.act("lead", "hand_up", case, reason="no_means", text="Needs a lorry.")
    assert told(entry, town) == {
        ("director", "handed_up", "page"),
        ("director", "handed_up", "email"),
        ("reporter", "moved_up", "news"),
    }


def worked_on(town: Town) -> Case:
    case = town.report()
    town.act("lead", "accept", case)
    town.act("lead", "assign", case, to="post:worker-left1")
    town.act("worker", "start", case)
    return case


def done_by(actor: Actor, town: Town, move: str, case: Case, **given: Any) -> Entry:
    cases.act(move, case.number, given, actor=actor, now=town.clock.now())
    return Entry.objects.filter(kind=f"case.{move}", subject_id=case.id).order_by("-subject_version")[0]


def test_an_answer_of_the_staff_is_told_to_the_reporter_and_to_nobody_else(town: Town) -> None:
    entry = town.act("worker", "answer", worked_on(town), text="Tomorrow.")
    assert told(entry, town) == {("reporter", "answer", "news")}


def test_an_answer_of_the_reporter_is_told_to_the_holder(town: Town) -> None:
    case = worked_on(town)
    town.act("worker", "ask_reporter", case, text="Where?")
    entry = done_by(actor_for_receipt(case.reports.get().pk), town, "answer", case, text="There.")
    assert told(entry, town) == {("worker", "answered", "page")}


def test_silence_is_not_told_as_an_answer(town: Town) -> None:
    case = worked_on(town)
    town.act("worker", "ask_reporter", case, text="Where?")
    entry = done_by(SYSTEM, town, "answer", case, text="No answer.")
    assert told(entry, town) == {("worker", "unanswered", "page")}


def test_who_had_not_heard_from_us_hears_that_the_work_is_done(town: Town) -> None:
    given = {"closing": "unfounded", "text": "Nothing there."}
    entry = town.act("worker", "report_done", worked_on(town), **given)
    assert told(entry, town) == {("lead", "to_verify", "page"), ("reporter", "done", "news")}
    case = worked_on(town)
    town.act("worker", "answer", case, text="Tomorrow.")
    assert told(town.act("worker", "report_done", case, **given), town) == {("lead", "to_verify", "page")}


def test_who_is_away_is_not_written_to(town: Town) -> None:
    stand_in = user("stand_in", email="stand_in@example.org")
    town.people["stand_in"] = stand_in
    away(town.people["lead"], stand_in)
    assert ("stand_in", "new", "page") in told(entry_of(town.report(), "report"), town)


def test_telling_twice_tells_once_even_when_the_holder_changed(town: Town) -> None:
    case = town.report()
    entry = entry_of(case, "report")
    first = told(entry, town)
    away(town.people["lead"], town.people["director"])
    assert told(entry, town) == first


def test_nobody_is_told_of_a_confidential_report_beyond_the_staff(town: Town) -> None:
    case = town.report(contact=None)
    assert {who for who, _, _ in told(entry_of(case, "report"), town)} == {"lead"}


def test_a_message_holds_codes_alone(town: Town) -> None:
    """Neither the report's words nor the reporter's name or address lie in the queue."""
    case = town.report()
    told(entry_of(case, "report"), town)
    stored = str(list(Message.objects.values_list()))
    assert "waste" not in stored
    assert "example.org" not in stored
    assert "甲" not in stored
    assert case.number in stored


def test_an_emergency_is_urgent(town: Town) -> None:
    told(entry_of(town.report(FIRE), "report"), town)
    assert set(Message.objects.values_list("urgent", flat=True)) == {True}


def test_the_inbox_is_one_query_and_forgets_no_language(town: Town, django_assert_num_queries: Any) -> None:
    told(entry_of(town.report(), "report"), town)
    with django_assert_num_queries(1):
        (notice,) = queries.inbox(town.people["lead"], now=town.clock.now())
    assert notice.number in notice.text
    assert queries.unseen(town.people["lead"], now=town.clock.now()) == 1
    assert actions.mark_seen(town.people["worker"], [notice.id]) == 0  # not the worker's own
    assert actions.mark_seen(town.people["lead"], [notice.id]) == 1
    assert queries.unseen(town.people["lead"], now=town.clock.now()) == 0


def test_every_row_has_its_text_and_every_text_its_row() -> None:
    used = {row.text for rows in table.MESSAGES.values() for row in rows}
    assert used | set(table.WITH_LINK.values()) == set(texts.TEXTS)
    assert set(table.WITH_LINK) <= used
    assert not used & set(texts.SERVICE_TEXTS)


@pytest.mark.parametrize("code", sorted(texts.TEXTS))
def test_every_text_can_be_said(code: str) -> None:
    facts = {"number": "LT-2026-000123-7", "level": "G", "clock": "stage", "due": "2026-03-10T01:00:00+00:00"}
    assert "LT-2026-000123-7" in texts.sentence(code, facts)
    assert "%(" not in texts.sentence(code, facts)


def test_the_supervisor_gets_the_signed_head(town: Town, heads_dir: Path) -> None:
    town.people["supervisor"] = user("supervisor", email="supervisor@example.org")
    appoint(town.people["supervisor"], post("supervisor", "town"))
    town.report()
    seal_all(town.clock.now())
    for _ in range(2):
        actions.tell_head(town.clock.now())
    page, mail = Message.objects.filter(code="head").order_by("-channel")
    assert (page.to_user_id, mail.channel) == (town.people["supervisor"].pk, "email")
    head = heads.latest(heads_dir)
    assert head is not None
    assert head.root in texts.sentence("head", page.facts)
    assert heads.signature_holds(
        {"at": head.at, "root": head.root, "size": head.size, "signature": page.facts["signature"]},
        public_key=heads.public_key(heads_dir),
    )


def test_administrators_are_warned_before_the_calendar_ends(town: Town) -> None:
    town.people["administrator"] = user("administrator")
    appoint(town.people["administrator"], post("administrator", "town"))
    actions.warn_of_calendar(town.clock.now())
    assert not Message.objects.filter(code="calendar").exists()
    town.clock.advance(timedelta(days=275))  # 10 December; the library knows nothing after 2026
    for _ in range(2):
        actions.warn_of_calendar(town.clock.now())
    assert Message.objects.filter(code="calendar").count() == 1
