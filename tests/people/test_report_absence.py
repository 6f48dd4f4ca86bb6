"""Somebody is away."""

from __future__ import annotations

import pytest

from gewu.core.errors import Conflict, Invalid
from gewu.domain.accounts import actions as accounts
from gewu.domain.accounts.models import User
from gewu.domain.journal.models import Entry
from gewu.domain.people import actions
from gewu.domain.people.actor import SYSTEM
from gewu.domain.people.models import Absence
from gewu.domain.people.queries import away as away_today
from gewu.domain.people.queries import serving
from tests.people.cast import AFTER, BEFORE, NOW, TODAY, appoint, away, post, town, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    return town()


def refused(who: User, stand_in: User | None = None, **given: object) -> tuple[str, str]:
    with pytest.raises(Invalid) as error:
        away(who, stand_in, **given)  # type: ignore[arg-type]
    return error.value.errors[0].field, error.value.errors[0].code


def test_an_absence_is_on_the_record_with_its_stand_in(people: dict[str, User]) -> None:
    away(people["lead"], people["director"])
    (found,) = away_today([people["lead"].id], now=NOW)
    assert (found.user, found.stand_in, found.ends) == (people["lead"], people["director"], TODAY)
    entry = Entry.objects.get(kind="absence.reported")
    assert entry.data == {
        "user": str(people["lead"].id),
        "stand_in": str(people["director"].id),
        "starts": "2026-03-10",
        "ends": "2026-03-10",
        "reason": "away",
    }


def test_one_person_is_away_once(people: dict[str, User]) -> None:
    away(people["lead"], ends=None)
    assert refused(people["lead"], starts=AFTER, ends=None) == ("starts", "absence_overlaps")


def test_who_stands_in_must_be_somebody_else_with_an_open_account(people: dict[str, User]) -> None:
    assert refused(people["lead"], people["lead"]) == ("stand_in", "stand_in_self")
    accounts.deactivate(people["director"], actor=SYSTEM, now=NOW)
    assert refused(people["lead"], people["director"]) == ("stand_in", "account_closed")


def test_an_administrator_does_not_stand_in_for_the_supervisor(people: dict[str, User]) -> None:
    admin, supervisor = user("admin"), user("supervisor")
    appoint(admin, post("administrator", "town"))
    appoint(supervisor, post("supervisor", "town"))
    assert refused(supervisor, admin) == ("stand_in", "roles_incompatible")


def test_coming_back_early_ends_it(people: dict[str, User]) -> None:
    away(people["lead"], people["director"], starts=BEFORE, ends=AFTER)
    seat = people["lead"].appointments.get().post
    assert serving(seat, now=NOW) == [people["director"]]
    absence = Absence.objects.get()
    actions.end_absence(absence, ends=BEFORE, actor=SYSTEM, now=NOW)
    assert serving(seat, now=NOW) == [people["lead"]]
    with pytest.raises(Conflict):
        actions.end_absence(absence, ends=AFTER, actor=SYSTEM, now=NOW)


def test_an_absence_that_never_began_is_taken_back(people: dict[str, User]) -> None:
    away(people["lead"], starts=AFTER, ends=None)
    actions.end_absence(Absence.objects.get(), ends=TODAY, actor=SYSTEM, now=NOW)
    assert not Absence.objects.exists()
    assert Entry.objects.filter(kind="absence.ended").count() == 1
