"""Whose phone it is, in Chromium: signing out on any page, somebody else signing in, and two tabs on one store."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from tests.field.conftest import Served, sign_in
from tests.field.test_bad_days_in_browser import ENDED, sign_out
from tests.field.test_drafts_in_browser import write
from tests.field.test_in_browser import ALL_SENT, write_report

pytestmark = pytest.mark.browser
ONLINE = "() => dispatchEvent(new Event('online'))"
STRANGE_ROW = """() => new Promise((done) => { indexedDB.open("gewu-field").onsuccess = (event) => {
    const work = event.target.result.transaction("items", "readwrite");
    const sealed = { nonce: new Uint8Array(12), data: new ArrayBuffer(64) };
    work.objectStore("items").put({ id: crypto.randomUUID(), user: "worker_a1", order: 1, state: "waiting", sealed });
    work.oncomplete = () => done(); } })"""


def shows_nothing(page: Page) -> None:
    page.locator("#app .empty").wait_for()
    expect(page.locator(".item, .field-stop")).to_have_count(0)
    expect(page.locator("#count")).to_be_hidden()


def test_signing_out_on_an_office_page_locks_the_app_also_without_network(
    served: Served, phone: BrowserContext
) -> None:
    open_before, page = phone.new_page(), phone.new_page()
    open_before.goto("/field")
    open_before.locator(".item").first.wait_for()
    page.goto("/account/logout/")
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "logout" not in url)
    open_before.evaluate("() => dispatchEvent(new Event('pageshow'))")  # back to the tab that was open
    shows_nothing(open_before)
    phone.set_offline(True)
    page.goto("/field")
    shows_nothing(page)
    phone.set_offline(False)
    sign_in(phone, served)
    page.reload()
    page.locator(".item").first.wait_for()


def test_a_contact_begun_before_signing_out_opens_nothing_again(phone: BrowserContext) -> None:
    held: list[tuple[Route, APIResponse]] = []
    page = phone.new_page()
    page.goto("/field#/me")
    page.wait_for_function(ALL_SENT)
    page.route("**/api/v1/field", lambda route: held.append((route, route.fetch())))
    with page.expect_request("**/api/v1/field"):
        page.evaluate(ONLINE)
    while not held:
        page.wait_for_timeout(20)
    page.locator("#leaving button").click()
    page.get_by_text("已退出").wait_for()
    (route, answer), *_ = held
    route.fulfill(response=answer)
    page.unroute("**/api/v1/field")
    with page.expect_response("**/api/v1/field") as later:
        page.evaluate(ONLINE)
    assert later.value.status == 401
    shows_nothing(page)
    phone.set_offline(True)
    page.reload()
    shows_nothing(page)


def test_what_one_person_kept_is_not_sent_by_another(served: Served, phone: BrowserContext) -> None:
    """Somebody else signs in on another page while a contact is at work."""
    before = served.town.numbers()
    page = phone.new_page()
    phone.set_offline(True)
    write_report(page, "单元门坏了")
    swapped: list[bool] = []

    def swap(route: Route) -> None:
        if not swapped:
            swapped.append(True)
            sign_in(phone, served, "session of lead_a1")
        route.continue_()

    page.route("**/api/v1/patrols/today", swap)
    with page.expect_response(lambda answer: answer.url.endswith("/api/v1/field") and bool(swapped)):
        phone.set_offline(False)
    expect(page.locator("#count")).not_to_have_class(re.compile("field-count--some"))
    page.goto("/field#/outbox")
    page.locator(".empty").wait_for()  # the lead's own
    assert served.town.numbers() == before
    sign_in(phone, served)
    page.reload()
    page.wait_for_function(ALL_SENT)
    assert len(served.town.numbers() - before) == 1


def test_a_tab_whose_key_was_deleted_keeps_nothing_under_it(served: Served, phone: BrowserContext) -> None:
    before = served.town.numbers()
    phone.set_offline(True)
    page, other = phone.new_page(), phone.new_page()
    other.goto("/field#/report")
    other.locator("#text").wait_for()
    write_report(page, "写错了")
    page.once("dialog", lambda dialog: dialog.accept())
    sign_out(page, "删除")
    page.get_by_text("已退出").wait_for()
    other.locator("#text").fill("路灯不亮")
    other.locator("form button.button--wide").click()
    shows_nothing(other)
    other.evaluate(STRANGE_ROW)  # as an older version may have left it
    other.close()  # one of them signs out
    with page.expect_response("**/account/logout/"):
        phone.set_offline(False)
    page.evaluate(ENDED)
    sign_in(phone, served)
    page.reload()
    write_report(page, "消火栓漏水")
    page.goto("/field#/outbox")
    lost = page.locator(".item", has_text="打不开")
    page.once("dialog", lambda dialog: dialog.accept())
    lost.locator("button").click()
    page.wait_for_function(ALL_SENT)
    assert len(served.town.numbers() - before) == 1


def test_a_draft_that_another_tab_has_sent_becomes_a_new_one(served: Served, phone: BrowserContext) -> None:
    before = served.town.numbers()
    page, other = phone.new_page(), phone.new_page()
    page.goto("/field#/report")
    write(page, "树枝折断")
    other.goto("/field#/report")
    expect(other.locator("#text")).to_have_value("树枝折断")
    for tab in (page, other):
        if tab is other:
            write(other, "树枝折断，另一棵")
        with tab.expect_response("**/api/v1/reports"):
            tab.locator("form button.button--wide").click()
        tab.wait_for_function(ALL_SENT)
    assert len(served.town.numbers() - before) == 2
