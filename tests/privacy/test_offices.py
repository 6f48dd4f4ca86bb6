"""The office of an identity officer: it ends by the officer's own word or with the post; those who stay seal anew."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from html import unescape
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from gewu.cli.health import findings
from gewu.core.errors import Invalid, NotFound, Refused
from gewu.domain.access.actor import SYSTEM
from gewu.domain.people.models import Appointment
from gewu.domain.privacy import contacts, enough, sealing
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.privacy.models import Officer, SealedContact, SealedShare
from tests.town_fixture import filled, town
from tests.web.staff.pages import client_of, text_of

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


@pytest.mark.parametrize(
    ("units", "short", "more"),
    [
        ("", "*", 4),
        ("a", "*", 3),
        ("ab", "*", 2),
        ("abc", "abc", 1),
        ("aab", "ab", 2),
        ("aaa", "*", 3),
        ("aabb", "ab", 1),
        ("aaab", "ab", 2),
        ("abcd", "", 0),
        ("aabbc", "", 0),
        ("aabbcc", "", 0),
    ],
)
def test_about_which_units_a_contact_can_be_sealed(units: str, short: str, more: int) -> None:
    """As many of a letter's unit; `*`: nothing can be sealed at all. With so many more of new units all is well."""
    ids = {letter: UUID(int=ord(letter)) for letter in "abcdxyz"}
    here = enough.Officers(Counter(ids[letter] for letter in units))
    assert here.can_seal() == (short != "*")
    assert here.short == ({ids[letter] for letter in short} if short != "*" else set())
    assert here.more == more
    for added in range(more + 1):
        then = enough.Officers(here.by_unit + Counter(UUID(int=number) for number in range(added)))
        fine = then.can_seal() and not then.short
        assert fine == (added == more)


def test_a_refusal_names_the_field_of_the_unit_only_where_that_is_the_reason(town: ModuleType) -> None:
    def refused_at(**given: Any) -> Any:
        with pytest.raises(Refused) as refusal:
            town.report_case(confidential=True, contact=CHEN, **given)
        assert refusal.value.code == "officers_missing"
        return refusal.value.facts.get("field")

    assert refused_at(about_unit="centre") is None
    for number in (1, 2, 3):
        officer(town, number)
    assert refused_at(about_unit="centre") == "about_unit"
    assert town.report_case(confidential=True, contact=CHEN, about_unit="team").report.sealed_id
    bare = town.report_case(confidential=True, about_unit="centre")
    assert (bare.case.sensitivity, bare.report.sealed_id) == ("confidential", None)


def test_doctor_names_the_units_that_are_left_out_and_what_helps(town: ModuleType) -> None:
    def told() -> list[tuple[str, str]]:
        found = findings.all_findings(town.NOW)
        return [(one.severity, one.message) for one in found if one.code.startswith("officers_")]

    ((severity, message),) = told()
    assert severity == "warning"
    assert "0 identity officers" in message
    assert "Appoint 4 more" in message
    for number in (1, 2, 3):
        officer(town, number)
    ((severity, message),) = told()
    for unit in ("街道网格中心 (centre)", "司法所 (judicial)", "应急消防工作站 (safety)"):
        assert unit in message
    assert "Appoint 1 more, each of a unit that has none yet" in message
    team = town.actor("team_hand").hats[0].unit_id
    person = town.actor("supervisor").person
    sealing.appoint_officer(person, unit_id=team, passphrase=WORDS, actor=SYSTEM, now=town.NOW)
    assert told() == []


def test_who_leaves_and_who_appoints_read_the_same(town: ModuleType) -> None:
    """On the officers' page and on the page of each of their posts: now, and when this one leaves."""
    pages = {"identity_officer_1": "/staff/identities", "administrator": "/staff/posts/identity-officer-1"}

    def each(said: str) -> list[bool]:
        return [said in unescape(text_of(client_of(who).get(page))) for who, page in pages.items()]

    for number in (1, 2):
        officer(town, number)
    assert each("2 identity officers have made their keys") == [True, True]
    assert each("2 more officers are enough for every unit") == [True, True]
    officer(town, 3)
    assert each("because too few identity officers sit elsewhere: 街道网格中心, 司法所, 应急消防工作站.") == [
        True,
        True,
    ]
    assert each("2 officers with keys would stay") == [True, True]
    team = town.actor("team_hand").hats[0].unit_id
    person = town.actor("supervisor").person
    sealing.appoint_officer(person, unit_id=team, passphrase=WORDS, actor=SYSTEM, now=town.NOW)
    assert each("too few identity officers") == [False, False]
    left = "complains confidentially about one of these units can leave no contact: 司法所"
    assert each(left) == [True, True]
