"""One entry, and what it adds: the definition every figure hangs on."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from gewu.domain.cases.workflow import MOVES, OPEN
from gewu.domain.figures import indicators
from gewu.domain.figures.derive import _SIMPLE, OPEN_STATES, deltas_of, durations_of
from tests.figures.entries import ASSIGNED, GRID, UNIT, entry_of


def counts(kind: str, **data: Any) -> Counter[tuple[str, str]]:
    return Counter({(row.indicator, row.level): row.amount for row in deltas_of(entry_of(kind, **data))})


def test_a_report_opens_a_case() -> None:
    assert counts("report", **{"from": "", "to": "submitted", "level_to": "G"}) == {
        ("reported", "G"): 1,
        ("open_delta", "G"): 1,
    }


def test_an_assignment_is_received_by_its_unit() -> None:
    rows = deltas_of(entry_of("assign", **ASSIGNED))
    assert {(row.indicator, row.unit_id) for row in rows} == {
        ("assigned", "ab" * 16),
        ("received", "ab" * 16),
    }


def test_handing_up_counts_where_it_left_and_moves_the_open_case() -> None:
    data = {
        "from": "handling",
        "to": "accepted",
        "level_from": "V",
        "level_to": "S",
        "holder_from": UNIT,
        "holder_to": "",
    }
    assert counts("hand_up", **data) == {
        ("handed_up", "V"): 1,
        ("flow_VS", "V"): 1,
        ("open_delta", "V"): -1,
        ("open_delta", "S"): 1,
    }
    assert {
        row.unit_id for row in deltas_of(entry_of("hand_up", **data)) if row.indicator == "handed_up"
    } == {"ab" * 16}


def test_closing_tells_kind_confirmation_and_level() -> None:
    data = {"from": "handled", "to": "closed", "level_from": "V", "level_to": "V", "closing": "solved"}
    assert counts("close", **data, confirmation="unconfirmed", on_time=0) == {
        ("closed", "V"): 1,
        ("closed_solved", "V"): 1,
        ("solved_at_level", "V"): 1,
        ("unconfirmed", "V"): 1,
        ("closed_late", "V"): 1,
        ("open_delta", "V"): -1,
    }


def test_a_rating_after_closing_does_not_close_again() -> None:
    assert counts(
        "rate", **{"from": "closed", "to": "closed", "level_to": "V", "closing": "solved"}, rating=4
    ) == {("rated_4", "V"): 1}


def test_a_broken_promise_is_overdue_until_its_clock_ends() -> None:
    same = {"from": "handling", "to": "handling", "level_from": "G", "level_to": "G"}
    up = {"from": "handling", "to": "accepted", "level_from": "G", "level_to": "V"}
    done = {"from": "handled", "to": "handled", "level_from": "V", "level_to": "V"}
    assert counts("warned", **same, late_from=0, late=1) == {
        ("overdue_fired", "G"): 1,
        ("overdue_open", "G"): 1,
    }
    moved = counts("hand_up", **up, late_from=1, late=1)
    assert (moved["overdue_open", "G"], moved["overdue_open", "V"], moved["overdue_fired", "V"]) == (-1, 1, 0)
    assert counts("verify", **done, late_from=1, late=0, stage=["promise:V:40000:90000:0"]) == {
        ("verified", "V"): 1,
        ("done_late", "V"): 1,
        ("overdue_open", "V"): -1,
    }


def test_a_case_that_a_border_moves_is_open_in_one_place() -> None:
    rows = deltas_of(
        entry_of(
            "moved_border", **{"from": "handling", "to": "handling", "level_to": "G"}, grid_from="000009"
        )
    )
    assert {(row.grid_path, row.amount) for row in rows} == {("000009", -1), (GRID, 1)}


def test_an_entry_made_in_error_is_no_unfounded_report() -> None:
    found = counts(
        "void", **{"from": "accepted", "to": "closed", "closing": "unfounded", "confirmation": "none"}
    )
    assert ("closed_void", "") in found
    assert ("closed_unfounded", "") not in found


def test_clocks_that_ended_become_durations() -> None:
    (row,) = durations_of(
        entry_of("report_done", to="handled", unit="ab" * 16, stage=["stage:V:7200:86400:1"])
    )
    assert (row.kind, row.level, row.unit_id, row.seconds, row.wall, row.in_time) == (
        "stage", "V", "ab" * 16, 7200, 86400, True,
    )  # fmt: skip


def test_the_day_is_the_local_one() -> None:
    late = entry_of("accept").at.replace(hour=17)  # 01:00 of the next day in Shanghai
    assert deltas_of(entry_of("accept", at=late))[0].day.isoformat() == "2026-03-11"


def test_other_subjects_add_nothing() -> None:
    entry = entry_of("accept")
    entry.subject_kind = "post"
    assert deltas_of(entry) == []


def test_the_words_are_those_of_the_workflow() -> None:
    """A renamed move or state would silently stop being counted."""
    assert OPEN_STATES == OPEN
    assert set(_SIMPLE) - {"joined"} <= set(MOVES)


@pytest.mark.parametrize("move", sorted(MOVES))
def test_every_move_is_read_without_a_fault(move: str) -> None:
    for state in sorted(MOVES[move].frm):
        for to in sorted(MOVES[move].ends_in(state)):
            rows = deltas_of(entry_of(move, **{"from": state, "to": to, "level_from": "G", "level_to": "V"}))
            assert sum(row.amount for row in rows if row.indicator == indicators.OPEN) == (to in OPEN) - (
                state in OPEN
            )
