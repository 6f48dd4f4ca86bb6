"""The frame of every page: language, print size, sessions and the way to a second factor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gewu.core.clock import DrivenClock
from gewu.domain.accounts.models import User
from tests.web.conftest import filled, town

__all__ = ["filled", "town"]


def test_language_and_print_size_are_kept_and_drawn_by_the_server(resident: Client) -> None:
    answer = resident.post("/print-size", {"size": "large", "next": "/account/login/"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/login/")
    assert 'data-size="large"' in resident.get("/account/login/").content.decode()
    resident.post("/language", {"language": "zh-hant"})
    assert '<html lang="zh-Hant"' in resident.get("/account/login/").content.decode()
    resident.post("/print-size", {"size": "standard"})
    assert "data-size" not in resident.get("/account/login/").content.decode()


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_the_switches_lead_nowhere_else(resident: Client, to: str) -> None:
    assert resident.post("/language", {"language": "en", "next": to})["Location"] == "/"


def test_pages_carry_nothing_inline(resident: Client) -> None:
    answer = resident.get("/account/login/")
    assert "unsafe" not in answer["Content-Security-Policy"]
    page = answer.content.decode()
    assert " style=" not in page
    assert " onclick=" not in page
    assert "<script>" not in page


def test_a_post_that_demands_a_second_factor_is_led_to_it(resident: Client, town: Any) -> None:
    resident.force_login(User.objects.get(username="administrator"))
    answer = resident.get("/staff/")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/2fa/totp/activate/?next=%2Fstaff%2F"
    assert resident.post("/account/logout/").status_code == 302


def test_a_post_without_that_demand_goes_on(resident: Client, town: Any) -> None:
    resident.force_login(User.objects.get(username="lead_a1"))
    assert "2fa" not in resident.get("/staff/").get("Location", "")


def test_an_office_session_ends_after_half_an_hour(resident: Client, town: Any, clock: DrivenClock) -> None:
    resident.force_login(User.objects.get(username="evaluator"))
    assert resident.get("/account/2fa/").status_code == 200
    clock.advance(timedelta(minutes=31))
    assert resident.get("/account/2fa/").status_code == 302
