"""The matrix sees: each hole made in the access table in memory turns some of its cells red."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from gewu.domain.access import table
from gewu.domain.access.table import ANY_SENSITIVITY, GRANTS, Grant, Relation
from gewu.domain.cases import queries
from gewu.domain.people.roles import ROLES
from tests.access import matrix, policy
from tests.access.matrix import World

pytestmark = pytest.mark.one_store
Patch = pytest.MonkeyPatch


def grants(action: str, change: Callable[[tuple[Grant, ...]], tuple[Grant, ...]]) -> Callable[[Patch], None]:
    """A mutant of one action's grants."""
    return lambda patch: patch.setitem(GRANTS, action, change(GRANTS[action]))


def widened(**more: Any) -> Callable[[tuple[Grant, ...]], tuple[Grant, ...]]:
    """Every grant good for more than it was."""
    return lambda rows: tuple(replace(row, **more) for row in rows)


def without(place: int) -> Callable[[tuple[Grant, ...]], tuple[Grant, ...]]:
    """One grant taken away."""
    return lambda rows: rows[:place] + rows[place + 1 :]


def relation(name: str, noun: str = "case") -> Callable[[Patch], None]:
    """A relation that everybody has to every row."""
    always = Relation(check=lambda hat, row: True, rows=lambda hat: table.Q())
    return lambda patch: patch.setitem(table._relations[noun], name, always)


def nobody_asks_for_a_factor(patch: Patch) -> None:
    patch.setattr(table, "needs_factor", lambda hat, actor: False)


def the_gate_is_open(patch: Patch) -> None:
    patch.setattr(queries, "may", lambda *_given: table.Verdict(True))


def sensitivity_is_forgotten(patch: Patch) -> None:
    patch.setattr(table, "_good_for", lambda grant, row: True)


MUTANTS: dict[str, Callable[[Patch], None]] = {
    "a worker's list without its grid": grants("case.list", without(0)),
    "triage sees nothing": grants("case.list", without(1)),
    "holders cannot read": grants("case.read", without(4)),
    "private texts are read by triage": grants("case.read", widened(sensitivity=ANY_SENSITIVITY)),
    "anybody lists": grants("case.list", widened(roles=None)),
    "anybody reveals": grants("case.reveal", widened(roles=None)),
    "confidential contacts are revealed": grants("case.reveal", widened(sensitivity=ANY_SENSITIVITY)),
    "triage reveals nothing": grants("case.reveal", without(1)),
    "no private case opens with a reason": grants("case.read_reasoned", without(0)),
    "everybody opens private cases": grants("case.read_reasoned", widened(roles=None)),
    "the area is everywhere": relation("area"),
    "every grid is one's own": relation("area_open"),
    "everybody is a party": relation("party"),
    "everybody holds": relation("holder"),
    "everybody triages": relation("triage"),
    "everybody stands above": relation("above"),
    "everybody may accept": grants("case.accept", widened(roles=None, relation="anywhere")),
    "nobody may hand up but the holder": grants("case.hand_up", without(1)),
    "the administrator's doors are open": grants("people.edit", widened(roles=None)),
    "everybody reads the journal": grants("journal.see", widened(roles=None)),
    "nobody sees figures": grants("figures.see", without(0)),
    "the gate is open": the_gate_is_open,
    "sensitivity is forgotten": sensitivity_is_forgotten,
}
WHO = ("worker_a1", "worker_b1", "lead_a1", "duty_lead", "team_hand", "evaluator", "director_b")
DOORS = (
    "GET api/v1/accounts/<username>",
    "GET api/v1/journal",
    "GET api/v1/figures/dashboard",
    "GET staff/posts",
)


def faults(world: World) -> Iterator[str]:
    """A quick look: some people at some doors and cases, what costs least first."""
    some = [one for one in world.matters if one.place.name in ("worker's", "fresh", "team's")]
    callers = [world.callers[name] for name in WHO]
    for who in callers:
        yield from matrix.judge_list(world, who)
    for who, matter, move in product(callers, some, ("accept", "hand_up", "report_done", "take_over")):
        yield from matrix.judge_move(who, matter, move)
    for who, row in product(callers, DOORS):
        yield from matrix.judge_entrance(world, who, *row.split(" ", 1))
    for matter, who in product(some, callers):
        yield from matrix.judge_case(world, who, matter)


def test_nothing_is_wrong_without_a_hole(standing: World) -> None:
    assert not list(faults(standing))


@pytest.mark.parametrize("name", MUTANTS)
def test_a_hole_is_seen(standing: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[name](monkeypatch)
    assert any(faults(standing)), f"the matrix does not see that {name}"


def test_a_missing_second_factor_is_seen(standing: World, monkeypatch: pytest.MonkeyPatch) -> None:
    weak = matrix.Caller("administrator", "anyone", matrix.signed_in("administrator", strong=False))
    row = ("GET", "api/v1/accounts/<username>")
    assert not matrix.judge_entrance(standing, weak, *row)
    nobody_asks_for_a_factor(monkeypatch)
    assert matrix.judge_entrance(standing, weak, *row)


def test_the_policy_and_the_roles_agree() -> None:
    assert {code for code, role in ROLES.items() if role.strong} == policy.STRONG
