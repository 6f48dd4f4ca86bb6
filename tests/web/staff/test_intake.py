"""Entering for a caller, with a slip; and the caller's own cases by the full number."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.cases.models import Case
from gewu.domain.privacy.models import Look
from tests.web.pages import form
from tests.web.staff.pages import client_of, text_of


def test_a_clerk_enters_a_call_and_prints_the_slip(desk: ModuleType) -> None:
    client = client_of("intake")
    fields = form(client.get("/staff/report"), "/staff/report")
    answer = client.post(
        "/staff/report", fields | {"text": "路灯不亮", "area": "a1", "contact_phone": "13800000001"}
    )
    assert answer.status_code == 201, text_of(answer)
    case = Case.objects.get()
    assert case.source == "phone"
    assert case.number in text_of(answer)
    again = client.post(
        "/staff/report", fields | {"text": "路灯不亮", "area": "a1", "contact_phone": "13800000001"}
    )
    assert Case.objects.count() == 1
    assert case.number in text_of(again)


def test_an_empty_report_keeps_what_was_typed(desk: ModuleType) -> None:
    client = client_of("intake")
    fields = form(client.get("/staff/report"), "/staff/report")
    answer = client.post("/staff/report", fields | {"text": "", "place": "三号楼"})
    assert answer.status_code == 422
    assert 'id="text-error"' in text_of(answer)
    assert 'value="三号楼"' in text_of(answer)


def test_the_callers_cases_are_found_and_the_look_is_written_down(desk: ModuleType) -> None:
    client = client_of("intake")
    fields = form(client.get("/staff/report"), "/staff/report")
    client.post("/staff/report", fields | {"text": "路灯不亮", "area": "a1", "contact_phone": "13800000001"})
    found = client.post("/staff/caller", {"phone": "138 0000 0001", "reason": "caller"})
    assert Case.objects.get().number in text_of(found)
    assert Look.objects.filter(facet="lookup").exists()


def test_looking_a_caller_up_asks_for_a_second_factor_first(desk: ModuleType) -> None:
    weak = client_of("intake", strong=False)
    way = weak.get("/staff/caller")["Location"]
    assert way.startswith("/account/2fa/")
    assert way.endswith("next=%2Fstaff%2Fcaller")
    asked = weak.post("/staff/caller", {"phone": "13800000001", "reason": "caller"})
    assert "/account/2fa/" in text_of(asked) + asked.get("Location", "")
    assert not Look.objects.exists()


def test_half_a_number_finds_nothing(desk: ModuleType) -> None:
    answer = client_of("intake").post("/staff/caller", {"phone": "1380", "reason": "caller"})
    assert answer.status_code == 422
    assert 'value="1380"' in text_of(answer)
