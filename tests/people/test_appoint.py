"""Who holds a seat, from when to when."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from gewu.core.errors import Conflict, Invalid
from gewu.domain.accounts import actions as accounts
from gewu.domain.journal.models import Entry
from gewu.domain.people import actions
from gewu.domain.people.actor import SYSTEM
from gewu.domain.people.models import Appointment
from gewu.domain.people.queries import get_post, holders
from tests.people.cast import AFTER, BEFORE, LONG_AGO, NOW, TODAY, appoint, areas, post, user

pytestmark = pytest.mark.django_db


def refused(*given: object, **more: object) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as error:
        appoint(*given, **more)  # type: ignore[arg-type]
    return [(one.field, one.code) for one in error.value.errors]


def test_appointing_fills_the_seat_and_writes_one_entry_without_a_name() -> None:
    areas()
    ann, seat = user("ann", name="安小宁"), post("lead", "left1")
    appoint(ann, seat, starts=TODAY)
    assert holders([seat.id], now=NOW) == {seat.id: ann}
    entry = Entry.objects.get(kind="post.appointed")
    assert (entry.subject_id, entry.subject_version, entry.scope_path) == (seat.id, 2, "001001001001")
    assert entry.data == {"user": str(ann.id), "starts": "2026-03-10", "ends": None, "full_time": True}


def test_a_seat_has_one_holder_on_any_day() -> None:
    areas()
    ann, bob, seat = user("ann"), user("bob"), post("lead", "left1")
    appoint(ann, seat, ends=TODAY)
    assert refused(bob, seat, starts=TODAY) == [("post", "post_taken")]
    appoint(bob, seat, starts=AFTER)
    assert Appointment.objects.count() == 2


def test_what_rules_keep_apart_is_kept_apart_on_every_day() -> None:
    areas()
    ann = user("ann")
    appoint(ann, post("administrator", "town"), ends=TODAY)
    supervisor = post("supervisor", "town")
    assert refused(ann, supervisor, starts=TODAY) == [("user", "roles_incompatible")]
    appoint(ann, supervisor, starts=AFTER)


def test_a_period_runs_forwards() -> None:
    areas()
    assert refused(user("ann"), post("lead", "left1"), starts=TODAY, ends=BEFORE) == [
        ("ends", "ends_before_start")
    ]


def test_a_closed_account_takes_no_seat() -> None:
    areas()
    ann = user("ann")
    accounts.deactivate(ann, actor=SYSTEM, now=NOW)
    assert refused(ann, post("lead", "left1")) == [("user", "account_closed")]


def test_an_end_moves_forward_only() -> None:
    areas()
    appointment = appoint(user("ann"), post("lead", "left1"), ends=TODAY)
    with pytest.raises(Conflict):
        actions.end_appointment(appointment, ends=AFTER, actor=SYSTEM, now=NOW)
    actions.end_appointment(appointment, ends=BEFORE, actor=SYSTEM, now=NOW)
    assert Appointment.objects.get().ends == BEFORE


@pytest.mark.parametrize(
    ("role", "area", "code"),
    [
        ("lead", "left", "area_of_role"),
        ("resident", "left", "role_unknown"),
        ("king", "left", "role_unknown"),
    ],
)
def test_a_seat_stands_where_its_role_belongs(role: str, area: str, code: str) -> None:
    areas()
    with pytest.raises(Invalid) as error:
        post(role, area)
    assert error.value.errors[0].code == code


def test_a_seat_stands_on_a_level_of_its_role() -> None:
    areas()
    with pytest.raises(Invalid) as error:
        post("dispatcher", "town", level="G")
    assert (error.value.errors[0].field, error.value.errors[0].code) == ("level", "level_of_role")
    assert post("dispatcher", "district", level="D").level == "D"


@pytest.mark.django_db(transaction=True)
def test_of_two_appointments_at_the_same_moment_one_wins() -> None:
    areas()
    people, seat = [user(f"user{number}") for number in range(4)], post("lead", "left1")
    start, outcome = threading.Barrier(len(people)), []

    def attempt(number: int) -> None:
        try:
            start.wait()
            # Periods without a common end, so that no unique index can decide.
            appoint(people[number], seat, starts=LONG_AGO, ends=TODAY + timedelta(days=number))
            outcome.append("holds")
        except Invalid as error:
            outcome.append(error.errors[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["holds"] + ["post_taken"] * 3
    assert get_post("lead-left1").version == 2
