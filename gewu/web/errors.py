"""One table from the errors of the domain to pages, in the look of all others.

What is not there and what one may not know of give the same page, byte for byte: it carries no form, no address and
nothing of the error. Pages of a failure of ours ask neither the store nor the session, because these may be what fails.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

from gewu.core.errors import (
    Broken,
    Conflict,
    GewuError,
    Invalid,
    NotFound,
    Refused,
    TooMany,
    Unavailable,
)
from gewu.domain.requests import work
from gewu.web.kept import is_ours, kept_of, send_again

STATUS: dict[type[GewuError], int] = {
    Invalid: 422,
    Refused: 403,
    NotFound: 404,
    Conflict: 409,
    TooMany: 429,
    Unavailable: 503,
    Broken: 500,
}


def status_of(error: GewuError) -> int:
    """The status of the nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def answer(request: HttpRequest, error: GewuError) -> HttpResponse:
    """The error as a page."""
    status = status_of(error)
    if status == 404:
        return not_found(request)
    if status == 500:
        return failed(request)
    if isinstance(error, Unavailable):
        return busy(error.retry_after, request)
    kept = kept_of(request) if isinstance(error, TooMany) else None
    return with_retry(_page(request, status, {"error": error, "kept": kept}), error)


def with_retry(response: HttpResponse, error: GewuError) -> HttpResponse:
    """Says when to come again; also for a form that is shown again with this error."""
    if isinstance(error, TooMany | Unavailable):
        _again(response, error.retry_after)
    elif error.code == "in_progress":
        response["Retry-After"] = "1"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Unknown and forbidden alike (handler404)."""
    return _page(request, 404, {})


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403: Django's own refusals."""
    return _page(request, 403, {})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: what no form of ours sends."""
    return _page(request, 400, {})


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or somebody signed in since: it is given back. One from elsewhere is not."""
    given_back = send_again(request, "token") if is_ours(request) else None
    return given_back or _page(request, 403, {"csrf": True})


def failed(request: HttpRequest) -> HttpResponse:
    """handler500: something broke on our side, or the store was busy where no view could catch it."""
    error = sys.exc_info()[1]
    if isinstance(error, DatabaseError | InterfaceError) and (again := work.retry_after(error)):
        return busy(again, request)
    return _kept_nowhere(HttpResponse(render_to_string("errors/500.html"), status=500))


def busy(again: timedelta, request: HttpRequest) -> HttpResponse:
    """The store cannot take it now; nothing was taken, and what was typed comes back as a form to send again."""
    response = HttpResponse(render_to_string("errors/503.html", {"kept": kept_of(request)}), status=503)
    _again(response, again)
    return _kept_nowhere(response)


def _again(response: HttpResponse, after: timedelta) -> None:
    response["Retry-After"] = str(max(1, int(after.total_seconds())))


def _page(request: HttpRequest, status: int, facts: dict[str, Any]) -> HttpResponse:
    return _kept_nowhere(render(request, f"errors/{status}.html", facts, status=status))


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True)
    return response
