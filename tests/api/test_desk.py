"""One's own desk through the API: views, who is beside one, likely duplicates, alerts and hints."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.access.actor import SYSTEM
from gewu.domain.desk import queries
from gewu.domain.desk.models import AlertSeen
from gewu.domain.places.actions import PlaceInput, add_place
from tests.api.caller import Caller


def test_a_view_is_kept_seen_and_dropped_by_its_owner(town: ModuleType, api: Caller) -> None:
    lead, other = api.as_("lead_a1"), api.as_("lead_a2")
    kept = lead.post("views", {"name": "新来的", "filters": {"view": "open", "state": "submitted", "x": "y"}})
    assert (kept.status_code, kept.json()["filters"]) == (201, {"view": "open", "state": "submitted"})
    assert lead.get("views").json()["items"] == [kept.json()]
    assert other.get("views").json()["items"] == []
    view = f"views/{kept.json()['id']}"
    assert (other.delete(view).status_code, lead.delete(view).status_code) == (404, 200)
    wrong = lead.post("views", {"name": " "})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/name")


def test_a_token_that_may_only_look_arranges_nothing(town: ModuleType, api: Caller) -> None:
    looks, arranges = (api.with_token(scope, user="lead_a1") for scope in ("case:read", "desk:write"))
    body = {"name": "新来的", "filters": {"view": "open"}}
    assert looks.post("views", body).json()["code"] == "scope"
    assert arranges.post("views", body).status_code == 201


def test_who_else_has_the_case_open(town: ModuleType, api: Caller) -> None:
    address = f"cases/{town.report_case().case.number}/looking"
    lead, director = api.as_("lead_a1"), api.as_("director_a")
    assert lead.post(address).json() == {"names": []}
    assert director.post(address).json() == {"names": ["Lead A1"]}
    assert lead.delete(address).status_code == 200
    assert director.post(address).json() == {"names": []}
    assert api.as_("lead_b1").post(address).status_code == 404


def test_likely_ones_are_told_until_somebody_tells_them_apart(town: ModuleType, api: Caller) -> None:
    one, other = town.report_case().case, town.report_case().case
    lead = api.as_("lead_a1")
    found = lead.get(f"cases/{one.number}/similar").json()["items"]
    assert [item["number"] for item in found] == [other.number]
    assert api.as_("worker_a1").post(f"cases/{one.number}/apart", {"other": other.number}).status_code == 403
    assert lead.post(f"cases/{one.number}/apart", {"other": other.number}).status_code == 200
    assert lead.get(f"cases/{one.number}/similar").json()["items"] == []


def test_anyone_learns_what_is_reported_here_and_nothing_private(town: ModuleType, api: Caller) -> None:
    lon, lat = town.middle("a1")
    add_place(PlaceInput("P1", "building", "三号楼", "a1", lon, lat), actor=SYSTEM, now=town.NOW)
    case = town.report_case(text="找王五").case
    town.report_case(town.DISPUTE)
    asked = api.get("similar", lon=case.lon, lat=case.lat)
    assert [item["number"] for item in asked.json()["items"]] == [case.number]
    assert "王五" not in asked.content.decode()
    assert api.get("similar", lon=case.lon, lat=case.lat, condition="0501").json()["items"] == []
    assert api.get("similar", sign="0" * 16).json()["errors"][0]["pointer"] == "/sign"
    assert api.get("similar").status_code == 422


def test_an_alert_is_taken_note_of_by_the_post(town: ModuleType, api: Caller) -> None:
    case = town.report_case().case
    assert api.as_("lead_a1").post(f"cases/{case.number}/seen").status_code == 200
    assert AlertSeen.objects.get().case_id == case.pk
    assert api.as_("evaluator").post(f"cases/{case.number}/seen").status_code == 403


def test_a_hint_is_put_away_and_called_back(town: ModuleType, api: Caller) -> None:
    lead = api.as_("lead_a1")
    assert lead.post("hints/away", {"role": "lead"}).json() == {"away": ["lead"]}
    assert lead.get("hints").json() == {"away": ["lead"]}
    assert lead.post("hints/away", {"role": "director"}).status_code == 404
    assert lead.post("hints/back").json() == {"away": []}
    assert queries.hints_put_away(town.actor("lead_a1")) == set()


def test_the_list_is_narrowed_as_on_its_page(town: ModuleType, api: Caller) -> None:
    case, lead = town.report_case().case, api.as_("lead_a1")
    day = town.NOW.date().isoformat()
    assert [row["number"] for row in lead.get("cases", since=day, until=day).json()["items"]] == [case.number]
    assert lead.get("cases", until="2026-01-01").json()["items"] == []
    assert lead.get("cases", since="gestern").json()["errors"][0]["pointer"] == "/since"
