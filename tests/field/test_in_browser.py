"""A grid worker's day in Chromium: a basement without network, a round, findings with photos, and the way back."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, Route

from tests.field.conftest import Served, sign_in
from tests.media.photos import jpeg

pytestmark = pytest.mark.browser
PHOTO = {"name": "found.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
UNSENT = "() => document.getElementById('count').classList.contains('field-count--some')"
ALL_SENT = "() => !document.getElementById('count').hidden && !(" + UNSENT + ")()"

NO_SPACE = """() => { IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError"); } }"""
ROWS = """() => new Promise((done) => { indexedDB.open("gewu-field").onsuccess = (event) => {
    const names = ["people", "items", "photos", "copies"], work = event.target.result.transaction(names);
    const rows = {};
    for (const name of names) work.objectStore(name).getAll().onsuccess = (told) => (rows[name] = told.target.result);
    work.oncomplete = () => done(rows); } })"""
COUNTS = f"() => ({ROWS})().then((rows) => Object.values(rows).map((one) => one.length))"
CONDITION = "() => JSON.parse(document.getElementById('told').textContent).tiles[0].condition"
TRY_AGAIN = "() => (" + ALL_SENT + ")() || !dispatchEvent(new Event('online'))"


def write_report(page: Page, text: str) -> None:
    page.goto("/field#/report")
    page.locator("#text").fill(text)
    page.locator("form button.button--wide").click()
    page.locator(".toast").wait_for()


def find_something(page: Page, stop: int, text: str, settled: str = "") -> None:
    page.goto("/field#/round")
    page.locator(".field-stop").nth(stop).locator("a").click()
    page.locator("#text").fill(text)
    page.locator(".tile").first.click()
    page.locator("input[type=file]").last.set_input_files(PHOTO)
    if settled:
        page.locator("input[type=checkbox]").check()
        assert page.locator(".tile:visible").count() == 0  # becomes no case
        page.locator("#settled-text").fill(settled)
    page.locator("form button.button--wide").click()
    page.locator(".field-stop").first.wait_for()


def test_a_round_in_the_basement_arrives_exactly_once(served: Served, phone: BrowserContext) -> None:
    before = served.town.numbers()
    phone.set_offline(True)
    page = phone.new_page()
    page.goto("/field")  # the app itself comes from the phone
    page.locator(".item", has_text="消防通道").wait_for()
    page.goto("/field#/round")
    for stop in (0, 1):
        page.locator(".field-stop").nth(stop).locator("button").first.click()
    page.locator(".field-stop .pill--closed").nth(1).wait_for()
    for mark in (0, 1):  # seen at a second look: it goes with a second "Fine"
        first = page.locator(".field-stop").first
        if mark == 0:
            first.locator("summary").click()
        first.locator("input[type=checkbox]").nth(mark).check()
        first.locator("button").first.click()
        first.locator("input:disabled").nth(mark).wait_for(state="attached")
    chosen = page.evaluate(CONDITION)
    find_something(page, 2, "通道被电动车堵住")
    find_something(page, 3, "灭火器过期")
    find_something(page, 4, "杂物堆放", settled="已当场清走")
    page.reload()
    page.locator("#count.field-count--some").wait_for()
    assert "7 条待发送" in page.locator("#count").inner_text()
    for mode in ({}, {"color_scheme": "dark"}):
        page.emulate_media(
            reduced_motion="reduce", **mode
        )  # no colour is on its way from one mode to the other
        for path in ("today", "round", "outbox", "report", "me"):
            page.goto(f"/field#/{path}")
            page.locator("h1").wait_for()
            found = Axe().run(page).response["violations"]
            assert not found, f"{path} {mode}: {[(one['id'], one['nodes'][0]['html']) for one in found]}"
    other = phone.new_page()
    other.goto("/field#/outbox")
    other.locator(".item").first.wait_for()
    phone.set_offline(False)  # both tabs hear it at once
    page.wait_for_function(ALL_SENT)
    told = served.town.ask("round")
    assert sorted(told["places"].values()) == ["finding"] * 3 + ["fine"] * 2
    assert told["findings"] == 3
    assert told["kinds"] == [chosen] * 2
    assert list(told["marks"].values()) == [["blocked", "marking"]]
    assert len(served.town.numbers() - before) == 2  # the third was settled on the spot


def test_bad_luck_in_a_real_browser(served: Served, phone: BrowserContext) -> None:
    """Ten reports: answers lost after the server had them, a log-in page, a busy server, and the network gone."""
    before = served.town.numbers()
    luck = iter(["lost", "page", "busy", "fine", "lost", "lost", "fine", "busy", "page", "lost"])

    def bad(route: Route) -> None:
        kind = next(luck, "fine")
        if kind == "page":
            route.fulfill(status=200, content_type="text/html", body="<html>登录</html>")
        elif kind == "busy":
            route.fulfill(status=503, content_type="application/problem+json", body="{}")
        elif kind == "lost":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.route("**/api/v1/reports", bad)
    page = phone.new_page()
    for number in range(10):
        phone.set_offline(number % 3 == 0)
        write_report(page, f"第 {number} 件")
    phone.set_offline(False)
    page.reload()  # the program may end at any time
    page.locator("#count:not([hidden])").wait_for()
    page.wait_for_function(TRY_AGAIN, polling=300, timeout=90_000)
    assert len(served.town.numbers() - before) == 10


def test_an_expired_session_keeps_all_and_goes_on_after_signing_in(
    served: Served, phone: BrowserContext
) -> None:
    before = served.town.numbers()
    phone.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page = phone.new_page()
    write_report(page, "井盖松动")
    page.locator('#said a[href^="/account/login"]').wait_for()
    assert "1 条待发送" in page.locator("#count").inner_text()
    sign_in(phone, served)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_function(ALL_SENT)
    assert len(served.town.numbers() - before) == 1


def test_a_case_opened_once_is_read_without_network(served: Served, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/field#/report")
    page.locator(".tile").first.click()
    page.locator("input[type=file]").last.set_input_files(PHOTO)
    write_report(page, "护栏缺一段")
    page.wait_for_function(ALL_SENT)
    page.goto("/field#/today")
    page.reload()
    page.locator('.item:has(a[href^="#/case/"])', has_text="护栏缺一段").locator("a").click()
    page.locator(".timeline img").wait_for()
    phone.set_offline(True)
    page.reload()
    # Once it is known that there is no network the page is drawn again, so both are waited for, not looked for.
    page.locator(".timeline__item").first.wait_for()
    page.wait_for_function("() => document.querySelector('.timeline img')?.naturalWidth > 0")
    page.locator(".page-header__tools a").click()  # help needs network, and says so instead of leaving
    page.locator(".toast", has_text="联网").wait_for()


def test_no_space_left_keeps_the_words_in_the_form_and_what_waits(
    served: Served, phone: BrowserContext
) -> None:
    before = served.town.numbers()
    phone.set_offline(True)
    page = phone.new_page()
    write_report(page, "楼道堆物")
    page.locator("#text").fill("楼道灯不亮")
    page.evaluate(NO_SPACE)
    page.locator("form button.button--wide").click()
    page.locator(".toast", has_text="空间").wait_for()
    assert page.locator("#text").input_value() == "楼道灯不亮"
    phone.set_offline(False)
    page.locator("#said .notice--warning", has_text="空间").wait_for()
    page.reload()  # there is space again
    page.wait_for_function(ALL_SENT)
    assert len(served.town.numbers() - before) == 1


def test_a_lost_phone_forgets_keys_outbox_and_copies(served: Served, phone: BrowserContext) -> None:
    """Told without a session: what was kept for this person is gone, also what was not sent."""
    page = phone.new_page()
    page.route("**/api/v1/photos", lambda route: route.abort())
    page.goto("/field#/report")
    page.locator("input[type=file]").last.set_input_files(PHOTO)
    write_report(page, "丢失前写下")
    page.locator("#count.field-count--some").wait_for()
    phone.clear_cookies()
    served.town.ask("lost")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.locator("#said .notice--error").wait_for()
    assert page.evaluate(COUNTS) == [0, 0, 0, 0]
    for _contact in (1, 2):  # the second begins when the first is over
        with page.expect_response("**/api/v1/field"):
            page.evaluate("() => dispatchEvent(new Event('online'))")
    assert page.locator("#said .notice--error").is_visible(), "it is said until somebody signs in"


def test_the_app_in_large_print_stays_on_a_small_screen(phone: BrowserContext, served: Served) -> None:
    phone.add_cookies([{"name": "gewu_print", "value": "large", "url": served.url}])
    page = phone.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("today", "round", "outbox", "report", "me"):
        page.goto(f"/field#/{path}")
        page.reload()
        page.locator("h1").wait_for()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, path
        found = Axe().run(page).response["violations"]
        assert not found, f"{path}: {[(one['id'], one['nodes'][0]['html']) for one in found]}"
