"""Who may see and do what, tested as a table: everybody of the town against cases of every kind.

The three questions (may this person, which rows, which posts) are asked of the same table and must never differ.
"""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from gewu.domain.access.actor import ANYONE, SYSTEM, Actor
from gewu.domain.access.table import GRANTS, could, may, noun_of, register_grants, visible, who
from gewu.domain.cases.models import Case
from gewu.domain.people.models import Post
from gewu.domain.people.roles import ROLES
from tests.town import (
    DISPUTE,
    PEOPLE,
    POLICE_MATTER,
    actor,
    at_level,
    do,
    people_who,
    report_case,
    reporter,
    walk_to,
)

CASE_ACTIONS = sorted(action for action in GRANTS if noun_of(action) == "case")


def cases() -> list[Case]:
    """One of each kind: levels, holders, helpers, sensitivities, ended ones."""
    told = [report_case(), report_case(at="b2"), report_case(DISPUTE), report_case(POLICE_MATTER)]
    told += [report_case(confidential=True), report_case(by=actor("contact_a1"), source="phone")]
    told += [walk_to("handling"), walk_to("closed"), at_level("V"), at_level("S"), at_level("D")]
    helped = walk_to("handling")
    do("join", helped, "worker_a1", unit="property")
    called = at_level("S")
    do("whistle", called, "duty_lead")
    back = at_level("D")
    do("assign", back, "urban_dispatcher", to="unit:urban")
    do("hand_back", back, "urban_hand")
    private = report_case(DISPUTE)
    do("accept", private, "director_a")
    do("assign", private, "director_a", to="post:committee-hand-a")
    ids = [one.case.pk for one in (*told, helped, called, back, private)]
    return list(Case.objects.filter(pk__in=ids).prefetch_related("parties").order_by("number"))


def test_lists_and_single_looks_never_differ(town: ModuleType) -> None:
    rows = cases()
    for name in PEOPLE:
        person = actor(name)
        for action in CASE_ACTIONS:
            listed = set(Case.objects.filter(visible(person, action, "case")).values_list("pk", flat=True))
            judged = {case.pk for case in rows if may(person, action, case)}
            assert listed == judged, (
                name,
                action,
                [c.number for c in rows if (c.pk in listed) != (c.pk in judged)],
            )


def test_nor_do_the_posts_that_are_told_of_it(town: ModuleType) -> None:
    """Whoever is named by `who` may do it; the other way round some relations name no posts."""
    rows = cases()
    people = {actor(name).post_id: actor(name) for name in PEOPLE}
    for action in CASE_ACTIONS:
        for case in rows:
            for post in Post.objects.filter(who(action, case)).values_list("id", flat=True):
                assert may(people[post], action, case), (action, case.number, people[post].hats)


def test_the_handling_of_an_ordinary_case(town: ModuleType) -> None:
    case = Case.objects.prefetch_related("parties").get(pk=walk_to("handling").case.pk)
    desk = {"lead_a1", "director_a", "intake", "dispatcher", "duty_lead"}
    table = {
        "case.list": desk | {"worker_a1", "adviser"},
        "case.read": desk | {"worker_a1", "adviser"},
        "case.read_reasoned": set(),
        "case.reveal": {"intake", "dispatcher", "duty_lead"},
        "case.report_done": {"worker_a1"},
        "case.verify": desk,
        "case.hand_up": desk | {"worker_a1"},
        "case.take_over": {"director_a"},
        "case.whistle": {"dispatcher", "duty_lead", "adviser"},
        "case.rate": set(),
        "case.close": set(),
    }
    for action, expected in table.items():
        assert people_who(lambda one, action=action: may(one, action, case)) == expected, action


def test_of_a_private_case_triage_sees_only_that_it_is_there(town: ModuleType) -> None:
    case = Case.objects.prefetch_related("parties").get(pk=report_case(DISPUTE).case.pk)
    assert people_who(lambda one: may(one, "case.list", case)) == {
        "lead_a1", "director_a", "intake", "dispatcher", "duty_lead",
    }  # fmt: skip
    assert people_who(lambda one: may(one, "case.read", case)) == set()
    assert people_who(lambda one: may(one, "case.read_reasoned", case)) == {"duty_lead"}
    assert may(actor("duty_lead"), "case.read_reasoned", case).logged


@pytest.mark.parametrize(
    ("action", "people"),
    [
        ("catalogue.edit", {"administrator"}),
        ("people.edit", {"administrator"}),
        ("calendar.edit", {"administrator"}),
        ("journal.see", {"supervisor"}),
        ("privacy.erase", {"privacy_officer"}),
        ("identity.open", {"identity_officer_1", "identity_officer_2", "identity_officer_3"}),
        ("case.find_by_phone", {"intake", "duty_lead"}),
        ("catalogue.see", set(PEOPLE)),
    ],
)
def test_what_does_not_hang_on_a_row(town: ModuleType, action: str, people: set[str]) -> None:
    assert people_who(lambda one: may(one, action)) == people


def test_hats_that_demand_a_second_factor_count_only_with_it(town: ModuleType) -> None:
    case = Case.objects.prefetch_related("parties").get(pk=report_case().case.pk)
    for name in PEOPLE:
        person = actor(name, strong=False)
        for action in CASE_ACTIONS:
            if may(person, action, case):
                assert not ROLES[person.hats[0].role].strong
            if ROLES[person.hats[0].role].strong:
                assert not Case.objects.filter(visible(person, action, "case")).exists()
    assert may(actor("dispatcher", strong=False), "case.accept", case).reason == "second_factor"
    assert may(actor("worker_a1", strong=False), "case.accept", case).reason == "not_yours"


REVEALS_AND_EXPORTS = ("case.reveal", "case.find_by_phone", "case.export", "figures.export")


@pytest.mark.parametrize("action", REVEALS_AND_EXPORTS)
def test_before_a_reveal_or_an_export_everybody_shows_a_second_factor(town: ModuleType, action: str) -> None:
    row = (
        Case.objects.prefetch_related("parties").get(pk=at_level("V").case.pk)
        if action == "case.reveal"
        else None
    )
    for name in PEOPLE:
        weak = actor(name, strong=False)
        allowed = bool(may(actor(name), action, row))
        assert not may(weak, action, row), name
        assert (may(weak, action, row).reason == "second_factor") == allowed == could(weak, action, row), name
        if action.startswith("case"):
            assert not Case.objects.filter(visible(weak, action, "case")).exists()


def test_the_verdict_names_the_hat_under_which_it_is_allowed(town: ModuleType) -> None:
    case = Case.objects.prefetch_related("parties").get(pk=report_case().case.pk)
    worker, lead = actor("worker_a1"), actor("lead_a1")
    both = replace(worker, hats=(*worker.hats, *lead.hats))
    verdict = may(both, "case.accept", case)
    assert verdict.hat is not None
    assert verdict.hat.role == "lead"


def test_a_reporter_reaches_one_case_and_only_a_reporters_moves(town: ModuleType) -> None:
    mine, other = report_case(), report_case()
    me = reporter(mine)
    assert may(me, "case.rate", mine.case)
    assert not may(me, "case.rate", other.case)
    assert not may(me, "case.accept", mine.case)
    assert not Case.objects.filter(visible(me, "case.list", "case")).exists()


def test_nobody_and_a_person_without_a_post_reach_nothing(town: ModuleType) -> None:
    case = Case.objects.prefetch_related("parties").get(pk=report_case().case.pk)
    for person in (ANYONE, Actor(kind="staff", user_id=UUID(int=7), strong=True)):
        for action in CASE_ACTIONS:
            assert not may(person, action, case)
            assert not Case.objects.filter(visible(person, action, "case")).exists()


def test_the_program_itself_reaches_everything(town: ModuleType) -> None:
    report_case()
    assert Case.objects.filter(visible(SYSTEM, "case.list", "case")).count() == Case.objects.count()


def test_a_token_does_only_what_its_scopes_name(town: ModuleType) -> None:
    case = Case.objects.prefetch_related("parties").get(pk=report_case().case.pk)
    lead = actor("lead_a1")

    def by_token(*scopes: str) -> Actor:
        return replace(lead, via="api", scopes=frozenset(scopes))

    assert may(by_token("case:read"), "case.read", case)
    assert may(by_token("case:read"), "case.accept", case).reason == "scope"
    assert may(by_token("case:write"), "case.accept", case)
    assert not Case.objects.filter(visible(by_token("figures:read"), "case.list", "case")).exists()


def test_every_grant_names_roles_and_relations_that_exist() -> None:
    from gewu.domain.access.table import _relations

    for action, grants in GRANTS.items():
        for grant in grants:
            assert (grant.roles or set()) <= ROLES.keys(), action
            known: dict[str, Any] = _relations.get(noun_of(action), {})
            assert (
                grant.kind != "staff" or grant.relation == "anywhere" or not known or grant.relation in known
            )


def test_an_action_has_one_home() -> None:
    with pytest.raises(ValueError, match="two homes"):
        register_grants({"case.accept": ()})
