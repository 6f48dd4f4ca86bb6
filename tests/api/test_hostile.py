"""Whatever is thrown at an endpoint: it answers with JSON, and never breaks.

Every endpoint is called by somebody who may call it, with hostile values in every field of its body, in every part of
its address and every question. Generated calls stand in test_generated.py; these are the values generators miss.
"""

from __future__ import annotations

import re
import types
import typing
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from django.test import RequestFactory

from gewu.api import urls  # noqa: F401 - registers the endpoints
from gewu.api.endpoint import ANYONE, ENDPOINTS, REPORTER, SIGNED_IN, Endpoint
from gewu.core.clock import DrivenClock
from gewu.domain.access.actor import ANYONE as STRANGER
from gewu.domain.access.actor import Actor
from tests.api.caller import V1
from tests.api.pointers import untrue
from tests.town import NOW, actor, report_case, reporter

VALUES: tuple[bytes, ...] = (
    b"9223372036854775807",
    b"9223372036854775808",
    b"-9223372036854775809",
    b"1" + b"0" * 400,
    b"1e999",
    b"NaN",
    b"-0.0",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b'""',
    b'"\\u0000"',
    b'"a\\u0000b"',
    b'"\\ud800"',
    b'"\\udc00\\ud800"',
    b'"\xff\xfe"',
    b'"' + b"x" * 1_000_000 + b'"',
    b'"9999-12-31"',
    b'"9999-12-31T23:59:59Z"',
    b'"0001-01-01T00:00:00+14:00"',
    b'"2026-02-30"',
    b'["a", 1, null, {"b": []}]',
    b'[["' + b'"], ["'.join([b"x"] * 300) + b'"]]',
    b'{"' + b"k" * 300 + b'": {"' + b"\xe5\x80\xbc" + b'": 1}}',
    b"[" * 500 + b"]" * 500,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "\"‮\u200b=cmd|' /C calc'!A0 \U0001f4a3\"".encode(),
    b'"../../etc/passwd"',
    b'"\' OR 1=1 --"',
)
WORDS = (
    "9223372036854775808",
    "-1",
    "1e5",
    "\x00",
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "x" * 5_000,
    "9999-12-31",
    "0001-01-01",
    "nan",
    "inf",
    "%",
    "'\"<>",
    "٣",
    "=1+1",
    "9999-12-31T23:59:59+00:00~" + "f" * 32,
    "0001-01-01T00:00:00+14:00~" + "0" * 32,
)
WHOM = (
    "administrator",
    "duty_lead",
    "supervisor",
    "privacy_officer",
    "identity_officer_1",
    "intake",
    "lead_a1",
)


@pytest.fixture
def scene(town: Any, clock: DrivenClock) -> dict[str, Any]:
    """A case, its reporter, and somebody for each guard."""
    told = report_case()
    return {"number": told.report.number, "reporter": reporter(told), "actors": [actor(one) for one in WHOM]}


def caller_for(row: Endpoint, scene: dict[str, Any]) -> Actor:
    """The first of the cast whom the guard lets in."""
    from gewu.domain.access.table import may

    if row.guard == ANYONE:
        return STRANGER
    if row.guard == REPORTER:
        return typing.cast(Actor, scene["reporter"])
    if row.guard == SIGNED_IN:
        return typing.cast(Actor, scene["actors"][0])
    return next(one for one in reversed(scene["actors"]) if may(one, row.guard))


def call(row: Endpoint, who: Actor, path: str, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the view itself, so that a thousand calls take seconds; the answer must be an answer."""
    from django.urls import resolve

    request = RequestFactory().generic(row.method, V1 + path, body, content_type="application/json")
    request.now, request.actor = NOW, who  # type: ignore[attr-defined]
    monkeypatch.setattr("gewu.api.endpoint.actor_of", lambda _request, now: who)
    monkeypatch.setattr("gewu.api.endpoint._spend", lambda *_given: None)
    match = resolve(request.path_info)
    answer = match.func(request, *match.args, **match.kwargs)
    shown = (row.method, path[:120], body[:60], answer.content[:300])
    assert answer.status_code < 500, shown
    if answer.status_code == 422:
        assert not untrue(msgspec.json.decode(answer.content), row.body), shown
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", shown
        assert msgspec.json.decode(answer.content)["code"], shown


@pytest.mark.parametrize(
    "row", [row for row in ENDPOINTS if row.body or row.raw], ids=lambda row: f"{row.method} {row.path}"
)
def test_no_value_breaks_an_endpoint(
    row: Endpoint, scene: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    who = caller_for(row, scene)
    path = address(row, scene["number"])
    for value in VALUES:
        call(row, who, path, value, monkeypatch)
        for fields in fields_of(row)[: 1 if len(value) > 100_000 else None]:
            call(row, who, path, placed(row, fields, value), monkeypatch)


@pytest.mark.parametrize("row", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
def test_no_address_or_question_breaks_an_endpoint(
    row: Endpoint, scene: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    who = caller_for(row, scene)
    body = b"" if row.raw else usual(row)
    for word in WORDS:
        for name in row.query:
            call(row, who, f"{address(row, scene['number'])}?{name}={quote(word)}", body, monkeypatch)
        if "<" in row.path:
            call(row, who, re.sub("<[^>]+>", quote(word, safe=""), row.path), body, monkeypatch)


def address(row: Endpoint, number: str) -> str:
    """The path of an endpoint with parts that name something."""
    known = {
        "number": number,
        "move": "accept",
        "code": "0110",
        "username": "lead_a1",
        "year": "2026",
        "sign": "s",
    }
    if row.path.startswith(("borders", "calendar")):
        known["number"] = "1"
    return re.sub(
        r"<(?:(\w+):)?(\w+)>",
        lambda part: "0" * 8 + "-0000-7000-8000-" + "0" * 12 if part[1] == "uuid" else known[part[2]],
        row.path,
    )


def fields_of(row: Endpoint) -> list[tuple[str, ...]]:
    """Every field of a body, also those of a body within it."""
    return list(_fields(row.body)) if row.body else []


def _fields(kind: Any) -> typing.Iterator[tuple[str, ...]]:
    for field in msgspec.structs.fields(kind):
        yield (field.encode_name,)
        inner = _struct_in(field.type)
        if inner is not None:
            yield from ((field.encode_name, *rest) for rest in _fields(inner))


def _struct_in(kind: Any) -> Any:
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    return next((one for one in options if isinstance(one, type) and issubclass(one, msgspec.Struct)), None)


def placed(row: Endpoint, fields: tuple[str, ...], value: bytes) -> bytes:
    """A body that is right but for one field."""
    found = msgspec.json.decode(usual(row))
    inner = found
    for name in fields[:-1]:
        inner = inner.setdefault(name, {})
    inner[fields[-1]] = "@@"
    return msgspec.json.encode(found).replace(b'"@@"', value, 1)


def usual(row: Endpoint) -> bytes:
    """A body whose fields have the right types."""
    if row.body is None:
        return b""
    found = {
        field.encode_name: _plain(field.type) for field in msgspec.structs.fields(row.body) if field.required
    }
    return msgspec.json.encode(found)


def _plain(kind: Any) -> Any:
    kind = typing.get_origin(kind) or kind
    name = getattr(kind, "__name__", str(kind))
    return {
        "str": "0110", "int": 1, "bool": True, "dict": {}, "list": [], "date": "2026-03-10",
        "datetime": "2026-04-10T00:00:00Z", "float": 1.0, "Annotated": 1,
    }.get(name)  # fmt: skip
