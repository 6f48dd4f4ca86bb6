"""The table of states and moves, as a table."""

from __future__ import annotations

from itertools import chain

import pytest

from gewu.core.worktime import Limit
from gewu.domain.access.table import GRANTS
from gewu.domain.cases import clocks
from gewu.domain.cases.actions import EFFECTS
from gewu.domain.cases.actions.asks import READERS
from gewu.domain.cases.relations import RELATIONS
from gewu.domain.cases.workflow import (
    CLOSED,
    DECIDED,
    DECLINED,
    ENDED,
    MOVES,
    OPEN,
    SAME,
    STATES,
    SUBMITTED,
    Move,
    moves_from,
)
from gewu.domain.figures import derive
from gewu.domain.journal import facts as journal

ALL = pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
VERBS = {"start", "stop", "drop", "pause", "resume", "freeze", "thaw", "done", "undone"}
KINDS = {clocks.PROMISE, clocks.STAGE, *clocks.LIMITS}


def test_every_state_is_reached_from_the_first() -> None:
    reached, before = {SUBMITTED}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= set(chain.from_iterable(m.ends_in(s) for s in before for m in moves_from(s)))
    assert reached == set(STATES)


def test_every_open_state_can_still_end() -> None:
    ends = {state: set(chain.from_iterable(m.ends_in(state) for m in moves_from(state))) for state in OPEN}
    leading = set(ENDED)
    while more := {state for state in OPEN - leading if ends[state] & leading}:
        leading |= more
    assert leading == set(STATES)


def test_a_declined_case_stays_declined() -> None:
    assert {move.code for move in moves_from(DECLINED)} == {"internal_note"}
    assert all(
        not (move.ends_in(CLOSED) - {CLOSED}) or move.code in {"reopen", "unmerge"}
        for move in moves_from(CLOSED)
    )


def test_every_move_has_an_effect_and_every_effect_a_move() -> None:
    assert EFFECTS.keys() == MOVES.keys()


@ALL
def test_it_leaves_and_reaches_states_of_the_table(move: Move) -> None:
    assert move.frm <= STATES.keys()
    assert move.frm
    assert move.to in STATES or move.to in (SAME, DECIDED)
    assert bool(move.may_end_in) == (move.to == DECIDED)
    assert move.may_end_in <= {*STATES, SAME}


@ALL
def test_somebody_may_take_it(move: Move) -> None:
    assert move.takers
    assert GRANTS[move.action] == move.takers
    for grant in move.takers:
        assert grant.kind != "staff" or grant.relation in RELATIONS


@ALL
def test_what_it_asks_for_can_be_read(move: Move) -> None:
    names = [ask.name for ask in move.asks]
    assert len(names) == len(set(names))
    for ask in move.asks:
        assert ask.kind in READERS
        assert (ask.choices is not None) == (ask.kind in {"reason", "choice", "closing"})


@ALL
def test_its_words_to_the_clocks_are_known(move: Move) -> None:
    for word in move.clocks:
        verb, _colon, kind = word.partition(":")
        assert verb in VERBS
        assert (kind in KINDS) == (verb in {"start", "stop", "drop", "done", "undone"})


@ALL
def test_it_is_a_fact_of_the_journal(move: Move) -> None:
    assert journal.fact(move.action).subject == "case"


def test_the_states_of_the_figures_are_those_of_the_table() -> None:
    assert derive.OPEN_STATES == OPEN
    assert derive.LADDER_MOVES <= MOVES.keys()
    assert derive.COMES_TO_HOLD <= MOVES.keys()


def test_the_defaults_are_those_of_the_rules() -> None:
    assert {kind: str(limit) for kind, limit in clocks.LIMITS.items()} == {
        "accept": "W2h", "contact": "W4h", "dispatch": "W2h", "verify": "W1d", "confirm": "W5d",
    }  # fmt: skip
    assert clocks.LADDER == {
        "G": Limit.parse("W1d"), "V": Limit.parse("W3d"), "S": Limit.parse("W5d"), "D": Limit.parse("W15d"),
    }  # fmt: skip
