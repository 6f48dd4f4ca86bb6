"""Ends sessions that have lasted too long, before any page looks at who is there.

The limits are those of `accounts.sessions`. When a session began and was last used stands in the session itself, as
whole seconds; "last used" is renewed at most once a minute, so that reading pages does not write. A page that polls
for news is not somebody working: its requests end a session that is over, and never keep one alive.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from gewu.domain.access.actor import ANYONE, Actor
from gewu.domain.accounts.sessions import has_ended

BEGAN, SEEN = "gewu_began", "gewu_seen"
POLLING = "/live"
_RENEW_SECONDS = 60


class SessionLimitsMiddleware:
    """Stands right behind ErrorsMiddleware, which gives `request.now` and `request.actor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without the cookie nobody is signed in, and public pages stay the same for everyone.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _keep(request, request.actor, request.now)  # type: ignore[attr-defined]
        return self.get_response(request)


def _keep(request: HttpRequest, actor: Actor, now: datetime) -> None:
    seconds = int(now.timestamp())
    began = request.session.setdefault(BEGAN, seconds)
    seen = request.session.setdefault(SEEN, seconds)
    if has_ended(actor, began=_moment(began), seen=_moment(seen), now=now):
        logout(request)
        request.actor = ANYONE  # type: ignore[attr-defined]
    elif abs(seconds - seen) >= _RENEW_SECONDS and not request.path.startswith(POLLING):
        request.session[SEEN] = seconds


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
