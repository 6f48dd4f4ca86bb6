"""Reporting without script and without an account: words in, a receipt out, nothing typed is ever lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gewu.core.errors import NotFound, Unavailable
from gewu.core.text import CaseNumber
from gewu.domain.cases.models import Case, CasePhoto, Report
from gewu.domain.privacy import sealing, texts
from gewu.domain.requests.work import BUSY
from tests import town as cast
from tests.media.photos import jpeg
from tests.town import GAS, middle
from tests.web.pages import dead_links, form, open_report, receipt_of, text


def picture(name: str = "lamp.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(), content_type="image/jpeg")


def test_a_few_words_make_a_case_and_a_receipt(resident: Client) -> None:
    sent = open_report(resident) | {
        "text": "东门路灯不亮",
        "tile": "light",
        "area": "a1",
        "photos": picture(),
    }
    answer = resident.post("/report", sent)
    assert answer.status_code == 201
    number, secret = receipt_of(answer)
    case = Case.objects.get(number=number)
    assert (case.filed_area.code, case.source, case.condition.subclass.code[:1]) == ("a1", "page", "C")
    assert texts.read([case.text_id])[case.text_id] == "东门路灯不亮"
    assert CasePhoto.objects.filter(case=case).count() == 1
    assert len(secret.replace(" ", "")) == 16
    assert "data:image/svg+xml" in answer.content.decode()
    assert "We decide by" in text(answer)
    assert "you see with the receipt what is being done first" in text(answer)
    assert answer["Cache-Control"].count("no-store")


def test_the_place_may_come_from_a_code_at_the_wall(resident: Client) -> None:
    sent = open_report(resident, "?area=b2") | {"text": "积水"}
    assert sent["area"] == ["b2"]
    number, _secret = receipt_of(resident.post("/report", sent))
    assert Case.objects.get(number=number).filed_area.code == "b2"


def test_a_second_press_gets_the_same_receipt(resident: Client) -> None:
    sent = open_report(resident) | {"text": "积水", "photos": picture()}
    first = receipt_of(resident.post("/report", sent))
    sent["photos"].seek(0)
    assert receipt_of(resident.post("/report", sent)) == first
    assert Case.objects.count() == 1


def test_the_same_form_with_other_words_asks_before_it_reports_again(resident: Client) -> None:
    sent = open_report(resident) | {"text": "积水"}
    resident.post("/report", sent)
    again = resident.post("/report", sent | {"text": "另一处积水"})
    assert again.status_code == 422
    assert Case.objects.count() == 1
    receipt_of(resident.post("/report", form(again, "/report")))
    assert Case.objects.count() == 2


def test_a_second_report_from_one_form_leaves_the_photos_of_the_first_where_they_are(
    resident: Client,
) -> None:
    kept = form(
        resident.post("/report", open_report(resident) | {"text": "", "photos": picture()}), "/report"
    )
    first, _secret = receipt_of(resident.post("/report", kept | {"text": "积水"}))
    again = form(resident.post("/report", kept | {"text": "另一处积水", "photos": picture()}), "/report")
    assert len(again["photo"]) == 1
    assert again["photo"] != kept["photo"]
    second, _secret = receipt_of(resident.post("/report", again))
    assert [CasePhoto.objects.filter(case__number=one).count() for one in (first, second)] == [1, 1]


def test_a_photo_that_another_report_has_is_told_and_left_out(resident: Client) -> None:
    kept = form(
        resident.post("/report", open_report(resident) | {"text": "", "photos": picture()}), "/report"
    )
    resident.post("/report", kept | {"text": "积水"})
    other = open_report(resident) | {"text": "另一处积水", "photo": kept["photo"]}
    refused = resident.post("/report", other)
    assert refused.status_code == 422
    assert "already part of a case" in text(refused)
    receipt_of(resident.post("/report", form(refused, "/report")))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("text", "", "Please say what you saw"),
        ("text", "长" * 5001, "5000"),
        ("area", "nowhere", "not known"),
        ("place", "长" * 500, "200"),
        ("contact_phone", "12", ""),
        ("contact_email", "not-an-address", "not an e-mail address"),
        ("lon", "abc", ""),
        ("condition", "no-such", "not in the catalogue"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_everything_is_kept(
    resident: Client, field: str, value: str, words: str
) -> None:
    lon, lat = middle("a1") if field == "lon" else ("", "")
    typed: dict[str, Any] = {
        "text": "东门路灯不亮", "tile": "other", "area": "a1", "place": "东门", "contact_name": "李", "lon": lon,
        "lat": lat, "contact_phone": "13800000000", "contact_email": "a@example.cn",
    }  # fmt: skip
    sent = open_report(resident) | typed | {field: value, "photos": picture()}
    answer = resident.post("/report", sent)
    assert answer.status_code == 422
    assert Case.objects.count() == 0
    page = answer.content.decode()
    assert "<title>Error: " in page.replace("\n", "")
    assert f'href="#{field}"' in page
    assert dead_links(answer) == []
    assert words in text(answer)
    kept = form(answer, "/report")
    for name, given in (typed | {field: value}).items():
        if name not in ("tile", "condition", "area"):
            assert kept[name] == [str(given)], name
    assert len(kept["photo"]) == 1, "the photo is kept"
    if field == "text":
        assert kept["tile"] == ["other"]
        done = resident.post("/report", kept | {"text": "东门路灯不亮"})
        number, _secret = receipt_of(done)
        assert CasePhoto.objects.filter(case__number=number).count() == 1


def test_a_file_that_is_no_picture_is_told_and_the_rest_stays(resident: Client) -> None:
    broken = SimpleUploadedFile("x.jpg", b"not a picture", content_type="image/jpeg")
    answer = resident.post("/report", open_report(resident) | {"text": "积水", "photos": [broken, picture()]})
    assert answer.status_code == 422
    kept = form(answer, "/report")
    assert (kept["text"], len(kept["photo"])) == (["积水"], 1)


def test_a_kept_photo_can_be_left_out(resident: Client) -> None:
    kept = form(
        resident.post("/report", open_report(resident) | {"text": "", "photos": picture()}), "/report"
    )
    number, _secret = receipt_of(
        resident.post("/report", kept | {"text": "积水", "leave_out": kept["photo"]})
    )
    assert not CasePhoto.objects.filter(case__number=number).exists()


def test_coordinates_of_a_map_app_find_the_same_grid(resident: Client) -> None:
    lon, lat = middle("a1")
    sent = open_report(resident) | {
        "text": "积水",
        "lon": str(lon + 0.0045),
        "lat": str(lat - 0.0019),
        "system": "gcj02",
    }
    number, _secret = receipt_of(resident.post("/report", sent))
    case = Case.objects.get(number=number)
    assert case.filed_area.code == "a1"
    assert case.lon is not None
    assert abs(case.lon - lon) < 0.001


def test_a_place_outside_is_said_never_guessed(resident: Client) -> None:
    answer = resident.post("/report", open_report(resident) | {"text": "积水", "lon": "121.5", "lat": "31.2"})
    assert answer.status_code == 422
    assert "outside the area we serve" in text(answer)
    assert 'id="lon-error"' in answer.content.decode()
    assert dead_links(answer) == []


def test_an_emergency_shows_the_numbers_first_and_is_not_queued(resident: Client) -> None:
    sent = open_report(resident, f"?condition={GAS}") | {"text": "燃气味很重", "photos": picture()}
    first = resident.post("/report", sent)
    assert first.status_code == 200
    assert Case.objects.count() == 0
    assert "119" in text(first)
    number, _secret = receipt_of(resident.post("/report", form(first, "/report")))
    case = Case.objects.get(number=number)
    assert (case.emergency, CasePhoto.objects.filter(case=case).count()) == (True, 1)


def test_a_confidential_report_without_officers_says_so_before_sending(resident: Client) -> None:
    assert "too few identity officers" in text(resident.get("/report"))
    sent = open_report(resident) | {"text": "有人收钱", "confidential": "1", "contact_phone": "13800000000"}
    refused = resident.post("/report", sent)
    assert refused.status_code == 403
    assert 'href="#confidential"' in refused.content.decode()
    kept = form(refused, "/report")
    assert (kept["text"], kept["contact_phone"]) == (["有人收钱"], ["13800000000"])
    number, _secret = receipt_of(resident.post("/report", kept | {"contact_phone": ""}))
    assert Case.objects.get(number=number).sensitivity == "confidential"


def test_about_an_officers_own_office_the_form_says_what_else_can_be_done(resident: Client) -> None:
    for number in (1, 2, 3):
        officer = cast.actor(f"identity_officer_{number}")
        sealing.take_office("correct horse battery", actor=officer, now=cast.NOW)
    page = resident.get("/report")
    assert "cannot be sealed when it is about: 街道网格中心, 司法所, 应急消防工作站." in text(page)
    sent = open_report(resident) | {
        "text": "有人收钱", "about_unit": "centre", "contact_phone": "13800000000", "contact_name": "陈",
        "place": "东门", "photos": picture(),
    }  # fmt: skip
    refused = resident.post("/report", sent)
    assert refused.status_code == 403
    assert 'id="about_unit-error"' in refused.content.decode()
    assert "leave phone, name and e-mail empty" in text(refused)
    assert dead_links(refused) == []
    kept = form(refused, "/report")
    for name in sent.keys() - {"photos", "csrfmiddlewaretoken"}:
        assert kept[name] in (sent[name], [sent[name]]), name
    assert not Case.objects.exists()
    # Either way on: without a contact, or without the office.
    number, _secret = receipt_of(resident.post("/report", kept | {"contact_phone": "", "contact_name": ""}))
    case = Case.objects.get(number=number)
    assert (case.sensitivity, CasePhoto.objects.filter(case=case).count()) == ("confidential", 1)
    anew = open_report(resident) | sent | {"key": str(uuid4()), "photos": picture()}
    again = form(resident.post("/report", anew), "/report")
    number, _secret = receipt_of(resident.post("/report", again | {"about_unit": "", "confidential": "1"}))
    assert Report.objects.get(number=number).sealed_id


def test_a_neighbour_follows_an_open_case_with_a_receipt_of_their_own(resident: Client) -> None:
    number, _secret = receipt_of(resident.post("/report", open_report(resident) | {"text": "王五家门口积水"}))
    page = resident.get(f"/join/{number}")
    assert "王五" not in page.content.decode()
    own, _secret = receipt_of(
        resident.post(f"/join/{number}", form(page, f"/join/{number}") | {"text": "我也看到"})
    )
    assert own != number
    assert Report.objects.get(number=own).joined
    assert "王五" not in resident.get("/track").content.decode()


def test_what_cannot_be_joined_is_not_there(resident: Client) -> None:
    sent = open_report(resident) | {"text": "有人收钱", "confidential": "1"}
    number, _secret = receipt_of(resident.post("/report", sent))
    hidden, unknown = resident.get(f"/join/{number}"), resident.get("/join/LT-2026-999999-1")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.content == unknown.content


@pytest.mark.parametrize("how", ["ended", "private", "at the last moment", "never there"])
def test_what_was_written_to_a_matter_that_is_gone_stands_in_a_report_of_its_own(
    resident: Client, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    told = cast.report_case()
    address = f"/join/{told.case.number}"
    sent = form(resident.get(address), address)
    sent |= {"text": "今天更多了", "contact_phone": "13800000000", "photos": picture()}
    if how == "ended":
        cast.do("withdraw", told, cast.reporter(told))
    elif how == "private":
        cast.do("recategorise", told, "lead_a1", condition=cast.DISPUTE)
    elif how == "at the last moment":
        monkeypatch.setattr("gewu.web.report.join_report", _gone)
    else:
        address = f"/join/{CaseNumber('LT', 2026, 999_999)}"
    answer = resident.post(address, sent)
    assert answer.status_code == 404
    assert "can no longer be followed" in text(answer)
    assert told.case.number not in answer.content.decode()
    kept = form(answer, "/report")
    assert (kept["text"], kept["contact_phone"]) == (["今天更多了"], ["13800000000"])
    number, _secret = receipt_of(resident.post("/report", kept))
    report = Report.objects.get(number=number)
    assert (report.joined, report.case.number) == (False, number)
    assert CasePhoto.objects.filter(case=report.case).count() == 1


def _gone(*_args: Any, **_more: Any) -> None:
    raise NotFound


def test_who_joined_before_it_ended_gets_the_same_receipt_again(resident: Client) -> None:
    told = cast.report_case()
    address = f"/join/{told.case.number}"
    sent = form(resident.get(address), address) | {"text": "我也看到"}
    first = receipt_of(resident.post(address, sent))
    cast.do("void", told, "lead_a1")
    assert receipt_of(resident.post(address, sent)) == first


def test_a_busy_store_takes_nothing_and_loses_nothing(
    resident: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_args: Any, **_more: Any) -> None:
        raise Unavailable(BUSY, retry_after=timedelta(seconds=5))

    with monkeypatch.context() as patch:
        patch.setattr("gewu.web.report.requests.once", busy)
        answer = resident.post("/report", open_report(resident) | {"text": "积水", "photos": picture()})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert Case.objects.count() == 0
    number, _secret = receipt_of(resident.post("/report", form(answer, "/report")))
    assert CasePhoto.objects.filter(case__number=number).count() == 1


def test_a_request_larger_than_any_form_is_refused_unread(resident: Client) -> None:
    answer = resident.post("/report", {"text": "积水"}, headers={"content-length": str(10**10)})
    assert answer.status_code == 422
    assert Case.objects.count() == 0


def test_the_form_costs_few_queries(resident: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        resident.get("/report")


def test_a_stranger_cannot_fill_the_store(resident: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gewu.web.report.REPORTS_AN_HOUR", 2)
    for words in ("", "", "积水"):
        answer = resident.post("/report", open_report(resident) | {"text": words})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert form(answer, "/report")["text"] == ["积水"]


def test_numbers_are_not_tried_out_for_long(resident: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gewu.web.report.LOOKS_AN_HOUR", 3)
    for _try in range(3):
        assert resident.get("/join/LT-2026-000001-1").status_code == 404
    assert resident.get("/join/LT-2026-000001-1").status_code == 429
