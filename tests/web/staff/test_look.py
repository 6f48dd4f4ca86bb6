"""How the staff pages look: enough rows on an office screen, nothing cut off on a phone, and open to everybody."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from gewu.domain.cases.models import Case
from gewu.web.switches import PRINT_COOKIE
from tests.web.staff.pages import client_of, show

pytestmark = pytest.mark.browser

PAGES = {
    "queue": ("lead_a1", "/staff/cases"),
    "case": ("lead_a1", "/staff/cases/{number}?do=hand_up"),
    "figures": ("director_a", "/staff/figures"),
    "catalogue": ("administrator", "/staff/catalogue"),
    "condition": ("administrator", "/staff/catalogue/0110"),
    "report": ("intake", "/staff/report"),
    "posts": ("administrator", "/staff/posts"),
    "post": ("administrator", "/staff/posts/lead-a1"),
    "areas": ("administrator", "/staff/areas"),
    "map import": ("administrator", "/staff/maps/import"),
    "calendar": ("administrator", "/staff/calendar"),
    "journal": ("supervisor", "/staff/journal"),
    "retention": ("privacy_officer", "/staff/retention"),
    "identities": ("identity_officer_1", "/staff/identities"),
}


def _open(desk: ModuleType, browser: BrowserContext, name: str) -> Page:
    told = desk.walk_to("accepted")
    Case.objects.filter(pk=desk.report_case().case.pk).update(overdue_at=desk.NOW - timedelta(hours=1))
    who, address = PAGES[name]
    return show(browser, client_of(who), address.format(number=told.case.number))


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out_on_a_phone(
    desk: ModuleType, browser: BrowserContext, name: str
) -> None:
    page = _open(desk, browser, name)
    assert page.locator(".page-nav [aria-current]").count() == 1  # the page itself, not the way to it
    for scheme in ("light", "dark"):
        # Without motion: axe would measure a button half way between two colours.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("print_size", ["standard", "large"])
def test_the_menu_of_a_narrow_window_opens_by_key_and_hides_nothing(
    desk: ModuleType, browser: BrowserContext, width: int, language: str, print_size: str
) -> None:
    client = client_of("administrator", language=language)
    client.cookies[PRINT_COOKIE] = print_size
    page = show(browser, client, "/staff/areas")
    page.set_viewport_size({"width": width, "height": 844})
    target = 60 if print_size == "large" else 44
    header, nav, out = (
        page.locator(".page-header"),
        page.locator(".page-nav"),
        page.locator("form[action*=logout]"),
    )
    assert not nav.is_visible()
    assert not out.is_visible()
    assert page.locator(".page-menu__here").inner_text() == ("Areas" if language == "en" else "区域")
    shut = header.bounding_box()
    assert shut
    assert shut["height"] <= 2 * target + 24, "two rows"
    page.locator(".page-menu summary").focus()
    page.keyboard.press("Enter")
    assert nav.is_visible()
    assert out.is_visible()
    pressed = header.locator("a, button, summary")
    boxes = [one.bounding_box() for one in pressed.all() if one.is_visible()]
    assert all(one and one["height"] >= target and one["x"] + one["width"] <= width for one in boxes)
    page.emulate_media(reduced_motion="reduce")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("Escape")
    assert not nav.is_visible()
    assert page.evaluate("() => document.activeElement.tagName") == "SUMMARY"


def test_twelve_cases_fit_the_screen_of_an_office(desk: ModuleType, browser: BrowserContext) -> None:
    for _n in range(13):
        desk.report_case(text="垃圾桶旁有大量垃圾，已经好几天没有人清理，味道很大，影响周围居民")
    lead = client_of("lead_a1")
    lead.post("/staff/hints/lead")  # the hint of the first day takes room, and is gone after it
    page = show(browser, lead, "/staff/cases")
    box = page.locator("tbody tr").nth(11).bounding_box()
    assert box
    assert box["y"] + box["height"] <= 720


def test_what_is_done_with_many_shows_once_something_is_chosen(
    desk: ModuleType, browser: BrowserContext
) -> None:
    desk.report_case()
    page = show(browser, client_of("lead_a1"), "/staff/cases")
    bar = page.locator(".bulk-bar")
    assert not bar.is_visible()
    page.locator(".pick input").first.check()
    assert bar.is_visible()
