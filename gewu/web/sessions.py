"""Ends sessions that have lasted too long, before any page looks at who is there.

The limits are those of `accounts.sessions`. When a session began and was last used stands in the session itself, as
whole seconds; "last used" is renewed at most once a minute, so that reading pages does not write. A page that polls
for news is not somebody working: its requests end a session that is over, and never keep one alive.

Signing out changes the CSRF token, as signing in does: by it the app on a phone knows, also without network and
whatever page it was, that what it keeps is no longer to be shown (`frontend/field/store.ts`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token

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
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        _keep(request, request.actor, request.now)  # type: ignore[attr-defined]
        was_here = request.user.is_authenticated
        response = self.get_response(request)
        if was_here and not request.user.is_authenticated:
            rotate_token(request)
        return response


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
