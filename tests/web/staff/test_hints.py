"""The first-run hint: on the home page of each post, until "Got it"; the page of help brings it back."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.domain.people.roles import ROLES
from gewu.web.chapters import BY_SLUG
from gewu.web.hints import HINTS
from tests.web.staff.pages import client_of, text_of
from tests.web.staff.test_menu import HOMES

CARD = 'class="hint"'


def test_every_post_of_staff_has_its_hint_and_each_leads_to_a_chapter() -> None:
    assert set(HINTS) == set(ROLES) - {"resident"}
    assert {hint.chapter for hint in HINTS.values()} <= set(BY_SLUG)


@pytest.mark.parametrize("name", HOMES)
def test_it_stands_on_the_home_page_alone(desk: ModuleType, name: str) -> None:
    client = client_of(name)
    page = text_of(client.get("/staff/", follow=True))
    assert page.count(CARD) == 1
    assert "/help/" in page.split(CARD)[1].split("</aside>")[0]
    assert CARD not in text_of(client.get("/staff/inbox"))


def test_got_it_puts_it_away_for_good_and_help_calls_it_back(desk: ModuleType) -> None:
    client = client_of("lead_a1")
    assert client.post("/staff/hints/lead").status_code == 302
    assert CARD not in text_of(client.get("/staff/cases"))
    assert CARD in text_of(client_of("lead_a2").get("/staff/cases"))  # somebody else's is their own
    assert "/staff/hints" in text_of(client.get("/help"))
    client.post("/staff/hints")
    assert CARD in text_of(client.get("/staff/cases"))


def test_another_posts_hint_is_not_found(desk: ModuleType) -> None:
    assert client_of("lead_a1").post("/staff/hints/director").status_code == 404
