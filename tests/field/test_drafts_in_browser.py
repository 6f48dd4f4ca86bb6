"""What is being written on the phone stays, in Chromium: over leaving the page, a contact, a restart, a full store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.field.conftest import Served
from tests.field.test_in_browser import ALL_SENT, NO_SPACE, PHOTO, ROWS

pytestmark = pytest.mark.browser
GALLERY = "input[type=file]:not([capture])"
KEPT = "已存为草稿"
DRAFTS = f"() => ({ROWS})().then(({{ items }}) => items.filter((one) => one.state === 'draft').length)"
A_DRAFT = f"""async () => {{ for (let tries = 0; tries < 100; tries += 1) {{
    if ((await ({DRAFTS})()) === 1) return;
    await new Promise((done) => setTimeout(done, 50)); }}
    throw new Error("no draft"); }}"""
SLOW_PHOTOS = """const open = crypto.subtle.decrypt.bind(crypto.subtle);
    crypto.subtle.decrypt = async (how, key, data) => {
        if (data.byteLength > 800) await new Promise((done) => setTimeout(done, 300));
        return open(how, key, data); };"""
WITHOUT_FIELDS = f"""async () => {{
    const {{ people, items }} = await ({ROWS})();
    const row = items.find((one) => one.state === "draft"), key = people[0].key;
    const method = (nonce) => ({{ name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(row.id) }});
    const {{ nonce, data }} = row.sealed;
    const opened = await crypto.subtle.decrypt(method(nonce), key, data);
    const {{ form, ...item }} = JSON.parse(new TextDecoder().decode(opened));
    if (!form) throw new Error("no fields were kept");
    const fresh = crypto.getRandomValues(new Uint8Array(12));
    const bytes = new TextEncoder().encode(JSON.stringify(item));
    const sealed = {{ nonce: fresh, data: await crypto.subtle.encrypt(method(fresh), key, bytes) }};
    await new Promise((done) => {{ indexedDB.open("gewu-field").onsuccess = (event) => {{
        const work = event.target.result.transaction("items", "readwrite");
        work.objectStore("items").put({{ id: row.id, user: row.user, order: row.order, state: row.state, sealed }});
        work.oncomplete = done; }} }}); }}"""
HERE = {"longitude": 121.0507, "latitude": 31.2501}


def kept(page: Page, change: Callable[[], object]) -> None:
    """Change one thing in the form, and wait until it is in the draft: nothing else may be on its way."""
    page.evaluate(
        "() => { for (const one of document.querySelectorAll('form [role=status]')) one.textContent = ''; }"
    )
    change()
    page.get_by_text(KEPT).wait_for()


def write(page: Page, text: str) -> None:
    """Type on, and wait until it is a draft."""
    kept(page, lambda: page.locator("#text").fill(text))


def test_going_away_and_back_shows_the_newest_words(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/field#/report")
    write(page, "井盖")
    with page.expect_response("**/api/v1/patrols/today"):
        page.evaluate("() => dispatchEvent(new Event('online'))")
    write(page, "井盖松动")
    page.goto("/field#/today")
    page.locator(".item").first.wait_for()
    page.goto("/field#/report")
    expect(page.locator("#text")).to_have_value("井盖松动")
    page.locator("#text").fill("井盖松动，已围挡")
    page.goto("/field#/today")  # before the pause in which it would be kept
    page.locator(".item").first.wait_for()
    page.goto("/field#/report")
    expect(page.locator("#text")).to_have_value("井盖松动，已围挡")
    assert page.evaluate(DRAFTS) == 1


def test_photos_of_a_draft_go_with_it_however_soon_it_is_sent(served: Served, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/field#/report")
    kept(page, lambda: page.locator(GALLERY).set_input_files(PHOTO))
    write(page, "楼梯扶手断裂")
    page.add_init_script(SLOW_PHOTOS)
    page.reload()
    page.locator("#text").fill("楼梯扶手断裂，三楼")
    page.locator("form button.button--wide").click()
    page.locator("#count.field-count--some").wait_for()
    page.wait_for_function(ALL_SENT)
    assert served.town.ask("photos") == 1


def test_a_position_stays_with_its_matter(phone: BrowserContext) -> None:
    phone.grant_permissions(["geolocation"])
    phone.set_geolocation(HERE)
    page = phone.new_page()
    page.goto("/field#/report")
    kept(page, lambda: page.get_by_role("button", name="加上事发位置").click())
    write(page, "电线垂落")
    page.reload()
    expect(page.locator("#text")).to_have_value("电线垂落")
    page.evaluate(f"() => {{ window.put = IDBObjectStore.prototype.put; ({NO_SPACE})() }}")
    page.locator("form button.button--wide").click()
    page.locator(".toast", has_text="空间").wait_for()
    expect(page.locator("#text")).to_have_value("电线垂落")
    page.evaluate("() => { IDBObjectStore.prototype.put = window.put }")
    with page.expect_request("**/api/v1/reports") as sent:
        page.locator("form button.button--wide").click()
    place = sent.value.post_data_json["place"]
    assert (place["lon"], place["lat"]) == (HERE["longitude"], HERE["latitude"])


def test_a_finding_and_its_checklist_are_still_there_after_a_restart(phone: BrowserContext) -> None:
    """Phones end a page while its camera is open."""
    page = phone.new_page()
    page.goto("/field#/round")
    stop = page.locator(".field-stop").last
    stop.locator("summary").click()
    seen = stop.locator(".pill").count()
    stop.locator("input[type=checkbox]").nth(1).check()
    page.evaluate(A_DRAFT)
    page.reload()
    expect(stop.locator("input[type=checkbox]").nth(1)).to_be_checked()
    expect(stop.locator(".pill")).to_have_count(seen)  # nothing was pressed yet
    stop.locator("a").click()
    kept(page, lambda: page.locator(GALLERY).set_input_files(PHOTO))
    kept(page, lambda: page.locator("input[name=settled]").check())
    kept(page, lambda: page.locator("#settled-text").fill("已搬走"))
    write(page, "杂物挡道")
    page.reload()
    expect(page.locator("#text")).to_have_value("杂物挡道")
    expect(page.locator("#settled-text")).to_have_value("已搬走")
    page.locator(".photo-field__list img").wait_for()
    page.goto("/field#/outbox")
    page.locator("a", has_text="继续").last.click()
    expect(page.locator("#text")).to_have_value("杂物挡道")
    page.route("**/api/v1/patrols/rounds/**", lambda route: route.abort())  # the round is another test's
    page.locator("form button.button--wide").click()
    stop.locator(".pill--handling").wait_for()
    assert page.evaluate(DRAFTS) == 0  # the marks went with it


def test_a_move_is_still_there_after_a_restart(served: Served, phone: BrowserContext) -> None:
    number = served.town.ask("handed")
    page = phone.new_page()
    page.goto("/field#/today")
    page.locator(f'a[href="#/case/{number}"]').click()
    move = page.locator("details", has=page.locator("textarea")).first
    move.locator("summary").click()
    move.locator("textarea").first.fill("已联系物业")
    page.evaluate(A_DRAFT)
    page.reload()
    expect(move.locator("textarea").first).to_be_visible()
    expect(move.locator("textarea").first).to_have_value("已联系物业")


def test_two_tabs_on_one_draft_keep_both_texts_and_say_so(served: Served, phone: BrowserContext) -> None:
    one = phone.new_page()
    one.goto("/field#/report")
    write(one, "井盖")
    other = phone.new_page()
    other.goto("/field#/report")
    expect(other.locator("#text")).to_have_value("井盖")
    write(one, "井盖松动")
    write(other, "井盖丢失")
    other.locator(".toast", has_text="另存为一份草稿").wait_for()
    write(other, "井盖丢失，已围挡")
    write(one, "井盖松动，有响声")
    assert one.evaluate(DRAFTS) == 2
    other.goto("/field#/outbox")
    for words in ("井盖松动，有响声", "井盖丢失，已围挡"):
        other.locator(".item", has_text=words).locator("a", has_text="继续").click()
        expect(other.locator("#text")).to_have_value(words)
        other.goto("/field#/outbox")


def test_what_another_tab_wrote_stays_when_this_one_sends(served: Served, phone: BrowserContext) -> None:
    before = served.town.numbers()
    one = phone.new_page()
    one.goto("/field#/report")
    write(one, "树枝")
    other = phone.new_page()
    other.goto("/field#/report")
    expect(other.locator("#text")).to_have_value("树枝")
    write(one, "树枝压线")
    one.close()
    other.locator("form button.button--wide").click()
    other.locator(".toast").wait_for()
    other.wait_for_function(ALL_SENT)
    other.goto("/field#/outbox")
    other.locator(".item", has_text="树枝压线").locator("a", has_text="继续").click()
    expect(other.locator("#text")).to_have_value("树枝压线")
    assert len(served.town.numbers() - before) == 1


def test_a_draft_of_an_earlier_app_opens_with_its_words(phone: BrowserContext) -> None:
    """It kept of a report only what would be sent, not the fields."""
    page = phone.new_page()
    page.goto("/field#/report")
    kept(page, lambda: page.locator(".tile").nth(2).click())
    kept(page, lambda: page.locator("#words").fill("东门"))
    write(page, "路灯不亮")
    page.goto("/field#/today")
    page.locator(".item").first.wait_for()
    page.evaluate(WITHOUT_FIELDS)
    page.reload()
    page.locator(".item").first.wait_for()
    page.goto("/field#/report")
    expect(page.locator("#text")).to_have_value("路灯不亮")
    expect(page.locator("#words")).to_have_value("东门")
    expect(page.locator(".tile input").nth(2)).to_be_checked()
    expect(page.locator("#grid")).not_to_have_value("")
