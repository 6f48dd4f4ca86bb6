"""One database serves one place."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from gewu.core.errors import Broken, Conflict, Invalid
from gewu.domain.access.actor import SYSTEM
from gewu.domain.journal.models import Entry
from gewu.domain.place import queries
from gewu.domain.place.models import Installation, WorkingHours
from tests.place.builders import opened
from tests.services.time import START

pytestmark = pytest.mark.django_db


def test_an_opened_installation_has_names_hours_and_a_calendar() -> None:
    opened(phone="0523-00000000", is_model=True)

    place = queries.installation()
    assert (place.code, place.prefix, place.zone) == ("321204001", "LT", "Asia/Shanghai")
    assert place.names == {"zh-hans": "罗塘街道", "en": "Luotang"}
    assert WorkingHours.objects.get().spans == [[480, 720], [840, 1080]]
    assert queries.calendar().hours.minutes == 480
    assert queries.calendar().is_open(START)


def test_opening_writes_one_entry_without_names_or_phones() -> None:
    opened(phone="0523-00000000")

    entry = Entry.objects.get()
    assert (entry.kind, entry.actor_kind) == ("installation.opened", SYSTEM.kind)
    assert entry.data == {"code": "321204001", "prefix": "LT", "zone": "Asia.Shanghai", "model": False}


def test_a_second_installation_is_refused() -> None:
    opened()
    with pytest.raises(Conflict) as refused:
        opened(code="321204002")
    assert refused.value.code == "already_open"
    assert queries.installation().code == "321204001"


def test_the_store_itself_takes_no_second_row() -> None:
    opened()
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(pk=2, code="x", name="x", opened_at=START)


def test_before_opening_every_question_says_what_to_do() -> None:
    for question in (queries.installation, queries.calendar):
        with pytest.raises(Broken) as broken:
            question()
        assert broken.value.code == "not_opened"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("prefix", "lt", "prefix_malformed"),
        ("prefix", "LUOTA", "prefix_malformed"),
        ("prefix", "", "prefix_malformed"),
        ("zone", "Mars/Olympus", "zone_unknown"),
        ("zone", "../etc/passwd", "zone_unknown"),
        ("national", "xx", "choice"),
        ("name", "  ", "required"),
        ("hours", "8-12", "hours_malformed"),
        ("hours", [[720, 480]], "hours_malformed"),
        ("hours", [["a", 5]], "hours_malformed"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field: str, value: object, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        opened(**{field: value})
    assert [(error.field, error.code) for error in refused.value.errors] == [(field, code)]
    assert not queries.is_open()
