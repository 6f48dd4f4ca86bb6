"""What its user has in hand on the phone stays when a page is drawn anew, in Chromium; what was refused is not done."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.field.conftest import Served
from tests.field.test_in_browser import ALL_SENT, PHOTO, UNSENT, write_report

pytestmark = pytest.mark.browser
ONLINE = "() => dispatchEvent(new Event('online'))"
TAKEN_OUT = """() => { window.gone = 0; new MutationObserver((all) => {
    for (const one of all) window.gone += one.target.closest('.timeline') ? one.removedNodes.length : 0;
    }).observe(document.getElementById('app'), { childList: true, subtree: true }); }"""
PROBLEM = "application/problem+json"


def contact(page: Page) -> None:
    """One contact that cannot send what waits, and what it would draw."""
    with page.expect_event("requestfailed", lambda request: "/ticks" in request.url):
        page.evaluate(ONLINE)
    page.wait_for_timeout(300)


def refused(pointer: str) -> dict[str, object]:
    fault = {"pointer": pointer, "code": "gone", "message": "不再有"}
    body = {"code": "invalid", "message": "不行", "errors": [fault]}
    return {"status": 422, "content_type": PROBLEM, "body": json.dumps(body)}


def test_focus_and_open_lists_stay_and_nothing_new_draws_nothing(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.route("**/api/v1/patrols/rounds/**", lambda route: route.abort())  # the round is another test's
    page.goto("/field#/round")
    stop = page.locator(".field-stop").nth(1)
    page.locator(".field-stop summary").first.click()
    fine = stop.locator("button").first
    fine.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(UNSENT)
    expect(fine).to_be_focused()
    expect(page.locator(".field-stop details").first).to_have_attribute("open", "")
    page.locator("#said .notice--warning").wait_for()  # what was pressed cannot be sent
    contact(page)
    drawn = page.locator("#app h1").element_handle()
    contact(page)
    assert drawn.evaluate("(one) => one.isConnected")
    expect(fine).to_be_focused()


def test_the_question_about_unsent_acts_stays_while_it_is_read(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.route("**/api/v1/reports", lambda route: route.fulfill(status=503, content_type=PROBLEM, body="{}"))
    phone.set_offline(True)
    write_report(page, "水管爆裂")
    page.goto("/field#/me")
    page.locator("#leaving button").click()
    keep = page.locator("#leaving button", has_text="锁在")
    keep.focus()
    phone.set_offline(False)
    page.locator("#said", has_text="服务器没有回应").wait_for()  # drawn anew
    expect(keep).to_be_focused()
    page.unroute("**/api/v1/reports")
    page.evaluate(ONLINE)
    page.wait_for_function(ALL_SENT)
    expect(page.locator("#unsent")).to_contain_text("已全部发出")


def test_a_closing_that_was_refused_does_not_close_the_round(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.route("**/close", lambda route: route.fulfill(**refused("/nothing_found")))  # type: ignore[arg-type]
    page.goto("/field#/round")
    page.locator("#app > button.button--wide").click()
    page.locator("#count", has_text="1").wait_for()
    with page.expect_response("**/api/v1/patrols/today"):
        page.evaluate(ONLINE)
    page.locator("#app > button.button--wide").wait_for()
    page.goto("/field#/outbox")
    page.get_by_text("不再有").wait_for()


def test_a_photo_that_a_proxy_refuses_is_set_aside_once(served: Served, phone: BrowserContext) -> None:
    """Its report goes without it, also when the report has to be said anew."""
    before = served.town.numbers()
    answers = iter([refused("/condition")])

    def first_refused(route: Route) -> None:
        answer = next(answers, None)
        if answer:
            route.fulfill(**answer)  # type: ignore[arg-type]
        else:
            route.continue_()

    page = phone.new_page()
    too_large = "<html><h1>413 Request Entity Too Large</h1></html>"
    page.route(
        "**/api/v1/photos", lambda route: route.fulfill(status=413, content_type="text/html", body=too_large)
    )
    page.route("**/api/v1/reports", first_refused)
    page.goto("/field#/report")
    page.locator(".tile").first.click()
    page.locator("input[type=file]").last.set_input_files(PHOTO)
    write_report(page, "围墙倾斜")
    page.goto("/field#/outbox")
    page.locator(".item", has_text="太大").wait_for()
    page.evaluate(ONLINE)
    page.locator(".item", has=page.locator(".pill--closed")).wait_for()
    expect(page.locator(".item", has=page.locator(".pill--overdue"))).to_have_count(1)
    assert len(served.town.numbers() - before) == 1


def test_the_history_of_a_kept_case_stays_where_it_is_when_the_page_is_drawn_anew(
    served: Served, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto("/field#/report")
    page.locator("input[type=file]").last.set_input_files(PHOTO)
    write_report(page, "台阶缺角")
    page.wait_for_function(ALL_SENT)
    page.goto("/field#/today")
    page.reload()
    page.locator('.item:has(a[href^="#/case/"])', has_text="台阶缺角").locator("a").click()
    page.locator(".timeline img").wait_for()
    parts = ("h1", ".timeline__item", ".timeline img")
    title, item, image = (page.locator(f"#app {part}").first.element_handle() for part in parts)
    page.evaluate(TAKEN_OUT)
    phone.set_offline(True)
    page.locator("#said .notice--warning").wait_for()
    page.wait_for_function("(title) => !title.isConnected", arg=title)  # the page was drawn anew
    page.wait_for_timeout(300)
    assert item.evaluate("(one) => one.isConnected")
    assert image.evaluate("(one) => one.isConnected && one.naturalWidth > 0")
    assert page.evaluate("() => window.gone") == 0
    expect(page.locator(".timeline img")).to_have_count(1)
