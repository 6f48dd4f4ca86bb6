"""A case on paper and a list as a table: with a reason and a second factor, on record, no more than one may read."""

from __future__ import annotations

import io
from types import ModuleType

import pytest
from pypdf import PdfReader

from gewu.core import tables
from gewu.domain.journal.models import Entry
from gewu.domain.privacy.models import Look
from tests.web.staff.pages import client_of, text_of


def test_the_file_holds_the_case_and_who_took_it(desk: ModuleType) -> None:
    told = desk.walk_to("handled", text="垃圾桶旁有大量垃圾")
    address = f"/staff/cases/{told.case.number}/file.pdf"
    made = client_of("director_a").post(address, {"reason": "paper"})
    words = "".join(
        "".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made.content)).pages
    )
    assert all(part in words for part in (told.case.number, "垃圾桶旁有大量垃圾", "已清理", "director-a"))
    entry = Entry.objects.get(kind="case.exported")
    assert entry.data == {"reason": "paper"}
    assert Look.objects.filter(case_id=told.case.pk, facet="text").count() == 1


def test_without_a_reason_or_a_second_factor_nothing_leaves(desk: ModuleType) -> None:
    told = desk.walk_to("accepted")
    address = f"/staff/cases/{told.case.number}/file.pdf"
    refused = client_of("director_a").post(address, {"reason": "curiosity"})
    assert refused.status_code == 422
    assert 'id="reason-error"' in text_of(refused)
    assert client_of("director_a", strong=False).get(address)["Location"].startswith("/account/")
    assert client_of("lead_a1").get(address).status_code == 404
    assert not Entry.objects.filter(kind="case.exported").exists()


def test_a_private_case_does_not_leave_through_triage(desk: ModuleType) -> None:
    told = desk.report_case(desk.DISPUTE)
    address = f"/staff/cases/{told.case.number}/file.pdf"
    assert client_of("director_a").post(address, {"reason": "paper"}).status_code == 404


def test_a_list_is_a_table_without_texts(desk: ModuleType) -> None:
    desk.report_case(text="找王五")
    made = client_of("director_a").post("/staff/cases/list.xlsx?view=due", {"reason": "meeting"})
    (rows,) = tables.read_workbook(made.content).values()
    said = [str(cell) for row in rows for cell in row if cell]
    assert len(rows) == 2 + 2
    assert not any("王五" in cell for cell in said)
    assert any("director-a" in cell for cell in said)
    assert Entry.objects.get(kind="cases.exported").data == {"count": 1, "reason": "meeting"}


def test_a_list_too_long_for_a_table_is_refused_and_not_cut(
    desk: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gewu.domain.cases.actions.exporting.ROWS_MOST", 2)
    monkeypatch.setattr("gewu.core.limits.PAGE_MOST", 1)
    for _case in range(2):
        desk.report_case()
    address, given = "/staff/cases/list.xlsx?view=open", {"reason": "meeting"}
    assert client_of("director_a").post(address, given).status_code == 200
    desk.report_case()
    answer = client_of("director_a", language="zh-hans").post(address, given)
    assert answer.status_code == 403
    assert "超过 2 件" in answer.content.decode()
    assert Entry.objects.filter(kind="cases.exported").count() == 1
