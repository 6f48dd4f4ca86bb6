"""A plan along three places of grid a1, and its round of today."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.domain.access.actor import SYSTEM
from gewu.domain.patrols.actions import PlanInput, make_plan, make_rounds
from gewu.domain.patrols.models import Plan, Round
from gewu.domain.places.actions import set_up
from tests.places.conftest import given
from tests.town_fixture import filled, town

__all__ = ["filled", "town"]


def plan_input(town: ModuleType, **more: object) -> PlanInput:
    values: dict[str, object] = {
        "name": "消防通道", "kind": "fire_lane", "area": "a1", "frequency": "weekly",
        "starts": town.NOW.date(), "place_kinds": ["fire_lane"],
    }  # fmt: skip
    return PlanInput(**(values | more))  # type: ignore[arg-type]


@pytest.fixture
def plan(town: ModuleType) -> Plan:
    _lon, lat = town.middle("a1")
    lanes = [
        given(f"L{n}", town=town, kind="fire_lane", name=f"通道{n}", lat=lat + step)
        for n, step in ((1, 0.0), (2, 0.003), (3, 0.001))
    ]
    set_up([*lanes, given("L9", grid="b1", town=town, kind="fire_lane")], actor=SYSTEM, now=town.NOW)
    return make_plan(plan_input(town), actor=town.actor("lead_a1"), now=town.NOW)


@pytest.fixture
def walk(town: ModuleType, plan: Plan) -> Round:
    assert make_rounds(town.NOW) == 1
    return Round.objects.get()
