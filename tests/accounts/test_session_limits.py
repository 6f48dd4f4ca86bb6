"""A session ends by itself: in the office after half an hour, in the field after a shift."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from gewu.core import clock as core_clock
from gewu.core.clock import DrivenClock
from gewu.domain.accounts.models import User
from gewu.domain.people.queries import actor_for
from gewu.web.sessions import SessionLimitsMiddleware
from tests.people.cast import town

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Browser:
    """One signed-in browser; `get` says whether it still is."""

    def __init__(self, user: User) -> None:
        request = RequestFactory().get("/")
        request.session = SessionStore()
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.session, self.user = request.session, user

    def get(self, path: str = "/") -> bool:
        request: Any = RequestFactory().get(path)
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
        request.session, request.user = self.session, self.user
        request.now = core_clock.now()
        request.actor = actor_for(self.user, now=request.now)
        seen: list[HttpRequest] = []
        SessionLimitsMiddleware(lambda got: seen.append(got) or HttpResponse())(request)
        signed_in: bool = seen[0].user.is_authenticated
        assert bool(request.actor.hats) is signed_in
        return signed_in


def test_who_works_stays_signed_in_until_the_day_is_over(clock: DrivenClock) -> None:
    browser = Browser(town()["dispatcher"])
    for _step in range(12 * 60 // 20):
        assert browser.get()
        clock.advance(20 * MINUTE)
    assert browser.get()
    clock.advance(MINUTE)
    assert not browser.get()


def test_half_an_hour_without_work_ends_it_in_the_office(clock: DrivenClock) -> None:
    browser = Browser(town()["dispatcher"])
    assert browser.get()
    clock.advance(31 * MINUTE)
    assert not browser.get()


def test_polling_for_news_is_not_work(clock: DrivenClock) -> None:
    browser = Browser(town()["dispatcher"])
    assert browser.get()
    for _minute in range(30):
        clock.advance(MINUTE)
        assert browser.get("/live?since=7")
    clock.advance(MINUTE)
    assert not browser.get("/live?since=7")


def test_a_lead_keeps_it_for_a_shift_and_a_week(clock: DrivenClock) -> None:
    browser = Browser(town()["lead"])
    for _step in range(14):
        assert browser.get()
        clock.advance(12 * HOUR)
    assert browser.get()
    clock.advance(HOUR)
    assert not browser.get()


def test_reading_pages_does_not_write(clock: DrivenClock) -> None:
    browser = Browser(town()["lead"])
    assert browser.get()
    browser.session.modified = False
    clock.advance(timedelta(seconds=59))
    assert browser.get()
    assert not browser.session.modified
