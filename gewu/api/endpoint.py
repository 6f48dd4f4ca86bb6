"""What every endpoint has in common: who calls, reading the body, one answer to a repeat, errors as JSON.

An endpoint is a plain function with a typed body and a typed answer::

    @endpoint("POST", "cases/<number>/moves/<move>", body=MoveBody, answer=CaseOut, guard="case.list", reporter=True)
    def do_move(call: Call[MoveBody], number: str, move: str) -> CaseOut: ...

Its row in `ENDPOINTS` is what urls, the OpenAPI document and the tests of access are drawn from. Who may come in at all
is asked here, from the access table, before anything is looked up; rows are judged again by the domain.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.db.utils import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from gewu.api import errors
from gewu.api.auth import actor_of
from gewu.api.errors import BadRequest, TooLarge, Unknown, WrongMethod, WrongType
from gewu.core import limits
from gewu.core.errors import FieldError, GewuError, Invalid, NotFound, Unavailable
from gewu.core.text import read_day
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.requests import actions as requests
from gewu.domain.requests.caller import address_of
from gewu.domain.requests.work import retry_after

B = TypeVar("B")
JSON = "application/json"
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
HOUR = timedelta(hours=1)
PAGES = ("after", "limit")
ANEW = ("sent_at",)  # what a repeat says anew: not part of what makes two bodies the same
ANYONE, REPORTER, SIGNED_IN = "anyone", "reporter", "signed_in"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Call(Generic[B]):
    """One call: who, when, with what."""

    request: HttpRequest
    actor: Actor
    now: datetime
    body: B

    @property
    def session(self) -> str | None:
        """The key of the caller's session; None for programs."""
        held = getattr(self.request, "session", None)
        return held.session_key if held is not None else None

    def word(self, name: str, default: str = "") -> str:
        """A value of the query string."""
        value = self.request.GET.get(name, default)
        if "\0" in value:
            raise Invalid.at(name, "character", _("This holds a character that cannot be kept."))
        return value[: limits.ADDRESS]

    def flag(self, name: str) -> bool:
        """`1` means yes."""
        return self.word(name) == "1"

    def number(self, name: str, default: int, *, most: int = limits.PAGE_MOST) -> int:
        """A whole number of the query string, at least 0."""
        word = self.word(name)
        if not word:
            return default
        if not (word.isascii() and word.isdigit() and len(word) < 19):
            raise Invalid.at(name, "type", _("This must be a whole number."))
        return min(int(word), most)

    @property
    def limit(self) -> int:
        """How many rows a page of a list has."""
        return max(1, self.number("limit", limits.PAGE))

    def day(self, name: str) -> date | None:
        """A day of the query string, as 2026-03-10."""
        word = self.word(name)
        try:
            return read_day(word) if word else None
        except ValueError:
            raise Invalid.at(name, "date", _("Please give a day like 2026-03-10.")) from None

    def degrees(self, name: str) -> float | None:
        """A coordinate of the query string."""
        word = self.word(name)
        try:
            return float(word) if word else None
        except ValueError:
            raise Invalid.at(name, "type", _("This must be a number.")) from None

    def file(self, most: int) -> bytes:
        """The raw body, at most `most` bytes."""
        if length_of(self.request) > most:
            raise TooLarge(_("This is more than we can take at once."))
        try:
            return self.request.read(most)
        except (UnreadablePostError, RawPostDataException):
            raise BadRequest(_("The file did not arrive whole. Please send it again.")) from None


@dataclass(frozen=True)
class Endpoint:
    """One row: method, path, types, and who may come in: an action of the access table, or

    `anyone`, `reporter` (who holds a receipt), `signed_in` (any post). `reporter` true lets those in besides the guard.
    """

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
    reporter: bool = False
    keyed: bool = (
        True  # a repeat of its key gets the first answer; a look at something personal is never replayed
    )
    fields: Mapping[str, str] = field(default_factory=dict)

    def place_of(self, name: str) -> str:
        """Where in this body stands what the domain calls `name`; empty (the body itself) when it is not in there.

        `fields` says where the two differ: ``{"user": "username"}``, and under ``""`` the part that holds the rest.
        A file and a query string have no such table: their rows and parameters are named as they are.
        """
        if self.body is None or name in self.fields:
            return self.fields.get(name, name)
        head, _dot, rest = name.partition(".")
        if head in self.fields:
            return f"{self.fields[head]}.{rest}"
        if head in {one.encode_name for one in msgspec.structs.fields(self.body)}:
            return name
        return f"{self.fields['']}.{name}" if name and "" in self.fields else ""

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def reads(self) -> bool:
        return self.method == "GET"


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
    reporter: bool = False,
    keyed: bool = True,
    fields: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as an endpoint; the function stays callable as it is."""

    def take(function: Callable[..., Any]) -> Callable[..., Any]:
        ENDPOINTS.append(
            Endpoint(
                method,
                path,
                body,
                answer,
                guard,
                status,
                function,
                raw,
                query,
                an_hour,
                reporter,
                keyed,
                fields or {},
            )
        )
        return function

    return take


def view_of(rows: Mapping[str, Endpoint]) -> Callable[..., HttpResponse]:
    """The Django view of one path: its endpoints by method, which the tests of access read from it."""

    @csrf_exempt
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        row = rows.get("GET" if request.method == "HEAD" else request.method or "")
        if row is None:
            allow = ", ".join(sorted(rows))
            return errors.answer(WrongMethod(_("This address does not do that."), allow=allow))
        return _answer(row, request, parts)

    view.endpoints = rows  # type: ignore[attr-defined]
    return view


def _answer(row: Endpoint, request: HttpRequest, parts: Mapping[str, Any]) -> HttpResponse:
    now: datetime = request.now  # type: ignore[attr-defined]
    try:
        _check_type(row, request)
        actor = actor_of(request, now=now)
        _let_in(row, actor)
        _check_parts(parts)
        given = _read(row, request)
        _spend(row, request, actor, now)
        if row.reads or row.raw or not row.keyed:
            return _respond(row, row.function(Call(request, actor, now, given), **parts))
        return _once(row, request, actor, now, given, parts)
    except GewuError as error:
        return errors.answer(error, row.place_of)
    except (RequestDataTooBig, MultiPartParserError):
        return errors.answer(BadRequest(_("This cannot be read.")))
    except (OperationalError, InterfaceError, DataError) as error:
        if (again := retry_after(error)) is not None:
            return errors.answer(Unavailable(_("The system is busy. Please try again."), retry_after=again))
        log.exception("%s %s failed", row.method, row.name)
        return errors.broken()
    except Exception:
        # Whatever it is, a program gets JSON; pages have their own handler, which answers in HTML.
        log.exception("%s %s failed", row.method, row.name)
        return errors.broken()


def _let_in(row: Endpoint, actor: Actor) -> None:
    """Who may come in at all. Strangers are asked who they are, whatever the address names."""
    if row.guard == ANYONE or (actor.kind == "reporter" and (row.reporter or row.guard == REPORTER)):
        return
    if actor.kind != "staff" and actor.via != "api":
        raise Unknown(_("Please sign in, or send a token."))
    if row.guard == SIGNED_IN and actor.kind == "staff":
        return
    if row.guard in (SIGNED_IN, REPORTER):
        raise NotFound
    check_allowed(may(actor, row.guard))


def _check_parts(parts: Mapping[str, Any]) -> None:
    if any(isinstance(part, str) and ("\0" in part or len(part) > limits.ADDRESS) for part in parts.values()):
        raise NotFound


def _spend(row: Endpoint, request: HttpRequest, actor: Actor, now: datetime) -> None:
    """Strangers are limited by address, before any transaction begins; a whole office may stand behind one."""
    trusted = actor.kind != "client" or "case:write" in (actor.scopes or ())
    if row.an_hour and not trusted:
        requests.spend(f"{row.name}:{address_of(request)}", limit=row.an_hour, window=HOUR, now=now)


def _once(
    row: Endpoint, request: HttpRequest, actor: Actor, now: datetime, given: Any, parts: Mapping[str, Any]
) -> HttpResponse:
    """The same Idempotency-Key with the same body gets the first answer; only success is kept."""

    def perform() -> bytes:
        return msgspec.json.encode(row.function(Call(request, actor, now, given), **parts))

    key = _key(request)
    if key is None:  # the domain's own transaction is enough
        return _json(perform(), row.status)
    said = (
        {name: value for name, value in msgspec.to_builtins(given).items() if name not in ANEW}
        if given
        else given
    )
    normal = msgspec.json.encode([row.name, sorted(parts.items()), said], order="sorted")
    answer = requests.once(_scope(actor), key, normal, now=now, perform=perform)
    response = _json(answer.body, row.status)
    if answer.repeated:
        response["Idempotent-Replayed"] = "true"
    return response


def _scope(actor: Actor) -> str:
    """Whose key it is: a person's or a receipt holder's; among strangers the key alone, which nobody else can guess."""
    return f"{actor.kind} {actor.user_id or actor.report_id or ''}"


def _key(request: HttpRequest) -> UUID | None:
    value = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise Invalid.at("Idempotency-Key", "type", _("This key must be a UUID.")) from None


def _respond(row: Endpoint, answer: Any) -> HttpResponse:
    return answer if isinstance(answer, HttpResponse) else _json(msgspec.json.encode(answer), row.status)


def _json(body: bytes, status: int) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type=JSON)
    response["Cache-Control"] = "no-store"
    return response


def length_of(request: HttpRequest) -> int:
    """How long the body says it is."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() and len(length) < 19 else 0


def _check_type(row: Endpoint, request: HttpRequest) -> None:
    """Another form of body is refused before anything reads it."""
    kind = request.content_type or ""
    if row.body is not None and length_of(request) and kind != JSON:
        raise WrongType(_("Please send JSON (Content-Type: application/json)."))
    if row.raw and kind in FORMS:
        raise WrongType(_("Please send the file itself as the body, not a form."))


def _read(row: Endpoint, request: HttpRequest) -> Any:
    """The body as its type; what does not fit is named at its place."""
    if row.body is None or row.raw:
        return None
    if length_of(request) > limits.JSON_BYTES:
        raise TooLarge(_("This is more than we can take at once."))
    try:
        # Depth needs no check of its own: the decoder stops at its recursion limit.
        body = request.body
        if b"\\u0000" in body:  # neither store keeps it
            raise Invalid.at("", "character", _("This holds a character that cannot be kept."))
        return msgspec.json.decode(body or b"{}", type=row.body)
    except msgspec.ValidationError as error:
        raise Invalid([_fault(str(error))]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest(_("This is not valid JSON."), code="json") from None
    except UnreadablePostError:
        raise BadRequest(_("This did not arrive whole. Please send it again.")) from None


def _fault(message: str) -> FieldError:
    """msgspec says `Expected str, got int - at $.days[0].date`, and of a value under a key it does not know `[...]`."""
    words, _sep, place = message.partition(" - at ")
    field, inside, _rest = place.strip("`").removeprefix("$").partition("[...]")
    field = field.replace("[", ".").replace("]", "").lstrip(".")
    if inside:
        return FieldError(field, "type", words)
    if "missing required field" in words:
        missing = words.rsplit("`", 2)[1]
        return FieldError(f"{field}.{missing}".lstrip("."), "required", _("Please fill this in."))
    return FieldError(field, "type", words)
