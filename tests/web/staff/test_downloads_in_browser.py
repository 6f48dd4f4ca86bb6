"""A form that hands over a file stays on the page, so it must be good for more than one press."""

from __future__ import annotations

from types import ModuleType

import pytest
from playwright.sync_api import BrowserContext, Page

from gewu.domain.places.actions import add_place
from tests.places.conftest import given
from tests.web.staff.pages import client_of, show

pytestmark = pytest.mark.browser


def sent(page: Page, path: str) -> list[str]:
    found: list[str] = []
    page.on(
        "request", lambda one: found.append(one.url) if one.method == "POST" and path in one.url else None
    )
    return found


def opened(desk: ModuleType, browser: BrowserContext, name: str) -> tuple[Page, str, str]:
    """The page, the button that hands over a file, and where it sends."""
    if name == "place":
        code = add_place(given(town=desk), actor=desk.actor("director_a"), now=desk.NOW).code
        return (
            show(browser, client_of("director_a"), f"/staff/places/{code}"),
            'form[action$="signs.pdf"] button',
            "signs.pdf",
        )
    if name == "export":
        number = desk.walk_to("accepted").case.number
        page = show(browser, client_of("director_a"), f"/staff/cases/{number}/file.pdf")
        page.locator("#reason").select_option(index=1)
        return page, "main form button", "file.pdf"
    page = show(browser, client_of("administrator"), "/staff/posts/import")
    page.locator("#file").set_input_files(
        {"name": "posts.xlsx", "mimeType": "application/zip", "buffer": workbook()}
    )
    return page, 'button[value="sheet"]', "posts/import"


def workbook() -> bytes:
    from gewu.core import tables
    from gewu.domain.people import workbook as posts

    return tables.write_workbook({str(posts.SHEETS[0].label): [["?"], ["x"]]})


@pytest.mark.parametrize("name", ["place", "export", "people"])
def test_a_file_is_handed_over_again_when_it_is_asked_for_again(
    desk: ModuleType, browser: BrowserContext, name: str
) -> None:
    page, button, path = opened(desk, browser, name)
    page.clock.install()
    posts = sent(page, path)
    for count in (1, 2):
        with page.expect_download():
            page.locator(button).dblclick()  # sends once
        page.clock.run_for(3_500)
        assert len(posts) == count


def test_any_other_form_is_sent_once(desk: ModuleType, browser: BrowserContext) -> None:
    page = show(browser, client_of("administrator"), "/staff/absences")
    page.clock.install()
    tries = page.evaluate(
        """() => {
            const form = document.querySelector("main form[method=post]");
            return [1, 2].map(() => form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true })));
        }"""
    )
    assert tries == [True, False]
