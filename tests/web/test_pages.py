"""The frame of all pages: language, print size, errors, the notice, sign-in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from gewu.domain.accounts.models import User
from tests.town import report_case
from tests.web.pages import text

PAGES = ("/", "/report", "/r", "/privacy", "/account/login/")
ACCOUNT = (
    "/account/password/change/", "/account/2fa/", "/account/2fa/totp/activate/", "/account/sessions/",
    "/account/logout/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_landmarks_and_no_inline_code(resident: Client, path: str) -> None:
    answer = resident.get(path)
    assert answer.status_code == 200
    page = answer.content.decode()
    for part in ("<main", "<header", "<footer", 'class="skip"', 'lang="en"'):
        assert part in page
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick" not in page
    assert "unsafe" not in answer["Content-Security-Policy"]
    # A form draws itself again in another size or language; any other page is asked for anew.
    size, language = ("size:", "language:") if 'name="redraw"' in page else ("/print-size", "/language")
    assert page.index(size) < page.index(language), "large print is the first control"


def test_urgent_numbers_come_first(resident: Client) -> None:
    page = text(resident.get("/"))
    assert page.index("110") < page.index("Report something")
    assert "0523-12345" in page


def test_language_and_print_size_are_kept_by_the_server(resident: Client) -> None:
    answer = resident.post("/language", {"language": "zh-hant", "next": "/report"})
    assert answer["Location"] == "/report"
    resident.post("/print-size", {"size": "large", "next": "/"})
    page = resident.get("/").content.decode()
    assert 'lang="zh-Hant" data-size="large"' in page


def test_a_switch_leads_nowhere_else(resident: Client) -> None:
    assert (
        resident.post("/language", {"language": "en", "next": "https://elsewhere.example/"})["Location"]
        == "/"
    )


def test_unknown_and_hidden_are_the_same_bytes(resident: Client) -> None:
    hidden = resident.get(f"/join/{report_case(confidential=True).case.number}")
    assert hidden.content == resident.get("/no-such-page").content
    assert hidden.status_code == 404


def test_the_notice_names_every_kind_of_personal_data(resident: Client) -> None:
    page = text(resident.get("/privacy"))
    for words in ("Name, phone and e-mail", "180 days", "Photos of the matter", "identity officers"):
        assert words in page


@pytest.mark.parametrize("path", ACCOUNT)
def test_account_pages_have_the_same_look(resident: Client, path: str) -> None:
    resident.force_login(User.objects.get(username="lead_a1"))
    session: Any = resident.session
    session["account_authentication_methods"] = [{"method": "password", "at": 4_000_000_000}]
    session.save()
    answer = resident.get(path, follow=True)
    assert answer.status_code == 200, path
    page = answer.content.decode()
    assert 'class="page-header"' in page
    assert " style=" not in page


def test_a_wrong_password_says_so_at_the_form(resident: Client) -> None:
    answer = resident.post("/account/login/", {"login": "lead_a1", "password": "wrong"})
    page = answer.content.decode()
    assert 'class="error-summary"' in page
    assert 'value="lead_a1"' in page
