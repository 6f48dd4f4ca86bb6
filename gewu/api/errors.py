"""One table from errors to answers of the API.

Every error is a JSON object (`application/problem+json`): `code` (stable, for programs), `message` (for people, in the
language asked for), `errors` (one for each field, with a JSON pointer), and `facts` where the error carries some.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

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

PROBLEM = "application/problem+json"


class Unknown(GewuError):
    """Who calls is not known, or the caller says who they are and it is not so."""

    code = "unauthorized"


class BadRequest(GewuError):
    """The body cannot be read at all."""

    code = "bad_request"


class TooLarge(GewuError):
    """More than is taken at once; refused before it is read."""

    code = "too_large"


class WrongMethod(GewuError):
    """The address is there, the method is not."""

    code = "method_not_allowed"


class WrongType(GewuError):
    """A body in another form than the endpoint takes."""

    code = "unsupported_type"


STATUS: dict[type[GewuError], int] = {
    Invalid: 422,
    Refused: 403,
    NotFound: 404,
    Conflict: 409,
    TooMany: 429,
    Unavailable: 503,
    Broken: 500,
    BadRequest: 400,
    Unknown: 401,
    WrongMethod: 405,
    TooLarge: 413,
    WrongType: 415,
}


class FieldFault(msgspec.Struct, frozen=True):
    """One wrong field: where it stands in the body, a stable code, a sentence."""

    pointer: str
    code: str
    message: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every answer that is not a success."""

    code: str
    message: str
    errors: tuple[FieldFault, ...] = ()
    facts: dict[str, Any] = {}


def status_of(error: GewuError) -> int:
    """The status of the nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def answer(error: GewuError, place_of: Callable[[str], str] = str) -> HttpResponse:
    """The error as an answer. What one may not know of and what is not there give the same bytes.

    `place_of` turns the domain's name of a field into its place in the body that was sent.
    """
    response = HttpResponse(
        msgspec.json.encode(problem(error, place_of)), status=status_of(error), content_type=PROBLEM
    )
    response["Cache-Control"] = "no-store"
    if isinstance(error, TooMany | Unavailable):
        response["Retry-After"] = str(max(1, int(error.retry_after.total_seconds())))
    elif error.code == "in_progress":
        response["Retry-After"] = "1"
    elif isinstance(error, Unknown):
        response["WWW-Authenticate"] = "Bearer, Receipt"
    elif isinstance(error, WrongMethod):
        response["Allow"] = error.facts["allow"]
    return response


def problem(error: GewuError, place_of: Callable[[str], str] = str) -> Problem:
    faults = error.errors if isinstance(error, Invalid) else ()
    return Problem(
        code=error.code,
        message=str(error.message),
        errors=tuple(
            FieldFault(pointer(place_of(fault.field)), fault.code, str(fault.message)) for fault in faults
        ),
        facts={
            name: str(value) if not isinstance(value, int | bool) else value
            for name, value in error.facts.items()
        },
    )


def pointer(field: str) -> str:
    """`contact.phone` as a JSON pointer: `/contact/phone`; the body itself is ``""``."""
    if not field:
        return ""
    return "/" + field.replace("~", "~0").replace("/", "~1").replace(".", "/").replace("[", "/").replace(
        "]", ""
    )


def broken() -> HttpResponse:
    """Something failed on our side. Says nothing of what; that stands in the log."""
    return answer(Broken(_("Something went wrong on our side. Please try again later."), code="failed"))
