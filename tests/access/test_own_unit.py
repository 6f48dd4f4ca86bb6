"""A request for the identity behind a complaint about a unit is nothing the officers of that unit know of.

A table: each door at which a request can be met, by who stands there. Whoever is tied to the unit by any post finds the
same as for a number that was never given out.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps

from gewu.core.errors import NotFound
from gewu.domain.access.actor import SYSTEM
from gewu.domain.accounts.models import User
from gewu.domain.cases.actions import personal
from gewu.domain.cases.models import Case, Report
from gewu.domain.people.models import Appointment, Unit
from gewu.domain.privacy import openings, sealing
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.privacy.models import Opening
from tests.api.caller import Caller
from tests.cases.refusals import invalid
from tests.web.staff.pages import client_of, text_of

WORDS = "correct horse battery"
MOTIVE = "证人在中心受到威胁"
NEVER = UUID(int=1)


@pytest.fixture(autouse=True)
def _at_this_hour(clock: Any) -> None: ...


@pytest.fixture
def asked(town: ModuleType) -> Opening:
    """Of a complaint about the centre, asked for by the officer of the judicial office. A fourth officer sits with the
    enforcement team, so that three of other units are there."""
    for number in (1, 2, 3):
        sealing.take_office(WORDS, actor=town.actor(f"identity_officer_{number}"), now=town.NOW)
    team = Unit.objects.get(code="team")
    fourth = User.objects.get(username="evaluator")
    sealing.appoint_officer(fourth.pk, unit_id=team.pk, passphrase=WORDS, actor=SYSTEM, now=town.NOW)
    told = town.report_case(contact=ContactInput(phone="13900000001"), about_unit="centre")
    return personal.ask_identity(
        told.case.number,
        motive=MOTIVE,
        reader="supervisor",
        actor=town.actor("identity_officer_2"),
        now=town.NOW,
    )


# Each door: what it answers where there is a request, and what it says.
Door = Callable[[str, UUID], Any]
DOORS: dict[str, Door] = {
    "page of all": lambda who, one: client_of(who).get("/staff/identities"),
    "page of one": lambda who, one: client_of(who).get(f"/staff/identities/{one}"),
    "page, agree": lambda who, one: client_of(who).post(
        f"/staff/identities/{one}", {"do": "approve", "passphrase": "wrong words"}
    ),
    "page, refuse": lambda who, one: client_of(who).post(f"/staff/identities/{one}", {"do": "refuse"}),
    "API of all": lambda who, one: Caller().as_(who).get("openings"),
    "API of one": lambda who, one: Caller().as_(who).get(f"openings/{one}"),
    "API, agree": lambda who, one: (
        Caller().as_(who).post(f"openings/{one}/approve", {"passphrase": "wrong words"})
    ),
    "API, refuse": lambda who, one: Caller().as_(who).post(f"openings/{one}/refuse"),
}
OF_ALL = {"page of all", "API of all"}


@pytest.mark.parametrize("door", DOORS)
def test_an_officer_of_the_unit_finds_nothing(town: ModuleType, asked: Opening, door: str) -> None:
    answer = DOORS[door]("identity_officer_1", asked.pk)
    words = text_of(answer)
    assert answer.status_code == (200 if door in OF_ALL else 404)
    for told in (MOTIVE, str(asked.pk), _number(asked)):
        assert told not in words
    if door not in OF_ALL:
        never = text_of(DOORS[door]("identity_officer_1", NEVER))
        assert _plain(words, asked.pk) == _plain(never, NEVER)
    assert Opening.objects.get().state == "asked"


@pytest.mark.parametrize("door", DOORS)
def test_any_post_ties_to_the_unit(town: ModuleType, asked: Opening, door: str) -> None:
    """The officer of the safety office also sits at the centre's window."""
    third = User.objects.get(username="identity_officer_3")
    Appointment.objects.filter(post__code="intake").update(user=third)
    answer = DOORS[door]("identity_officer_3", asked.pk)
    assert answer.status_code == (200 if door in OF_ALL else 404)
    assert MOTIVE not in text_of(answer)
    assert str(asked.pk) not in text_of(answer)


@pytest.mark.parametrize("door", DOORS)
def test_every_other_officer_meets_it(town: ModuleType, asked: Opening, door: str) -> None:
    answer = DOORS[door]("identity_officer_3", asked.pk)
    assert answer.status_code in {200, 302, 422}
    if "of" in door:
        assert _number(asked) in text_of(answer)
    if "of one" in door:
        assert MOTIVE in text_of(answer)
    assert Opening.objects.get().state == ("refused" if "refuse" in door else "asked")


def test_who_asked_goes_on_seeing_what_they_wrote(town: ModuleType, asked: Opening) -> None:
    """Of a complaint about the own unit too: that it were gone would tell what the complaint is about."""
    number = _number(asked)
    mine = personal.ask_identity(
        number, motive="为核实情况", reader="supervisor", actor=town.actor("identity_officer_1"), now=town.NOW
    )
    shown = client_of("identity_officer_1").get(f"/staff/identities/{mine.pk}")
    assert "为核实情况" in text_of(shown)
    assert [one.pk for one in openings.shown_to(town.actor("identity_officer_1"))] == [mine.pk]
    for act in (openings.refuse, openings.shown_one):
        with pytest.raises(NotFound):
            given = {"now": town.NOW} if act is openings.refuse else {}
            act(asked.pk, actor=town.actor("identity_officer_1"), **given)


def _number(opening: Opening) -> str:
    return Case.objects.values_list("number", flat=True).get(pk=opening.case_id)


def _plain(words: str, one: UUID) -> str:
    """Without the address that was asked for and what each request is marked with."""
    return words.replace(str(one), "")


@pytest.mark.parametrize("contact", [ContactInput(phone="13900000001"), None])
def test_so_it_is_where_no_contact_was_left(town: ModuleType, contact: ContactInput | None) -> None:
    """The request looks the same without an identity, and its motive tells as much."""
    for number in (1, 2, 3):
        sealing.take_office(WORDS, actor=town.actor(f"identity_officer_{number}"), now=town.NOW)
    team = Unit.objects.get(code="team")
    fourth = User.objects.get(username="evaluator")
    sealing.appoint_officer(fourth.pk, unit_id=team.pk, passphrase=WORDS, actor=SYSTEM, now=town.NOW)
    told = town.report_case(contact=contact, about_unit="centre", confidential=True)
    asking = {"motive": MOTIVE, "actor": town.actor("identity_officer_2"), "now": town.NOW}
    one = personal.ask_identity(told.case.number, reader="supervisor", **asking)
    assert list(openings.shown_to(town.actor("identity_officer_1"))) == []
    assert list(openings.shown_to(town.actor("identity_officer_3"))) == [one]
    # Nor is anybody of that unit named as the reader: "nobody of that office can then learn who you are".
    for reader in ("dispatcher", "identity_officer_1"):
        with invalid(reader="own_unit"):
            personal.ask_identity(told.case.number, reader=reader, **asking)
    assert Opening.objects.count() == 1


def test_upgrading_takes_over_the_units_that_are_known(town: ModuleType, asked: Opening) -> None:
    report = Report.objects.get(case_id=asked.case_id)
    about = report.about_unit
    Report.objects.filter(pk=report.pk).update(about_unit=None)
    plain = town.report_case()
    import_module("gewu.domain.cases.migrations.0010_unit_complained_of").take_over(apps, None)
    assert Report.objects.get(pk=report.pk).about_unit == about == Unit.objects.get(code="centre").pk
    assert Report.objects.get(pk=plain.report.pk).about_unit is None
