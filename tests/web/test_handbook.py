"""The handbook: for everybody, each chapter answers, each page's help fits it, and every picture is there and small."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from gewu.web import staff_urls
from gewu.web.chapters import BY_PAGE, CHAPTERS, PICTURED
from tests.web.pages import text

PICTURES = settings.STATIC_ROOT / "help"
MOST = 40 * 1024
# Staff addresses that show no page of their own: files, parts of a page, and acts that lead back to one.
NO_PAGE = {
    "home", "jump", "hints_back", "hint_away", "view_save", "view_drop", "case_pane", "case_file", "photo",
    "command_ground", "places_template", "place_unreadable", "place_renew", "finding_photo",
    "visit_slip_pdf", "people_template",
}  # fmt: skip
NAMED = {
    f"{one.name}.{language}.webp" for chapter in CHAPTERS for one in chapter.pictures for language in PICTURED
}


def test_no_picture_is_missing_orphaned_or_heavy() -> None:
    there = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert set(there) == NAMED
    assert {name: size for name, size in there.items() if size > MOST} == {}


def test_every_page_a_chapter_names_exists_and_none_has_two() -> None:
    named = [page for chapter in CHAPTERS for page in chapter.pages]
    assert len(named) == len(set(named))
    resolver = get_resolver()
    known = set(resolver.reverse_dict)
    for space, (_prefix, inner) in resolver.namespace_dict.items():
        known |= {f"{space}:{name}" for name in inner.reverse_dict if isinstance(name, str)}
    assert set(BY_PAGE) <= known


def test_every_staff_page_has_its_chapter() -> None:
    pages = {f"staff:{route.name}" for route in staff_urls.urlpatterns}
    assert pages - set(BY_PAGE) == {f"staff:{name}" for name in NO_PAGE}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_each_chapter_is_open_to_everybody(resident: Client, chapter: object) -> None:
    page = resident.get(f"/help/{chapter.slug}")  # type: ignore[attr-defined]
    assert page.status_code == 200
    assert page.content.count(b"<figure") == len(chapter.pictures)  # type: ignore[attr-defined]
    assert str(chapter.texts[0]) in text(page).replace("&#x27;", "'")  # type: ignore[attr-defined]


def test_the_contents_lead_to_every_chapter_and_offer_residents_no_hints(resident: Client) -> None:
    page = resident.get("/help").content.decode()
    assert all(f'href="/help/{chapter.slug}"' in page for chapter in CHAPTERS)
    assert "/staff/hints" not in page


def test_help_opens_the_chapter_that_fits_the_page(resident: Client) -> None:
    for address, slug in {
        "/": "report",
        "/grids": "places",
        "/open": "command",
        "/privacy": "privacy",
    }.items():
        assert f'<a href="/help/{slug}">' in resident.get(address).content.decode()
    assert '<a href="/help">' in resident.get("/help").content.decode()
    assert resident.get("/help/nothing").status_code == 404
