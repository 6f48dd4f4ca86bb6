"""Places through the API: add, find, change, note on the spot, and another sign."""

from __future__ import annotations

from typing import Any

import pytest

from gewu.domain.cases.models import Case
from gewu.domain.places.models import Place
from tests.api.caller import Caller


@pytest.fixture
def body(town: Any) -> dict[str, Any]:
    lon, lat = town.middle("a1")
    return {"code": "P1", "kind": "building", "name": "望湖小区3号楼", "lon": lon, "lat": lat}


def test_a_place_is_added_found_changed_and_closed(api: Caller, body: dict[str, Any]) -> None:
    lead = api.as_("lead_a1")
    added = lead.post("places", body)
    assert (added.status_code, added.json()["area"]) == (201, "a1")
    assert lead.get("places", text=added.json()["number"]).json()["items"] == [added.json()]
    code = body.pop("code")
    changed = lead.post(f"places/{code}", body | {"keeper": "property", "active": False, "version": 1}).json()
    assert (changed["keeper"], changed["active"], changed["sign"]) == (
        "property",
        False,
        added.json()["sign"],
    )
    late = lead.post(f"places/{code}", body | {"name": "3号楼", "version": 1})
    assert (late.status_code, late.json()["code"], changed["version"]) == (409, "version", 2)
    assert lead.get("places").json()["items"] == []
    assert len(lead.get("places", closed=1).json()["items"]) == 1


def test_a_worker_notes_details_and_a_bad_sign_and_nothing_else(api: Caller, body: dict[str, Any]) -> None:
    api.as_("lead_a1").post("places", body)
    worker = api.as_("worker_a1")
    noted = worker.post("places/P1/attributes", {"attributes": {"floors": 6}, "version": 1}).json()
    assert noted["attributes"] == {"floors": 6}
    assert worker.post("places/P1/unreadable").json()["unreadable_on"]
    assert [row["code"] for row in worker.get("places", health="unreadable").json()["items"]] == ["P1"]
    assert worker.post("places/P1/renew").status_code in (403, 404)
    assert worker.post("places", body | {"code": "P2"}).status_code in (403, 404)


def test_renewing_gives_another_sign(api: Caller, body: dict[str, Any]) -> None:
    before = api.as_("lead_a1").post("places", body).json()
    after = api.as_("director_a").post("places/P1/renew").json()
    assert after["sign"] != before["sign"]
    assert after["number"] != before["number"]


def test_what_is_wrong_is_told_at_its_field(api: Caller, body: dict[str, Any]) -> None:
    lead = api.as_("lead_a1")
    wrong = lead.post("places", body | {"kind": "castle"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/kind")
    assert lead.get("places", health="tired").status_code == 422
    assert lead.get("places", area="nowhere").status_code == 404
    assert not Place.objects.exists()


def test_a_report_names_the_place_by_its_sign(api: Caller, body: dict[str, Any]) -> None:
    sign = api.as_("lead_a1").post("places", body).json()["sign"]
    told = api.post("reports", {"text": "路灯不亮", "place": {"sign": sign}})
    assert told.status_code == 201
    case = Case.objects.select_related("filed_area", "place").get(number=told.json()["number"])
    assert (case.filed_area.code, case.place.code) == ("a1", "P1")
    unknown = api.post("reports", {"text": "路灯不亮", "place": {"sign": "x" + sign[1:] + "x"}})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/place/sign")


def test_a_list_comes_in_whole_and_names_each_fault(api: Caller, town: Any) -> None:
    lead = api.as_("lead_a1")
    assert lead.get("places/workbook").content[:2] == b"PK"
    lon, lat = town.middle("a1")
    good = f"code,kind,name,lon,lat\nP1,building,一号楼,{lon},{lat}\n".encode()
    wrong = lead.upload("places/workbook", good + b"P2,castle,B,1,1\n")
    assert (wrong.status_code, Place.objects.exists()) == (422, False)
    assert {one["pointer"].split("/")[2] for one in wrong.json()["errors"]} == {"1"}
    assert lead.upload("places/workbook?dry_run=1", good).json()["created"] == 1
    assert not Place.objects.exists()
    assert lead.upload("places/workbook", good).json() == {
        "created": 1,
        "changed": 0,
        "same": 0,
        "dry_run": False,
    }


def test_a_file_of_nothing_but_brackets_is_refused(api: Caller) -> None:
    deep = b'{"a":' * 5_000 + b"1" + b"}" * 5_000
    assert api.as_("lead_a1").upload("places/workbook", deep).json()["errors"][0]["code"] == "geojson"


def test_signs_are_printed_and_leave_the_list(api: Caller, body: dict[str, Any]) -> None:
    lead = api.as_("lead_a1")
    lead.post("places", body)
    (batch,) = lead.get("places/signs", health="not_printed").json()["items"]
    assert (batch["first"], batch["last"]) == (1, 1)
    made = lead.post("places/signs", {"health": "not_printed", "after": batch["after"]})
    assert made.content.startswith(b"%PDF")
    assert lead.get("places/signs", health="not_printed").json()["items"] == []
    assert lead.post("places/signs", {"codes": ["P9"]}).json()["errors"][0]["pointer"] == "/codes"
    assert lead.post("places/signs", {"codes": ["P1"]}).status_code == 200
    assert api.as_("worker_a1").post("places/signs", {"codes": ["P1"]}).status_code == 403
