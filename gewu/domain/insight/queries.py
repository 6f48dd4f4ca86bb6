"""Tables of indicators, the flow between levels, and the dashboard. Reads only, and only sums: never the case table.

Areas and units stand in the order of their codes and carry values with intervals; there is no rank and no colour by
rank (rules.md 11). No question here can be asked about a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from gewu.core.levels import LADDER
from gewu.domain.figures import indicators as of
from gewu.domain.figures import queries as figures
from gewu.domain.figures.derive import local_day
from gewu.domain.figures.intervals import median, median_interval, wilson
from gewu.domain.figures.queries import Period
from gewu.domain.insight.indicators import (
    COUNT,
    INDICATORS,
    MEDIAN,
    SHARE,
    STOCK,
    Indicator,
    facts_of,
)
from gewu.domain.insight.labels import Label, labels_of

By = Literal["area", "unit", "category", "level", "day"]
_FIGURES_BY: dict[str, figures.By] = {
    "area": "area", "unit": "unit", "category": "condition", "level": "level", "day": "day",
}  # fmt: skip
DASHBOARD_DAYS = 30


@dataclass(frozen=True)
class Cell:
    """One value with its interval. `n` is what it is a share of, or how many values a median has."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    hits: int | None = None
    n: int | None = None


@dataclass(frozen=True)
class Row:
    """One area, unit, category, level or day."""

    label: Label
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Table:
    """Rows in code order, and the whole."""

    path: str
    period: Period
    by: By
    indicators: tuple[Indicator, ...]
    rows: tuple[Row, ...]
    whole: Mapping[str, Cell]


@dataclass(frozen=True)
class Dashboard:
    """What a centre sees first: now, today, and the last thirty days."""

    day: date
    open: int
    overdue: int
    open_by_level: Mapping[str, int]
    today: Mapping[str, int]
    series: Sequence[tuple[date, int, int]]  # day, reported, closed
    shares: Mapping[str, Cell]
    flows: Mapping[tuple[str, str], int]
    by_level: Mapping[tuple[str, str], int]  # level, fact: all facts of the thirty days


def table(path: str, period: Period, *, by: By = "area", codes: Sequence[str] | None = None) -> Table:
    """Indicators of an area and what lies below it, by what lies below, by unit, category, level or day.

    True numbers, for staff inside their area; what anyone may read comes from `insight.public` alone.
    """
    chosen = tuple(one for one in (INDICATORS[code] for code in codes or INDICATORS) if one.fits(by))
    counts = _Counts.read(path, period, by, chosen)
    labels = labels_of(path, by, counts.groups)
    columns = {one.code: _column(one, [label.key for label in labels], counts) for one in chosen}
    rows = tuple(
        Row(label, {code: cells[place] for code, (cells, _whole) in columns.items()})
        for place, label in enumerate(labels)
    )
    return Table(path, period, by, chosen, rows, {code: whole for code, (_cells, whole) in columns.items()})


def flows(path: str, period: Period) -> dict[tuple[str, str], int]:
    """How many cases went from level to level: rows where they left, columns where they arrived."""
    pairs = {of.flow(left, arrived): (left, arrived) for left in LADDER for arrived in LADDER}
    found = figures.totals(path, period, codes=list(pairs))
    return {pair: found.get(("", code), 0) for code, pair in pairs.items()}


def dashboard(path: str, *, now: datetime) -> Dashboard:
    """Two statements, whatever the number of cases: few sums for each of thirty days, and one row for each stock."""
    today = local_day(now)
    period = Period(today - timedelta(days=DASHBOARD_DAYS - 1), today)
    by_day: defaultdict[tuple[date, str], int] = defaultdict(int)
    by_level: defaultdict[tuple[str, str], int] = defaultdict(int)
    counts: defaultdict[str, int] = defaultdict(int)
    for day, level, code, amount in figures.by_day_and_level(path, period):
        by_day[day, code] += amount
        by_level[level, code] += amount
        counts[code] += amount
    stocks = figures.stock(path, by="level")
    stock = {code: sum(n for (_, one), n in stocks.items() if one == code) for code in of.STOCKS}
    days = [period.first + timedelta(days=n) for n in range(DASHBOARD_DAYS)]
    return Dashboard(
        day=today,
        open=stock[of.OPEN],
        overdue=stock[of.OVERDUE_OPEN],
        open_by_level={level: stocks.get((level, of.OPEN), 0) for level in LADDER},
        today={
            code: by_day[today, code] for code in (of.REPORTED, of.CLOSED, of.HANDED_UP, of.OVERDUE_FIRED)
        },
        series=[(day, by_day[day, of.REPORTED], by_day[day, of.CLOSED]) for day in days],
        shares={
            one.code: _share(*_parts(one, counts, stock)) for one in INDICATORS.values() if one.kind == SHARE
        },
        flows={(left, to): counts[of.flow(left, to)] for left in LADDER for to in LADDER},
        by_level=by_level,
    )


@dataclass(frozen=True)
class _Counts:
    """Everything a table is made of, by group; the whole stands apart, for it may hold more than the groups do."""

    groups: list[str]
    facts: Mapping[tuple[str, str], int]
    whole: Mapping[str, int]
    times: Mapping[tuple[str, str], list[int]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: str, period: Period, by: By, chosen: Sequence[Indicator]) -> _Counts:
        codes, grouping = facts_of(chosen), _FIGURES_BY[by]
        facts = dict(figures.totals(path, period, by=grouping, codes=codes))
        whole = {code: n for (_, code), n in figures.totals(path, period, codes=codes).items()}
        if any(one.stock for one in chosen):
            at = figures.stock(path, by="level" if by == "level" else "area", at=period.last)
            facts |= at
            whole |= {code: n for (_, code), n in figures.stock(path, at=period.last).items()}
        times: dict[tuple[str, str], list[int]] = defaultdict(list)
        for clock in {one.clock for one in chosen if one.kind == MEDIAN}:
            for ran in figures.durations(path, period, clock, by=grouping):
                times[ran.group, clock].append(ran.seconds)
        groups = sorted({group for group, _ in (*facts, *times)} - {""})
        return cls(groups, facts, whole, times)


Column = tuple[list[Cell], Cell]  # the groups' cells and the whole's


def _column(one: Indicator, keys: Sequence[str], counts: _Counts) -> Column:
    if one.kind == MEDIAN:
        everything = sorted(
            s for (_, clock), seconds in counts.times.items() if clock == one.clock for s in seconds
        )
        return [_median(counts.times.get((key, one.clock), [])) for key in keys], _median(everything)
    by_group: dict[str, dict[str, int]] = defaultdict(dict)
    for (group, code), n in counts.facts.items():
        by_group[group][code] = n
    parts = [_parts(one, by_group[key], by_group[key]) for key in keys]
    whole = _parts(one, counts.whole, counts.whole)
    make = _share if one.kind == SHARE else _number
    return [make(*part) for part in parts], make(*whole)


def _parts(one: Indicator, facts: Mapping[str, int], stocks: Mapping[str, int]) -> tuple[int, int]:
    """Numerator and denominator."""
    at_end = stocks.get(one.stock, 0) if one.stock else 0
    if one.kind == STOCK:
        return at_end, at_end
    hits = sum(facts.get(code, 0) for code in one.numerator)
    if one.kind == COUNT:
        return hits, hits
    return hits, sum(facts.get(code, 0) for code in one.denominator) + at_end


def _share(hits: int, n: int) -> Cell:
    if n <= 0:
        return Cell(hits=hits, n=n)
    if (
        not 0 <= hits <= n
    ):  # more was opened again than closed, more came than was called: no share, no interval
        return Cell(value=hits / n, hits=hits, n=n)
    around = wilson(hits, n)
    return Cell(hits / n, around.low, around.high, hits, n)


def _number(hits: int, n: int) -> Cell:
    return Cell(value=float(hits), hits=hits, n=n)


def _median(ordered: Sequence[int]) -> Cell:
    if not ordered:
        return Cell(n=0)
    around = median_interval(ordered)
    return Cell(
        median(ordered), around.low if around else None, around.high if around else None, n=len(ordered)
    )
