"""An id as an answer gives it opens the address that takes it."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from tests.api.caller import Caller
from tests.media.photos import jpeg
from tests.town import middle


def test_a_photo_is_shown_and_released_by_the_id_of_the_case(
    town: ModuleType, api: Caller, tmp_path: Path, settings: Any
) -> None:
    settings.PHOTOS = tmp_path
    photo = api.upload("photos", jpeg(), "image/jpeg").json()["id"]
    lon, lat = middle("a1")
    told = api.post(
        "reports", {"text": "路灯不亮", "place": {"lon": lon, "lat": lat}, "photos": [photo]}
    ).json()
    seen = api.as_("lead_a1").get(f"cases/{told['number']}").json()["story"][0]["photos"]
    assert seen == [photo]
    address = f"cases/{told['number']}/photos/{photo}"
    assert api.as_("lead_a1").get(address).status_code == 200
    assert api.as_("director_a").post(f"{address}/release").json()["errors"][0]["pointer"] == "/looked"
    assert api.as_("director_a").post(f"{address}/release", {"looked": True}).status_code == 200


def test_a_token_is_ended_by_its_id(town: ModuleType, api: Caller) -> None:
    administrator = api.as_("administrator")
    body = {"name": "屏幕", "scopes": ["case:read"], "expires": "2026-04-01T00:00:00Z", "client": "screen"}
    made = administrator.post("tokens", body).json()
    assert administrator.get("tokens").json()["items"][0]["id"] == made["id"]
    assert administrator.delete(f"tokens/{made['id']}").status_code == 200
