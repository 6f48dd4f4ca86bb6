"""Readers of Chinese meet no mark of another language beside a character, wherever the pieces of a page come from."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser
from types import ModuleType

import pytest
from django.test import Client

from gewu.domain.cases.models import Case
from tests.web.staff.pages import client_of, text_of
from tests.web.staff.test_look import PAGES

FOREIGN = re.compile(r"[一-鿿”）％%] ?[,:;()]|[,:;()] ?[一-鿿]")
OF_BLOCKS = {
    "p", "li", "td", "th", "dt", "dd", "div", "h1", "h2", "h3", "option", "label", "title", "button", "summary",
}  # fmt: skip
MORE = {
    "patrols": ("lead_a1", "/staff/patrols"),
    "plan": ("lead_a1", "/staff/patrols/add"),
    "visits": ("lead_a1", "/staff/visits"),
    "places": ("director_a", "/staff/places"),
    "command": ("director_a", "/staff/command"),
    "inbox": ("lead_a1", "/staff/inbox"),
    "add": ("administrator", "/staff/catalogue/add"),
    "found": ("administrator", "/staff/catalogue?text=垃圾"),
    "tokens": ("administrator", "/staff/tokens"),
    "looks": ("supervisor", "/staff/access-log"),
    "erase": ("privacy_officer", "/staff/erase"),
    "waiting": ("dispatcher", "/staff/cases/bulk/waiting"),
    "second looks": ("adviser", "/staff/second-looks"),
    "caller": ("intake", "/staff/caller"),
    "field": ("worker_a1", "/field"),
    "start": ("", "/"),
    "resident's report": ("", "/report?tile=waste"),
    "grids": ("", "/grids"),
    "numbers": ("", "/open"),
    "privacy": ("", "/privacy"),
    "suggest": ("", "/suggest"),
    "help": ("", "/help"),
    "receipt": ("", "/r"),
    "chapter": ("", "/help/queue"),
}


class _Lines(HTMLParser):
    """What is read, line by line: pieces in one block meet, blocks do not."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        if tag in OF_BLOCKS:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")
        if tag in OF_BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.lines[-1] += data


def foreign(page: str) -> list[str]:
    """The lines in which a mark of another language stands beside a character."""
    reader = _Lines()
    reader.feed(page)
    return [line.strip() for line in reader.lines if FOREIGN.search(line)]


@pytest.mark.parametrize("name", [*PAGES, *MORE])
def test_marks_beside_characters_are_chinese(desk: ModuleType, name: str) -> None:
    told = desk.walk_to("accepted")
    Case.objects.filter(pk=desk.report_case().case.pk).update(overdue_at=desk.NOW - timedelta(hours=1))
    who, address = (PAGES | MORE)[name]
    nobody = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="zh-hans")
    client = client_of(who, language="zh-hans") if who else nobody
    answer = client.get(address.format(number=told.case.number))
    assert answer.status_code == 200, answer
    assert foreign(text_of(answer)) == []


def test_a_foreign_mark_is_seen() -> None:
    assert foreign("<p>受理时限: <b>过半</b></p><p>受理时限：过半（2） 10:42</p>") == ["受理时限: 过半"]
