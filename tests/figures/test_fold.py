"""Deltas become sums, once each, whatever happens in between."""

from __future__ import annotations

from datetime import date
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gewu.core.errors import Conflict
from gewu.domain.figures import actions, proof, queries
from gewu.domain.figures.models import DayRow, DayTotal, Delta
from gewu.domain.figures.queries import Period
from tests.figures.entries import GRID, closed, filed, happened

pytestmark = pytest.mark.django_db
DAY = Period(date(2026, 3, 10), date(2026, 3, 10))


def reported(path: str = GRID) -> int:
    return queries.totals(path, DAY, codes=["reported"]).get(("", "reported"), 0)


def test_folding_changes_no_figure() -> None:
    for _ in range(3):
        filed()
    assert reported() == 3
    assert actions.fold() == 6
    assert (reported(), Delta.objects.count(), DayRow.objects.get(indicator="reported").amount) == (3, 0, 3)


def test_sums_grow_over_several_folds_and_upwards() -> None:
    filed()
    actions.fold()
    filed()
    filed(GRID[:9] + "004")
    actions.fold(batch=3)
    actions.fold(batch=100)
    assert {path: reported(path) for path in ("", GRID[:3], GRID[:9], GRID)} == {
        "": 3, GRID[:3]: 3, GRID[:9]: 3, GRID: 2,
    }  # fmt: skip
    assert proof.prove() == []


def test_nothing_left_to_fold() -> None:
    assert actions.fold() == 0


def test_a_crash_in_the_middle_leaves_all_or_nothing() -> None:
    filed()
    with patch.object(actions, "_add_up", side_effect=[None, RuntimeError]), pytest.raises(RuntimeError):
        actions.fold()
    assert (Delta.objects.count(), DayRow.objects.count(), DayTotal.objects.count()) == (2, 0, 0)
    actions.fold()
    assert reported() == 1


def test_two_folds_at_once_take_a_delta_once() -> None:
    """The second has read what the first then takes: its delete finds fewer rows, and it takes nothing."""
    filed()
    with patch.object(actions.Delta.objects, "order_by") as reading:
        rows = list(Delta.objects.values_list("id", *actions.KEY, "amount"))
        reading.return_value.values_list.return_value = rows
        Delta.objects.filter(indicator="reported").delete()
        with pytest.raises(Conflict):
            actions.fold()
    assert DayRow.objects.count() == 0


def test_adding_is_one_insert() -> None:
    entry = filed()
    rows = proof.recount([entry])
    from gewu.domain.figures.derive import deltas_of

    assert len(rows) == 2
    with CaptureQueriesContext(
        connection,
    ) as asked:
        actions.add(entry, deltas_of(entry))
    assert len([query for query in asked if "INSERT" in query["sql"]]) == 1


def test_stocks_are_known_for_any_day() -> None:
    filed()
    actions.fold()
    filed(at=filed().at.replace(day=12))
    closed(at=filed().at.replace(day=14))
    actions.fold(batch=4)

    def open_at(day: date | None) -> int:
        return queries.stock(GRID, at=day).get(("", "open_delta"), 0)

    assert [open_at(date(2026, 3, day)) for day in (9, 10, 12, 14)] == [0, 3, 4, 3]
    assert open_at(None) == 3


def test_rebuilt_totals_are_the_same() -> None:
    filed()
    happened("accept", **{"from": "submitted", "to": "accepted", "level_to": "G"})
    actions.fold()
    before = sorted(DayTotal.objects.values_list(*actions.TOTAL_KEY, "amount"))
    DayTotal.objects.filter(path="").delete()
    assert [finding.code for finding in proof.prove()] == ["totals_differ"]
    actions.rebuild_totals()
    assert sorted(DayTotal.objects.values_list(*actions.TOTAL_KEY, "amount")) == before
