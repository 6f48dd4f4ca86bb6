"""What anyone may read: whole months, masked; and no comparison of all that is published recovers a small number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gewu.domain.areas.models import Area
from gewu.domain.figures import actions as figures
from gewu.domain.figures.masks import Hidden, Shown
from gewu.domain.insight import public
from gewu.domain.insight.public import AREA, BLOCKS, BY, CLASS, CODES, DAY
from tests.figures.entries import filed
from tests.services.time import START

LEFT, RIGHT, TOWN = "001001001001", "001001002001", "001001"
MARCH, APRIL = date(2026, 3, 1), START + timedelta(days=31)
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 1), st.integers(0, 2), st.sampled_from(CODES), st.integers(1, 14)
    ),
    max_size=30,
)


def tables_of(events: list[tuple[int, int, int, str, int]]) -> dict[str, dict[str, dict[str, int]]]:
    """The same acts divided three ways, as `public` divides a month."""
    keys = {AREA: "abc", CLASS: "xy", DAY: "123"}
    found: dict[str, dict[str, dict[str, int]]] = {by: {key: {} for key in keys[by]} for by in BY}
    for area, kind, day, code, n in events:
        for by, place in ((AREA, area), (CLASS, kind), (DAY, day)):
            row = found[by][keys[by][place]]
            row[code] = row.get(code, 0) + n
    return found


Range = tuple[float, float]


def range_of(shown: Shown | None) -> Range:
    if isinstance(shown, int):
        return shown, shown
    return {Hidden.SMALL: (0.0, 9.0), Hidden.TOO: (10.0, float("inf")), None: (0.0, float("inf"))}[shown]


def recovered(
    shown: Mapping[str, Mapping[str, Mapping[str, Shown | None]]], whole: Mapping[str, Shown]
) -> list[tuple[str, str, str]]:
    """Small cells with one possible value, for somebody who holds every table of a month against every other.

    All that ties them together is that each divides the same whole, fact by fact; so ranges say everything.
    """
    found = []
    for code in CODES:
        low, high = range_of(whole[code])
        for by in shown:
            cells = [range_of(row[code]) for row in shown[by].values()]
            low, high = max(low, sum(c[0] for c in cells)), min(high, sum(c[1] for c in cells))
        for by in shown:
            cells = {key: range_of(row[code]) for key, row in shown[by].items()}
            for key, row in shown[by].items():
                others = [cells[other] for other in cells if other != key]
                least = max(cells[key][0], low - sum(c[1] for c in others))
                most = min(cells[key][1], high - sum(c[0] for c in others))
                if row[code] is Hidden.SMALL and least >= most:
                    found.append((by, key, code))
    return found


@settings(max_examples=150, deadline=None)
@given(EVENTS)
def test_all_tables_held_against_each_other_recover_no_small_number(events: list[Any]) -> None:
    counts = tables_of(events)
    shown, whole, withheld = public.masked(counts)
    assert recovered(shown, whole) == []
    for by in BY:
        for key, row in shown[by].items():
            for code, cell in row.items():
                true = counts[by][key].get(code, 0)
                assert cell is None or (cell is Hidden.SMALL) == (true < 10)
                assert not isinstance(cell, int) or cell == true
    assert not [by for _block, by in withheld if by == AREA]


def test_the_attack_itself_works() -> None:
    """A total that one table hides and another gives away: what withholding is for."""
    none = dict.fromkeys(CODES, 0)
    shown: Any = {
        AREA: {"a": none | {"reported": 12}, "b": none | {"reported": Hidden.SMALL}},
        CLASS: {"x": none | {"reported": 16}},
    }
    assert recovered(shown, none | {"reported": Hidden.TOO}) == [(AREA, "b", "reported")]


def test_a_fact_stands_in_one_block_only() -> None:
    used = [{fact.code for fact in block.facts} for block in BLOCKS]
    assert [one & other for one, other in combinations(used, 2) if one & other] == []


def fill(left: int, right: int, *, at: datetime = START) -> None:
    for grid, times in ((LEFT, left), (RIGHT, right)):
        for _ in range(times):
            filed(grid, at=at)


def test_a_month_by_community_class_and_day(areas: dict[str, Area]) -> None:
    fill(12, 20)
    found = public.publish(TOWN, MARCH, now=APRIL)
    assert found is not None
    assert found.whole.shown["reported"] == 32
    assert [line.shown["reported"] for line in found.lines[AREA]] == [12, 20]
    # One day has all: were it open, the others would be known to be empty.
    assert found.lines[DAY][9].shown["reported"] is Hidden.TOO
    figures.fold()
    assert public.publish(TOWN, MARCH, now=APRIL) == found


def test_small_communities_are_masked_and_open_data_says_the_same(areas: dict[str, Area]) -> None:
    fill(3, 40)
    found = public.publish(TOWN, MARCH, now=APRIL)
    assert found is not None
    assert found.lines[AREA][0].shown["reported"] is Hidden.SMALL
    rows = {(row.by, row.code, row.measure): row for row in public.records(TOWN, found)}
    assert (rows[AREA, "left", "reported"].value, rows[AREA, "left", "reported"].masked) == (None, "<10")
    assert rows[AREA, "right", "reported"].masked == "hidden"  # with it the whole would give the first away
    assert rows["whole", "", "reported"].value == 43


def test_when_a_total_must_be_hidden_the_other_tables_are_withheld(areas: dict[str, Area]) -> None:
    fill(3, 4)
    found = public.publish(TOWN, MARCH, now=APRIL)
    assert found is not None
    rows = {(row.by, row.code, row.measure): row.masked for row in public.records(TOWN, found)}
    assert rows["whole", "", "reported"] == "<10"
    assert rows[CLASS, "", "reported"] == rows[DAY, "2026-03-10", "reported"] == "withheld"


def test_a_month_stays_as_it_was_whatever_becomes_of_the_map(areas: dict[str, Area]) -> None:
    """Another row of zeros would be masked with the others, and tell which of them are small."""
    fill(12, 20)
    before = public._month(TOWN, MARCH)
    Area.objects.filter(code="left").update(valid_to=APRIL.date())
    top = Area.objects.get(path=TOWN)
    made = Area(
        code="new", level="community", name="新村", parent=top, path=TOWN + "009", valid_from=APRIL.date()
    )
    made.save()
    assert public._month(TOWN, MARCH) == before
    filed(made.path + "001", at=START)  # brought in from elsewhere, with its own day
    assert [line.key for line in public._month(TOWN, MARCH).lines[AREA]] == [LEFT[:9], made.path, RIGHT[:9]]


@pytest.mark.parametrize("first", [date(2026, 4, 1), date(2026, 3, 2), date(2026, 2, 1)])
def test_only_whole_past_months_with_something_to_show(areas: dict[str, Area], first: date) -> None:
    """A running month, half a month, an empty one."""
    fill(20, 20)
    assert public.publish(TOWN, first, now=APRIL) is None


def test_months_newest_first(areas: dict[str, Area]) -> None:
    fill(1, 1)
    fill(1, 1, at=APRIL)
    assert public.months(TOWN, now=APRIL) == [MARCH]
    assert public.months(TOWN, now=APRIL + timedelta(days=30)) == [date(2026, 4, 1), MARCH]
