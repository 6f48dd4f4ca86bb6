"""The pattern book shows every component, and each holds in every mode."""

from __future__ import annotations

from types import ModuleType

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from gewu.web.switches import LARGE, PRINT_COOKIE
from tests.web.staff.pages import HOST, client_of, show

pytestmark = pytest.mark.browser

MODES = [("standard", "light"), ("standard", "dark"), (LARGE, "light"), (LARGE, "dark")]
BUTTONS = "main a.button, main button, main input:not([type=hidden]):not(.photo-field__input), main select"


@pytest.mark.parametrize(("size", "scheme"), MODES)
def test_every_component_holds_in_every_mode(
    desk: ModuleType, browser: BrowserContext, size: str, scheme: str
) -> None:
    client = client_of("administrator", language="zh-hans")
    client.cookies[PRINT_COOKIE] = size
    page = show(browser, client, "/staff/patterns")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.url.startswith(HOST)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(("size", "least"), [("standard", 44), (LARGE, 60)])
def test_what_is_pressed_is_large_enough_for_a_thumb(
    desk: ModuleType, browser: BrowserContext, size: str, least: int
) -> None:
    client = client_of("administrator")
    client.cookies[PRINT_COOKIE] = size
    page = show(browser, client, "/staff/patterns")
    heights = page.eval_on_selector_all(
        BUTTONS,
        "all => all.map(one => [one.outerHTML.slice(0, 80), (one.closest('label.tile, label.choice') ?? one)"
        ".getBoundingClientRect().height])",
    )
    assert heights
    assert [(html, height) for html, height in heights if height < least] == []
