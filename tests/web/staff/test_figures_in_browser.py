"""Tables on a phone: one pushes them aside to read on; no name and no number is broken to make them fit."""

from __future__ import annotations

from types import ModuleType

import pytest
from playwright.sync_api import BrowserContext

from tests.web.staff.pages import client_of, show

pytestmark = pytest.mark.browser
# Every piece of text in a name or number cell, with the number of lines it takes.
LINES = """() => [...document.querySelectorAll("main .table :is(tbody th, td.number)")].flatMap(cell => {
  const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) {
    if (!walk.currentNode.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(walk.currentNode);
    found.push([walk.currentNode.data.trim(), range.getClientRects().length]);
  }
  return found;
})"""


def test_names_and_numbers_stay_in_one_line(desk: ModuleType, browser: BrowserContext) -> None:
    for place in range(12):
        desk.report_case(at=("a1", "a2")[place % 2])
    page = show(browser, client_of("director_a", language="zh-hans"), "/staff/figures")
    page.set_viewport_size({"width": 390, "height": 844})
    lines = page.evaluate(LINES)
    assert "12" in {text for text, _count in lines}
    assert [text for text, count in lines if count > 1] == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
