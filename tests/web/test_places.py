"""The page behind a sign: who looks after the place, what is open there, and what helps when the sign does not."""

from __future__ import annotations

import io
import json

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from pypdf import PdfReader

from gewu.domain.areas.models import Area
from gewu.domain.cases.models import Case
from gewu.domain.places.actions import add_place, change_place, renew_sign
from gewu.domain.places.codes import format_number
from gewu.domain.places.models import Place
from tests import town as cast
from tests.places.conftest import given
from tests.web.pages import dead_links, text


@pytest.fixture
def building(resident: Client) -> Place:
    more = {"keeper": "property", "attributes": {"floors": 6}}
    return add_place(given(town=cast, **more), actor=cast.actor("director_a"), now=cast.NOW)


def test_it_names_the_place_who_looks_after_it_and_offers_what_to_report(
    resident: Client, building: Place
) -> None:
    page = resident.get(f"/p/{building.sign}")
    said = text(page)
    assert all(
        words in said for words in ("望湖小区3号楼", "安居物业", "0523-12345", format_number(building.number))
    )
    assert f"/report?at={building.sign}&amp;tile=light" in page.content.decode()
    assert Place.objects.get().scanned_on == cast.NOW.date()


def test_open_cases_of_the_place_are_shown_with_what_is_public(resident: Client, building: Place) -> None:
    told = cast.report_case(text="找王五", sign=building.sign)
    cast.report_case(cast.DISPUTE, sign=building.sign)
    page = resident.get(f"/p/{building.sign}").content.decode()
    assert page.count("/join/") == 1
    assert f"/join/{told.case.number}" in page
    assert "王五" not in page


def test_a_torn_sign_works_by_its_number_and_can_be_called_damaged(resident: Client, building: Place) -> None:
    found = resident.post("/p", {"number": f" {format_number(building.number)}", "unreadable": "1"})
    assert found["Location"] == f"/p/{building.sign}"
    assert Place.objects.get().unreadable_on == cast.NOW.date()


@pytest.mark.parametrize(("typed", "words"), [("", "seven digits"), ("1234567", "slip")])
def test_a_wrong_number_is_told_and_kept(resident: Client, building: Place, typed: str, words: str) -> None:
    answer = resident.post("/p", {"number": typed})
    assert answer.status_code == 422
    assert words in text(answer)
    assert f'value="{typed}"' in answer.content.decode()


def test_an_unknown_code_helps_on(resident: Client, building: Place) -> None:
    answer = resident.get("/p/nothing")
    assert answer.status_code == 404
    assert "leads nowhere" in text(answer)
    assert 'name="number"' in answer.content.decode()


def test_a_replaced_sign_leads_on_and_a_closed_place_says_so(resident: Client, building: Place) -> None:
    old = building.sign
    renewed = renew_sign(building, actor=cast.actor("lead_a1"), now=cast.NOW)
    assert resident.get(f"/p/{old}")["Location"] == f"/p/{renewed.sign}"
    change_place(given(town=cast, is_active=False), version=1, actor=cast.actor("lead_a1"), now=cast.NOW)
    page = resident.get(f"/p/{renewed.sign}")
    assert "This place is closed" in text(page)
    assert "tile=" not in page.content.decode()


def test_numbers_cannot_be_tried_out(
    resident: Client, building: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gewu.web.places.TRIES_AN_HOUR", 3)
    answers = [resident.post("/p", {"number": "1234567"}).status_code for _n in range(4)]
    assert answers[-1] == 429
    assert Case.objects.count() == 0


def test_the_card_of_a_grid_says_who_serves_it(resident: Client) -> None:
    page = resident.get("/g/a1")
    said = text(page)
    assert all(words in said for words in ("Lead A1", "Worker A1", "0523-12345"))
    assert "Lead A2" not in said
    assert page.content.decode().count("outline__area--subject") == 1


def test_the_card_of_a_grid_names_it_in_the_readers_language(resident: Client) -> None:
    names = {"zh-hant": "望湖社區第1網格", "zh-hans": "望湖社区第1网格"}
    Area.objects.filter(code="a1").update(name=names["zh-hans"], names=names)
    page = text(resident.get("/g/a1", headers={"accept-language": "zh-TW"}))
    assert names["zh-hant"] in page
    assert names["zh-hans"] not in page, "nor in the drawing"


def test_the_finder_answers_by_position_and_from_the_list(resident: Client) -> None:
    lon, lat = cast.middle("b2")
    assert resident.get("/grids", {"lon": lon, "lat": lat})["Location"] == "/g/b2"
    assert resident.get("/grids", {"area": "a2"})["Location"] == "/g/a2"
    assert resident.get("/grids", {"area": "a2/<b>"}).status_code == 404
    outside = resident.get("/grids", {"lon": 10, "lat": 10})
    assert outside.status_code == 422
    assert "none of our grids" in text(outside)
    for wrong in ({"lon": "x", "lat": "y"}, {"lon": 500, "lat": 10}, {"lon": 10, "lat": 10}):
        told = resident.get("/grids", wrong)
        assert told.status_code == 422
        assert dead_links(told) == []
    assert resident.get("/g/community_a").status_code == 404


def test_the_poster_carries_names_phones_and_a_code_that_scans(resident: Client) -> None:
    made = b"".join(resident.get("/g/a1/poster.pdf"))
    page = PdfReader(io.BytesIO(made)).pages[0]
    assert "0523-12345" in page.extract_text()
    assert "Lead A1" in page.extract_text()
    picture = pypdfium2.PdfDocument(made)[0].render(scale=3).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["http://127.0.0.1:8000/g/a1"]
    assert json.dumps(page["/Resources"]["/Font"].get_object(), default=str)
