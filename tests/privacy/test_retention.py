"""The nightly job ends what is due, and does nothing on a night whose clock cannot be believed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from gewu.core.errors import Invalid
from gewu.domain.journal.models import Entry
from gewu.domain.privacy import contacts, retention, texts
from gewu.domain.privacy.contacts import ContactInput
from gewu.domain.privacy.models import Contact, RetentionRule, Text
from tests.privacy.people import somebody
from tests.services.time import START

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]

DAY = timedelta(days=1)
CHEN = ContactInput(name="陈秀英", phone="13800138000")


class Closed:
    """A package whose rows closed at known times."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[UUID, datetime]] = {"contact": {}, "text": {}, "photo": {}}

    def __call__(self, code: str, *, closed_before: datetime, limit: int) -> Collection[UUID]:
        gone = {"contact": Contact, "text": Text}.get(code, Text).objects.values_list("id", flat=True)
        still = set(gone)
        return [row for row, at in self.rows[code].items() if at < closed_before and row in still][:limit]


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Closed:
    rows = Closed()
    monkeypatch.setattr(retention, "_providers", [rows])
    return rows


def nights(count: int, *, begin: datetime = START) -> list[retention.Outcome]:
    return [retention.run(begin + number * DAY) for number in range(count)]


def test_contacts_end_after_180_days_and_texts_stay(closed: Closed) -> None:
    contact, text = contacts.keep(CHEN), texts.keep("the matter", kind="report")
    closed.rows["contact"][contact.id] = closed.rows["text"][text.id] = START - 180 * DAY

    assert nights(1)[0].erased["contact"] == 0
    assert nights(1, begin=START + DAY)[0].erased["contact"] == 1

    assert contacts.for_sending([contact.id]) == {}
    assert texts.read([text.id])


def test_a_contact_with_a_day_of_its_own_ends_then() -> None:
    contact = contacts.keep(CHEN)
    contacts.erase_after(contact.id, START)

    assert nights(1)[0].erased["contact"] == 1
    assert nights(1)[0].erased["contact"] == 0


@pytest.mark.parametrize("jump", [timedelta(days=400), -timedelta(days=3)])
def test_after_a_jump_of_the_clock_nothing_is_erased_for_48_hours(closed: Closed, jump: timedelta) -> None:
    contact = contacts.keep(CHEN)
    retention.run(START)
    closed.rows["contact"][contact.id] = START - 1000 * DAY

    after = nights(3, begin=START + jump)

    assert [night.held_back for night in after] == [True, True, False]
    assert not contacts.for_sending([contact.id])
    assert Entry.objects.filter(kind="retention.held_back").count() == 2


def test_a_missed_night_is_no_jump(closed: Closed) -> None:
    retention.run(START)
    assert not retention.run(START + 2 * DAY).held_back


def test_a_changed_rule_is_a_row_and_an_entry(closed: Closed) -> None:
    contact = contacts.keep(CHEN)
    closed.rows["contact"][contact.id] = START - 31 * DAY
    retention.set_up()

    retention.change_rule("contact", days=30, source="district notice", actor=somebody(), now=START)

    assert RetentionRule.objects.get(code="contact").days == 30
    assert Entry.objects.get(kind="retention.changed").data == {
        "code": "contact",
        "days_from": 180,
        "days_to": 30,
    }
    assert retention.run(START).erased["contact"] == 1
    for code, days, source in (("journal", 5, "notice"), ("contact", 0, "notice"), ("contact", 30, " ")):
        with pytest.raises(Invalid):
            retention.change_rule(code, days=days, source=source, actor=somebody(), now=START)


def test_a_provider_that_repeats_itself_does_not_keep_the_night_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    contact = contacts.keep(CHEN)
    monkeypatch.setattr(
        retention, "_providers", [lambda code, **_: [contact.id] if code == "contact" else []]
    )

    assert retention.run(START).erased["contact"] == 1
