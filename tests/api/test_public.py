"""What anyone may see and say through the API: a grid's card, the place behind a sign, suggestions."""

from __future__ import annotations

from typing import Any

import pytest

from gewu.domain.access.actor import SYSTEM
from gewu.domain.places.actions import PlaceInput, add_place, renew_sign
from gewu.domain.places.models import Place
from tests.api.caller import Caller, new_key


@pytest.fixture
def place(town: Any) -> Place:
    lon, lat = town.middle("a1")
    given = PlaceInput(
        "P1", "building", "三号楼", "a1", lon, lat, keeper="property", attributes={"floors": 6}
    )
    return add_place(given, actor=SYSTEM, now=town.NOW)


def test_who_serves_a_grid(town: Any, api: Caller) -> None:
    card = api.get("grids/a1").json()
    people = [(one["role"], one.get("name")) for one in card["people"]]
    assert people[:2] == [("lead", "Lead A1"), ("worker", "Worker A1")]
    assert api.get("grids/a1/poster").content.startswith(b"%PDF")
    assert api.get("grids/community_a").status_code == 404


def test_the_place_behind_a_sign_also_a_former_one(town: Any, api: Caller, place: Place) -> None:
    number = api.post("reports", {"text": "找王五", "place": {"sign": place.sign}}).json()["number"]
    renew_sign(Place.objects.get(), actor=SYSTEM, now=town.NOW)
    shown = api.get(f"signs/{place.sign}")
    now = Place.objects.get()
    assert (shown.json()["sign"], shown.json()["name"]) == (now.sign, "三号楼")
    assert [case["number"] for case in shown.json()["cases"]] == [number]
    assert "王五" not in shown.content.decode()
    assert now.scanned_on == town.NOW.date()


def test_a_torn_sign_is_found_by_its_number_and_reported(town: Any, api: Caller, place: Place) -> None:
    found = api.post("signs/find", {"number": place.number, "unreadable": True})
    assert found.json()["sign"] == place.sign
    assert Place.objects.get().unreadable_on == town.NOW.date()
    assert api.post("signs/find", {"number": "12"}).json()["errors"][0]["pointer"] == "/number"
    Place.objects.update(unreadable_on=None)
    assert api.post(f"signs/{place.sign}/unreadable").status_code == 200
    assert Place.objects.get().unreadable_on == town.NOW.date()


def test_a_suggestion_is_written_once_answered_once_and_read_by_its_code(town: Any, api: Caller) -> None:
    key, said = new_key(), {"text": "字大一点"}
    first, again = (api.post("suggestions", said, key=key) for _n in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    desk = api.as_("administrator")
    (waiting,) = desk.get("suggestions").json()["items"]
    address = f"suggestions/{waiting['id']}/answer"
    assert desk.post(address, {"text": "好的"}).status_code == 200
    assert desk.post(address, {"text": "再说一次"}).json()["code"] == "answered"
    read = api.post("suggestions/read", first.json()).json()
    assert (read["text"], read["answer"], "id" in read) == ("字大一点", "好的", False)
    assert desk.get("suggestions").json()["items"] == []
    assert [one["answer"] for one in desk.get("suggestions", answered=1).json()["items"]] == ["好的"]
    assert api.post("suggestions/read", {"code": "0" * 12}).status_code == 404
