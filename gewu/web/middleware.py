"""What every page request gets: the moment, the actor, the way to a second factor, and pages for errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, DataError, InterfaceError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from gewu.core import clock, limits
from gewu.core.errors import GewuError, Invalid, NotFound
from gewu.domain.access.actor import ANYONE, Actor
from gewu.domain.accounts.second_factor import needs_second_factor, strong
from gewu.domain.people.queries import actor_for
from gewu.domain.requests import work
from gewu.web import errors
from gewu.web.back_in import to_second_factor
from gewu.web.request import Request

Answer = Callable[[Request], HttpResponse]
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

# Pages one needs on the way to a second factor, or that say nothing of any matter.
OPEN_NAMES = {"healthz", "set_language", "set_print_size", "field", "field_manifest", "service_worker"}


class ErrorsMiddleware:
    """`request.now` once for the whole request, `request.actor` for everybody, every GewuError as its page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.now = clock.now()
        request.actor = _actor(request)
        if _length(request) > limits.FORM_BYTES:  # refused before it is read
            return errors.answer(request, _too_large())
        return self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, GewuError):
            return errors.answer(request, exception)
        if isinstance(exception, TOO_LARGE):
            return errors.answer(request, _too_large())
        if isinstance(exception, DatabaseError | InterfaceError) and (again := work.retry_after(exception)):
            return errors.busy(again, request)
        if isinstance(
            exception, DataError
        ):  # PostgreSQL keeps no NUL; forms name it at its field, addresses do not
            return errors.answer(request, NotFound() if "\0" in request.path else _not_to_be_kept())
        return None


def _actor(request: Request) -> Actor:
    """The signed-in person with the hats of today; without the cookie nobody is asked for."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return ANYONE
    return actor_for(request.user, now=request.now, strong=strong(request))


def _too_large() -> Invalid:
    return Invalid.at("form", "too_large", _("This is too large to send."))


def _not_to_be_kept() -> Invalid:
    return Invalid.at("form", "character", _("This holds a character that cannot be kept."))


def _length(request: Request) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


class SecondFactorMiddleware:
    """Leads those whose post demands a second factor to it: to show it, or to set it up first.

    Stands behind SessionLimitsMiddleware. Programs with a session get the API's own refusal instead of a page.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not needs_second_factor(request.actor) or not request.user.is_authenticated or _is_open(request):
            return None
        return to_second_factor(request)


def _is_open(request: Request) -> bool:
    match = request.resolver_match
    return match is not None and (
        match.url_name in OPEN_NAMES or match.route.startswith(("account/", "api/"))
    )
