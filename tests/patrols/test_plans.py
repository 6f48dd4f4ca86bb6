"""Plans: who makes them, what is wrong with them at its field, changed by one at a time, and places not seen."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest

from gewu.core.errors import Conflict, Invalid, Refused
from gewu.domain.patrols import queries
from gewu.domain.patrols.actions import change_plan, end_plan, make_plan, make_rounds
from gewu.domain.patrols.models import Plan, Round
from gewu.domain.places.actions import seen
from tests.patrols.conftest import plan_input


def test_a_lead_plans_for_the_own_grid_only(town: ModuleType, plan: Plan) -> None:
    assert queries.plans(town.actor("worker_a1")) == [plan]
    assert queries.plans(town.actor("lead_b1")) == []
    for who, area in (("lead_a1", "community_a"), ("lead_b1", "a1"), ("worker_a1", "a1")):
        with pytest.raises(Refused):
            make_plan(plan_input(town, area=area), actor=town.actor(who), now=town.NOW)


def test_every_fault_is_told_at_its_field(town: ModuleType) -> None:
    wrong = plan_input(
        town, name="", kind="ghosts", area="321204001", frequency="often", starts=None, every=0,
        season_from="13-01", season_to="", place_kinds=[], places=[],
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        make_plan(wrong, actor=town.actor("director_a"), now=town.NOW)
    assert {error.field for error in refused.value.errors} == {
        "name", "kind", "area", "frequency", "starts", "every", "season_from", "season_to", "place_kinds",
    }  # fmt: skip


def test_of_two_who_change_it_the_second_is_told(town: ModuleType, plan: Plan) -> None:
    lead = town.actor("lead_a1")
    change_plan(plan, plan_input(town, name="消防通道和车棚"), version=1, actor=lead, now=town.NOW)
    with pytest.raises(Conflict):
        change_plan(
            plan, plan_input(town, name="另一个"), version=1, actor=town.actor("director_a"), now=town.NOW
        )
    assert Plan.objects.get().name == "消防通道和车棚"


def test_places_named_by_hand_go_before_kinds(town: ModuleType, plan: Plan) -> None:
    lead = town.actor("lead_a1")
    change_plan(plan, plan_input(town, places=["L2"]), version=1, actor=lead, now=town.NOW)
    make_rounds(town.NOW)
    assert list(Round.objects.get().stops.values_list("place__code", flat=True)) == ["L2"]
    with pytest.raises(Invalid):
        change_plan(plan, plan_input(town, places=["L9"]), version=2, actor=lead, now=town.NOW)


def test_an_ended_plan_has_no_further_rounds(town: ModuleType, plan: Plan) -> None:
    end_plan(plan, actor=town.actor("lead_a1"), now=town.NOW)
    assert make_rounds(town.NOW) == 0


def test_the_next_days_are_shown_before_it_is_kept(town: ModuleType, plan: Plan) -> None:
    days = queries.next_days(plan, after=town.NOW.date(), count=3)
    assert [day.isoformat() for day in days] == ["2026-03-10", "2026-03-17", "2026-03-24"]


def test_coverage_says_of_places_since_when_nobody_was_there(town: ModuleType, walk: Round) -> None:
    place = walk.stops.get(rank=0).place
    seen([place.pk], town.NOW.date() - timedelta(days=9))
    found = queries.coverage(town.actor("director_a"), queries.Unseen(), on=town.NOW.date()).rows
    assert [(one.place.code, one.days) for one in found] == [("L1", 9), ("L2", None), ("L3", None)]
    assert queries.coverage(town.actor("director_b"), queries.Unseen(), on=town.NOW.date()).rows == []
