"""A confidential contact opens to two officers of different units and one named reader, and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps

from gewu.core import chance
from gewu.core.errors import Conflict, Invalid, NotFound, Refused, TooMany
from gewu.domain.access.actor import Actor
from gewu.domain.journal.models import Entry
from gewu.domain.privacy import contacts, openings, sealing
from gewu.domain.privacy.contacts import ContactInput
from gewu.domain.privacy.models import Officer, Opening, RowKey, SealedContact
from tests.privacy.people import PASSPHRASES, officers, somebody
from tests.services.time import START

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]

CHEN = ContactInput(name="陈秀英", phone="13800138000")
CASE = UUID(int=77)


def ask(sealed: SealedContact | None, reader: Actor, **given: Any) -> Opening:
    assert reader.user_id is not None
    assert reader.post_id is not None
    return openings.ask(
        CASE, sealed_id=sealed.id if sealed else None, excluded_unit=given.pop("excluded_unit", None),
        motive="A threat was made", reader_id=reader.user_id, reader_post_id=reader.post_id, actor=somebody(),
        now=START, **given,
    )  # fmt: skip


def approve(opening: Opening, name: str, officer: Officer, **given: Any) -> Opening:
    said: dict[str, Any] = {"passphrase": PASSPHRASES[name], "now": START} | given
    return openings.approve(opening.id, actor=somebody(officer.user_id), **said)


def test_two_officers_open_it_for_one_reader() -> None:
    present, reader = officers(), somebody()
    sealed = contacts.seal_to_officers(CHEN, now=START)
    opening = ask(sealed, reader)

    assert approve(opening, "one", present["one"]).state == "halved"
    assert approve(opening, "two", present["two"]).state == "opened"

    seen = openings.read(opening.id, actor=reader, now=START + timedelta(minutes=14))
    assert seen is not None
    assert (seen.name, seen.phone) == ("陈秀英", "13800138000")
    assert [line.facet for line in contacts.looks_at(CASE, now=START + timedelta(hours=1))] == ["identity"]


def test_only_the_named_reader_and_only_for_fifteen_minutes() -> None:
    present, reader = officers(), somebody()
    opening = ask(contacts.seal_to_officers(CHEN, now=START), reader)
    approve(opening, "one", present["one"])
    approve(opening, "two", present["two"])

    for other, moment in ((somebody(), START), (reader, START + timedelta(minutes=15))):
        with pytest.raises(NotFound):
            openings.read(opening.id, actor=other, now=moment)
    assert openings.end_expired(now=START + timedelta(minutes=15)) == 1
    assert RowKey.objects.get(id=opening.id).wrapped is None


def test_one_officer_or_two_of_one_unit_do_not_suffice() -> None:
    present = officers()
    opening = ask(contacts.seal_to_officers(CHEN, now=START), somebody())
    approve(opening, "one", present["one"])

    for name, code in (("one", "same_officer"), ("three", "same_unit")):
        with pytest.raises(Refused) as refusal:
            approve(opening, name, present[name])
        assert refusal.value.code == code
    with pytest.raises(Refused):
        openings.approve(opening.id, passphrase="never mind", actor=somebody(), now=START)


def test_everything_stored_and_one_passphrase_open_nothing() -> None:
    """A superuser with SQL, all key files and one officer's passphrase: each share gives one half, never the key."""
    present = officers()
    sealed = contacts.seal_to_officers(CHEN, now=START)
    key = sealing.unlock(present["one"], PASSPHRASES["one"])
    share = sealing.share_of(sealed.id, present["one"], present["two"])
    assert share is not None
    half = sealing.half_of(share, key)

    for guess in (half, bytes(32), bytes(reversed(half))):
        with pytest.raises(Exception, match="Decryption failed"):
            sealing.combine(sealed, half, guess)
    stored = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode()
        for model in apps.get_app_config("privacy").get_models()
        for row in model.objects.values_list()
        for value in row
    )
    assert "陈秀英".encode() not in stored
    assert b"13800138000" not in stored


def test_every_pair_of_different_units_can_open() -> None:
    present, reader = officers(), somebody()
    sealed = contacts.seal_to_officers(CHEN, now=START)
    able = [pair for pair in combinations(present, 2) if present[pair[0]].unit_id != present[pair[1]].unit_id]

    assert sealed.shares.count() == len(able) == 2
    for one, other in able:
        opening = ask(sealed, reader)
        approve(opening, other, present[other])
        approve(opening, one, present[one])
        assert openings.read(opening.id, actor=reader, now=START) is not None


def test_answers_are_alike_with_and_without_an_identity() -> None:
    present, reader = officers(), somebody()
    sealed = contacts.seal_to_officers(CHEN, now=START)
    told, held, entries = [], [], []
    for target in (sealed, None):
        opening = ask(target, reader)
        first = approve(opening, "one", present["one"])
        size = len(bytes(first.held or b""))
        second = approve(opening, "two", present["two"])
        told.append((first.state, first.expires_at, second.state, second.expires_at))
        held.append((size, len(bytes(second.held or b""))))
        entries.append(
            [(entry.kind, sorted(entry.data)) for entry in Entry.objects.filter(subject_id=opening.id)]
        )

    assert told[0] == told[1]
    assert held[0] == held[1]
    assert entries[0] == entries[1]
    assert openings.read(opening.id, actor=reader, now=START) is None


def test_the_unit_complained_of_takes_no_part() -> None:
    present = officers(("one", "two"))
    accused = chance.new_id()
    extra = sealing.appoint_officer(
        chance.new_id(), unit_id=accused, passphrase="a fourth passphrase", actor=somebody(), now=START
    )
    with pytest.raises(Refused) as refusal:
        contacts.seal_to_officers(CHEN, excluded_unit=accused, now=START)
    assert refusal.value.code == "officers_missing"
    assert not contacts.can_seal(excluded_unit=accused)

    officers(("three",))
    sealed = contacts.seal_to_officers(CHEN, excluded_unit=accused, now=START)
    assert not sealed.shares.filter(first=extra).exists()
    assert not sealed.shares.filter(second=extra).exists()
    opening = ask(sealed, somebody(), excluded_unit=accused)
    with pytest.raises(NotFound):
        openings.approve(
            opening.id, passphrase="a fourth passphrase", actor=somebody(extra.user_id), now=START
        )
    assert present["one"].unit_id != accused


def test_a_reader_cannot_be_one_of_the_two() -> None:
    present = officers()
    opening = ask(contacts.seal_to_officers(CHEN, now=START), somebody(present["one"].user_id))

    with pytest.raises(Refused) as refusal:
        approve(opening, "one", present["one"])
    assert refusal.value.code == "own_request"


def test_a_wrong_passphrase_is_told_and_tries_are_limited() -> None:
    present = officers()
    opening = ask(contacts.seal_to_officers(CHEN, now=START), somebody())
    for _try in range(5):
        with pytest.raises(Invalid):
            approve(opening, "one", present["one"], passphrase="not this one")
    with pytest.raises(TooMany):
        approve(opening, "one", present["one"])
    assert Opening.objects.get(id=opening.id).state == "asked"


def test_a_refusal_ends_the_request() -> None:
    present = officers()
    opening = ask(contacts.seal_to_officers(CHEN, now=START), somebody())
    approve(opening, "one", present["one"])
    openings.refuse(opening.id, actor=somebody(present["two"].user_id), now=START)

    with pytest.raises(NotFound):
        approve(opening, "two", present["two"])
    assert RowKey.objects.get(id=opening.id).wrapped is None


def test_telling_the_reporter_can_wait_thirty_days_with_a_ground() -> None:
    present, reader = officers(), somebody()
    sealed = contacts.seal_to_officers(CHEN, now=START)
    for defer, ground in ((timedelta(days=31), "too long"), (timedelta(days=3), " ")):
        with pytest.raises(Invalid):
            ask(sealed, reader, defer=defer, ground=ground)

    opening = ask(sealed, reader, defer=timedelta(days=30), ground="An inquiry is running")
    approve(opening, "one", present["one"])
    approve(opening, "two", present["two"])
    openings.read(opening.id, actor=reader, now=START)

    assert contacts.looks_at(CASE, now=START + timedelta(days=29)) == []
    assert len(contacts.looks_at(CASE, now=START + timedelta(days=30))) == 1


def test_new_officers_open_after_two_present_have_sealed_anew() -> None:
    present, reader = officers(), somebody()
    sealed = contacts.seal_to_officers(CHEN, now=START)
    new = sealing.appoint_officer(
        chance.new_id(), unit_id=chance.new_id(), passphrase="a fresh passphrase", actor=somebody(), now=START
    )
    sealing.end_officer(present["three"], actor=somebody(), now=START)
    waiting = ask(sealed, reader)
    approve(waiting, "one", present["one"])
    assert sealing.to_reseal().count() == 1

    keys = [sealing.unlock(present[name], PASSPHRASES[name]) for name in ("one", "two")]
    assert sealing.reseal(*keys, actor=somebody(), now=START) == sealing.Resealed(done=1, left=0)

    assert not sealing.to_reseal().exists()
    with pytest.raises(NotFound):  # its first half fits no longer: ask again
        approve(waiting, "two", present["two"])
    opening = ask(sealed, reader)
    openings.approve(opening.id, passphrase="a fresh passphrase", actor=somebody(new.user_id), now=START)
    approve(opening, "two", present["two"])
    assert openings.read(opening.id, actor=reader, now=START) is not None
    with pytest.raises(Refused):
        approve(ask(sealed, reader), "three", present["three"])


def test_sealing_anew_needs_two_units() -> None:
    present = officers()
    keys = [sealing.unlock(present[name], PASSPHRASES[name]) for name in ("one", "three")]

    with pytest.raises(Refused):
        sealing.reseal(*keys, actor=somebody(), now=START)


def test_nobody_is_an_officer_twice_and_passphrases_are_long() -> None:
    one = officers(("one",))["one"]
    with pytest.raises(Conflict):
        sealing.appoint_officer(
            one.user_id, unit_id=one.unit_id, passphrase="long enough, surely", actor=somebody(), now=START
        )
    with pytest.raises(Invalid):
        sealing.appoint_officer(
            chance.new_id(), unit_id=one.unit_id, passphrase="short", actor=somebody(), now=START
        )
