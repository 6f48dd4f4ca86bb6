"""Writing figures: adding in an action's transaction, folding in the worker.

`add` costs one insert (two when a clock ended). `fold` takes over whole rows: it adds them to the sums and deletes
exactly these in the same transaction, so a crash leaves either all of it or none, and a second fold finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gewu.domain.figures.models import Delta, Duration
from gewu.domain.figures.rows import DeltaRow, DurationRow
from gewu.domain.journal.models import Entry


def add(entry: Entry, deltas: Iterable[DeltaRow], durations: Sequence[DurationRow] = ()) -> None:
    """Note what `entry` adds to the figures, in the transaction that recorded it."""
    Delta.objects.bulk_create(
        [
            Delta(
                entry_id=entry.id, day=row.day, grid_path=row.grid_path, unit=row.unit_id,
                condition_code=row.condition_code, level=row.level, source=row.source,
                indicator=row.indicator, amount=row.amount,
            )
            for row in deltas
        ]
    )  # fmt: skip
    if durations:
        Duration.objects.bulk_create(
            [
                Duration(
                    entry_id=entry.id, case_id=entry.subject_id, kind=row.kind, level=row.level, unit=row.unit_id,
                    grid_path=row.grid_path, condition_code=row.condition_code, day=row.day,
                    seconds=row.seconds, wall=row.wall, in_time=row.in_time,
                )
                for row in durations
            ]
        )  # fmt: skip
