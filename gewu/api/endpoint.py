"""What every endpoint has in common: who calls, reading the body, one answer to a repeat, errors as JSON.

An endpoint is a plain function with a typed body and a typed answer::

    @endpoint("POST", "cases/<number>/moves/<move>", body=MoveBody, answer=CaseOut, guard="case.list")
    def do_move(call: Call[MoveBody], number: str, move: str) -> CaseOut: ...

Its row in `ENDPOINTS` is what urls, the OpenAPI document and the tests of access are drawn from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from django.db.utils import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from gewu.api import errors
from gewu.api.auth import Unknown, actor_of, address_of
from gewu.core import clock, limits
from gewu.core.errors import FieldError, GewuError, Invalid, Unavailable
from gewu.domain.access.actor import Actor
from gewu.domain.requests import actions as requests
from gewu.domain.requests.work import retry_after

B = TypeVar("B")
JSON = "application/json"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Call(Generic[B]):
    """One call: who, when, with what."""

    request: HttpRequest
    actor: Actor
    now: datetime
    body: B

    def word(self, name: str, default: str = "") -> str:
        """A value of the query string."""
        return self.request.GET.get(name, default)[: limits.ADDRESS]

    def number(self, name: str, default: int) -> int:
        """A whole number of the query string, at least 1."""
        try:
            found = int(self.word(name) or default)
        except ValueError:
            raise Invalid.at(name, "type", _("This must be a number.")) from None
        return max(1, min(found, limits.PAGE_MOST))


@dataclass(frozen=True)
class Endpoint:
    """One row: method, path, types, who may at all (an action of the access table, `anyone` or `reporter`)."""

    method: str
    path: str
    body: type | None
    answer: Any
    guard: str
    status: int
    function: Callable[..., Any]
    raw: bool = False  # reads the body itself (photos, files)
    query: tuple[str, ...] = ()
    an_hour: int = 0  # how many calls one address without a token may make; 0: not limited

    @property
    def name(self) -> str:
        return self.function.__name__


ENDPOINTS: list[Endpoint] = []


def endpoint(
    method: str,
    path: str,
    *,
    answer: Any,
    guard: str,
    body: type | None = None,
    status: int = 200,
    raw: bool = False,
    query: tuple[str, ...] = (),
    an_hour: int = 0,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as an endpoint; the function stays callable as it is."""

    def take(function: Callable[..., Any]) -> Callable[..., Any]:
        ENDPOINTS.append(Endpoint(method, path, body, answer, guard, status, function, raw, query, an_hour))
        return function

    return take


def view_of(rows: Mapping[str, Endpoint]) -> Callable[..., HttpResponse]:
    """The Django view of one path: its endpoints by method."""

    @csrf_exempt
    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        row = rows.get("GET" if request.method == "HEAD" else request.method or "")
        if row is None:
            response = HttpResponse(status=405)
            response["Allow"] = ", ".join(sorted(rows))
            return response
        return _answer(row, request, parts)

    return view


def _answer(row: Endpoint, request: HttpRequest, parts: Mapping[str, str]) -> HttpResponse:
    now = clock.now()
    try:
        actor = actor_of(request, now=now)
        given = _read(row, request)
        _spend(row, request, actor, now)
        if row.method == "GET" or row.raw:
            return _respond(row, row.function(Call(request, actor, now, given), **parts))
        return _once(row, request, actor, now, given, parts)
    except Unknown as error:
        response = HttpResponse(msgspec.json.encode(errors.problem(error)), status=401, content_type=JSON)
        response["WWW-Authenticate"] = "Bearer"
        return response
    except GewuError as error:
        return errors.answer(error)
    except (OperationalError, InterfaceError, DataError) as error:
        if (again := retry_after(error)) is None:
            raise
        return errors.answer(Unavailable(_("The system is busy. Please try again."), retry_after=again))


def _spend(row: Endpoint, request: HttpRequest, actor: Actor, now: datetime) -> None:
    """Strangers are limited by address, before any transaction begins; a whole office may stand behind one."""
    if row.an_hour and actor.kind == "client" and actor.via != "api":
        requests.spend(f"{row.name}:{address_of(request)}", limit=row.an_hour, window=HOUR, now=now)


def _once(
    row: Endpoint, request: HttpRequest, actor: Actor, now: datetime, given: Any, parts: Mapping[str, str]
) -> HttpResponse:
    """The same Idempotency-Key with the same body gets the first answer; only success is kept."""
    key = _key(request)
    scope = f"{row.method} {row.name} {_who(actor)}"
    normal = msgspec.json.encode([sorted(parts.items()), given], order="sorted")

    def perform() -> bytes:
        return msgspec.json.encode(row.function(Call(request, actor, now, given), **parts))

    answer = requests.once(scope, key, normal, now=now, perform=perform)
    response = HttpResponse(answer.body, status=row.status, content_type=JSON)
    if answer.repeated:
        response["Idempotent-Replayed"] = "true"
    response["Cache-Control"] = "no-store"
    return response


def _who(actor: Actor) -> str:
    """Whose key it is: a person, a receipt, or the device that made the key."""
    return str(actor.user_id or actor.report_id or "anyone")


def _key(request: HttpRequest) -> UUID | None:
    value = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise Invalid.at("Idempotency-Key", "type", _("This key must be a UUID.")) from None


def _respond(row: Endpoint, answer: Any) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    response = HttpResponse(msgspec.json.encode(answer), status=row.status, content_type=JSON)
    response["Cache-Control"] = "no-store"
    return response


def _read(row: Endpoint, request: HttpRequest) -> Any:
    """The body as its type; what does not fit is named at its place."""
    if row.body is None or row.raw:
        return None
    if int(request.headers.get("Content-Length") or 0) > limits.JSON_BYTES:
        raise Invalid.at("", "too_large", _("This is more than we can take at once."))
    try:
        # Depth needs no check of its own: the decoder stops at its recursion limit.
        return msgspec.json.decode(request.body or b"{}", type=row.body)
    except msgspec.ValidationError as error:
        raise Invalid([_fault(str(error))]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid.at("", "json", _("This is not valid JSON.")) from None


def _fault(message: str) -> FieldError:
    """msgspec says `Expected str, got int - at $.contact.phone`."""
    words, _sep, place = message.partition(" - at ")
    field = place.strip("`").removeprefix("$").lstrip(".").replace("[...]", "")
    if "missing required field" in words:
        missing = words.rsplit("`", 2)[1]
        return FieldError(f"{field}.{missing}".lstrip("."), "required", _("Please fill this in."))
    return FieldError(field, "type", words)
