"""A sign at the wall: the place is known, what neighbours reported is shown first, a photo and a tile are enough."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gewu.domain.cases.models import Case, Report
from gewu.domain.places.actions import add_place, change_place, renew_sign
from gewu.domain.places.codes import format_number
from gewu.domain.places.models import Place
from gewu.domain.privacy import texts
from tests import town as cast
from tests.media.photos import jpeg
from tests.places.conftest import given
from tests.web.pages import form, open_report, receipt_of, text

pytestmark = (
    pytest.mark.one_store
)  # the pages; what is asked of the store, tests/cases and tests/places ask of both


@pytest.fixture
def building(resident: Client) -> Place:
    return add_place(given(town=cast), actor=cast.actor("director_a"), now=cast.NOW)


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("lamp.jpg", jpeg(), content_type="image/jpeg")


def reported(resident: Client, place: Place, **more: Any) -> Any:
    return resident.post("/report", open_report(resident, f"?at={place.sign}") | {"tile": "light"} | more)


def test_a_tile_and_a_photo_are_enough(resident: Client, building: Place) -> None:
    assert "You are at 望湖小区3号楼. Is that right?" in text(resident.get(f"/report?at={building.sign}"))
    number, _secret = receipt_of(reported(resident, building, photos=picture()))
    case = Case.objects.get(number=number)
    assert (case.place, case.filed_area.code, case.lon) == (building, "a1", building.lon)
    assert (
        "lamp" in texts.read([case.text_id])[case.text_id].lower()
    )  # the kind itself, in the reader's language


def test_not_sure_and_a_photo_need_a_word(resident: Client, building: Place) -> None:
    answer = reported(resident, building, tile="other", photos=picture())
    assert answer.status_code == 422
    assert "Please say what you saw" in text(answer)


def test_what_is_known_here_is_shown_before_typing_and_once_before_sending(
    resident: Client, building: Place
) -> None:
    first, _secret = receipt_of(reported(resident, building, text="三楼路灯不亮，找王五"))
    part = resident.get("/report/known", {"at": building.sign, "tile": "light"}).content.decode()
    assert f"/join/{first}" in part
    assert "王五" not in part
    step = reported(resident, building, text="路灯又坏了", photos=picture())
    assert step.status_code == 200
    assert Case.objects.count() == 1
    assert f"/join/{first}" in step.content.decode()
    number, _secret = receipt_of(resident.post("/report", form(step, "/report")))
    assert Case.objects.get(number=number).version == 1
    assert Case.objects.count() == 2


def test_who_has_seen_it_is_not_asked_again(resident: Client, building: Place) -> None:
    reported(resident, building, text="路灯不亮")
    receipt_of(reported(resident, building, text="另一处", seen="1"))


def test_another_kind_is_another_matter(resident: Client, building: Place) -> None:
    reported(resident, building, text="路灯不亮")
    assert resident.get("/report/known", {"at": building.sign, "tile": "waste"}).content.strip() == b""
    receipt_of(reported(resident, building, text="垃圾", tile="waste"))


def test_following_makes_no_second_case(resident: Client, building: Place) -> None:
    first, _secret = receipt_of(reported(resident, building, text="路灯不亮"))
    page = resident.get(f"/join/{first}")
    own, _secret = receipt_of(resident.post(f"/join/{first}", form(page, f"/join/{first}")))
    assert Report.objects.get(number=own).case.number == first


def test_the_number_of_a_torn_sign_works_as_well(resident: Client, building: Place) -> None:
    sent = open_report(resident) | {"text": "积水", "number": format_number(building.number)}
    number, _secret = receipt_of(resident.post("/report", sent))
    assert Case.objects.get(number=number).place == building


@pytest.mark.parametrize(
    ("typed", "words"), [("12", "seven digits"), ("slip", "slip in it"), ("other", "No sign has")]
)
def test_a_wrong_number_is_told_at_its_field(
    resident: Client, building: Place, typed: str, words: str
) -> None:
    from gewu.domain.places.codes import new_number

    number = building.number
    typed = {
        "slip": number[:6] + str((int(number[6]) + 1) % 10),
        "other": new_number({number}.__contains__),
    }.get(typed, typed)
    answer = resident.post("/report", open_report(resident) | {"text": "积水", "number": typed})
    assert answer.status_code == 422
    assert words in text(answer)
    assert 'href="#number"' in answer.content.decode()
    assert form(answer, "/report")["text"] == ["积水"]


def test_a_replaced_sign_still_leads_here_and_a_closed_place_says_so_at_once(
    resident: Client, building: Place
) -> None:
    old = building.sign
    renew_sign(building, actor=cast.actor("director_a"), now=cast.NOW)
    assert "望湖小区3号楼" in text(resident.get(f"/report?at={old}"))
    change_place(given(town=cast, is_active=False), version=1, actor=cast.actor("director_a"), now=cast.NOW)
    closed = resident.get(f"/report?at={old}")
    assert "no longer in use" in text(closed)
    assert closed.status_code == 200
    assert "no longer in use" in text(resident.get("/report?at=nonsense"))
    receipt_of(resident.post("/report", form(closed, "/report") | {"text": "积水", "area": "a1"}))


def test_looking_around_has_a_limit(
    resident: Client, building: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gewu.web.report.KNOWN_AN_HOUR", 3)
    address = {"at": building.sign, "tile": "light"}
    answers = {resident.get("/report/known", address).status_code for _n in range(4)}
    assert answers == {200, 429}
