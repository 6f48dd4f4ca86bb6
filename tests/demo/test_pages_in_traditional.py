"""In traditional characters no page of the model town, and nothing a worker's phone is given, shows a simplified name.

What people typed stays as they typed it: reports, words of an act, findings, where exactly it was; and so does what a
form holds to be changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from importlib.resources import files

import pytest
from django.test import Client

from gewu.demo import posts, words
from gewu.demo.patrols import FOUND, SETTLED
from gewu.domain.people.models import Post
from gewu.domain.places.models import Place
from tests.demo.test_cases import filled
from tests.web.staff.pages import client_of
from tools import messages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir", "heads_dir")]

TYPED = (
    "简体",  # whose text a field of the catalogue takes
    *(text for _condition, texts in words.MATTERS for text in texts),
    *words.PLACES,
    *words.PEOPLE,
    *posts.WORDS.values(),
    *FOUND,
    *SETTLED,
)
NEVER = re.compile(
    r"\.(pdf|xlsx|csv|json)|/photos/|/file|/account/|^/help|logout|/wall$|/language|/print-size"
)
MOST = 40  # kinds of pages a reader opens, one of each
ASKED_BY_PHONES = ("field", "patrols/today", "cases")


def simplified_only() -> str:
    """Characters that no text in traditional characters has: none of their forms there is the character itself."""
    table = (files("opencc") / "dictionary" / "STCharacters.txt").read_text(encoding="utf-8")
    convert = messages.converter()
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return "".join(one for one, forms in pairs if one not in forms.split() and convert(one) != one)


def left(page: str) -> str:
    """The page without what names another language in its own characters, and without what was typed."""
    page = re.sub(r'<(\w+)[^>]*\blang="zh-hans"[^>]*>.*?</\1>', "", page, flags=re.S)
    page = re.sub(
        r'<bdi>.*?</bdi>|<textarea.*?</textarea>|<input\b[^>]*\bvalue="[^"]*"', "", page, flags=re.S
    )
    page = unescape(page)
    for text in sorted(TYPED, key=len, reverse=True):
        page = page.replace(text, "")
    return page


def walked(client: Client, *starts: str) -> Iterator[tuple[str, str]]:
    """Every kind of page that can be reached by links, one of each kind."""
    waiting, known = list(starts), set(starts)
    while waiting and len(known) < MOST:
        address = waiting.pop(0)
        answer = client.get(address, follow=True)
        if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
            continue
        page = answer.content.decode()
        yield address, page
        for link in re.findall(r'href="(/[^"#]*)"', page):
            link = unescape(link)
            kind = re.sub(r"[0-9A-Z][0-9A-Z-]+|=[^&]*|[0-9a-f-]{20,}", "?", link)
            if kind not in known and not NEVER.search(link):
                known.add(kind)
                waiting.append(link)


@pytest.mark.one_store  # names are chosen in Python
def test_no_page_shows_a_simplified_name() -> None:
    assert filled(number=24).cases == 24
    never = re.compile(f'[^\\s<>"]*[{simplified_only()}][^\\s<>"]*')
    faults: list[str] = []

    def check(who: str, address: str, page: str) -> None:
        faults.extend(f"{who} {address}: {found}" for found in never.findall(left(page)))

    def walk(who: str, client: Client, *starts: str) -> int:
        pages = list(walked(client, *starts))
        for address, page in pages:
            check(who, address, page)
        return len(pages)

    place = Place.objects.select_related("area").filter(kind="compound").order_by("code").first()
    assert place
    resident = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="zh-hant")
    seen = [
        (check("resident", *page), page[0])[1]
        for page in walked(resident, "/", f"/p/{place.sign}", f"/g/{place.area.code}")
    ]
    assert len(seen) > 9
    for role in ("worker", "director", "dispatcher", "administrator", "supervisor"):
        post = (
            Post.objects.filter(role=role, is_active=True, appointments__ends=None).order_by("code").first()
        )
        assert post
        client = client_of(post.appointments.get(ends=None).user.username, language="zh-hant")
        starts = ("/", f"/p/{place.sign}", f"/g/{place.area.code}")
    assert walk("resident", resident, *starts) > 9
    for role in ("worker", "director", "dispatcher", "administrator", "supervisor"):
        post = (
            Post.objects.filter(role=role, is_active=True, appointments__ends=None).order_by("code").first()
        )
        assert post
        client = client_of(post.appointments.get(ends=None).user.username, language="zh-hant")
        assert walk(role, client, "/staff/") > 3, role
        for part in ASKED_BY_PHONES:
            answer = client.get(f"/api/v1/{part}")
            if answer.status_code == 200:
                told = re.sub(r'"zh-hans":"[^"]*"', "", answer.content.decode())
                check(role, part, told)
    assert faults == []
