"""Triage names the holder, the holder starts."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.core.errors import Conflict
from gewu.domain.cases.models import Clock, Stage
from gewu.domain.people.models import Post, Unit
from tests.cases.refusals import invalid, refused
from tests.town import at, at_level, do, fresh, walk_to


def test_the_named_post_holds_the_case(town: ModuleType) -> None:
    told = walk_to("accepted")
    case = do("assign", told, "lead_a1", to="post:worker-a1", now=at(10, 10))

    assert case.state == "assigned"
    assert case.holder_post == Post.objects.get(code="worker-a1")
    stage = Clock.objects.get(case=case, kind="stage", stopped_at=None)
    assert (stage.level, stage.started_at) == ("G", at(10, 10))
    assert Clock.objects.get(case=case, kind="dispatch").stopped_at == at(10, 10)


def test_a_unit_as_a_whole_can_hold_it(town: ModuleType) -> None:
    told = at_level("S")
    case = do("assign", told, "dispatcher", to="unit:team")

    assert (case.holder_post, case.holder_unit) == (None, Unit.objects.get(code="team"))
    assert do("start", case, "team_hand").state == "handling"


def test_a_director_assigns_within_the_community(town: ModuleType) -> None:
    told = at_level("V")
    assert do("assign", told, "director_a", to="unit:property").holder_unit.code == "property"


def test_each_stretch_of_the_ledger_has_one_holder(town: ModuleType) -> None:
    told = walk_to("handling")
    stages = list(Stage.objects.filter(case=told.case).order_by("began_at", "id"))

    assert [stage.state for stage in stages] == ["submitted", "accepted", "assigned", "handling"]
    assert [stage.ended_at is None for stage in stages] == [False, False, False, True]


def test_a_holder_of_another_level_is_refused(town: ModuleType) -> None:
    told = walk_to("accepted")
    with invalid(to="level"):
        do("assign", told, "lead_a1", to="unit:team")


def test_a_post_of_another_area_is_refused(town: ModuleType) -> None:
    with invalid(to="area"):
        do("assign", walk_to("accepted"), "lead_a1", to="post:worker-b1")


@pytest.mark.parametrize("to", ["", "post:nobody", "unit:none", "worker-a1", "x" * 400])
def test_a_holder_nobody_knows_is_refused_at_its_field(town: ModuleType, to: str) -> None:
    with invalid(to="unknown" if to else "required"):
        do("assign", walk_to("accepted"), "lead_a1", to=to)


def test_a_case_is_accepted_before_it_is_assigned(town: ModuleType) -> None:
    with refused("wrong_state"):
        do("assign", walk_to("submitted"), "lead_a1")


def test_only_the_holder_starts(town: ModuleType) -> None:
    told = walk_to("assigned")
    with refused("not_yours"):
        do("start", told, "lead_a1")
    assert do("start", told, "worker_a1").state == "handling"


def test_the_second_of_two_sees_what_happened(town: ModuleType) -> None:
    told = walk_to("accepted")
    seen = fresh(told).version
    do("assign", told, "lead_a1", version=seen)
    with pytest.raises(Conflict) as said:
        do("assign", told, "director_a", to="post:lead-a1", version=seen)
    assert said.value.facts["state"] == "assigned"
    assert said.value.facts["version"] == seen + 1
    assert fresh(told).holder_post.code == "worker-a1"
