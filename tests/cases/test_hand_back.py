"""Back to who sent it, or on to another holder; both are counted."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.cases.models import Clock, Stage
from gewu.domain.figures import proof
from gewu.domain.figures.models import Duration
from gewu.domain.people.models import Unit
from tests.cases.refusals import invalid, refused
from tests.town import at, at_level, do, fresh, walk_to


def test_it_returns_to_the_post_that_handed_it_up(town: ModuleType) -> None:
    told = walk_to("handling")
    do("hand_up", told, "worker_a1")
    case = do("hand_back", told, "director_a", reason="can_be_done_below")

    assert (case.state, case.level, case.holder_post.code, case.returns) == ("accepted", "G", "worker-a1", 1)


def test_a_holder_returns_it_to_the_triage_that_assigned_it(town: ModuleType) -> None:
    told = at_level("S")
    do("assign", told, "dispatcher", to="unit:team")
    case = do("hand_back", told, "team_hand")

    assert (case.state, case.level, case.holder_unit, case.returns) == ("accepted", "S", None, 1)


def test_the_promise_runs_on_through_returns(town: ModuleType) -> None:
    told = at_level("V")
    before = Clock.objects.get(case=told.case, kind="promise").due_at
    do("hand_back", told, "director_a", now=at(10, 11))
    assert Clock.objects.get(case=told.case, kind="promise").due_at == before


def test_a_case_nobody_sent_cannot_go_back(town: ModuleType) -> None:
    with refused("nobody_sent_it"):
        do("hand_back", walk_to("accepted"), "lead_a1")


def test_triage_does_not_pull_a_case_out_of_the_holders_hands(town: ModuleType) -> None:
    told = at_level("S")
    do("assign", told, "dispatcher", to="unit:team")
    with refused("not_yours"):
        do("hand_back", told, "dispatcher")


def test_a_reason_and_an_explanation_are_needed(town: ModuleType) -> None:
    with invalid(reason="required", text="required"):
        do("hand_back", at_level("V"), "director_a", reason="", text="")


def test_passing_on_stays_on_the_level_and_counts(town: ModuleType) -> None:
    told = at_level("S")
    do("assign", told, "dispatcher", to="unit:team")
    case = do("transfer", told, "team_hand", to="unit:safety")

    assert (case.state, case.level, case.holder_unit.code, case.returns) == ("assigned", "S", "safety", 1)


def test_a_wrong_address_is_booked_to_the_senders_level(town: ModuleType) -> None:
    told = at_level("V")
    do("hand_up", told, "director_a")
    do("assign", told, "dispatcher", to="unit:team")
    do("transfer", told, "team_hand", to="unit:safety", reason="wrong_address", now=at(10, 11))

    wrong = Stage.objects.get(case=told.case, holder_unit=fresh(told).parties.get(unit__code="team").unit_id)
    assert (wrong.level, wrong.charged_level) == ("S", "S")  # the subdistrict's own dispatcher sent it there


def test_the_time_at_a_wrong_level_is_booked_to_the_level_that_sent_it_up(town: ModuleType) -> None:
    told = at_level("V")
    do("hand_back", told, "director_a", reason="wrong_address", now=at(10, 11))

    at_community = Stage.objects.get(case=told.case, level="V")
    assert (at_community.charged_level, at_community.ended_at) == ("G", at(10, 11))


def test_in_the_figures_too_and_its_recount_agrees(town: ModuleType) -> None:
    told = at_level("V")
    do("assign", told, "director_a", to="unit:property")
    do("hand_up", told, "property_hand", now=at(10, 10))
    do("assign", told, "dispatcher", to="unit:team", now=at(10, 10))
    do("transfer", told, "team_hand", to="unit:safety", reason="wrong_address", now=at(10, 11))
    do("hand_back", told, "safety_hand", reason="unclear", now=at(10, 12))

    spent = Duration.objects.filter(kind="stage").order_by("seconds", "level", "unit")
    safety, property_ = (Unit.objects.get(code=code).pk.hex for code in ("safety", "property"))
    assert list(spent.values_list("level", "unit", "seconds")) == [
        ("S", "", 3600),  # the subdistrict's dispatcher sent it to the wrong unit: not the unit's time
        ("S", safety, 3600),
        ("V", property_, 3600),
    ]
    assert proof.prove() == []


def test_time_at_a_wrong_level_counts_for_the_level_that_sent_it_up(town: ModuleType) -> None:
    told = at_level("V")
    do("hand_back", told, "director_a", reason="wrong_address", now=at(10, 11))
    spent = Duration.objects.filter(kind="dispatch", seconds__gt=0)
    assert list(spent.values_list("level", "seconds")) == [("G", 2 * 3600)]
    assert proof.prove() == []


def test_it_cannot_be_passed_to_where_it_is(town: ModuleType) -> None:
    with invalid(to="same"):
        do("transfer", walk_to("handling"), "worker_a1", to="post:worker-a1")


def test_it_cannot_be_passed_to_another_level(town: ModuleType) -> None:
    with invalid(to="level"):
        do("transfer", walk_to("handling"), "worker_a1", to="unit:team")


def test_going_up_again_does_not_make_the_returns_forgotten(town: ModuleType) -> None:
    told = at_level("V")
    do("hand_back", told, "director_a")
    do("hand_up", told, "lead_a1")
    assert do("hand_back", told, "director_a").returns == 2
    with refused("to_be_decided"):
        do("hand_up", told, "lead_a1")
