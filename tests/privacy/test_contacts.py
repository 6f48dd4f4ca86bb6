"""Contact data reaches the notifier, and a person only together with a line the reporter can read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gewu.core import chance
from gewu.core.errors import Invalid, NotFound, Refused, TooMany
from gewu.domain.journal.models import Entry
from gewu.domain.privacy import contacts, looks
from gewu.domain.privacy.contacts import ContactInput
from gewu.domain.privacy.models import Contact, Look
from tests.privacy.people import clerk
from tests.services.time import START

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]

CHEN = ContactInput(name="陈秀英", phone="138 0013 8000", email="", language="zh-hans")


def test_a_contact_is_kept_and_used_for_sending() -> None:
    contact = contacts.keep(CHEN)

    sent = contacts.for_sending([contact.id])[contact.id]
    assert (sent.name, sent.phone, sent.channel) == ("陈秀英", "13800138000", "sms")


def test_nothing_readable_is_stored() -> None:
    contact = Contact.objects.get(id=contacts.keep(CHEN).id)

    stored = repr({field.name: getattr(contact, field.name) for field in contact._meta.fields})
    assert "陈秀英" not in stored
    assert "13800138000" not in stored


def test_who_wants_no_news_is_not_sent_any() -> None:
    contact = contacts.keep(ContactInput(phone="13800138000", wants_news=False))

    assert contacts.for_sending([contact.id]) == {}


def test_every_wrong_field_is_named() -> None:
    with pytest.raises(Invalid) as refusal:
        contacts.keep(ContactInput(name="a\x00b", phone="12", email="nobody"))

    assert {error.field for error in refusal.value.errors} == {
        "contact.name",
        "contact.phone",
        "contact.email",
    }


def test_a_contact_needs_an_address() -> None:
    with pytest.raises(Invalid):
        contacts.keep(ContactInput(name="陈秀英"))
    with pytest.raises(Invalid):
        contacts.keep(ContactInput(phone="13800138000", channel="email"))


def test_a_reveal_leaves_a_line_with_post_and_purpose_but_no_name() -> None:
    contact, case_id, actor = contacts.keep(CHEN), chance.new_id(), clerk()

    seen = contacts.reveal(contact.id, case_id=case_id, reason="ask_back", actor=actor, now=START)

    assert seen.phone == "13800138000"
    line = contacts.looks_at(case_id, now=START)[0]
    assert (line.post, line.unit, str(line.purpose)) == (
        "Window 3",
        "Service hall",
        str(looks.REASONS["ask_back"]),
    )
    assert "user" not in " ".join(field.name for field in Look._meta.fields)
    entry = Entry.objects.get(kind="contact.revealed")
    assert entry.data == {"case": str(case_id), "reason": "ask_back"}


def test_when_the_line_cannot_be_written_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    contact, actor = contacts.keep(CHEN), clerk()

    def full(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("gewu.domain.privacy.contacts.journal.record", full)
    with pytest.raises(OSError, match="disk full"):
        contacts.reveal(contact.id, case_id=chance.new_id(), reason="ask_back", actor=actor, now=START)
    assert not Look.objects.exists()


def test_a_reveal_wants_a_listed_reason_and_a_second_factor() -> None:
    contact, case_id = contacts.keep(CHEN), chance.new_id()

    with pytest.raises(Invalid):
        contacts.reveal(contact.id, case_id=case_id, reason="curious", actor=clerk(), now=START)
    with pytest.raises(Refused) as refusal:
        contacts.reveal(contact.id, case_id=case_id, reason="ask_back", actor=clerk(strong=False), now=START)
    assert refusal.value.code == "second_factor"
    with pytest.raises(NotFound):
        contacts.reveal(chance.new_id(), case_id=case_id, reason="ask_back", actor=clerk(), now=START)


def test_a_caller_is_found_by_the_full_number_and_can_read_that_later() -> None:
    contact, actor = contacts.keep(CHEN), clerk()
    contacts.keep(ContactInput(phone="13900139000"))

    assert contacts.find_by_phone("+86 138-0013-8000", reason="caller", actor=actor, now=START) == [
        contact.id
    ]

    assert len(contacts.looks_at(chance.new_id(), contact_id=contact.id, now=START)) == 1
    with pytest.raises(Invalid):
        contacts.find_by_phone("138001", reason="caller", actor=actor, now=START)


def test_numbers_cannot_be_tried_out_in_bulk() -> None:
    actor = clerk()
    for last in range(contacts.LOOKUPS):
        contacts.find_by_phone(f"1380013{last:04d}", reason="caller", actor=actor, now=START)

    with pytest.raises(TooMany):
        contacts.find_by_phone("13800139999", reason="caller", actor=actor, now=START + timedelta(minutes=59))


def test_a_correction_keeps_the_handle() -> None:
    contact = contacts.keep(CHEN)
    contacts.correct(contact.id, ContactInput(name="陈秀英", phone="13700137000"))

    assert contacts.for_sending([contact.id])[contact.id].phone == "13700137000"
    assert contacts.find_by_phone("13800138000", reason="caller", actor=clerk(), now=START) == []
