"""Patrols through the API as a phone uses it: today's list, ticks, findings, closing; each act once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from gewu.domain.access.actor import SYSTEM
from gewu.domain.cases.models import Case
from gewu.domain.patrols.actions import make_plan, make_rounds
from gewu.domain.patrols.models import Stop
from gewu.domain.places.actions import set_up
from tests.patrols.conftest import plan_input
from tests.places.conftest import given
from tests.web.staff.pages import client_of


@pytest.fixture
def phone(town: Any, clock: Any) -> Any:
    set_up([given(f"L{n}", town=town, kind="fire_lane") for n in (1, 2)], actor=SYSTEM, now=town.NOW)
    make_plan(plan_input(town), actor=town.actor("lead_a1"), now=town.NOW)
    make_rounds(town.NOW)
    return client_of("worker_a1")


def post(phone: Any, path: str, **body: Any) -> Any:
    headers = {"Idempotency-Key": body["act"]} if "act" in body else {}
    return phone.post(f"/api/v1/patrols/{path}", body, "application/json", headers=headers)


def test_a_round_is_walked_and_closed(phone: Any) -> None:
    today = phone.get("/api/v1/patrols/today").json()
    (walk,) = today["rounds"]
    assert [stop["id"] for stop in walk["places"]] == ["L1", "L2"]
    assert {item["code"] for item in walk["checklist"]} == {"blocked", "marking", "hydrant"}
    assert (walk["closed"], walk["places"][0]["state"], walk["places"][0]["seen"]) == (False, None, None)
    rounds = f"rounds/{walk['id']}"
    assert post(phone, f"{rounds}/ticks", place="L1", result="fine").json() == {
        "kept": "", "settled": False, "number": "", "left": 0,
    }  # fmt: skip
    found = post(phone, f"{rounds}/findings", place="L2", text="堵住了").json()
    assert Case.objects.get().number == found["number"]
    assert post(phone, f"{rounds}/close", nothing_found=False).json()["left"] == 0
    assert phone.get("/api/v1/patrols/today").json()["rounds"] == []


def test_an_act_sent_twice_counts_once(phone: Any) -> None:
    walk = phone.get("/api/v1/patrols/today").json()["rounds"][0]["id"]
    act = str(uuid4())
    answers = [
        post(phone, f"rounds/{walk}/findings", place="L1", text="堵住了", act=act).json() for _n in range(2)
    ]
    assert answers[0] == answers[1]
    assert Case.objects.count() == 1


def test_a_repeat_says_anew_when_it_was_sent_and_still_is_the_same(phone: Any, town: Any, clock: Any) -> None:
    """A phone one day behind, whose first try never got an answer: the day is that of the doing, after any wait."""
    walk = phone.get("/api/v1/patrols/today").json()["rounds"][0]["id"]
    behind, act, day = timedelta(days=1), str(uuid4()), town.NOW.date()
    done = (town.NOW - behind).isoformat()
    for waited, again in ((timedelta(days=1), None), (timedelta(days=2), "true")):
        now = town.NOW + waited
        clock.set(now)
        phone = client_of("worker_a1")
        body = {"place": "L1", "result": "fine", "act": act, "done_at": done}
        answer = post(phone, f"rounds/{walk}/ticks", **body, sent_at=(now - behind).isoformat())
        assert (answer.status_code, answer.get("Idempotent-Replayed")) == (200, again), answer.content
    assert Stop.objects.get(place__code="L1").on == day
    other = post(phone, f"rounds/{walk}/ticks", **(body | {"result": "unreached"}))
    assert other.json()["code"] == "key_reused"


def test_a_visit_is_agreed_and_called_off_by_the_resident(phone: Any, client: Any) -> None:
    body = {
        "post": "worker-a1", "purpose": "safety", "begins": "2026-03-11T02:00:00Z", "ends": "2026-03-11T03:00:00Z",
        "where": "3号楼201", "agreed": True,
    }  # fmt: skip
    slip = post(phone, "visits", **body)
    assert slip.status_code == 201
    assert phone.get("/api/v1/patrols/today").json()["visits"][0]["where"] == "3号楼201"
    cancelled = client.post(
        "/api/v1/patrols/visits/cancel", {"code": slip.json()["code"]}, "application/json"
    )
    assert cancelled.status_code == 200
    assert phone.get("/api/v1/patrols/today").json()["visits"] == []
    at_night = post(
        phone, "visits", **(body | {"begins": "2026-03-11T14:00:00Z", "ends": "2026-03-11T15:00:00Z"})
    )
    assert at_night.status_code == 422
    assert at_night.json()["errors"][0]["pointer"] == "/begins"


def test_hours_without_an_offset_are_told_at_their_field(phone: Any) -> None:
    walk = phone.get("/api/v1/patrols/today").json()["rounds"][0]["id"]
    answer = post(phone, f"rounds/{walk}/ticks", place="L1", result="fine", done_at="2026-03-10T08:00:00")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/done_at")


def test_homes_are_not_photographed(phone: Any) -> None:
    body = {
        "post": "worker-a1", "purpose": "safety", "begins": "2026-03-11T02:00:00Z", "ends": "2026-03-11T03:00:00Z",
        "where": "3号楼201", "agreed": True,
    }  # fmt: skip
    assert post(phone, "visits", **body, photos=[str(uuid4())]).json()["errors"][0]["pointer"] == "/photos"
    visit = post(phone, "visits", **body).json()["id"]
    refused = post(phone, f"visits/{visit}/done", text="", photos=[str(uuid4())])
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/photos")
    assert post(phone, f"visits/{visit}/done", text="").status_code == 200
