"""What is wrong is told at its field, on every form of the staff: the summary leads there, nothing typed is lost."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gewu.domain.cases.models import Case
from gewu.domain.places.actions import add_place
from tests.media.photos import jpeg
from tests.places.conftest import given
from tests.web.pages import dead_links, form
from tests.web.staff.pages import client_of, text_of

pytestmark = pytest.mark.one_store  # where a message stands is no matter of the store

LONG = "x" * 6000
# Who, where, and ways of filling the form in wrongly; `*` is the first choice that the page offers.
FORMS: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "report": (
        "intake",
        "/staff/report",
        [
            {"text": ""},
            {"text": "路灯不亮", "lon": "200", "lat": "-100"},
            {"text": "路灯不亮", "lon": "10", "lat": "10"},
            {"text": LONG, "condition": "none", "area": "nowhere", "place": LONG, "lon": "x", "lat": "y"},
            {"text": "路灯不亮", "contact_name": "李"},
            {"text": "路灯不亮", "contact_name": LONG, "contact_phone": "12", "contact_email": "nobody"},
        ],
    ),
    "visit": (
        "lead_a1",
        "/staff/visits/add",
        [
            {},
            {"day": "x", "begins": "10:00", "ends": "99"},
            {"contact_phone": "12", "contact_name": "李", "agreed": "yes", "where": "1-2", "purpose": "*", "post": "*",
             "day": "2026-03-11", "begins": "10:00", "ends": "10:30"},
        ],
    ),
    "place": ("director_a", "/staff/places/add", [{}, {"lon": "x", "lat": "200"}, {"lon": "10", "lat": "10"}]),
    "kept place": ("director_a", "/staff/places/P1", [{"version": "1", "attributes_floors": "viele", "name": ""}]),
    "condition": ("administrator", "/staff/catalogue/0110", [{"version": "1", "limit": "x", "names_zh-hans": ""}]),
    "new condition": ("administrator", "/staff/catalogue/add", [{}, {"code": "?", "unit_rule": "x", "mapping": LONG}]),
    "absence": ("administrator", "/staff/absences", [{}, {"user": "nobody", "starts": "x"}, {"user": "lead_a1"}]),
    "plan": ("lead_a1", "/staff/patrols/add", [{}, {"name": "x", "every": "x", "starts": "x", "season_from": "13-40"}]),
    "token": ("administrator", "/staff/tokens", [{}, {"name": "x", "expires": "x", "user": "nobody"}]),
    "retention": ("privacy_officer", "/staff/retention", [{}, {"code": "x", "days": "9" * 30, "source": "x"}]),
    "erase": ("privacy_officer", "/staff/erase", [{}, {"number": "x", "sure": "1"}]),
    "caller": ("intake", "/staff/caller", [{}, {"phone": "12", "reason": "x"}]),
    "opening": ("identity_officer_1", "/staff/identities", [{}]),
    "file": ("director_a", "/staff/cases/{number}/file.pdf", [{}, {"reason": "x"}]),
    "list": ("director_a", "/staff/cases/list.xlsx", [{}]),
    "people": ("administrator", "/staff/posts/import", [{}]),
    "places": ("director_a", "/staff/places/import", [{}]),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_each_fault_leads_to_a_field(desk: ModuleType, name: str) -> None:
    who, address, wrongs = FORMS[name]
    add_place(given(town=desk), actor=desk.actor("director_a"), now=desk.NOW)
    address = address.format(number=desk.walk_to("accepted").case.number)
    client = client_of(who)
    page = client.get(address)
    if page.status_code != 200:
        pytest.fail(f"{who} does not see {address}")
    others = ("next", "language", "size", "confirm")
    fields = {n: "" for n in re.findall(r'name="([\w.-]+)"', text_of(page)) if n not in others}
    token = re.search(r'name="key" value="([^"]+)"', text_of(page))
    for wrong in wrongs:
        first = {n: _first(text_of(page), n) for n, value in wrong.items() if value == "*"}
        answer = client.post(address, fields | {"key": token[1] if token else ""} | wrong | first)
        assert answer.status_code == 422, (wrong, text_of(answer))
        assert dead_links(answer) == [], wrong


def _first(page: str, name: str) -> str:
    select = re.search(rf'<select id="{name}".*?</select>', page, re.DOTALL)
    assert select, name
    return re.findall(r'<option value="([^"]+)"', select[0])[0]


def test_the_tick_of_a_confidential_report_stays(desk: ModuleType) -> None:
    client = client_of("intake")
    fields = form(client.get("/staff/report"), "/staff/report")
    wrong = fields | {"text": "", "confidential": "1", "area": "a1"}
    again = form(client.post("/staff/report", wrong), "/staff/report")
    assert again["confidential"] == ["1"]
    assert client.post("/staff/report", again | {"text": "有人欠薪"}).status_code == 201
    assert Case.objects.get().sensitivity == "confidential"


def test_a_repeat_without_the_tick_is_another_report(desk: ModuleType) -> None:
    client = client_of("intake")
    fields = form(client.get("/staff/report"), "/staff/report") | {"text": "有人欠薪", "area": "a1"}
    assert client.post("/staff/report", fields).status_code == 201
    assert client.post("/staff/report", fields | {"confidential": "1"}).status_code == 422
    assert Case.objects.get().sensitivity != "confidential"


def picture(good: bool = True) -> SimpleUploadedFile:
    return SimpleUploadedFile("x.jpg", jpeg() if good else b"no picture", content_type="image/jpeg")


def test_one_bad_photo_leaves_the_others_of_a_report(desk: ModuleType) -> None:
    client = client_of("intake")
    fields = form(client.get("/staff/report"), "/staff/report") | {"text": "路灯不亮", "area": "a1"}
    answer = client.post("/staff/report", fields | {"photos": [picture(), picture(good=False), picture()]})
    assert answer.status_code == 422
    kept = form(answer, "/staff/report")
    assert len(kept["photo"]) == 2
    assert client.post("/staff/report", kept).status_code == 201
    assert Case.objects.get().photos.count() == 2


def test_one_bad_photo_leaves_the_others_of_a_move(desk: ModuleType) -> None:
    told = desk.walk_to("handling")
    client, address = client_of("worker_a1"), f"/staff/cases/{told.case.number}/moves/report_done"
    page = client.get(f"/staff/cases/{told.case.number}?do=report_done")
    fields = form(page, address) | {"text": "已清走", "closing": "solved", "closing_met": "yes"}
    answer = client.post(address, fields | {"photos": [picture(), picture(good=False), picture()]})
    assert answer.status_code == 422
    assert dead_links(answer) == []
    kept = form(answer, address)
    assert (kept["text"], len(kept["photo"])) == (["已清走"], 2)
    done = client.post(address, kept)
    assert done.status_code == 302, text_of(done)
    assert Case.objects.get().photos.count() == 2


@pytest.mark.parametrize("before", ["²", "9" * 400, "-1", "x", "\u0663"])
def test_no_number_in_an_address_breaks_a_case(desk: ModuleType, before: str) -> None:
    number = desk.report_case().case.number
    assert client_of("lead_a1").get(f"/staff/cases/{number}", {"before": before}).status_code == 200


@pytest.mark.parametrize("version", ["²", "9" * 400, ""])
def test_no_version_of_a_form_breaks_a_case(desk: ModuleType, version: str) -> None:
    number = desk.report_case().case.number
    key = "5b0c9a66-7b8d-4a33-9d0e-0d7f1c1f8c01"
    answer = client_of("lead_a1").post(
        f"/staff/cases/{number}/moves/accept", {"key": key, "version": version}
    )
    assert answer.status_code == 422
