"""Tables of indicators: values with intervals, in code order."""

from __future__ import annotations

from datetime import date
from typing import Any

from gewu.core import tables
from gewu.domain.areas.models import Area
from gewu.domain.figures import actions as figures
from gewu.domain.figures import indicators as of
from gewu.domain.figures.queries import Period
from gewu.domain.insight import indicators, queries
from gewu.domain.insight.export import export_xlsx
from gewu.domain.insight.indicators import INDICATORS
from tests.figures.entries import closed, filed, happened

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
LEFT1, RIGHT1 = "001001001001", "001001002001"
TOWN = "001001"


def decided(grid: str, *, accepted: int = 0, declined: int = 0) -> None:
    for kind, times, to in (("accept", accepted, "accepted"), ("decline", declined, "declined")):
        for _ in range(times):
            filed(grid)
            happened(kind, grid=grid, **{"from": "submitted", "to": to, "level_to": "G"})


def cell(table: queries.Table, group: str, code: str) -> queries.Cell:
    return next(row.cells[code] for row in table.rows if row.label.code == group)


def test_a_share_with_its_interval(areas: dict[str, Area]) -> None:
    decided(LEFT1, accepted=3, declined=1)
    table = queries.table(TOWN, MARCH, by="area")
    found = cell(table, "left", "filing")
    assert (found.value, found.hits, found.n) == (0.75, 3, 4)
    assert found.low is not None
    assert found.low < 0.75 < (found.high or 0)
    assert cell(table, "right", "filing") == queries.Cell(hits=0, n=0)
    assert table.whole["filing"].n == 4


def test_folding_changes_nothing(areas: dict[str, Area]) -> None:
    decided(LEFT1, accepted=2)
    filed(RIGHT1)
    before = queries.table(TOWN, MARCH, by="area")
    figures.fold()
    assert queries.table(TOWN, MARCH, by="area") == before


def test_areas_stand_in_code_order_whatever_their_values(areas: dict[str, Area]) -> None:
    for _ in range(5):
        filed(RIGHT1)
    assert [row.label.code for row in queries.table(TOWN, MARCH, by="area", codes=["reported"]).rows] == [
        "left",
        "right",
    ]


def test_overdue_cases_stay_in_the_denominator(areas: dict[str, Area]) -> None:
    """Whoever leaves what is overdue lying does not look better for it."""
    same = {"from": "handling", "to": "handling", "level_from": "G", "level_to": "G"}
    happened("warned", grid=LEFT1, **same, late_from=0, late=1)
    happened(
        "verify", grid=LEFT1, **{**same, "from": "handled", "to": "handled"}, stage=["promise:G:100:100:1"]
    )
    found = cell(queries.table(TOWN, MARCH, by="area"), "left", "handling_in_time")
    assert (found.hits, found.n) == (1, 2)


def test_a_median_of_times(areas: dict[str, Area]) -> None:
    for seconds in (60, 120, 600):
        happened(
            "ask_reporter",
            grid=LEFT1,
            **{"from": "accepted", "to": "accepted"},
            stage=[f"contact:G:{seconds}:0:1"],
        )
    found = cell(queries.table(TOWN, MARCH, by="area"), "left", "first_contact")
    assert (found.value, found.n, found.low) == (120, 3, None)


def test_units_know_no_stocks(areas: dict[str, Area]) -> None:
    codes = {one.code for one in queries.table(TOWN, MARCH, by="unit").indicators}
    assert "promises_kept" in codes
    assert codes & {"open", "overdue", "handling", "closing"} == set()


def test_by_level_and_by_day(areas: dict[str, Area]) -> None:
    closed(LEFT1)
    by_level = queries.table(TOWN, MARCH, by="level", codes=["solved_in_grid", "open"])
    assert [row.label.key for row in by_level.rows] == ["G", "V", "S", "D"]
    assert cell(by_level, "G", "solved_in_grid").value == 1
    by_day = queries.table(TOWN, MARCH, by="day", codes=["solved"])
    assert [row.label.key for row in by_day.rows] == ["2026-03-10"]


def test_the_flow_between_levels(areas: dict[str, Area]) -> None:
    happened(
        "hand_up", grid=LEFT1, **{"from": "handling", "to": "accepted", "level_from": "G", "level_to": "V"}
    )
    found = queries.flows(TOWN, MARCH)
    assert found["G", "V"] == 1
    assert sum(found.values()) == 1


def test_every_indicator_is_made_of_known_facts() -> None:
    known = {value for value in vars(of).values() if isinstance(value, str)}
    known |= {code for part in (of.CLOSED_AS, of.CONFIRMED_AS, of.RATED) for code in part.values()}
    assert indicators.facts_of(INDICATORS.values()) <= known
    for one in INDICATORS.values():
        assert str(one.name)
        assert str(one.definition)
        assert one.formula


def test_the_number_of_queries_does_not_grow(
    areas: dict[str, Area], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(7):
        queries.table(TOWN, MARCH, by="area")


def test_a_workbook_with_definitions(areas: dict[str, Area]) -> None:
    decided(LEFT1, accepted=3, declined=1)
    book = tables.read_workbook(
        export_xlsx(queries.table(TOWN, MARCH, by="area", codes=["filing", "reported"]))
    )
    values, definitions = book.values()
    assert values[1][:3] == ["left", "left", 0.75]
    assert definitions[1][2] == "accepted / (accepted + declined)"
