"""Reading a page's forms as a browser does, and filling them in."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


class _Form(HTMLParser):
    """Collects what a browser would send of the form with this action, untouched."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.fields: dict[str, list[str]] = {}
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = found.get("action", self.action) == self.action
        if not self.inside or (tag != "option" and "name" not in found):
            return
        kind = found.get("type", "text")
        if tag == "input" and kind in ("checkbox", "radio"):
            if "checked" in found:
                self._add(found["name"], found.get("value", "on"))
        elif tag == "input" and kind != "file":
            self._add(found["name"], found.get("value", ""))
        elif tag == "textarea":
            self.area = found["name"]
            self._add(self.area, "")
        elif tag == "select":
            self.select = found["name"]
        elif tag == "option" and self.select and (self.select not in self.fields or "selected" in found):
            self.fields[self.select] = [found.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea":
            self.area = ""
        if tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self.fields[self.area][-1] += data

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def form(response: HttpResponse, action: str) -> dict[str, Any]:
    """What the form would send as it stands."""
    reader = _Form(action)
    reader.feed(response.content.decode())
    assert reader.fields, f"no form for {action}"
    return dict(reader.fields)


def dead_links(response: HttpResponse) -> list[str]:
    """Links of the page's summary of errors that lead to nothing on it; a page without one has no business here."""
    page = response.content.decode()
    summary = re.search(r'class="error-summary".*?</div>', page, re.DOTALL)
    assert summary, page
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    return [name for name in re.findall(r'href="#([^"]*)"', summary[0]) if name not in ids]


def open_report(client: Client, query: str = "") -> dict[str, Any]:
    """The empty report form."""
    return form(client.get(f"/report{query}"), "/report")


def receipt_of(response: HttpResponse) -> tuple[str, str]:
    """Number and secret as the page shows them."""
    page = response.content.decode()
    number = re.search(r'receipt__number">([^<]+)<', page)
    secret = re.search(r'receipt__secret">([^<]+)<', page)
    assert number, page
    assert secret, page
    return number[1], secret[1]


def text(response: HttpResponse) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
