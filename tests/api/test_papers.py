"""Case file and list through the API: with a reason and a second factor, on record, no more than one may read."""

from __future__ import annotations

import io
from types import ModuleType

from pypdf import PdfReader

from gewu.core import tables
from gewu.domain.cases.models import ReCheck
from gewu.domain.journal.models import Entry
from tests.api.caller import Caller


def test_the_case_file_is_taken_with_a_reason(town: ModuleType, api: Caller) -> None:
    number = town.walk_to("handled", text="垃圾桶旁有大量垃圾").case.number
    made = api.as_("director_a").post(f"cases/{number}/file", {"reason": "paper"})
    assert (made.status_code, made["Content-Type"]) == (200, "application/pdf")
    words = "".join(
        "".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made.content)).pages
    )
    assert all(part in words for part in (number, "垃圾桶旁有大量垃圾", "director-a"))
    assert Entry.objects.get(kind="case.exported").data == {"reason": "paper"}


def test_without_a_reason_or_a_second_factor_nothing_leaves(town: ModuleType, api: Caller) -> None:
    number = town.walk_to("accepted").case.number
    wrong = api.as_("director_a").post(f"cases/{number}/file", {"reason": "curiosity"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/reason")
    weak, program = (
        api.as_("director_a", strong=False),
        api.with_token("case:read", "case:write", user="director_a"),
    )
    for caller in (weak, program):
        for path in (f"cases/{number}/file", "cases/workbook"):
            refused = caller.post(path, {"reason": "paper"})
            assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")
    assert not Entry.objects.filter(kind__endswith="exported").exists()


def test_a_list_is_a_table_of_what_its_filter_shows(town: ModuleType, api: Caller) -> None:
    number = town.report_case(text="找王五").case.number
    town.walk_to("closed")
    body = {"reason": "meeting", "filters": {"view": "open", "state": "submitted"}}
    made = api.as_("director_a").post("cases/workbook", body)
    (rows,) = tables.read_workbook(made.content).values()
    said = [str(cell) for row in rows for cell in row if cell]
    assert [row[0] for row in rows[1:2]] == [number]
    assert not any("王五" in cell for cell in said)
    assert Entry.objects.get(kind="cases.exported").data == {"count": 1, "reason": "meeting"}


def test_second_looks_are_listed_until_they_are_answered(town: ModuleType, api: Caller) -> None:
    case = town.walk_to("closed").case
    ReCheck.objects.create(case=case, area_path="", drawn_at=town.NOW, seed="2026-W10:empty")
    adviser = api.as_("adviser")
    assert [row["number"] for row in adviser.get("rechecks").json()["items"]] == [case.number]
    assert adviser.post(f"cases/{case.number}/recheck", {"result": "right"}).status_code == 200
    assert adviser.get("rechecks").json()["items"] == []
