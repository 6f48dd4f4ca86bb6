"""The office of an identity officer: it ends by the officer's own word or with the post; those who stay seal anew."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest

from gewu.core.errors import Invalid, NotFound
from gewu.domain.access.actor import SYSTEM
from gewu.domain.people.models import Appointment
from gewu.domain.privacy import contacts, sealing
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.privacy.models import Officer, SealedContact, SealedShare
from tests.town_fixture import filled, town

__all__ = ["filled", "town"]
WORDS = "correct horse battery "
CHEN = ContactInput(name="陈", phone="13900000001")


def officer(town: ModuleType, number: int) -> Officer:
    return sealing.take_office(
        f"{WORDS}{number}", actor=town.actor(f"identity_officer_{number}"), now=town.NOW
    )


def test_an_office_ends_by_its_officers_word_once(town: ModuleType) -> None:
    officer(town, 1)
    actor = town.actor("identity_officer_1")
    sealing.leave_office(actor=actor, now=town.NOW)
    assert not Officer.objects.filter(ended_at=None).exists()
    with pytest.raises(NotFound):
        sealing.leave_office(actor=actor, now=town.NOW)


def test_an_office_ends_with_the_post_and_no_sooner(town: ModuleType) -> None:
    gone, stays = officer(town, 1), officer(town, 2)
    assert sealing.end_without_post(now=town.NOW) == 0
    last = town.NOW.date() + timedelta(days=2)
    Appointment.objects.filter(post__code="identity-officer-1").update(ends=last)
    assert sealing.end_without_post(now=town.NOW + timedelta(days=2)) == 0
    assert sealing.end_without_post(now=town.NOW + timedelta(days=3)) == 1
    ended = {row.pk: row.ended_at is not None for row in Officer.objects.all()}
    assert ended == {gone.pk: True, stays.pk: False}


def test_two_who_stay_seal_to_a_successor(town: ModuleType) -> None:
    for number in (1, 2, 3):
        officer(town, number)
    contacts.seal_to_officers(CHEN, now=town.NOW)
    sealing.leave_office(actor=town.actor("identity_officer_3"), now=town.NOW)
    successor = officer(town, 3)  # the same seat, another key
    actor = town.actor("identity_officer_1")
    for other, words, field in (
        ("identity_officer_1", f"{WORDS}1", "other"),
        ("nobody", f"{WORDS}2", "other"),
        ("identity_officer_2", "wrong words", "other_passphrase"),
    ):
        with pytest.raises(Invalid) as refused:
            sealing.reseal_together(f"{WORDS}1", other, words, actor=actor, now=town.NOW)
        assert [fault.field for fault in refused.value.errors] == [field]
    done = sealing.reseal_together(f"{WORDS}1", "identity_officer_2", f"{WORDS}2", actor=actor, now=town.NOW)
    assert (done.done, done.left) == (1, 0)
    assert not sealing.to_reseal().exists()
    assert (
        SealedShare.objects.filter(second=successor).exists()
        or SealedShare.objects.filter(first=successor).exists()
    )


def test_nobody_of_the_unit_complained_of_gets_a_share(town: ModuleType) -> None:
    rows = [officer(town, number) for number in (1, 2, 3)]
    lead = sealing.appoint_officer(
        town.actor("supervisor").person, unit_id=town.actor("team_hand").hats[0].unit_id,
        passphrase=WORDS, actor=SYSTEM, now=town.NOW,
    )  # fmt: skip
    told = town.report_case(confidential=True, contact=CHEN, about_unit="centre")
    sealed = SealedContact.objects.get(pk=told.report.sealed_id)
    holders = {one for share in sealed.shares.all() for one in (share.first_id, share.second_id)}
    assert holders == {rows[1].pk, rows[2].pk, lead.pk}
    unticked = town.report_case(contact=CHEN, about_unit="centre")
    assert unticked.case.sensitivity == "confidential", "naming an office asks for it"
    assert (unticked.report.contact_id, unticked.report.sealed_id is None) == (None, False)
    with pytest.raises(Invalid):
        town.report_case(confidential=True, contact=CHEN, about_unit="nowhere")
