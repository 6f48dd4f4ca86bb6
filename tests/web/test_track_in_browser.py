"""The page of one's own report in Chromium: what is typed for one thing survives what is done about another."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests import town
from tests.web.test_in_browser import DESK, TAGS, new_page, served

__all__ = ["served"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


def look_in(page: Page, url: str, told: Any) -> None:
    page.goto(f"{url}/r")
    page.locator("#number").fill(told.report.number)
    page.locator("#secret").fill(told.secret)
    page.locator("#secret").press("Enter")
    page.locator("#track").wait_for()


@pytest.mark.parametrize(
    ("size", "viewport", "script"), [(None, PHONE, False), ("large", PHONE, True), (None, DESK, True)]
)
def test_the_answer_is_sent_and_the_words_to_add_stay(
    served: str, chromium: Browser, size: str | None, viewport: Any, script: bool
) -> None:
    told = town.walk_to("handling")
    town.do("ask_reporter", told, "worker_a1")
    page = new_page(chromium, served, size, "light", viewport, script=script)
    look_in(page, served, told)
    page.locator("summary", has_text="补充").click()
    page.locator("[name=add_text]").fill("二号楼也有")
    page.locator("[name=answer_text]").fill("三号楼")
    page.locator('[formaction="/track/answer"]').click()
    page.locator(".notice--good").wait_for()
    assert page.locator("[name=add_text]").input_value() == "二号楼也有"
    assert page.locator("[name=add_text]").is_visible(), "unfolded, for who looks for it"
    assert page.locator("[name=answer_text]").count() == 0
    if script:
        found = Axe().run(page, options=TAGS).response["violations"]
        assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    version = town.fresh(told).version
    page.reload()  # sends the form again
    assert page.locator(".notice--good").is_visible()
    assert page.locator("[name=add_text]").input_value() == "二号楼也有"
    assert town.fresh(told).version == version
    page.locator('[formaction="/track/add"]').click()
    page.wait_for_url("**/track?done=add")
    assert page.locator("[name=add_text]").input_value() == ""
    page.context.close()
