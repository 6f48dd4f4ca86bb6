"""Who wears which hats today."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gewu.core.errors import Refused
from gewu.domain.accounts import actions as accounts
from gewu.domain.accounts.second_factor import needs_second_factor
from gewu.domain.people import actions
from gewu.domain.people.actor import SYSTEM
from gewu.domain.people.queries import actor_for, actor_for_token
from tests.people.cast import AFTER, BEFORE, LONG_AGO, NOW, TODAY, appoint, areas, away, post, town, user

pytestmark = pytest.mark.django_db


def roles(who: object, **given: object) -> list[str]:
    return [hat.role for hat in actor_for(who, now=NOW, **given).hats]


def test_a_lead_of_two_grids_wears_two_hats() -> None:
    areas()
    lead = user("lead")
    for area in ("left1", "left2"):
        appoint(lead, post("lead", area))
    actor = actor_for(lead, now=NOW)
    assert (actor.kind, actor.user_id, actor.scopes) == ("staff", lead.id, None)
    assert [(hat.level, hat.area_path, hat.stand_in) for hat in actor.hats] == [
        ("G", "001001001001", False),
        ("G", "001001001002", False),
    ]
    assert actor.post_id == actor.hats[0].post_id
    second = actor.wearing(actor.hats[1].post_id)
    assert (second.hats, second.post_id) == (actor.hats[1:], actor.hats[1].post_id)


def test_nobody_acts_under_a_post_they_do_not_hold() -> None:
    people = town()
    with pytest.raises(Refused) as refused:
        actor_for(people["lead"], now=NOW).wearing(post("lead", "left2").id)
    assert refused.value.code == "not_your_post"


def test_an_appointment_counts_from_its_first_to_its_last_day() -> None:
    areas()
    who = user("ann")
    appoint(who, post("lead", "left1"), ends=BEFORE)
    appoint(who, post("lead", "left2"), starts=AFTER)
    appoint(who, post("worker", "left1"), starts=TODAY, ends=TODAY)
    assert roles(who) == ["worker"]


def test_the_day_is_the_local_one() -> None:
    areas()
    who = user("ann")
    appoint(who, post("lead", "left1"), starts=TODAY)
    assert actor_for(who, now=datetime(2026, 3, 9, 16, 0, tzinfo=UTC)).hats  # midnight in Shanghai
    assert not actor_for(who, now=datetime(2026, 3, 9, 15, 59, tzinfo=UTC)).hats


def test_an_ended_appointment_takes_the_hat_off() -> None:
    areas()
    who = user("ann")
    appointment = appoint(who, post("lead", "left1"))
    assert roles(who) == ["lead"]
    actions.end_appointment(appointment, ends=BEFORE, actor=SYSTEM, now=NOW)
    assert roles(who) == []


def test_each_request_asks_twice_who_somebody_is(django_assert_num_queries: Any) -> None:
    people = town()
    for _request in range(2):  # what the first has learnt is not kept for the second
        with django_assert_num_queries(2):
            actor_for(people["lead"], now=NOW)


def test_a_closed_account_wears_nothing() -> None:
    people = town()
    accounts.deactivate(people["lead"], actor=SYSTEM, now=NOW)
    assert roles(people["lead"]) == []


def test_a_stand_in_wears_the_hats_of_the_absent_after_the_own_ones() -> None:
    people = town()
    away(people["director"], people["lead"])
    hats = actor_for(people["lead"], now=NOW).hats
    assert [(hat.role, hat.stand_in) for hat in hats] == [("lead", False), ("director", True)]
    assert roles(people["director"]) == ["director"]


def test_a_chain_of_stand_ins_carries_all_hats_to_its_end() -> None:
    people = town()
    away(people["duty_lead"], people["director"])
    away(people["director"], people["lead"])
    assert roles(people["lead"]) == ["lead", "director", "duty_lead"]


def test_a_stand_in_of_yesterday_or_tomorrow_wears_nothing() -> None:
    people = town()
    away(people["director"], people["lead"], starts=LONG_AGO, ends=BEFORE)
    away(people["duty_lead"], people["lead"], starts=AFTER, ends=None)
    assert roles(people["lead"]) == ["lead"]


def test_the_hat_of_an_identity_officer_is_never_lent() -> None:
    people = town()
    officer = user("officer")
    appoint(officer, post("identity_officer", "town"))
    away(officer, people["lead"])
    assert roles(people["lead"]) == ["lead"]


def test_hats_that_may_not_meet_in_one_person_stay_behind() -> None:
    areas()
    supervisor, other = user("supervisor"), user("other")
    appoint(supervisor, post("supervisor", "town"))
    away(supervisor, other)
    appoint(other, post("administrator", "town"))
    assert roles(other) == ["administrator"]


def test_some_roles_demand_a_second_factor() -> None:
    people = town()
    assert needs_second_factor(actor_for(people["dispatcher"], now=NOW))
    assert not needs_second_factor(actor_for(people["dispatcher"], now=NOW, strong=True))
    assert not needs_second_factor(actor_for(people["lead"], now=NOW))


def test_a_token_carries_hats_and_scopes_but_no_second_factor() -> None:
    people = town()
    expires = NOW.replace(month=6)
    of_user = accounts.issue_token(
        "x", scopes=["case:read"], expires=expires, user=people["lead"], actor=SYSTEM, now=NOW
    )
    actor = actor_for_token(of_user.token, now=NOW)
    assert (actor.kind, actor.scopes, actor.strong, actor.via) == ("staff", {"case:read"}, False, "api")
    assert actor.roles == {"lead"}
    of_client = accounts.issue_token(
        "x", scopes=["case:read"], expires=expires, client="hotline", actor=SYSTEM, now=NOW
    )
    client = actor_for_token(of_client.token, now=NOW)
    assert (client.kind, client.hats, client.user_id) == ("client", (), None)


def test_an_actor_costs_two_queries(django_assert_num_queries: object) -> None:
    people = town()
    with django_assert_num_queries(2):  # type: ignore[operator]
        actor_for(people["lead"], now=NOW)
