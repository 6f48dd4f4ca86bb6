"""Bringing a list of places in: all or none, the second time only what differs, and every fault at its row."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from gewu.core.errors import Invalid, Refused
from gewu.domain.access.actor import SYSTEM
from gewu.domain.places.actions import Changes, set_up
from gewu.domain.places.models import Place
from tests.places.conftest import given


def test_the_second_time_changes_only_what_differs(town: ModuleType) -> None:
    one, two = given("P1", town=town), given("P2", grid="b1", town=town)
    assert set_up([one, two], actor=SYSTEM, now=town.NOW) == Changes(2, 0, 0)
    signs = set(Place.objects.values_list("sign", "number"))
    moved = replace(two, name="望湖小区5号楼", attributes={"floors": "6"})
    assert set_up([one, moved], actor=SYSTEM, now=town.NOW) == Changes(0, 1, 1)
    assert Place.objects.get(code="P2").attributes == {"floors": 6}
    assert set(Place.objects.values_list("sign", "number")) == signs  # what hangs on the wall stays true


def test_a_dry_run_writes_nothing(town: ModuleType) -> None:
    assert set_up([given(town=town)], actor=SYSTEM, now=town.NOW, dry_run=True) == Changes(1, 0, 0)
    assert not Place.objects.exists()


def test_without_a_grid_the_position_decides(town: ModuleType) -> None:
    set_up([given(area="", town=town, grid="b2")], actor=SYSTEM, now=town.NOW)
    assert Place.objects.get().area.code == "b2"


def test_every_fault_of_every_row_is_told_and_nothing_is_written(town: ModuleType) -> None:
    rows = [
        given("P1", town=town),
        given("P1", town=town, name="", kind="castle"),
        given(
            "P3",
            town=town,
            area="community_a",
            attributes={"floors": "viele"},
            keeper="nobody",
            households=-1,
        ),
        given("P4", town=town, area="", lon=10.0, lat=10.0),
    ]
    with pytest.raises(Invalid) as refused:
        set_up(rows, actor=SYSTEM, now=town.NOW)
    assert {(error.field, error.code) for error in refused.value.errors} == {
        ("places.1.code", "twice"),
        ("places.2.area", "not_a_grid"),
        ("places.2.attributes.floors", "number"),
        ("places.2.keeper", "unknown"),
        ("places.2.households", "range"),
        ("places.3.place.lon", "outside"),
    }
    assert not Place.objects.exists()


def test_a_list_takes_no_place_away_from_another_community(town: ModuleType) -> None:
    set_up([given(grid="b1", town=town)], actor=SYSTEM, now=town.NOW)
    with pytest.raises(Refused):
        set_up([given(grid="a1", town=town)], actor=town.actor("director_a"), now=town.NOW)
    assert Place.objects.get().area.code == "b1"


def test_a_director_keeps_the_places_of_the_own_community_only(town: ModuleType) -> None:
    with pytest.raises(Refused):
        set_up(
            [given(town=town), given("P2", grid="b1", town=town)],
            actor=town.actor("director_a"),
            now=town.NOW,
        )
    assert not Place.objects.exists()
