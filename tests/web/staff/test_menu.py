"""The menu and the way home: everybody finds their own desk, and nobody a door that does not open."""

from __future__ import annotations

import re
from types import ModuleType

import pytest

from tests.web.staff.pages import client_of, text_of

HOMES = {
    "worker_a1": "/staff/cases",
    "lead_a1": "/staff/cases",
    "director_a": "/staff/cases",
    "dispatcher": "/staff/cases",
    "urban_hand": "/staff/cases",
    "evaluator": "/staff/figures",
    "supervisor": "/staff/journal",
    "administrator": "/staff/areas",
    "privacy_officer": "/staff/retention",
    "identity_officer_1": "/staff/identities",
}
# Each page, and somebody who may not know of it.
CLOSED = {
    "/staff/caller": "lead_a1",
    "/staff/report": "evaluator",
    "/staff/cases/bulk/waiting": "worker_a1",
    "/staff/second-looks": "evaluator",
    "/staff/figures": "worker_a1",
    "/staff/figures.xlsx": "lead_a1",
    "/staff/areas": "dispatcher",
    "/staff/maps/import": "supervisor",
    "/staff/maps/1": "dispatcher",
    "/staff/posts": "dispatcher",
    "/staff/posts/lead-a1": "director_a",
    "/staff/posts/import": "director_a",
    "/staff/posts/template.xlsx": "director_a",
    "/staff/absences": "director_a",
    "/staff/catalogue/add": "dispatcher",
    "/staff/calendar": "supervisor",
    "/staff/tokens": "supervisor",
    "/staff/journal": "administrator",
    "/staff/access-log": "administrator",
    "/staff/retention": "administrator",
    "/staff/erase": "supervisor",
    "/staff/identities": "administrator",
}


@pytest.mark.parametrize(("who", "home"), HOMES.items())
def test_everybody_comes_home_to_their_own_desk(desk: ModuleType, who: str, home: str) -> None:
    assert client_of(who).get("/staff/")["Location"] == home


@pytest.mark.parametrize("who", [*HOMES, "intake", "adviser", "duty_lead", "contact_a1"])
def test_every_link_of_the_menu_opens(desk: ModuleType, who: str) -> None:
    client = client_of(who)
    menu = re.search(r'<nav class="page-nav".*?</nav>', text_of(client.get("/staff/inbox")), re.S)
    assert menu
    for address in re.findall(r'href="([^"]+)"', menu[0]):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(("address", "who"), CLOSED.items())
def test_a_closed_page_is_the_page_of_an_address_that_does_not_exist(
    desk: ModuleType, address: str, who: str
) -> None:
    client = client_of(who)
    refused, missing = client.get(address), client.get("/staff/no-such-page")
    assert refused.status_code == missing.status_code == 404
    assert refused.content == missing.content


def test_strangers_are_led_to_the_sign_in(desk: ModuleType, client: object) -> None:
    from django.test import Client

    answer = Client().get("/staff/cases")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login")


def test_posts_that_demand_a_second_factor_are_led_to_it(desk: ModuleType) -> None:
    answer = client_of("administrator", strong=False).get("/staff/areas")
    assert answer.status_code == 302
    assert "/2fa/" in answer["Location"]


def test_an_export_asks_everybody_for_a_second_factor(desk: ModuleType) -> None:
    answer = client_of("evaluator", strong=False).get("/staff/figures.xlsx")
    assert answer.status_code == 302
    assert "next=%2Fstaff%2Ffigures.xlsx" in answer["Location"]
