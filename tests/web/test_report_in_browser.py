"""The resident's way on a phone, from the sign to the receipt: few taps, few bytes, with and without script."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from gewu.core import clock
from gewu.domain.cases.models import Case, Report
from gewu.domain.places.actions import add_place
from tests import town
from tests.media.photos import jpeg
from tests.places.conftest import given
from tests.web.test_in_browser import TAGS, new_page, served

__all__ = ["served"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
TAPS = 4
BYTES = 60 * 1024
PICTURE = {"name": "lamp.jpg", "mimeType": "image/jpeg"}
SEND = 'main form[action="/report"] button.button--wide'


class Taps:
    """Presses what a thumb would press, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, selector: str) -> None:
        self.count += 1
        self.page.locator(selector).click()


def sign() -> str:
    return str(add_place(given(town=town), actor=town.actor("director_a"), now=clock.now()).sign)


def weigh(page: Page) -> list[float]:
    """Bytes on the wire of all that is loaded from now on."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    weights: list[float] = []
    line.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    return weights


def neighbour(page: Page, url: str, at: str) -> str:
    """Somebody reported the lamp before."""
    page.goto(f"{url}/report?at={at}&tile=light")
    page.locator("#text").fill("路灯不亮")
    page.locator(SEND).click()
    return page.locator(".receipt__number").inner_text()


@pytest.mark.parametrize(("size", "scheme"), [(None, "light"), ("large", "light"), (None, "dark")])
def test_a_scan_a_tile_a_photo(served: str, chromium: Browser, size: str | None, scheme: Any) -> None:
    at = sign()
    page = new_page(chromium, served, size, scheme, PHONE)
    known = neighbour(page, served, at)
    weights, taps = weigh(page), Taps(page)
    page.goto(f"{served}/p/{at}")
    taps.on('a.tile[href*="tile=light"]')
    page.locator("h1").get_by_text("对吗").wait_for()
    assert page.locator(f'a[href="/join/{known}"]').is_visible()  # before a word is typed
    found = Axe().run(page, options=TAGS).response["violations"]
    assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    assert 0 < sum(weights) < BYTES
    page.locator("#photos").set_input_files({**PICTURE, "buffer": jpeg()})
    page.locator("[data-photo-list] img").wait_for()
    taps.on(SEND)
    number = page.locator(".receipt__number").inner_text()
    assert taps.count <= TAPS
    assert Case.objects.get(number=number).photos.count() == 1
    assert page.locator(f'a[href="/report?at={at}"]').is_visible()  # report another here
    page.locator('a[href="/track?open=correct"]').click()
    assert page.locator("#correct textarea").input_value() != ""
    page.context.close()


def test_without_script_the_step_in_between_keeps_everything(served: str, chromium: Browser) -> None:
    at = sign()
    page = new_page(chromium, served, None, "light", PHONE, script=False)
    known = neighbour(page, served, at)
    taps = Taps(page)
    page.goto(f"{served}/report?at={at}")
    taps.on('.tile:has(input[value="light"])')
    page.locator("#text").fill("东门也不亮")
    page.locator("#photos").set_input_files({**PICTURE, "buffer": jpeg()})
    taps.on(SEND)
    assert Case.objects.count() == 1
    assert page.locator(f'a[href="/join/{known}"]').is_visible()
    taps.on(SEND)
    number = page.locator(".receipt__number").inner_text()
    assert taps.count <= TAPS
    assert Case.objects.get(number=number).photos.count() == 1
    page.context.close()


def test_with_script_following_takes_no_word_and_makes_no_second_case(served: str, chromium: Browser) -> None:
    at = sign()
    page = new_page(chromium, served, None, "light", PHONE)
    known = neighbour(page, served, at)
    taps = Taps(page)
    page.goto(f"{served}/report?at={at}")
    taps.on('.tile:has(input[value="light"])')
    taps.on(f'a[href="/join/{known}"]')  # put in by the script, without a reload
    taps.on("main form button.button--wide")
    own = page.locator(".receipt__number").inner_text()
    assert taps.count <= TAPS
    assert Report.objects.get(number=own).case.number == known
    page.context.close()


@pytest.mark.parametrize(("size", "least"), [(None, 44), ("large", 60)])
def test_photos_add_up_and_can_be_taken_out(
    served: str, chromium: Browser, size: str | None, least: int
) -> None:
    page = new_page(chromium, served, size, "light", PHONE)
    page.goto(f"{served}/report?area=a1&tile=light")
    for name in ("one.jpg", "two.jpg"):  # the camera gives one at a time
        page.locator("#photos").set_input_files({**PICTURE, "name": name, "buffer": jpeg()})
        page.locator(f'[data-photo-list] img[alt="{name}"]').wait_for()
    album = page.locator('input[name="photos"][multiple]')
    album.set_input_files([{**PICTURE, "name": name, "buffer": jpeg()} for name in ("three.jpg", "four.jpg")])
    page.locator('[data-photo-list] img[alt="four.jpg"]').wait_for()
    buttons = page.locator("[data-photo-list] button")
    assert [button.inner_text() for button in buttons.all()] == [f"去掉照片 {n}" for n in (1, 2, 3, 4)]
    box = buttons.first.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= least
    found = Axe().run(page, options=TAGS).response["violations"]
    assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    buttons.nth(1).focus()
    page.keyboard.press("Enter")
    assert page.locator("[data-photo-list] img").evaluate_all("all => all.map((one) => one.alt)") == [
        "one.jpg", "three.jpg", "four.jpg",
    ]  # fmt: skip
    assert page.evaluate("() => document.activeElement.textContent") == "去掉照片 2"
    page.locator("#text").fill("路灯不亮")
    page.locator(SEND).last.click()
    number = page.locator(".receipt__number").inner_text()
    assert Case.objects.get(number=number).photos.count() == 3
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_larger_letters_lose_nothing_and_enter_sends(served: str, chromium: Browser, script: bool) -> None:
    page = new_page(chromium, served, None, "light", PHONE, script=script)
    page.goto(f"{served}/report?area=a1&tile=light")
    page.locator("#text").fill("东门路灯不亮")
    page.locator('input[name="photos"][multiple]').set_input_files({**PICTURE, "buffer": jpeg()})
    page.get_by_role("button", name="大字").click()
    page.locator("html[data-size=large]").wait_for()
    assert page.locator("#text").input_value() == "东门路灯不亮"
    page.get_by_role("button", name="English").click()
    page.locator("html[lang=en][data-size=large]").wait_for()
    page.locator("#place").fill("东门")
    page.locator("#place").press("Enter")
    number = page.locator(".receipt__number").inner_text()
    assert Case.objects.get(number=number).photos.count() == 1
    page.context.close()
