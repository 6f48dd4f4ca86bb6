"""The link in the message that asks whether it is solved: straight to the answer, for one report and one question."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.test import Client

from gewu.core.clock import DrivenClock
from gewu.domain.cases import asking
from gewu.domain.cases.actions import Reported
from gewu.domain.privacy.contacts import ContactInput
from tests.services.time import START as NOW
from tests.town import do, fresh, reporter, walk_to
from tests.web.pages import text
from tests.web.test_track import send

PHONE = ContactInput(phone="13800000000")


def word_of(told: Reported) -> str:
    """What stands in the message to this reporter, now."""
    assert told.report.contact_id is not None
    return asking.word_for(told.report.contact_id, told.case.number, now=NOW)


def opens(client: Client, word: str) -> bool:
    """Does the link lead to the report? Everything else leads to the page that asks for the receipt, alike."""
    answer = client.get(f"/a/{word}")
    assert answer["Location"] in ("/track#solved", "/r?over")
    assert ("gewu_receipt" in answer.cookies) == (answer["Location"] != "/r?over")
    return bool(answer["Location"] == "/track#solved")


def test_the_link_opens_the_question_without_the_code(resident: Client) -> None:
    told = walk_to("verified", contact=PHONE)
    assert opens(resident, word_of(told))
    assert fresh(told).is_open, "opening it answers nothing: mail programs open links too"
    page = resident.get("/track")
    assert 'id="solved"' in page.content.decode()
    assert "13800000000" not in text(page)
    assert send(resident, "rate", rating="4").status_code == 303
    assert fresh(told).confirmation == "confirmed"


def test_it_opens_nothing_after_the_answer(resident: Client) -> None:
    told = walk_to("verified", contact=PHONE)
    word = word_of(told)
    do("rate", told, reporter(told))
    assert not opens(resident, word)
    assert "no longer needed or has run out" in text(resident.get("/r?over"))
    assert word_of(told) == "", "and a message that leaves late carries none"


def test_it_ends_with_the_time_to_answer(resident: Client, clock: DrivenClock) -> None:
    told = walk_to("verified", contact=PHONE)
    word = word_of(told)
    due = told.case.clocks.get(kind="confirm").due_at
    assert due is not None
    clock.advance(due - NOW - timedelta(minutes=1))
    assert opens(resident, word)
    clock.advance(timedelta(minutes=2))
    assert not opens(Client(), word)


def test_it_belongs_to_one_question(resident: Client) -> None:
    told = walk_to("verified", contact=PHONE)
    first = word_of(told)
    do("refuse", told, reporter(told))
    assert not opens(resident, first), "the case went back to work"


@pytest.mark.parametrize("spoil", ["", ".", "x", "字"])
def test_a_changed_word_opens_nothing(resident: Client, spoil: str) -> None:
    told = walk_to("verified", contact=PHONE)
    word = word_of(told)
    assert not opens(resident, word[:-1] + spoil)
    assert not opens(resident, told.report.number + spoil)


def test_it_does_not_open_another_report(resident: Client) -> None:
    one, other = walk_to("verified", contact=PHONE), walk_to("verified", contact=PHONE)
    signature = word_of(one).partition(".")[2]
    assert not opens(resident, f"{other.report.number}.{signature}")


def test_it_enters_no_log(resident: Client, caplog: pytest.LogCaptureFixture) -> None:
    word = word_of(walk_to("verified", contact=PHONE))
    with caplog.at_level(logging.DEBUG):
        assert not opens(resident, word + "x")
    assert word not in caplog.text
