"""Patrols at the desk through the API: a plan's life, rounds of other days, findings, places nobody was at, slips."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gewu.domain.access.actor import SYSTEM
from gewu.domain.patrols.actions import make_rounds
from gewu.domain.patrols.models import Round, Visit
from gewu.domain.places.actions import set_up
from tests.api.caller import Caller
from tests.media.photos import jpeg
from tests.places.conftest import given


@pytest.fixture
def body(town: Any) -> dict[str, Any]:
    set_up([given(f"L{n}", town=town, kind="fire_lane") for n in (1, 2)], actor=SYSTEM, now=town.NOW)
    day = town.NOW.date().isoformat()
    return {"name": "消防通道", "kind": "fire_lane", "area": "a1", "frequency": "daily", "starts": day,
            "place_kinds": ["fire_lane"]}  # fmt: skip


def test_a_plan_is_looked_at_made_changed_and_ended(town: Any, api: Caller, body: dict[str, Any]) -> None:
    lead = api.as_("lead_a1")
    days = lead.post("patrols/plans/preview", body).json()["days"]
    made = lead.post("patrols/plans", body)
    assert (made.status_code, made.json()["days"]) == (201, days)
    plan = f"patrols/plans/{made.json()['id']}"
    changed = lead.post(plan, body | {"frequency": "weekly", "version": made.json()["version"]}).json()
    assert (changed["frequency"], changed["version"]) == ("weekly", made.json()["version"] + 1)
    late = lead.post(plan, body | {"version": made.json()["version"]})
    assert (late.status_code, late.json()["code"]) == (409, "version")
    assert lead.post(f"{plan}/end").status_code == 200
    assert (lead.get(plan).json()["active"], lead.get("patrols/plans").json()["items"]) == (False, [])


def test_what_is_wrong_with_a_plan_stands_at_its_field(town: Any, api: Caller, body: dict[str, Any]) -> None:
    wrong = api.as_("lead_a1").post("patrols/plans", body | {"kind": "castle", "season_from": "13-01"})
    assert {one["pointer"] for one in wrong.json()["errors"]} >= {"/kind", "/season_from"}
    assert api.as_("worker_a1").post("patrols/plans", body).status_code == 403


def test_a_round_of_another_day_with_its_findings_and_their_photos(
    town: Any, api: Caller, body: dict[str, Any], tmp_path: Path, settings: Any
) -> None:
    settings.PHOTOS = tmp_path
    lead, worker = api.as_("lead_a1"), api.as_("worker_a1")
    lead.post("patrols/plans", body)
    make_rounds(town.NOW)
    walk = Round.objects.get()
    photo = worker.upload("photos", jpeg(), "image/jpeg").json()["id"]
    found = {"place": "L1", "text": "挪走了自行车", "settled": True, "photos": [photo]}
    assert worker.post(f"patrols/rounds/{walk.pk}/findings", found).status_code == 200
    Round.objects.update(state="closed", due=walk.due - timedelta(days=3))
    shown = lead.get(f"patrols/rounds/{walk.pk}").json()
    assert (shown["closed"], [stop["id"] for stop in shown["places"]]) == (True, ["L1", "L2"])
    (one,) = lead.get(f"patrols/rounds/{walk.pk}/findings").json()["items"]
    assert (one["text"], one["photos"]) == ("挪走了自行车", [photo])
    assert lead.get("patrols/findings").json()["items"] == [one]
    address = f"patrols/findings/{one['id']}/photos/{photo}"
    assert lead.get(address)["Content-Type"] == "image/jpeg"
    assert api.as_("lead_b1").get(address).status_code == 404
    unseen = lead.get("patrols/coverage", area="a1", days=1).json()["items"]
    assert [(row["place"], row["days"]) for row in unseen] == [("L2", None)]


def test_a_slip_is_shown_again_printed_and_its_visit_called_off_by_the_post(town: Any, api: Caller) -> None:
    worker, begins = api.as_("worker_a1"), town.NOW + timedelta(hours=2)
    visit = {"post": "worker-a1", "purpose": "safety", "begins": begins.isoformat(), "where": "三号楼 201",
             "ends": (begins + timedelta(hours=1)).isoformat(), "agreed": True}  # fmt: skip
    made = worker.post("patrols/visits", visit).json()
    address = f"patrols/visits/{made['id']}"
    assert worker.get(f"{address}/slip").json()["code"] == made["code"]
    assert worker.get(f"{address}/slip/paper").content.startswith(b"%PDF")
    assert api.as_("worker_b1").post(f"{address}/cancel").status_code == 404
    assert worker.post(f"{address}/cancel").status_code == 200
    assert Visit.objects.get().state == "cancelled"
