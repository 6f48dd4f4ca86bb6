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
from playwright.sync_api import BrowserContext, FloatRect, Page, ViewportSize

from gewu.core.clock import DrivenClock
from gewu.domain.cases.actions import bulk
from gewu.domain.cases.models import Bulk, Case
from gewu.domain.desk.models import Presence
from gewu.web.switches import PRINT_COOKIE
from tests.web.staff.pages import HOST, client_of, show

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
WAIT = 10_000
QUEUE = "/staff/cases?view=open"


@pytest.fixture
def sixty(desk: ModuleType) -> ModuleType:
    """Sixty cases of two grids, one of them overdue, two of them alike."""
    for place in range(60):
        told = desk.report_case(
            at=("a1", "a2")[place % 2], text=f"第{place}处垃圾没有清理，味道很大，影响居民"
        )
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
    page.wait_for_function(
        f"() => document.querySelector('[data-case]').dataset.case !== '{number}'", timeout=WAIT
    )
    assert focused(page) == page.locator("[data-case]").get_attribute(
        "data-case"
    )  # the pane follows, the focus stays
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


def test_on_a_phone_rows_are_cards_that_lead_to_whole_pages(
    sixty: ModuleType, browser: BrowserContext
) -> None:
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


NEWS = ".queue-news [data-reload]"


def rows(page: Page) -> list[str]:
    return list(
        page.evaluate("() => [...document.querySelectorAll('[data-row]')].map(row => row.dataset.row)")
    )


def places(page: Page) -> list[float]:
    rows_at = "[...document.querySelectorAll('[data-row]')].map(row => row.getBoundingClientRect().y)"
    return list(page.evaluate(f"() => {rows_at}"))


def box(page: Page, part: str) -> FloatRect:
    found = page.locator(part).bounding_box()
    assert found is not None
    return found


def chosen(page: Page) -> set[str]:
    return set(
        page.evaluate("() => [...document.querySelectorAll('.pick input:checked')].map(box => box.value)")
    )


@pytest.mark.parametrize("by", ["key", "press"])
def test_what_others_do_is_said_and_no_row_moves_until_one_wants_it(
    desk: ModuleType, browser: BrowserContext, by: str
) -> None:
    told = [desk.report_case(at="a1") for _n in range(4)]
    page, said = opened(browser)
    before = rows(page)
    press(page, "j", "x", "j", "x", "j")
    page.locator("#number").fill("LT-2026")
    page.locator("#bulk-move").select_option("accept")
    page.locator(f"[data-row='{before[2]}'] a[data-open]").focus()
    kept, stood = set(before[:2]), places(page)
    assert chosen(page) == kept
    taken = next(one for one in told if one.case.number == before[3])
    desk.do("decline", taken, "lead_a1")  # by somebody else, at another desk
    new = desk.report_case(at="a2").case.number
    page.locator(NEWS, has_text="有更新，点此刷新").wait_for(timeout=WAIT)
    assert (rows(page), places(page), chosen(page), focused(page)) == (before, stood, kept, before[2])
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    if by == "key":
        press(page, "r")
    else:
        page.locator(NEWS).click()
    page.locator(f"[data-row='{new}']").wait_for(timeout=WAIT)
    assert before[3] not in rows(page)
    page.locator(NEWS).wait_for(state="detached", timeout=WAIT)
    assert (chosen(page), focused(page)) == (kept, before[2])
    assert "已选 2 件" in page.locator("[data-chosen]").inner_text()
    assert page.locator("#number").input_value() == "LT-2026"
    assert page.locator("#bulk-move").input_value() == "accept"
    assert [words for words in said if "Security" in words or "Error" in words] == []


def test_what_one_does_oneself_is_no_news(desk: ModuleType, browser: BrowserContext) -> None:
    for _n in range(3):
        desk.report_case(at="a1")
    page, _said = opened(browser)
    page.evaluate(
        "() => { window.told = 0; new MutationObserver(all => {"
        " window.told += all.filter(one => one.addedNodes.length).length"
        " }).observe(document.querySelector('.queue-news'), { childList: true }) }"
    )
    note_begun(page, "物业已答应今天清走")
    with page.expect_response(lambda answer: "/live/queue" in answer.url and answer.status == 200):
        page.locator("#move button.button").click()
        page.locator("[data-done]").wait_for(timeout=WAIT)
    with page.expect_response(lambda answer: "/live/queue" in answer.url and answer.status == 304):
        pass
    assert page.evaluate("() => window.told") == 0


def test_a_question_that_is_refused_is_said_and_not_asked_again(
    desk: ModuleType, browser: BrowserContext
) -> None:
    desk.report_case(at="a1")
    page, _said = opened(browser)
    note_begun(page, "物业已答应")
    page.route("**/live/queue*", lambda route: route.fulfill(status=403))
    page.locator(".queue-news a", has_text="请在新标签页重新登录").wait_for(timeout=WAIT)
    assert page.locator(".queue-news a").get_attribute("target") == "_blank"
    page.set_viewport_size(PHONE)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live/queue" in request.url else None)
    page.clock.run_for(60_000)
    assert asked == []
    assert page.locator("#internal_note-text").input_value() == "物业已答应"
    page.unroute("**/live/queue*")
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")  # back from the other tab
    page.locator(".queue-news a").wait_for(state="detached", timeout=WAIT)


COVERED = """(line) => {
  const box = document.querySelector(line).getBoundingClientRect();
  const beside = [...document.querySelectorAll("a, button, input, select, summary, label, [data-part=list]")];
  return beside.filter(one => !one.closest(".queue-news") && one.checkVisibility()).filter(one => {
    const other = one.getBoundingClientRect();
    return other.left < box.right && box.left < other.right && other.top < box.bottom && box.top < other.bottom;
  }).map(one => one.outerHTML.slice(0, 80));
}"""


@pytest.mark.parametrize("size", [PHONE, {"width": 320, "height": 640}, {"width": 1280, "height": 720}])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("print_size", ["standard", "large"])
def test_the_line_that_says_so_covers_nothing(
    desk: ModuleType, browser: BrowserContext, size: ViewportSize, print_size: str, language: str
) -> None:
    desk.report_case(at="a1")
    client = client_of("director_a", language=language)
    client.cookies[PRINT_COOKIE] = print_size
    page = show(browser, client, QUEUE)
    page.set_viewport_size(size)
    page.locator(".filter-fold > summary").click()
    stood = places(page)
    desk.report_case(at="a1")
    page.locator(NEWS).wait_for(timeout=WAIT)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size["width"]
    assert places(page) == stood
    panel = box(page, ".filter-fold")
    assert box(page, NEWS)["y"] >= panel["y"] + panel["height"]
    assert page.evaluate(COVERED, NEWS) == []
    page.locator(".filter-fold > summary").click()
    assert page.evaluate(COVERED, NEWS) == []


@pytest.mark.parametrize("size", [PHONE, {"width": 320, "height": 640}, {"width": 1280, "height": 720}])
@pytest.mark.parametrize("print_size", ["standard", "large"])
def test_in_a_list_that_is_scrolled_it_stands_where_no_row_ever_stands(
    desk: ModuleType, browser: BrowserContext, size: ViewportSize, print_size: str
) -> None:
    for _n in range(20):
        desk.report_case(at="a1")
    client = client_of("lead_a1", language="zh-hans")
    client.cookies[PRINT_COOKIE] = print_size
    page = show(browser, client, QUEUE)
    page.set_viewport_size(size)
    page.locator("[data-row] a[data-open]").last.focus()
    kept = box(page, ".queue-news")
    assert kept["y"] == 0  # the line is there before there is news, and rows end below it
    desk.report_case(at="a1")
    page.locator(NEWS).wait_for(timeout=WAIT)
    assert box(page, ".queue-news") == kept
    said = box(page, NEWS)
    assert said["y"] >= 0
    assert said["y"] + said["height"] <= kept["height"]
    for _row in range(19):  # whatever row one goes to on the keyboard stands free of it
        press(page, "k")
        at = page.locator("[data-row] a[data-open]:focus").bounding_box()
        assert at
        assert at["y"] >= kept["height"]


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 720}])
def test_nor_does_it_cover_what_a_narrowed_list_says(
    desk: ModuleType, browser: BrowserContext, size: ViewportSize
) -> None:
    desk.report_case(at="a1")
    page = show(browser, client_of("director_a", language="en"), f"{QUEUE}&since=2000-01-01")
    page.set_viewport_size(size)
    desk.report_case(at="a1")
    page.locator(NEWS).wait_for(timeout=WAIT)
    for _folded in (False, True):
        only = box(page, ".queue-only")
        assert box(page, NEWS)["y"] >= only["y"] + only["height"]
        assert page.evaluate(COVERED, NEWS) == []
        page.locator(".filter-fold > summary").click()
