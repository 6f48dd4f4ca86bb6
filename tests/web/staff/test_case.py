"""The case page: the whole story, and exactly the moves the table allows, each with what was typed kept on an error."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.media.photos import jpeg
from tests.web.pages import form
from tests.web.staff.pages import client_of, text_of


def _fill(client: Any, number: str, move: str) -> tuple[str, dict[str, Any]]:
    action = f"/staff/cases/{number}/moves/{move}"
    return action, form(client.get(f"/staff/cases/{number}?do={move}"), action)


def test_a_lead_accepts_a_case(desk: ModuleType) -> None:
    told = desk.report_case()
    client = client_of("lead_a1")
    action, fields = _fill(client, told.case.number, "accept")
    answer = client.post(action, fields, follow=True)
    assert "Done: " in text_of(answer)
    assert desk.fresh(told).state == "accepted"


def test_a_second_sending_does_it_once(desk: ModuleType) -> None:
    told = desk.report_case()
    client = client_of("lead_a1")
    action, fields = _fill(client, told.case.number, "accept")
    client.post(action, fields)
    assert client.post(action, fields).status_code == 302
    assert desk.fresh(told).version == 2


def test_what_is_missing_is_named_and_what_was_typed_stays(desk: ModuleType) -> None:
    told = desk.walk_to("accepted")
    client = client_of("lead_a1")
    action, fields = _fill(client, told.case.number, "hand_up")
    answer = client.post(action, fields | {"reason": "", "text": "已劝导两次"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert 'href="#hand_up-reason"' in page
    assert 'id="hand_up-reason-error"' in page
    assert "已劝导两次</textarea>" in page
    assert desk.fresh(told).level == "G"


def test_a_photo_that_was_sent_is_not_sent_again(desk: ModuleType) -> None:
    told = desk.walk_to("handling")
    client = client_of("worker_a1")
    action, fields = _fill(client, told.case.number, "report_done")
    answer = client.post(action, fields | {"photos": SimpleUploadedFile("a.jpg", jpeg())})
    assert answer.status_code == 422
    kept = form(answer, action)
    assert len(kept["kept"]) == 1
    done = client.post(action, kept | {"closing": "solved", "closing_met": "yes", "text": "已清理"})
    assert done.status_code == 302, text_of(done)
    assert desk.fresh(told).state == "handled"


def test_somebody_was_first(desk: ModuleType) -> None:
    told = desk.walk_to("accepted")
    client = client_of("lead_a1")
    action, fields = _fill(client, told.case.number, "hand_up")
    desk.do("internal_note", told, "lead_a1")
    answer = client.post(action, fields | {"reason": "no_means", "text": "人手不够"})
    assert answer.status_code == 409
    assert "人手不够</textarea>" in text_of(answer)


def test_a_case_elsewhere_is_not_there(desk: ModuleType) -> None:
    told = desk.report_case(at="b1")
    client = client_of("lead_a1")
    hidden, missing = client.get(f"/staff/cases/{told.case.number}"), client.get("/staff/cases/nothing")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content


def test_private_content_opens_to_the_duty_lead_for_a_reason(desk: ModuleType) -> None:
    told = desk.report_case(desk.LABOUR_PAY, text="工资未发")
    client = client_of("duty_lead")
    page = text_of(client.get(f"/staff/cases/{told.case.number}"))
    assert "工资未发" not in page
    opened = client.post(f"/staff/cases/{told.case.number}/read", {"reason": "duty"})
    assert "工资未发" in text_of(opened)


@pytest.mark.parametrize("who", ["lead_a1", "dispatcher"])
def test_a_case_costs_at_most_sixteen_queries(desk: ModuleType, who: str) -> None:
    told = desk.walk_to("handled")
    client = client_of(who)
    address = f"/staff/cases/{told.case.number}"
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    assert len(found) <= 16, [query["sql"][:90] for query in found]
