"""Bad days of a phone, in Chromium: each has a sentence that helps, and none loses anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from tests.field.conftest import Served, sign_in
from tests.field.test_drafts_in_browser import kept, write
from tests.field.test_in_browser import ALL_SENT, COUNTS, PHOTO, ROWS, write_report
from tests.media.photos import heic, jpeg

pytestmark = pytest.mark.browser
A_DAY = timedelta(days=1)
BEHIND = """const real = Date, off = -86_400_000;
    Date = class extends real { constructor(...given) { given.length ? super(...given) : super(real.now() + off); }
        static now() { return real.now() + off; } };"""
ENDED = f"""async () => {{ for (let tries = 0; (await ({ROWS})()).people[0].leaving; tries += 1) {{
    if (tries === 100) throw new Error("the session was not ended");
    await new Promise((done) => setTimeout(done, 50)); }} }}"""
HEIC = {"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": heic()}
MORE = bytes(21 * 1024 * 1024)
GALLERY = "input[type=file]:not([capture])"


def report_page(phone: BrowserContext) -> Page:
    page = phone.new_page()
    page.goto("/field#/report")
    page.locator("#text").wait_for()
    return page


def test_a_refused_camera_and_photos_that_are_not_as_they_should_be(
    served: Served, phone: BrowserContext, tmp_path: Path
) -> None:
    """The words stay; a HEIC goes as it is; what is too large is made smaller, and what cannot be made smaller waits
    apart from its report, to be saved out."""
    huge, huge_heic = tmp_path / "huge.jpg", tmp_path / "huge.heic"
    huge.write_bytes(jpeg() + MORE)
    huge_heic.write_bytes(heic() + MORE)
    before = served.town.numbers()
    page = report_page(phone)
    page.locator("#text").fill("路面塌陷")
    page.locator("input[capture]").dispatch_event("cancel")
    page.get_by_text("没有收到照片").wait_for()
    assert page.locator("#text").input_value() == "路面塌陷"
    page.locator(GALLERY).set_input_files(HEIC)
    page.locator(".field-unseen").wait_for()
    page.locator(GALLERY).set_input_files(huge)
    page.get_by_text("20 MB").wait_for()
    page.locator(GALLERY).set_input_files(huge_heic)
    page.locator("form button.button--wide").click()
    page.goto("/field#/outbox")
    needs = page.locator(".item", has_text="照片").filter(has=page.locator(".pill--overdue"))
    needs.get_by_text("另存照片").wait_for()
    assert len(served.town.numbers() - before) == 1
    assert served.town.ask("photos") == 2


def test_a_clock_one_day_behind_tells_the_right_time_and_when_it_was_sent(
    served: Served, phone: BrowserContext
) -> None:
    sent: list[dict[str, str]] = []

    def lose_first(route: Route) -> None:
        sent.append(route.request.post_data_json)
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.add_init_script(BEHIND)
    phone.route("**/api/v1/reports", lose_first)
    before = served.town.numbers()
    page = phone.new_page()
    with page.expect_response("**/api/v1/patrols/today"):  # this contact measures how far the clock is off
        page.goto("/field")
    write_report(page, "窨井冒水")
    page.locator("#count.field-count--some").wait_for()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_function(ALL_SENT)
    first, again = sent
    for body in sent:
        for name in ("done_at", "sent_at"):
            assert abs(datetime.fromisoformat(body[name]) - datetime.now(UTC)) < A_DAY / 24, (name, body)
    assert first.pop("sent_at") < again.pop("sent_at")
    assert first == again
    assert len(served.town.numbers() - before) == 1


def test_signing_out_with_something_unsent_asks_and_does_what_was_chosen(
    served: Served, phone: BrowserContext
) -> None:
    before = served.town.numbers()
    phone.set_offline(True)
    page = phone.new_page()
    write_report(page, "一号楼漏水")
    sign_out(page, "锁在")
    page.get_by_text("已退出").wait_for()
    page.reload()
    assert "漏水" not in page.locator("main").inner_text()
    assert page.evaluate(COUNTS) == [1, 1, 0, 0]
    with page.expect_response("**/account/logout/"):  # the session is ended now
        phone.set_offline(False)
    page.evaluate(ENDED)
    sign_in(phone, served)
    page.reload()
    page.wait_for_function(ALL_SENT)
    assert len(served.town.numbers() - before) == 1
    phone.set_offline(True)
    write_report(page, "写错了")
    page.once("dialog", lambda dialog: dialog.accept())
    sign_out(page, "删除")
    page.get_by_text("已退出").wait_for()
    assert page.evaluate(COUNTS) == [1, 0, 0, 0]  # one row remembers to end the session


def sign_out(page: Page, choice: str) -> None:
    page.goto("/field#/me")
    page.locator("#leaving button").click()
    page.locator("#leaving button", has_text=choice).click()


def test_a_server_that_is_away_for_an_hour_gets_everything_by_itself(
    served: Served, phone: BrowserContext
) -> None:
    before = served.town.numbers()

    def away(route: Route) -> None:
        route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>")

    phone.route("**/api/**", away)
    page = phone.new_page()
    page.clock.install()
    write_report(page, "树倒在路上")
    page.locator("#said .notice--warning").wait_for()
    for _ in range(3):  # it tries again by itself
        with page.expect_request("**/api/v1/field"):
            page.clock.run_for(20 * 60 * 1000)
    assert "1 条待发送" in page.locator("#count").inner_text()
    phone.unroute("**/api/**")
    page.clock.run_for(31_000)
    page.wait_for_function(ALL_SENT)
    assert len(served.town.numbers() - before) == 1


def test_a_draft_is_still_there_after_a_restart(phone: BrowserContext) -> None:
    page = report_page(phone)
    write(page, "还没写完")
    kept(page, lambda: page.locator(".tile").nth(1).click())
    kept(page, lambda: page.locator(GALLERY).set_input_files(PHOTO))
    page.close()
    again = report_page(phone)
    assert again.locator("#text").input_value() == "还没写完"
    assert again.locator(".tile input").nth(1).is_checked()
    again.locator(".photo-field__list img").wait_for()
