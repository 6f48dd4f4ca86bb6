"""Bringing in a workbook: every fault named at its row, or everything done; a dry run says what would happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gewu.core.errors import Invalid
from gewu.domain.journal.actions import Acting
from gewu.domain.people import workbook
from gewu.domain.people.actions.setup import SetUp, set_up
from gewu.domain.people.queries import today
from gewu.domain.people.workbook import RowError


@dataclass(frozen=True)
class Imported:
    """What an import did or would do. With errors nothing was done and `done` is None."""

    done: SetUp | None
    errors: tuple[RowError, ...]
    dry_run: bool


def import_people(data: bytes, *, actor: Acting, now: datetime, dry_run: bool) -> Imported:
    """Bring in a workbook. A file that is none raises `Invalid`; faults in its rows are returned."""
    batch = workbook.read(data, day=today(now))
    errors = list(batch.errors)
    done = None
    try:
        done = set_up(
            units=batch.units,
            posts=batch.posts,
            people=batch.people,
            appointments=batch.appointments,
            actor=actor,
            now=now,
            dry_run=dry_run or bool(errors),  # a look at the remaining rows, to name all faults at once
        )
    except Invalid as refused:
        named = {(error.sheet, error.row, error.column) for error in errors}
        found = [batch.place(one.field, one.code, one.message) for one in refused.errors]
        errors += [error for error in found if (error.sheet, error.row, error.column) not in named]
    if errors:
        order = {sheet.code: number for number, sheet in enumerate(workbook.SHEETS)}
        errors.sort(key=lambda error: (order[error.sheet], error.row))
        done = None
    return Imported(done, tuple(errors), dry_run)
