"""When people change: contacts are sealed anew, an office and a post end, on the pages of those who arrange it."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from gewu.core.clock import DrivenClock
from gewu.domain.people.models import Appointment
from gewu.domain.privacy import sealing
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.privacy.models import Officer
from gewu.web.switches import PRINT_COOKIE
from tests.web.staff.pages import client_of, show

pytestmark = pytest.mark.browser
WORDS = "correct horse battery "
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 720}
LEAVE = "#leave button"
HANDED_OVER = 'form[action$="/hand-over"]'


def officers(town: ModuleType) -> None:
    for number in (1, 2, 3):
        sealing.take_office(f"{WORDS}{number}", actor=town.actor(f"identity_officer_{number}"), now=town.NOW)


def opened(browser: BrowserContext, who: str, address: str, size: str = "standard") -> Page:
    client = client_of(who, language="zh-hans")
    client.cookies[PRINT_COOKIE] = size
    page = show(browser, client, address)
    page.set_viewport_size(PHONE if size == "large" else DESK)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= page.evaluate("() => innerWidth")
    return page


def nobody_is_shut_out(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("size", ["standard", "large"])
def test_an_officer_leaves_and_two_seal_anew_to_the_successor(
    desk: ModuleType, browser: BrowserContext, size: str
) -> None:
    officers(desk)
    desk.report_case(confidential=True, contact=ContactInput(phone="13900000001"))
    page = opened(browser, "identity_officer_3", "/staff/identities", size)
    assert "无需重新密封" in page.locator("main").inner_text()
    assert not page.locator(LEAVE).is_visible(), "what cannot be undone takes two presses"
    page.locator("#leave summary").click()
    assert "保管员还剩 2 名" in page.locator("#leave").inner_text()
    nobody_is_shut_out(page)
    page.locator(LEAVE).click()
    page.locator("h2", has_text="生成密钥").wait_for()
    assert "您" not in page.locator("main").inner_text()

    page = opened(browser, "identity_officer_1", "/staff/identities", size)
    assert "有 1 份" in page.locator("main").inner_text()
    assert "须有 3 名保管员已生成密钥" in page.locator("main").inner_text()
    sealing.take_office(f"{WORDS}new", actor=desk.actor("identity_officer_3"), now=desk.NOW)
    page.reload()
    page.locator("#own_passphrase").fill(f"{WORDS}1")
    page.locator("#other").fill("identity_officer_2")
    page.locator("#other_passphrase").fill("wrong words of somebody")
    page.locator("main button", has_text="重新密封").click()
    page.locator("#other_passphrase-error").wait_for()
    assert page.title().startswith("错误")
    assert page.locator("#other").input_value() == "identity_officer_2"
    assert page.locator("#own_passphrase").input_value() == "", "no page gives a passphrase back"
    nobody_is_shut_out(page)
    page.locator("#own_passphrase").fill(f"{WORDS}1")
    page.locator("#other_passphrase").fill(f"{WORDS}2")
    page.locator("main button", has_text="重新密封").click()
    page.locator("main", has_text="无需重新密封").wait_for()
    assert page.locator(".toast").all_inner_texts() == ["已重新密封 1 份。"]
    assert not sealing.to_reseal().exists()
    assert Officer.objects.filter(ended_at=None).count() == 3


@pytest.mark.parametrize("size", ["standard", "large"])
def test_a_post_is_handed_over_with_what_lies_open_there(
    desk: ModuleType, clock: DrivenClock, browser: BrowserContext, size: str
) -> None:
    told = desk.walk_to("handling")
    on = desk.NOW.date() + timedelta(days=3)
    page = opened(browser, "administrator", "/staff/posts/worker-a1", size)
    assert told.case.number in page.locator("main").inner_text(), "what the successor finds"
    nobody_is_shut_out(page)
    form = page.locator(HANDED_OVER)
    form.locator("[name=to]").fill("nobody-here")
    form.locator("[name=on]").fill(on.isoformat())
    form.locator("button").click()
    page.locator("#hand_over-to-error").wait_for()
    assert page.locator(f"{HANDED_OVER} [name=on]").input_value() == on.isoformat()
    nobody_is_shut_out(page)
    page.locator(f"{HANDED_OVER} [name=to]").fill("worker_b1")
    page.locator(f"{HANDED_OVER} button").click()
    page.locator(".toast").wait_for()
    held = dict(Appointment.objects.filter(post__code="worker-a1").values_list("user__username", "ends"))
    assert held == {"worker_a1": on - timedelta(days=1), "worker_b1": None}
    assert "Worker B1" in page.locator("main .items").inner_text()
    assert told.case.number in page.locator("main").inner_text()

    clock.advance(timedelta(days=4))
    desk_of = opened(browser, "worker_b1", f"/staff/cases/{told.case.number}", size)
    assert told.case.number in desk_of.locator("main").inner_text()
