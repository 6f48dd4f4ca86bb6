"""A director clears the queue with the keyboard alone: why each case is there, two compared, ten acted on at once.

The second browser in these tests is another person at another desk; the race is theirs, not a pretence.
"""

from __future__ import annotations

import re
from datetime import timedelta
from types import ModuleType

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import BrowserContext, Page

from gewu.core.clock import DrivenClock
from gewu.domain.cases.actions import bulk
from gewu.domain.cases.models import Bulk, Case
from gewu.domain.desk.models import Presence
from tests.web.staff.pages import HOST, client_of, show

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
WAIT = 10_000
QUEUE = "/staff/cases?view=open"


@pytest.fixture
def sixty(desk: ModuleType) -> ModuleType:
    """Sixty cases of two grids, one of them overdue, two of them alike."""
    for place in range(60):
        told = desk.report_case(at=("a1", "a2")[place % 2], text=f"第{place}处垃圾没有清理，味道很大，影响居民")
    Case.objects.filter(pk=told.case.pk).update(overdue_at=desk.NOW, due_at=desk.NOW - timedelta(hours=1))
    return desk


def opened(browser: BrowserContext, who: str = "director_a", address: str = QUEUE) -> tuple[Page, list[str]]:
    said: list[str] = []
    browser.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    browser.on("weberror", lambda error: said.append(str(error.error)))
    return show(browser, client_of(who, language="zh-hans"), address), said


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.closest('[data-row]')?.dataset.row ?? ''"))


def test_sixty_are_read_ten_are_accepted_at_once_by_keyboard(
    sixty: ModuleType, clock: DrivenClock, browser: BrowserContext
) -> None:
    page, said = opened(browser)
    first = page.locator("tbody tr").first
    assert "超时 60 分钟" in first.inner_text()  # why it is here and how long it is over, in words
    press(page, "j", "Enter")
    page.locator("[data-pane-heading]").wait_for(timeout=WAIT)
    assert page.evaluate("() => document.activeElement.hasAttribute('data-pane-heading')")
    number = page.locator("[data-case]").get_attribute("data-case")
    assert f"case={number}" in page.url
    press(page, "Escape")
    assert focused(page) == number
    press(page, "j")
    page.wait_for_function(f"() => document.querySelector('[data-case]').dataset.case !== '{number}'", timeout=WAIT)
    assert focused(page) == page.locator("[data-case]").get_attribute("data-case")  # the pane follows, the focus stays
    press(page, "Escape")
    assert not page.locator("[data-pane]").is_visible()
    press(page, "x", *["j"] * 9, "Shift+X")
    assert "已选 10 件" in page.locator("[data-chosen]").inner_text()
    press(page, "a")
    page.keyboard.type("立案")
    press(page, "Tab", "Enter")
    page.wait_for_url("**/cases/bulk", timeout=WAIT)
    assert "将立案 10 件" in page.locator("main").inner_text()
    page.locator("main form button.button").focus()
    page.clock.install()
    press(page, "Enter")
    page.locator("#call-off").wait_for(timeout=WAIT)
    assert page.evaluate("() => document.activeElement.id") == "call-off"
    assert Bulk.objects.get().state == "waiting"
    clock.advance(timedelta(seconds=11))
    bulk.run_due(clock.now())
    page.clock.fast_forward(11_000)
    # Without a reload. A script that was loaded only after the jump counts its ten seconds in real time.
    page.locator('[data-part="bulk"][data-over]').wait_for(timeout=3 * WAIT)
    assert "10 件已办成" in page.locator("main").inner_text()
    assert Case.objects.filter(state="accepted").count() == 10
    assert [words for words in said if "Security" in words or "Error" in words] == []


def test_it_is_called_off_with_one_key(sixty: ModuleType, browser: BrowserContext) -> None:
    page, _said = opened(browser)
    press(page, "j", "x", "a", "Tab", "Enter")
    page.wait_for_url("**/cases/bulk", timeout=WAIT)
    page.locator("main form button.button").focus()
    press(page, "Enter")
    page.locator("#call-off").wait_for(timeout=WAIT)
    press(page, "Enter")
    page.locator('[data-part="bulk"][data-over]').wait_for(timeout=WAIT)
    assert Bulk.objects.get().state == "off"


def test_two_are_compared_and_told_apart(sixty: ModuleType, browser: BrowserContext) -> None:
    page, _said = opened(browser)
    press(page, "j", "x", "j", "x", "c")
    page.locator("h1", has_text="同一件").wait_for(timeout=WAIT)
    assert page.locator(".compare mark").count() > 0
    assert page.locator(".outline__dot").count() == 2
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_somebody_was_first_and_nothing_typed_is_lost(sixty: ModuleType, browser: BrowserContext) -> None:
    told = sixty.walk_to("accepted", at="a1")
    Case.objects.filter(pk=told.case.pk).update(level="V", due_at=sixty.NOW - timedelta(days=1))
    page, _said = opened(browser)
    press(page, "j", "Enter")
    page.locator(f"[data-case='{told.case.number}']").wait_for(timeout=WAIT)
    page.locator(".moves a", has_text="上报").focus()
    press(page, "Enter")
    page.locator("#hand_up-text").wait_for(timeout=WAIT)
    page.locator("#hand_up-reason").select_option("no_means")
    page.locator("#hand_up-text").fill("人手不够，已劝导两次")
    Case.objects.filter(pk=told.case.pk).update(overdue_at=None)
    sixty.do("internal_note", told, "dispatcher", text="物业已答应今天清走")
    page.locator("#move button.button").focus()
    press(page, "Enter")
    page.locator(".meanwhile").wait_for(timeout=WAIT)
    assert "物业已答应今天清走" in page.locator(".meanwhile").inner_text()
    assert page.locator("#hand_up-text").input_value() == "人手不够，已劝导两次"
    page.locator("#move button.button").focus()
    press(page, "Enter")
    page.locator("[data-done]").wait_for(timeout=WAIT)
    assert Case.objects.get(pk=told.case.pk).level == "S"


def note_begun(page: Page, words: str) -> None:
    press(page, "j", "Enter")
    page.locator("[data-pane-heading]").wait_for(timeout=WAIT)
    page.locator(".moves a", has_text="内部备注").click()
    page.locator("#internal_note-text").fill(words)


def test_signed_out_meanwhile_the_words_stay_and_go_after_signing_in(
    sixty: ModuleType, browser: BrowserContext
) -> None:
    client = client_of("director_a", language="zh-hans")
    client.handler.enforce_csrf_checks = True
    page = show(browser, client, QUEUE)
    note_begun(page, "物业已答应今天清走")
    session = client.cookies.pop(settings.SESSION_COOKIE_NAME)
    page.locator("#move button.button").click()
    page.locator("[data-trouble]", has_text="登录").wait_for(timeout=WAIT)
    assert page.locator("#internal_note-text").input_value() == "物业已答应今天清走"
    # Signed in again in another tab, which changes the token.
    client.cookies[settings.SESSION_COOKIE_NAME] = session.value
    client.cookies[settings.CSRF_COOKIE_NAME] = "y" * 32
    browser.add_cookies([{"name": settings.CSRF_COOKIE_NAME, "value": "y" * 32, "url": HOST}])
    page.locator("#move button.button").click()
    page.locator("[data-done]").wait_for(timeout=WAIT)
    assert "物业已答应今天清走" in page.locator("[data-pane]").inner_text()


def test_who_looks_is_seen_and_keys_can_be_switched_off(sixty: ModuleType, browser: BrowserContext) -> None:
    page, _said = opened(browser)
    press(page, "j", "Enter")
    page.locator("[data-pane-heading]").wait_for(timeout=WAIT)
    number = page.locator("[data-case]").get_attribute("data-case")
    other = client_of("lead_a2", language="zh-hans")
    seen = other.post(f"/live/looking/{number}")
    assert "Director A" in seen.content.decode()
    assert Presence.objects.count() == 2
    press(page, "Escape", "?")
    page.locator("#keys [data-keys]").uncheck()
    page.locator("#keys [data-closes]").click()
    page.reload()
    press(page, "x")
    assert page.locator(".pick input:checked").count() == 0


def test_on_a_phone_rows_are_cards_that_lead_to_whole_pages(sixty: ModuleType, browser: BrowserContext) -> None:
    page, _said = opened(browser)
    page.set_viewport_size(PHONE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("a[data-open]").first.click()
    page.wait_for_url(re.compile(r"/staff/cases/LT-"), timeout=WAIT)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
