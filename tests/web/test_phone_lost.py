"""A phone reported as lost: by its owner, whoever they are, and by whoever looks after people."""

from __future__ import annotations

from types import ModuleType

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from gewu.core.clock import DrivenClock
from gewu.domain.access.actor import SYSTEM
from gewu.domain.accounts.actions import create_user
from gewu.domain.accounts.models import User
from gewu.domain.journal.models import Entry
from tests.town import NOW
from tests.web.staff.pages import client_of, text_of

OWN = "/account/phone-lost"


@pytest.fixture(autouse=True)
def _at_the_towns_hour(town: ModuleType, clock: DrivenClock) -> None:
    """The cast, at its hour."""


def signed_in(name: str) -> Client:
    """A phone of this person, with a session of its own on record."""
    phone = client_of(name)
    UserSession.objects.create(
        user=User.objects.get(username=name), session_key=phone.session.session_key, ip="127.0.0.1"
    )
    return phone


def is_signed_in(phone: Client) -> bool:
    return phone.get("/api/v1/me").status_code == 200


def test_the_desk_ends_every_session_of_the_holder() -> None:
    phone, desk = signed_in("worker_a1"), client_of("administrator")
    assert "Report the phone as lost" in text_of(desk.get("/staff/posts/worker-a1"))
    answer = desk.post("/staff/posts/worker-a1/phone-lost", follow=True)
    assert "All sessions ended" in text_of(answer)
    assert not is_signed_in(phone)
    assert is_signed_in(desk)


def test_a_vacant_post_has_no_phone() -> None:
    desk = client_of("administrator")
    held = text_of(desk.get("/staff/posts/worker-a1"))
    number = held.split('name="appointment"')[1].split('value="', 1)[1].split('"', 1)[0]
    desk.post("/staff/posts/worker-a1/end", {"appointment": number, "last": "2026-03-09"})
    assert "Report the phone as lost" not in text_of(desk.get("/staff/posts/worker-a1"))
    answer = desk.post("/staff/posts/worker-a1/phone-lost")
    assert answer.status_code == 422
    assert "Nobody holds this post" in text_of(answer)


def test_its_owner_ends_all_own_sessions_and_nobody_elses() -> None:
    phone, office, other = signed_in("worker_a1"), signed_in("worker_a1"), signed_in("lead_a1")
    assert f'action="{OWN}"' in text_of(office.get("/account/sessions/"))
    answer = office.post(OWN, follow=True)
    assert "You are signed out everywhere" in text_of(answer)
    assert not is_signed_in(phone)
    assert not is_signed_in(office)
    assert is_signed_in(other)
    assert Entry.objects.filter(kind="account.session_ended").count() == 1


def test_the_app_on_this_device_is_locked_too() -> None:
    """It knows by the page token, which signing out changes."""
    office = signed_in("worker_a1")
    office.get("/account/sessions/")
    before = office.cookies[settings.CSRF_COOKIE_NAME].value
    office.post(OWN)
    assert office.cookies[settings.CSRF_COOKIE_NAME].value != before


def test_an_account_without_a_post_may_say_it_too() -> None:
    create_user("new.hand", name="新人", actor=SYSTEM, now=NOW)
    assert client_of("new.hand", strong=False).post(OWN)["Location"] == "/account/login/"
    assert Entry.objects.filter(kind="account.session_ended").exists()


def test_strangers_are_asked_who_they_are() -> None:
    assert Client().post(OWN)["Location"].startswith("/account/login/")
    assert not Entry.objects.filter(kind="account.session_ended").exists()
