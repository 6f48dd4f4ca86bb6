"""The public page and its open data: readable by anyone, kept by browsers, the same numbers in every form."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from gewu.core.clock import DrivenClock
from gewu.domain.journal import actions as journal
from gewu.domain.journal import heads

FORMS = ("csv", "json")


@pytest.fixture
def april(town: ModuleType, clock: DrivenClock, settings: Any, tmp_path: Path) -> ModuleType:
    """A month has passed in which twelve reports came in in one community and three in the other."""
    settings.HEADS = tmp_path / "heads"
    for grid, times in (("a1", 12), ("b1", 3)):
        for _ in range(times):
            town.report_case(at=grid)
    clock.set(town.at(2, month=4))
    return town


def test_anyone_reads_the_last_month(april: ModuleType, resident: Client) -> None:
    page = resident.get("/open").content.decode()
    assert "2026-03" in page
    assert "甲村" in page
    assert "&lt;10" in page
    assert "How we count" in page
    assert "<script" not in page.replace('<script type="module"', "", 1)


def test_before_a_whole_month_has_passed_it_says_so(town: ModuleType, resident: Client) -> None:
    assert "No whole month has passed yet" in resident.get("/open").content.decode()


def test_before_there_is_a_map_nothing_breaks(db: None, client: Client) -> None:
    assert client.get("/open").status_code == 200
    assert client.get("/open/2026-03.csv").status_code == 404


def test_open_data_with_licence_and_described_fields(april: ModuleType, resident: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(resident.get("/open/2026-03.csv").content.decode("utf-8-sig"))))
    body = json.loads(resident.get("/open/2026-03.json").content)
    assert [{name: "" if value is None else str(value) for name, value in row.items()}
            for row in body["rows"]] == rows  # fmt: skip
    assert body["licence"] == "CC-BY-4.0"
    package = json.loads(resident.get("/open/datapackage.json").content)
    assert package["resources"][0]["path"].endswith("/open/2026-03.csv")
    assert [field["name"] for field in package["resources"][0]["schema"]["fields"]] == list(rows[0])
    assert {row["masked"] for row in rows if row["by"] == "area" and row["code"] == "community_b"} == {"<10"}
    assert len([row for row in rows if row["by"] == "day" and row["measure"] == "reported"]) == 31


@pytest.mark.parametrize("form", FORMS)
def test_a_browser_keeps_it_and_asks_again(april: ModuleType, resident: Client, form: str) -> None:
    first = resident.get(f"/open/2026-03.{form}")
    assert "max-age" in first["Cache-Control"]
    again = resident.get(f"/open/2026-03.{form}", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("month", ["2026-04", "2026-13", "2025-01", "9999-12", "0001-01", "x", "2026-03-01"])
def test_no_other_month_is_public(april: ModuleType, resident: Client, month: str) -> None:
    assert {resident.get(f"/open/{month}.{form}").status_code for form in FORMS} == {404}
    assert resident.get("/open", {"month": month}).status_code == 404


def test_the_signed_head_of_the_day_is_there(april: ModuleType, resident: Client, settings: Any) -> None:
    lease = journal.take_lease(journal.SEALER, "test", now=april.NOW, seconds=60)
    assert lease is not None
    journal.seal(now=april.NOW, fence=lease.fence)
    heads.publish(settings.HEADS, now=april.NOW)
    published = json.loads(resident.get("/open/heads.json").content)
    assert heads.signature_holds(published["heads"][-1], public_key=published["key"])
    assert published["heads"][-1]["root"] in resident.get("/open").content.decode()


def test_the_start_page_and_every_footer_lead_there(town: ModuleType, resident: Client) -> None:
    assert resident.get("/").content.decode().count('href="/open"') == 2
    assert 'href="/open"' in resident.get("/privacy").content.decode()
