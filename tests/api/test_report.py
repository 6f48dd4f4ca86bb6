"""Reporting through the API: one call, one receipt; what is refused, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gewu.core.clock import DrivenClock
from gewu.domain.cases.models import Case
from tests.api.caller import Caller, new_key
from tests.media.photos import jpeg
from tests.town import DISPUTE, middle


def body(**more: Any) -> dict[str, Any]:
    lon, lat = middle("a1")
    return {"text": "路灯不亮", "condition": "0110", "place": {"lon": lon, "lat": lat}} | more


def test_anyone_reports_and_gets_a_receipt(api: Caller) -> None:
    answer = api.post("reports", body())
    assert answer.status_code == 201, answer.content
    receipt = answer.json()
    case = Case.objects.get(number=receipt["number"])
    assert case.state == "submitted"
    assert len(receipt["secret"]) == 16
    assert receipt["area"] == "a1"


def test_a_repeat_with_the_same_key_gets_the_same_receipt(api: Caller) -> None:
    key = new_key()
    first, second = api.post("reports", body(), key=key), api.post("reports", body(), key=key)
    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert Case.objects.count() == 1


def test_a_photo_is_read_under_the_id_the_history_names_whole_or_small(api: Caller) -> None:
    photo = api.upload("photos", jpeg(), "image/jpeg").json()["id"]
    number = api.post("reports", body(photos=[photo])).json()["number"]
    lead = api.as_("lead_a1")
    (named,) = [one for act in lead.get(f"cases/{number}").json()["story"] for one in act.get("photos", ())]
    assert named == photo
    whole, small = (lead.get(f"cases/{number}/photos/{named}", **part) for part in ({}, {"part": "thumb"}))
    assert {one["Content-Type"] for one in (whole, small)} == {"image/jpeg"}
    assert 0 < len(small.content) < len(whole.content)
    refused = lead.get(f"cases/{number}/photos/{named}", part="public")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/part")


def test_a_photo_belongs_to_one_report(api: Caller) -> None:
    photo = api.upload("photos", jpeg(), "image/jpeg").json()["id"]
    assert api.post("reports", body(photos=[photo])).status_code == 201
    second = api.post("reports", body(photos=[photo]))
    assert (second.status_code, second.json()["errors"][0]) == (
        422,
        {"pointer": "/photos", "code": "photo_used", "message": "This photo is already part of a case."},
    )


def test_the_photos_of_a_private_case_open_with_the_pass_of_its_reading(
    api: Caller, clock: DrivenClock
) -> None:
    photo = api.upload("photos", jpeg(), "image/jpeg").json()["id"]
    number = api.post("reports", body(condition=DISPUTE, photos=[photo])).json()["number"]
    lead, path = api.as_("duty_lead"), f"cases/{number}/photos/{photo}"
    assert lead.get(path).status_code == 404
    read = lead.post(f"cases/{number}/read", {"reason": "duty"}).json()
    word = {"pass": read["photo_pass"]}
    assert lead.get(path, **word)["Content-Type"] == "image/jpeg"
    for other in (api.as_("duty_lead"), api.as_("dispatcher"), api):
        assert other.get(path, **word).status_code in (401, 404)
    clock.advance(timedelta(minutes=11))
    assert lead.get(path, **word).status_code == 404
