"""After two returns only the next level up decides, once both sides were heard."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

from gewu.domain.cases.actions import Reported
from tests.cases.refusals import invalid, refused
from tests.town import at, at_level, do, fresh, report_case, reporter

HEARD = at(11, 9)  # one working day after NOW


def at_community_returned_twice() -> Reported:
    """Property company and committee have passed a case to and fro."""
    told = at_level("V")
    do("assign", told, "director_a", to="unit:property")
    do("transfer", told, "property_hand", to="unit:committee-a")
    do("transfer", told, "committee_hand_a", to="unit:property")
    return told


def at_district_returned_twice() -> Reported:
    """Two departments have passed a case to and fro."""
    told = at_level("D")
    do("assign", told, "urban_dispatcher", to="unit:urban")
    do("transfer", told, "urban_hand", to="unit:transport")
    do("transfer", told, "transport_hand", to="unit:urban")
    return told


def test_the_level_above_names_the_holder_after_a_day(town: ModuleType) -> None:
    told = at_community_returned_twice()
    assert fresh(told).returns == 2

    case = do("decide_holder", told, "dispatcher", to="unit:property", now=HEARD)
    assert (case.state, case.holder_unit.code, case.decided, case.returns) == (
        "assigned",
        "property",
        True,
        0,
    )


def test_everything_else_on_the_ladder_is_shut(town: ModuleType) -> None:
    told = at_community_returned_twice()
    for move, who in (
        ("hand_up", "property_hand"),
        ("hand_back", "property_hand"),
        ("transfer", "property_hand"),
        ("whistle", "dispatcher"),
    ):
        with refused("to_be_decided"):
            do(move, told, who)


def test_both_sides_are_heard_first(town: ModuleType) -> None:
    told = at_community_returned_twice()
    with refused("not_heard"):
        do("decide_holder", told, "dispatcher", to="unit:property")
    do("internal_note", told, "property_hand", statement=True)
    with refused("not_heard"):
        do("decide_holder", told, "dispatcher", to="unit:property")
    do("internal_note", told, "committee_hand_a", statement="on")
    assert do("decide_holder", told, "dispatcher", to="unit:property").decided


def test_silence_is_no_veto(town: ModuleType) -> None:
    told = at_community_returned_twice()
    with refused("not_heard"):
        do("decide_holder", told, "dispatcher", to="unit:property", now=at(11, 8, 59))
    assert do("decide_holder", told, "dispatcher", to="unit:property", now=HEARD).decided


def test_two_units_that_sent_it_back_to_triage_are_both_heard(town: ModuleType) -> None:
    told = at_level("S")
    for unit in ("team", "safety"):
        do("assign", told, "dispatcher", to=f"unit:{unit}")
        do("hand_back", told, f"{unit}_hand")
    heard = {party.unit.code for party in fresh(told).parties.filter(relation="heard")}
    assert heard == {"team", "safety"}


def test_a_named_holder_can_only_hand_up(town: ModuleType) -> None:
    told = at_community_returned_twice()
    do("decide_holder", told, "dispatcher", to="unit:property", now=HEARD)
    for move in ("hand_back", "transfer"):
        with refused("decided"):
            do(move, told, "property_hand", to="unit:committee-a", now=HEARD)
    case = do("hand_up", told, "property_hand", now=HEARD)
    assert (case.level, case.decided) == ("S", False)


def decided_at_community() -> Reported:
    told = at_community_returned_twice()
    do("decide_holder", told, "dispatcher", to="unit:property", now=HEARD)
    do("start", told, "property_hand", now=HEARD)
    return told


def verified(told: Reported, who: str, by: str) -> None:
    do("report_done", told, who, now=HEARD)
    do("verify", told, by, now=HEARD)


def test_a_refusal_frees_the_level_above(town: ModuleType) -> None:
    told = decided_at_community()
    verified(told, "property_hand", "director_a")
    case = do("refuse", told, reporter(told), now=HEARD)
    assert (case.level, case.holder_post.code, case.decided) == ("S", "dispatcher", False)
    assert do("transfer", told, "dispatcher", to="unit:team", now=HEARD).holder_unit.code == "team"


def test_a_case_opened_again_frees_the_level_above(town: ModuleType) -> None:
    told = decided_at_community()
    verified(told, "property_hand", "director_a")
    do("rate", told, reporter(told), now=HEARD)
    do("reopen", told, reporter(told), now=HEARD)
    assert do("transfer", told, "dispatcher", to="unit:team", now=HEARD).level == "S"


def test_a_whistle_frees_whoever_is_called(town: ModuleType) -> None:
    told = decided_at_community()
    assert not do("whistle", told, "duty_lead", now=HEARD).decided
    assert do("hand_back", told, "team_hand", now=HEARD).level == "V"


def test_a_refusal_at_the_district_leaves_the_named_holder_bound(town: ModuleType) -> None:
    told = at_district_returned_twice()
    do("decide_holder", told, "duty_lead", to="unit:urban", now=HEARD)
    do("decide_holder", told, "urban_dispatcher", to="unit:urban", now=HEARD)
    do("start", told, "urban_hand", now=HEARD)
    verified(told, "urban_hand", "dispatcher")
    do("refuse", told, reporter(told), now=HEARD)
    with refused("decided"):
        do("transfer", told, "urban_hand", to="unit:transport", now=HEARD)


def test_returns_of_the_level_below_shut_nothing_after_a_refusal(town: ModuleType) -> None:
    told = at_community_returned_twice()
    do("start", told, "property_hand", now=HEARD)
    verified(told, "property_hand", "director_a")
    case = do("refuse", told, reporter(told), now=HEARD)
    assert (case.level, case.returns) == ("S", 0)
    assert do("transfer", told, "dispatcher", to="unit:team", now=HEARD).returns == 1


def test_nothing_is_decided_before_two_returns(town: ModuleType) -> None:
    with refused("nothing_to_decide"):
        do("decide_holder", at_level("V"), "dispatcher", to="unit:property")


def test_the_same_level_does_not_decide_for_itself(town: ModuleType) -> None:
    with refused("not_yours"):
        do("decide_holder", at_community_returned_twice(), "director_a", to="unit:property", now=HEARD)


def test_the_named_holder_stands_on_the_cases_level(town: ModuleType) -> None:
    with invalid(to="level"):
        do("decide_holder", at_community_returned_twice(), "dispatcher", to="unit:team", now=HEARD)


def test_at_the_district_two_people_name_the_same_holder(town: ModuleType) -> None:
    told = at_district_returned_twice()
    first = do("decide_holder", told, "duty_lead", to="unit:urban", now=HEARD)
    assert (first.decided, first.returns) == (False, 2)

    second = do("decide_holder", told, "urban_dispatcher", to="unit:urban", now=HEARD)
    assert (second.state, second.holder_unit.code, second.decided) == ("assigned", "urban", True)


def test_two_words_for_two_holders_decide_nothing(town: ModuleType) -> None:
    told = at_district_returned_twice()
    do("decide_holder", told, "duty_lead", to="unit:urban", now=HEARD)
    assert not do("decide_holder", told, "urban_dispatcher", to="unit:transport", now=HEARD).decided
    assert do("decide_holder", told, "duty_lead", to="unit:transport", now=HEARD).decided


def test_the_same_side_twice_is_one_word(town: ModuleType) -> None:
    told = at_district_returned_twice()
    do("decide_holder", told, "urban_dispatcher", to="unit:urban", now=HEARD)
    assert not do("decide_holder", told, "transport_dispatcher", to="unit:urban", now=HEARD).decided


def test_a_duty_lead_of_the_district_is_not_the_subdistricts_word(town: ModuleType) -> None:
    told = at_district_returned_twice()
    do("decide_holder", told, "urban_dispatcher", to="unit:urban", now=HEARD)
    lead, district = town.actor("duty_lead"), town.actor("urban_dispatcher").hats[0]
    of_the_district = replace(lead, hats=(replace(district, role="duty_lead"),))
    with refused("not_yours"):
        do("decide_holder", told, of_the_district, to="unit:urban", now=HEARD)
    assert not fresh(told).decided
    assert do("decide_holder", told, "duty_lead", to="unit:urban", now=HEARD).decided


def test_one_person_with_both_posts_does_not_agree_with_oneself(town: ModuleType) -> None:
    told = at_district_returned_twice()
    lead, dispatcher = town.actor("duty_lead"), town.actor("urban_dispatcher")
    both = replace(lead, hats=(*lead.hats, *dispatcher.hats))
    do("decide_holder", told, both.wearing(lead.post_id), to="unit:urban", now=HEARD)
    with refused("second_person"):
        do("decide_holder", told, both.wearing(dispatcher.post_id), to="unit:urban", now=HEARD)


def test_counting_begins_anew_after_a_decision(town: ModuleType) -> None:
    told = at_community_returned_twice()
    do("decide_holder", told, "dispatcher", to="unit:property", now=HEARD)
    do("hand_up", told, "property_hand", now=HEARD)
    assert do("hand_back", told, "dispatcher", now=HEARD).returns == 1


def test_the_stage_begins_with_the_decision(town: ModuleType) -> None:
    from gewu.domain.cases.models import Clock

    told = at_community_returned_twice()
    do("decide_holder", told, "dispatcher", to="unit:property", now=HEARD)
    assert Clock.objects.get(case=told.case, kind="stage", stopped_at=None).started_at == HEARD


def test_a_private_case_is_decided_the_same_way(town: ModuleType) -> None:
    told = report_case("1201")  # starts at the community
    do("accept", told, "director_a")
    do("assign", told, "director_a", to="unit:committee-a")
    do("transfer", told, "committee_hand_a", to="unit:property")
    do("transfer", told, "property_hand", to="unit:committee-a")
    assert do("decide_holder", told, "dispatcher", to="unit:committee-a", now=HEARD).decided
