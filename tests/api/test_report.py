"""Reporting through the API: one call, one receipt; what is refused, and why."""

from __future__ import annotations

from typing import Any

from gewu.domain.cases.models import Case
from tests.api.caller import Caller, new_key
from tests.town import middle


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
