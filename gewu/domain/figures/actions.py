"""Writing figures: adding in an action's transaction, folding in the worker.

`add` costs one insert (two when a clock ended). `fold` takes over whole rows: it adds them to the sums and deletes
exactly these in the same transaction, so a crash leaves either all of it or none, and a second fold finds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection, models, transaction

from gewu.core import chance
from gewu.core.errors import Conflict
from gewu.domain import statements
from gewu.domain.figures.indicators import STOCKS
from gewu.domain.figures.models import EVER, DayRow, DayTotal, Delta, Duration
from gewu.domain.figures.rows import DeltaRow, DurationRow
from gewu.domain.journal.models import Entry

KEY = ("day", "grid_path", "unit", "condition_code", "level", "source", "indicator")
TOTAL_KEY = ("path", "day", "indicator", "level")
NO_PARENT = "-"  # no area path has this character
SEGMENT = 3  # characters of one step of an area path


def add(entry: Entry, deltas: Iterable[DeltaRow], durations: Sequence[DurationRow] = ()) -> None:
    """Note what `entry` adds to the figures, in the transaction that recorded it."""
    statements.insert(
        *(
            Delta(
                entry_id=entry.id, day=row.day, grid_path=row.grid_path, unit=row.unit_id,
                condition_code=row.condition_code, level=row.level, source=row.source,
                indicator=row.indicator, amount=row.amount,
            )
            for row in deltas
        )
    )  # fmt: skip
    statements.insert(
        *(
            Duration(
                entry_id=entry.id, case_id=entry.subject_id, kind=row.kind, level=row.level, unit=row.unit_id,
                grid_path=row.grid_path, condition_code=row.condition_code, day=row.day,
                seconds=row.seconds, wall=row.wall, in_time=row.in_time,
            )
            for row in durations
        )
    )  # fmt: skip


def fold(*, batch: int = 1000) -> int:
    """Take over up to `batch` deltas into the sums; how many it were. Safe to repeat and to interrupt anywhere.

    Deleting comes first: of two folds at once the second finds rows gone that it has read, and takes nothing.
    """
    with transaction.atomic():
        deltas = list(Delta.objects.order_by("id").values_list("id", *KEY, "amount")[:batch])
        if not deltas:
            return 0
        deleted, _ = Delta.objects.filter(id__in=[row[0] for row in deltas]).delete()
        if deleted != len(deltas):
            raise Conflict("Somebody else is folding the figures.", code="fold_twice")
        pieces = [(row[1:-1], row[-1]) for row in deltas]
        _add_up(DayRow, KEY, [(*key, amount) for key, amount in _summed(pieces).items()], KEY)
        _add_totals(_summed(pair for key, amount in pieces for pair in totals_of(key, amount)))
    return len(deltas)


def rebuild_totals() -> int:
    """Make all `DayTotal` rows anew from the day rows: after rows were copied set-wise, or when a proof failed.

    Day by day, so that the figures of years need no more memory than those of one day.
    """
    with transaction.atomic():
        DayTotal.objects.all().delete()
        for day in DayRow.objects.order_by("day").values_list("day", flat=True).distinct():
            rows = DayRow.objects.filter(day=day).values_list(*KEY, "amount")
            _add_totals(_summed(pair for row in rows for pair in totals_of(row[:-1], row[-1])))
    return DayTotal.objects.count()


def totals_of(key: Sequence[Any], amount: int) -> Iterator[tuple[tuple[Any, ...], int]]:
    """What one day row adds to the totals: each area above it, and the whole installation under the empty path.

    Stocks stand under `EVER` as well, so that asking how many are open now reads one row, not every day there was.
    """
    day, grid_path, _unit, _condition, level, _source, indicator = key
    days: list[date] = [day, EVER] if indicator in STOCKS else [day]
    for end in range(0, len(grid_path) + 1, SEGMENT):
        for one in days:
            yield (grid_path[:end], one, indicator, level), amount


def _summed(pairs: Iterable[tuple[tuple[Any, ...], int]]) -> Counter[tuple[Any, ...]]:
    sums: Counter[tuple[Any, ...]] = Counter()
    for key, amount in pairs:
        sums[key] += amount
    return sums


def _add_totals(sums: Counter[tuple[Any, ...]]) -> None:
    rows = [(*key, parent_of(key[0]), amount) for key, amount in sums.items()]
    _add_up(DayTotal, (*TOTAL_KEY, "parent"), rows, TOTAL_KEY)


def parent_of(path: str) -> str:
    """The path one step above."""
    return path[:-SEGMENT] if path else NO_PARENT


def _add_up(
    model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]], key: Sequence[str]
) -> None:
    """Add to the rows that are there, insert the others. In key order, so that two writers cannot lock each other."""
    by_name = {field.name: field for field in model._meta.concrete_fields}
    table, fields = model._meta.db_table, [by_name[name] for name in ("id", *names, "amount")]
    columns, places = ", ".join(field.name for field in fields), ", ".join(["%s"] * len(fields))
    values = [
        [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, (chance.new_id(), *row), strict=True)
        ]
        for row in sorted(rows)
        if row[-1]
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places}) "  # noqa: S608 - names of our own models
            f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET amount = {table}.amount + excluded.amount",
            values,
        )
