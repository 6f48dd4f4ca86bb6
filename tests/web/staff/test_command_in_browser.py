"""The command screen in Chromium, on the built bundle: it draws, it lives, and it works without a map."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from gewu.web.switches import LARGE, PRINT_COOKIE, STANDARD
from tests.services import browser as chromium_program
from tests.web.staff.pages import HOST, client_of, show

pytestmark = pytest.mark.browser

DESK, PHONE, WALL = (
    {"width": 1280, "height": 720},
    {"width": 390, "height": 844},
    {"width": 1920, "height": 1080},
)
NARROW = {"width": 320, "height": 640}
DRAWN = "#ground[data-features]:not([data-features='0'])"
WAIT = 20_000


@pytest.fixture
def busy(desk: ModuleType) -> ModuleType:
    """A few cases, one of them overdue."""
    from gewu.domain.cases.models import Case

    desk.report_case(at="b2")
    told = desk.walk_to("handling")
    Case.objects.filter(pk=told.case.pk).update(overdue_at=desk.NOW)
    return desk


def opened(
    browser: BrowserContext, address: str = "/staff/command", print_size: str = STANDARD
) -> tuple[Page, list[str]]:
    said: list[str] = []
    browser.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    browser.on("weberror", lambda error: said.append(str(error.error)))
    client = client_of("duty_lead", language="zh-hans")
    client.cookies[PRINT_COOKIE] = print_size
    return show(browser, client, address), said


def first_number(page: Page) -> str:
    return page.locator("[data-part=numbers] .stat__value").first.inner_text()


def test_it_draws_and_shows_what_others_do_without_a_reload(
    busy: ModuleType, browser: BrowserContext
) -> None:
    page, said = opened(browser)
    page.wait_for_selector(DRAWN, timeout=WAIT)
    page.locator("[data-chart] svg").nth(2).wait_for(timeout=WAIT)
    assert first_number(page) == "2"
    before = page.evaluate("() => performance.timeOrigin")
    busy.report_case(at="a2")  # somebody else, at another desk
    page.wait_for_function(
        "() => document.querySelector('[data-part=numbers] .stat__value').textContent === '3'", timeout=WAIT
    )
    assert page.locator("tr[data-grid=a2]").get_attribute("data-open") == "1"
    assert page.evaluate("() => performance.timeOrigin") == before
    assert page.locator("#as-of").inner_text() == "数据截至 " + page.locator("#as-of").inner_text()[-5:]
    assert [words for words in said if "Security" in words or "Error" in words] == []


def test_that_another_post_has_taken_note_of_an_alert_shows_without_a_reload(
    busy: ModuleType, browser: BrowserContext
) -> None:
    page, _said = opened(browser)
    page.wait_for_selector(DRAWN, timeout=WAIT)
    alert = page.locator("[data-part=alerts] form.command__seen").first
    address = alert.get_attribute("action")
    assert address
    client_of("director_a").post(address, {"area": ""})  # at another desk
    page.locator("[data-part=alerts]", has_text="已阅：").wait_for(timeout=WAIT)


def test_a_grid_filters_everything_and_escape_leads_back(busy: ModuleType, browser: BrowserContext) -> None:
    page, _said = opened(browser)
    page.wait_for_selector(DRAWN, timeout=WAIT)
    page.locator("[data-show=list]").press("Enter")  # the list, one key away from the map
    page.locator("#list tr[data-grid=b2] th a").focus()
    page.keyboard.press("Enter")
    page.locator("tr[data-grid=a1]").wait_for(state="detached", timeout=WAIT)
    assert (first_number(page), page.locator("h1").inner_text()) == ("1", "第b2网格")
    assert page.url == f"{HOST}/staff/command?area=b2"
    page.keyboard.press("Escape")
    page.locator("tr[data-grid=a1]").wait_for(state="attached", timeout=WAIT)
    assert first_number(page) == "2"


@pytest.mark.parametrize(
    ("size", "scheme", "print_size"),
    [(DESK, "light", STANDARD), (PHONE, "dark", STANDARD), (NARROW, "light", LARGE)],
)
def test_nobody_is_shut_out(
    busy: ModuleType, browser: BrowserContext, size: Any, scheme: Any, print_size: str
) -> None:
    page, _said = opened(browser, print_size=print_size)
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_selector(DRAWN, timeout=WAIT)
    for shown in ("map", "list"):
        page.locator(f"[data-show={shown}]").click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size["width"]


def test_a_wall_shows_everything_on_one_screen(busy: ModuleType, browser: BrowserContext) -> None:
    page, _said = opened(browser, "/staff/command?big=1")
    page.set_viewport_size(WALL)
    page.wait_for_selector(DRAWN, timeout=WAIT)
    page.locator("[data-chart] svg").nth(2).wait_for(timeout=WAIT)
    assert page.evaluate("() => document.documentElement.scrollHeight") <= WALL["height"]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_small_wall_in_large_print_scrolls_by_key(busy: ModuleType, browser: BrowserContext) -> None:
    page, _said = opened(browser, "/staff/command?big=1", LARGE)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.wait_for_selector(DRAWN, timeout=WAIT)
    numbers = page.locator("[data-part=numbers]")
    assert numbers.evaluate("part => part.scrollHeight > part.clientHeight")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_after_two_minutes_of_silence_it_says_so(busy: ModuleType, browser: BrowserContext) -> None:
    page, _said = opened(browser)
    page.wait_for_selector(DRAWN, timeout=WAIT)
    page.route("**/live?*", lambda route: route.abort())
    page.clock.install()
    page.clock.fast_forward(180_000)
    page.wait_for_selector("html[data-stale]", timeout=WAIT)
    assert "没有新数据" in page.locator("#as-of").inner_text()
    found = Axe().run(page)  # what is old can still be read
    assert found.violations_count == 0, found.generate_report()


def test_a_hidden_tab_asks_nothing_and_goes_on_when_seen(busy: ModuleType, browser: BrowserContext) -> None:
    page, _said = opened(browser)
    page.wait_for_selector(DRAWN, timeout=WAIT)
    hide = "Object.defineProperty(document, 'hidden', {{ get: () => {}, configurable: true }})"
    page.evaluate(f"() => {{ {hide.format('true')} }}")
    busy.report_case(at="a2")
    page.clock.install()
    page.clock.run_for(5_000)
    assert first_number(page) in {"2", "3"}  # a question may have been under way
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live?" in request.url else None)
    page.clock.run_for(10_000)
    assert asked == []
    page.evaluate(
        f"() => {{ {hide.format('false')}; document.dispatchEvent(new Event('visibilitychange')) }}"
    )
    page.locator("tr[data-grid=a2][data-open='1']").wait_for(state="attached", timeout=WAIT)


def test_without_a_map_the_list_is_there_and_everything_lives(busy: ModuleType, chromium: Browser) -> None:
    flags = [*chromium_program.FLAGS, "--disable-3d-apis"]
    blind = chromium.browser_type.launch(executable_path=chromium_program.executable(), args=flags)
    page, _said = opened(blind.new_context(locale="zh-CN", viewport=DESK))  # type: ignore[arg-type]
    page.locator("#no-map").wait_for(timeout=WAIT)
    assert page.locator("#list tr[data-grid=b2]").is_visible()
    page.locator("[data-chart] svg").nth(2).wait_for(timeout=WAIT)
    busy.report_case(at="a2")
    page.locator("tr[data-grid=a2][data-open='1']").wait_for(timeout=WAIT)
    blind.close()
