"""Errors of the domain as pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from gewu.config import urls
from gewu.core import errors as core
from gewu.core.errors import (
    Broken,
    Conflict,
    GewuError,
    InProgress,
    Invalid,
    NotFound,
    Refused,
    TooMany,
    Unavailable,
)
from tests.web.pages import form

pytestmark = pytest.mark.django_db

ERRORS: dict[str, Exception] = {
    "invalid": Invalid.at("text", "too_long", "At most 5 characters."),
    "refused": Refused("Your post does not take this step."),
    "not_found": NotFound("No case of this number."),
    "conflict": Conflict("The case has moved on."),
    "in_progress": InProgress("The same request is being worked on."),
    "too_many": TooMany("Five tries are used up.", retry_after=timedelta(minutes=2)),
    "unavailable": Unavailable("The store is busy."),
    "broken": Broken("The key file /secret/place is damaged."),
    "locked": OperationalError("database is locked"),
    "not_kept": DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),
    "fault": ZeroDivisionError("nobody foresaw this"),
}
ERRORS["locked"].__cause__ = type("Locked", (Exception,), {"sqlite_errorcode": 5})()


def fail(request: HttpRequest, name: str) -> HttpResponse:
    raise ERRORS[name]


urlpatterns = [path("fail/<name>", fail), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def reader(settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False, headers={"accept-language": "en"})


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("invalid", 422, "At most 5 characters."),
        ("refused", 403, "Your post does not take this step."),
        ("not_found", 404, "There is nothing here"),
        ("conflict", 409, "The case has moved on."),
        ("in_progress", 409, "The same request is being worked on."),
        ("too_many", 429, "Five tries are used up."),
        ("unavailable", 503, "kept on your device"),
        ("broken", 500, "Something broke on our side"),
        ("locked", 503, "kept on your device"),
        ("not_kept", 422, "a character that cannot be kept"),
        ("fault", 500, "Something broke on our side"),
    ],
)
def test_each_error_has_its_page(reader: Client, name: str, status: int, words: str) -> None:
    answer = reader.get(f"/fail/{name}")
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", ["/g/a%00b", "/p/%00", "/a/%00", "/grids?area=a%00b", "/r/%00/%00"])
def test_an_address_no_store_could_hold_breaks_nothing(reader: Client, address: str) -> None:
    """SQLite looks and finds nothing, PostgreSQL refuses to look."""
    assert reader.get(address, follow=True).status_code in (200, 404, 422)


def test_every_class_of_core_has_a_status() -> None:
    from gewu.web.errors import STATUS, status_of

    kinds = [kind for kind in vars(core).values() if isinstance(kind, type) and issubclass(kind, GewuError)]
    for kind in kinds:
        if kind is not GewuError:
            assert 400 <= status_of(kind.__new__(kind)) < 600
    assert set(STATUS) <= set(kinds)


def test_unknown_and_forbidden_are_the_same_bytes(reader: Client) -> None:
    """Two addresses, two kinds of refusal, with and without a session: nothing tells them apart."""
    answers = [reader.get(place) for place in ("/fail/not_found", "/there/is/nothing", "/staff/nor/here")]
    reader.get("/account/login/")
    answers.append(reader.get("/fail/not_found"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert (
        len(
            {
                tuple(sorted(set(answer.headers.items()) - {("Vary", answer.get("Vary"))}))
                for answer in answers
            }
        )
        == 1
    )


def test_what_operators_are_told_stays_with_them(reader: Client) -> None:
    assert "/secret/place" not in reader.get("/fail/broken").content.decode()
    assert "foresaw" not in reader.get("/fail/fault").content.decode()


@pytest.mark.parametrize(
    ("name", "seconds"), [("too_many", "120"), ("unavailable", "5"), ("in_progress", "1")]
)
def test_it_says_when_to_come_again(reader: Client, name: str, seconds: str) -> None:
    assert reader.get(f"/fail/{name}")["Retry-After"] == seconds


@pytest.mark.parametrize("name", ["too_many", "unavailable", "locked"])
def test_what_was_typed_comes_back_as_a_form(reader: Client, name: str) -> None:
    words = "东门路灯不亮 <b>已经三天</b>，晚上看不清路"
    answer = reader.post(f"/fail/{name}?at=3", {"text": words, "tile": "lamp", "photo": ["a1", "b2"]})
    given = form(answer, f"/fail/{name}?at=3")
    assert given == {"text": [words], "tile": ["lamp"], "photo": ["a1", "b2"]}
    assert "<b>" not in answer.content.decode()


def test_no_password_comes_back(reader: Client) -> None:
    page = reader.post(
        "/fail/unavailable", {"passphrase": "geheim geheim geheim", "text": "x" * 40}
    ).content.decode()
    assert "geheim" not in page
    assert "<form" not in page


def test_a_form_without_its_token_is_refused_with_words(settings: Any) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = strict.post("/account/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()
