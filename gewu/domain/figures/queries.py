"""Reading figures: the folded sums and what is not folded yet, added in one statement.

One statement, because a fold may commit between two: its deltas would then be counted twice or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db import connection, models
from django.db.models.functions import Substr

from gewu.domain.figures.actions import SEGMENT
from gewu.domain.figures.indicators import EXEMPT, STOCKS
from gewu.domain.figures.models import EVER, DayRow, DayTotal, Delta, Duration

By = Literal["", "area", "unit", "condition", "source", "level", "day"]
_FINE = {"unit": "unit", "condition": "condition_code", "source": "source"}
_COARSE = {"": "''", "level": "level", "day": "day"}
_EXEMPTED = {exempt: code for code, exempt in EXEMPT.items()}


@dataclass(frozen=True)
class Period:
    """Local days, the last one included."""

    first: date
    last: date


@dataclass(frozen=True)
class Ran:
    """How long one clock ran, and to which group it belongs."""

    group: str
    seconds: int


def totals(
    path: str,
    period: Period,
    *,
    by: By = "",
    codes: Collection[str],
    depth: int | None = None,
    exempting: bool = True,
) -> dict[tuple[str, str], int]:
    """Sums by (group, indicator) for an area and everything below it; `exempting` without what appeals have exempted.

    `by="area"` groups by the areas one step below, or by those whose paths have `depth` characters. Empty groups and
    indicators are missing. Groups are path, unit hex, code, level or ISO day.
    """
    if not codes:
        return {}
    wanted = {*codes, *(EXEMPT[code] for code in codes if exempting and code in EXEMPT)}
    if by in _FINE:
        found = _read(_fine(path, period, _FINE[by], wanted))
    else:
        found = _read(_coarse(path, period, by, wanted, depth))
    for key in [key for key in found if key[1] in _EXEMPTED]:
        found[key[0], _EXEMPTED[key[1]]] = found.get((key[0], _EXEMPTED[key[1]]), 0) - found.pop(key)
    return found


def by_day_and_level(path: str, period: Period) -> list[tuple[date, str, str, int]]:
    """Every indicator of an area by day and level, without what appeals have exempted: all a dashboard needs of a
    period, in one statement."""
    sql, values = _coarse(path, period, "day", None, None, "level")
    return [
        (
            date.fromisoformat(str(day)),
            level,
            _EXEMPTED.get(code, code),
            int(-amount if code in _EXEMPTED else amount),
        )
        for day, level, code, amount in _rows(sql, values)
    ]


def stock(
    path: str, *, by: Literal["", "area", "level"] = "", at: date | None = None
) -> dict[tuple[str, str], int]:
    """How many are open or overdue at the end of day `at` (now without), by (group, indicator).

    From the sum of all days back to `at`, so that the usual question, how many now, reads a single row.
    """
    of_total, here, here_values = _totals_here(path, by, None)
    of_delta, under, under_values = _deltas_here(path, by, None)
    codes_are, code_values = _among(STOCKS)
    adapt = connection.ops.adapt_datefield_value
    last = adapt(at or date.max)
    return _read(
        (
            f"SELECT grp, indicator, SUM(amount) FROM ("  # noqa: S608 - names of our own models
            f"SELECT {of_total} AS grp, indicator, amount FROM {_table(DayTotal)} "
            f"WHERE {here} AND {codes_are} AND day = %s UNION ALL "
            f"SELECT {of_total} AS grp, indicator, -amount FROM {_table(DayTotal)} "
            f"WHERE {here} AND {codes_are} AND day > %s UNION ALL "
            f"SELECT {of_delta} AS grp, indicator, amount FROM {_table(Delta)} "
            f"WHERE {under} AND {codes_are} AND day <= %s"
            f") AS pieces GROUP BY grp, indicator",
            [
                *here_values, *code_values, adapt(EVER),
                *here_values, *code_values, last,
                *under_values, *code_values, last,
            ],
        )
    )  # fmt: skip


def durations(path: str, period: Period, kind: str, *, by: By = "", depth: int | None = None) -> list[Ran]:
    """Countable seconds of the clocks of one kind that ended in a period, shortest first within each group."""
    group: Any = models.Value("")
    if by == "area":
        group = Substr("grid_path", 1, depth or len(path) + SEGMENT)
    elif by:
        group = models.F({"condition": "condition_code"}.get(by, by))
    rows = Duration.objects.filter(
        kind=kind, day__range=(period.first, period.last), grid_path__gte=path, in_time__isnull=False
    )
    if path:
        rows = rows.filter(grid_path__lt=path + "z")
    found = rows.annotate(group=group).order_by("group", "seconds").values_list("group", "seconds")
    return [Ran(str(key), seconds) for key, seconds in found]


Statement = tuple[str, list[Any]]


def _fine(path: str, period: Period, column: str, codes: Collection[str]) -> Statement:
    codes_are, code_values = _among(codes)
    where = f"grid_path >= %s AND grid_path < %s AND day BETWEEN %s AND %s AND {codes_are}"
    values = [path, path + "z", *_days(period), *code_values]
    return (
        f"SELECT grp, indicator, SUM(amount) FROM ("  # noqa: S608 - names of our own models
        f"SELECT {column} AS grp, indicator, amount FROM {_table(DayRow)} WHERE {where} UNION ALL "
        f"SELECT {column} AS grp, indicator, amount FROM {_table(Delta)} WHERE {where}"
        f") AS pieces GROUP BY grp, indicator",
        [*values, *values],
    )


def _coarse(
    path: str, period: Period, by: str, codes: Collection[str] | None, depth: int | None, second: str = ""
) -> Statement:
    """From the totals of the area itself or, by area, of those below; and from the deltas."""
    codes_are, code_values = _among(codes) if codes is not None else ("1 = 1", [])
    of_total, here, here_values = _totals_here(path, by, depth)
    of_delta, under, under_values = _deltas_here(path, by, depth)
    more = f", {second}" if second else ""
    where, where_values = f"day BETWEEN %s AND %s AND {codes_are}", [*_days(period), *code_values]
    return (
        f"SELECT grp{more}, indicator, SUM(amount) FROM ("  # noqa: S608 - names of our own models
        f"SELECT {of_total} AS grp{more}, indicator, amount FROM {_table(DayTotal)} WHERE {here} AND {where} UNION ALL "
        f"SELECT {of_delta} AS grp{more}, indicator, amount FROM {_table(Delta)} WHERE {under} AND {where}"
        f") AS pieces GROUP BY grp{more}, indicator",
        [*here_values, *where_values, *under_values, *where_values],
    )


Where = tuple[str, str, list[Any]]


def _totals_here(path: str, by: str, depth: int | None) -> Where:
    if by != "area":
        return _COARSE[by], "path = %s", [path]
    if depth is None:
        return "path", "parent = %s", [path]
    return "path", f"path >= %s AND path < %s AND LENGTH(path) = {int(depth)}", [path, path + "z"]


def _deltas_here(path: str, by: str, depth: int | None) -> Where:
    under, values = "grid_path >= %s AND grid_path < %s", [path, path + "z"]
    if by != "area":
        return _COARSE[by], under, values
    # What lies in an area above that depth belongs to none of the groups, here as in the totals.
    depth = len(path) + SEGMENT if depth is None else int(depth)
    return f"SUBSTR(grid_path, 1, {depth})", f"{under} AND LENGTH(grid_path) >= {depth}", values


def _among(codes: Collection[str]) -> Statement:
    return f"indicator IN ({', '.join(['%s'] * len(codes))})", sorted(codes)


def _days(period: Period) -> list[Any]:
    adapt = connection.ops.adapt_datefield_value
    return [adapt(period.first), adapt(period.last)]


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _read(statement: Statement) -> dict[tuple[str, str], int]:
    return {(str(group), code): int(amount) for group, code, amount in _rows(*statement)}
