"""The residents' pages in Chromium, without script: one way through, nobody shut out, nothing runs off the screen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests import town
from tests.media.photos import jpeg

# Playwright keeps an event loop in this thread, for which Django would refuse every query; none runs inside it here.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 720}
MODES = [
    (None, "light", PHONE),
    ("large", "light", PHONE),
    (None, "dark", DESK),
    ("large", "dark", PHONE),
    (None, "light", DESK),
]


@pytest.fixture
def served(live_server: LiveServer, settings: Any, tmp_path: Path) -> str:
    """The town, served to a real browser."""
    settings.PHOTOS = tmp_path / "photos"
    settings.PHOTOS.mkdir()
    town.town()
    return str(live_server.url)


def new_page(
    chromium: Browser, url: str, size: str | None, scheme: Any, viewport: Any, *, script: bool = True
) -> Page:
    context = chromium.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport=viewport,
        color_scheme=scheme,
        java_script_enabled=script,
    )
    if size:
        context.add_cookies([{"name": "gewu_print", "value": size, "url": url}])
    return context.new_page()


def file_a_report(page: Page, url: str) -> None:
    page.goto(f"{url}/report?area=a1")
    page.locator("#text").fill("东门路灯不亮")
    page.locator('input[name="tile"][value="light"]').check()
    page.locator("#photos").set_input_files({"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    page.locator("main form button.button--wide").last.click()
    page.locator(".receipt__number").wait_for()  # a click does not wait for the page it leads to


def test_report_and_track_with_script_switched_off(served: str, chromium: Browser) -> None:
    page = new_page(chromium, served, None, "light", PHONE, script=False)
    page.goto(served)
    page.locator('main a[href="/report"]').click()
    page.locator("main form button.button--wide").last.click()
    assert page.title().startswith("错误")
    page.locator("#text").fill("东门路灯不亮")
    page.locator("#photos").set_input_files({"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    page.locator("main form button.button--wide").last.click()
    number = page.locator(".receipt__number").inner_text()
    secret = page.locator(".receipt__secret").inner_text()
    page.context.clear_cookies()
    page.goto(f"{served}/r")
    page.locator("#number").fill(number)
    page.locator("#secret").fill(secret)
    page.locator("main form button.button--wide").click()
    assert page.url == f"{served}/track"
    assert "东门路灯不亮" in page.locator("main").inner_text()
    page.context.close()


def test_without_script_larger_letters_cost_no_word_of_any_move(served: str, chromium: Browser) -> None:
    told = town.walk_to("verified")
    page = new_page(chromium, served, None, "light", PHONE, script=False)
    page.goto(f"{served}/r/{told.report.number}/{told.secret}")
    page.locator("[name=rate_text]").fill("很慢")
    page.locator("[name=rate_rating][value='2']").check(force=True)
    page.locator("details:has([name=refuse_text]) > summary").click()
    page.locator("[name=refuse_text]").fill("垃圾还在")
    page.locator("[name=rate_rating][value='2']").press("Enter")  # sends nothing: which move would it be?
    page.locator("header button[value='size:large']").click()
    page.locator("html[data-size=large]").wait_for()
    page.locator("header button[value='language:en']").click()
    page.locator("html[lang=en]").wait_for()
    assert page.url == f"{served}/track"
    assert page.locator("[name=rate_text]").input_value() == "很慢"
    assert page.locator("[name=rate_rating][value='2']").is_checked()
    assert page.locator("[name=refuse_text]").input_value() == "垃圾还在"
    assert page.locator("[name=refuse_text]").is_visible()
    page.locator("[name=refuse_reason][value=not_done]").check(force=True)
    page.locator("button[formaction='/track/refuse']").click()
    page.locator("main > .notice--good").wait_for()
    assert town.fresh(told).state == "handling"
    page.context.close()


def test_the_qr_code_opens_the_report_and_leaves_no_secret_in_the_address(
    served: str, chromium: Browser
) -> None:
    told = town.report_case()
    page = new_page(chromium, served, None, "light", PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}/r#{told.report.number}.{told.secret}")
    page.wait_for_url(f"{served}/track")
    assert not [url for url in asked if told.secret in url.split("#")[0]]
    page.context.close()


@pytest.mark.parametrize(("size", "scheme", "viewport"), MODES)
def test_nobody_is_shut_out(
    served: str, chromium: Browser, size: str | None, scheme: str, viewport: Any
) -> None:
    told = town.walk_to("verified")
    page = new_page(chromium, served, size, scheme, viewport)
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    for path in ("/", "/report", "/r", "/privacy", "/open", "/account/login/", "receipt", "track"):
        if path == "receipt":
            file_a_report(page, served)
        elif path == "track":
            page.goto(f"{served}/r/{told.report.number}/{told.secret}")
        else:
            page.goto(served + path)
        found = Axe().run(page, options=TAGS).response["violations"]
        assert not found, f"{path}: {[(one['id'], [node['html'] for node in one['nodes']]) for one in found]}"
    assert not [words for words in messages if "Content Security Policy" in words]
    page.context.close()


def test_nothing_runs_off_a_small_screen_in_large_print(served: str, chromium: Browser) -> None:
    told = town.walk_to("verified")
    page = new_page(chromium, served, "large", "light", {"width": 320, "height": 640})
    for path in (
        "/",
        "/report",
        "/r",
        "/privacy",
        "/open",
        f"/r/{told.report.number}/{told.secret}",
        f"/join/{told.case.number}",
    ):
        page.goto(served + path)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, path
    file_a_report(page, served)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    page.context.close()
