"""A session ends while somebody writes: not a word is lost, nothing is done unseen, and no address ends in a 405."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from gewu.domain.cases.models import Case
from gewu.domain.media.models import Photo
from gewu.domain.privacy.sealing import take_office
from gewu.web import staff_urls
from tests.media.photos import jpeg
from tests.web.pages import form
from tests.web.staff.pages import client_of, text_of

pytestmark = pytest.mark.one_store  # what a form keeps is no matter of the store

WORDS = "已联系物业，明早清走"
OWN = {"origin": "http://localhost"}


def strict(client: Client) -> Client:
    """The same browser, whose tokens are looked at."""
    client.handler.enforce_csrf_checks = True
    return client


def opened(client: Client, number: str, move: str) -> tuple[str, dict[str, Any]]:
    address = f"/staff/cases/{number}/moves/{move}"
    return address, form(client.get(f"/staff/cases/{number}?do={move}"), address)


def over(client: Client) -> None:
    """The session is gone; the browser keeps its token."""
    del client.cookies[settings.SESSION_COOKIE_NAME]


def signed_in_again(name: str) -> Client:
    """Somebody signs in in the same browser, which changes its token."""
    other = client_of(name)
    other.cookies[settings.CSRF_COOKIE_NAME] = "y" * 32
    return strict(other)


def test_words_typed_when_the_session_was_over_are_sent_after_signing_in(desk: ModuleType) -> None:
    number = desk.walk_to("handling").case.number
    client = strict(client_of("worker_a1"))
    address, fields = opened(client, number, "internal_note")
    over(client)
    held = client.post(address, fields | {"text": WORDS}, headers=OWN)
    assert held.status_code == 403
    assert form(held, address)["text"] == [WORDS]
    way = re.search(r'href="(/account/login/[^"]+)" target="_blank"', text_of(held))
    assert way
    client = signed_in_again("worker_a1")
    seen = client.post(address, form(held, address), headers=OWN)  # signing in made the token useless
    assert (seen.status_code, form(seen, address)["text"]) == (403, [WORDS])
    assert "signed in as" in text_of(seen)
    assert client.post(address, form(seen, address), headers=OWN).status_code == 302
    assert WORDS in text_of(client.get(f"/staff/cases/{number}"))


def test_another_person_who_signs_in_sees_the_words_before_they_go(desk: ModuleType) -> None:
    number = desk.walk_to("handling").case.number
    client = strict(client_of("worker_a1"))
    address, fields = opened(client, number, "internal_note")
    over(client)
    held = client.post(address, fields | {"text": WORDS}, headers=OWN)
    other = signed_in_again("lead_a1")
    seen = other.post(address, form(held, address), headers=OWN)
    assert seen.status_code == 403
    assert WORDS in text_of(seen)
    assert WORDS not in text_of(other.get(f"/staff/cases/{number}"))


def test_photos_are_kept_and_go_on_by_their_ids(desk: ModuleType) -> None:
    number = desk.walk_to("handling").case.number
    client = client_of("worker_a1")
    address, fields = opened(client, number, "report_done")
    over(client)
    pictures = [SimpleUploadedFile("x.jpg", jpeg(), content_type="image/jpeg") for _n in range(2)]
    sent = {"text": WORDS, "closing": "solved", "closing_met": "yes", "photos": pictures}
    kept = form(client.post(address, fields | sent), address)
    assert sorted(kept["photo"]) == sorted(photo.id.hex for photo in Photo.objects.all())
    assert client_of("worker_a1").post(address, kept).status_code == 302
    assert Case.objects.get(number=number).photos.count() == 2


def test_photos_of_several_places_go_on_each_with_its_own(desk: ModuleType) -> None:
    client, address = client_of("worker_a1"), "/staff/patrols/rounds/5b0c9a66-7b8d-4a33-9d0e-0d7f1c1f8c01"
    over(client)
    shots = {
        name: SimpleUploadedFile("x.jpg", jpeg(), content_type="image/jpeg")
        for name in ("photos-1", "photos-2")
    }
    held = client.post(
        address, {"text-1": WORDS, "photo-1": "5b0c9a667b8d4a339d0e0d7f1c1f8c02", **shots}, headers=OWN
    )
    kept = form(held, address)
    assert (len(kept["photo-1"]), len(kept["photo-2"]), kept["text-1"]) == (2, 1, [WORDS])
    assert Photo.objects.count() == 2
    assert "Files cannot be kept" not in text_of(held)
    assert kept["photo-2"][0] not in text_of(held).partition("<details>")[2]


def test_a_missing_second_factor_costs_no_word(desk: ModuleType) -> None:
    number = desk.walk_to("accepted").case.number
    strong, weak = client_of("dispatcher"), client_of("dispatcher", strong=False)
    address, fields = opened(strong, number, "internal_note")
    held = weak.post(address, fields | {"text": WORDS})
    assert (held.status_code, form(held, address)["text"]) == (403, [WORDS])
    assert "/account/2fa/" in text_of(held)


def test_no_passphrase_is_carried(desk: ModuleType) -> None:
    answer = Client(HTTP_HOST="localhost").post(
        "/staff/identities/key", {"passphrase": "geheim geheim", "again": "x"}
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=/staff/identities/key")


def test_a_form_from_elsewhere_is_not_given_back(desk: ModuleType) -> None:
    number = desk.report_case().case.number
    client = strict(client_of("lead_a1"))
    client.get("/staff/cases")
    elsewhere = (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"referer": "http://localhost.evil.example/"},
    )
    for origin in (*elsewhere, {}):
        answer = client.post(f"/staff/cases/{number}/moves/accept", {"text": "fremde Worte"}, headers=origin)
        assert answer.status_code == 403
        assert "<form" not in text_of(answer)
    assert Case.objects.get().state == "submitted"


def test_a_resident_whose_token_is_too_old_gets_the_report_back(desk: ModuleType) -> None:
    client = strict(Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en"))
    fields = form(client.get("/report"), "/report") | {"text": "路灯不亮", "csrfmiddlewaretoken": "x" * 64}
    held = client.post("/report", fields, headers=OWN)
    assert held.status_code == 403
    assert client.post("/report", form(held, "/report"), headers=OWN).status_code == 201


def test_no_receipt_code_is_carried(desk: ModuleType) -> None:
    client = strict(Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en"))
    held = client.post("/r", {"number": "LT-2026-000001-1", "secret": "1234567812345678"}, headers=OWN)
    assert held.status_code == 403
    assert "1234567812345678" not in text_of(held)


PARTS: dict[str, Any] = {
    "number": "LT-2026-000001-0", "code": "accept", "photo_id": "5b0c9a66-7b8d-4a33-9d0e-0d7f1c1f8c01", "role": "lead",
}  # fmt: skip


@pytest.mark.parametrize(
    "pattern", [one for one in staff_urls.urlpatterns if one.name], ids=lambda one: one.name
)
def test_every_address_of_the_staff_can_be_opened(desk: ModuleType, pattern: URLPattern) -> None:
    """Whoever lands on it after signing in, or by changing the language, sees a page and never an empty 405."""
    names = pattern.pattern.converters
    ids = {"uuid": "5b0c9a66-7b8d-4a33-9d0e-0d7f1c1f8c01", "int": 1}
    kinds = {n: type(converter).__name__.removesuffix("Converter").lower() for n, converter in names.items()}
    parts = {n: ids.get(kind, PARTS.get(n, "x")) for n, kind in kinds.items()}
    address = reverse(f"staff:{pattern.name}", kwargs=parts)
    for who in ("administrator", "director_a", "privacy_officer"):
        assert client_of(who).get(address).status_code != 405


def test_the_form_of_a_move_stands_open_on_the_way_back(desk: ModuleType) -> None:
    number = desk.report_case().case.number
    answer = client_of("lead_a1").get(f"/staff/cases/{number}/moves/accept")
    assert answer["Location"] == f"/staff/cases/{number}?do=accept"
    assert get_resolver().resolve(answer["Location"].split("?")[0]).url_name == "case"


@pytest.mark.parametrize("over_limit", [True, False])
def test_a_passphrase_is_never_given_back(desk: ModuleType, over_limit: bool) -> None:
    """Of two people at one desk, neither is to read the other's."""
    for number in (1, 2):
        take_office("a long passphrase of mine", actor=desk.actor(f"identity_officer_{number}"), now=desk.NOW)
    client, address = client_of("identity_officer_1"), "/staff/identities/reseal"
    typed = {"other": "identity_officer_2", "own_passphrase": "my own secret", "other_passphrase": "oneword"}
    if over_limit:
        for _try in range(5):
            client.post(address, typed)
    else:
        over(client)
    answer = client.post(address, typed)
    assert answer.status_code == (429 if over_limit else 302)
    assert "secret" not in text_of(answer)
    assert "oneword" not in text_of(answer)
