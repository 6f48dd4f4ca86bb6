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

from gewu.core import clock
from gewu.domain.accounts.second_factor import strong
from gewu.domain.accounts.sessions import has_ended
from gewu.domain.people.queries import actor_for

BEGAN, SEEN = "gewu_began", "gewu_seen"
POLLING = "/live"
_RENEW_SECONDS = 60


class SessionLimitsMiddleware:
    """Stands right behind AuthenticationMiddleware. Leaves `request.actor` for those who are signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without the cookie nobody is signed in, and public pages stay the same for everyone.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._keep(request, clock.now())
        return self.get_response(request)

    def _keep(self, request: HttpRequest, now: datetime) -> None:
        actor = actor_for(request.user, now=now, strong=strong(request))
        seconds = int(now.timestamp())
        began = request.session.setdefault(BEGAN, seconds)
        seen = request.session.setdefault(SEEN, seconds)
        if has_ended(actor, began=_moment(began), seen=_moment(seen), now=now):
            logout(request)
            return
        request.actor = actor
        if abs(seconds - seen) >= _RENEW_SECONDS and not request.path.startswith(POLLING):
            request.session[SEEN] = seconds


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
