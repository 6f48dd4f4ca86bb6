"""Journal entries about cases, made without a case: only what figures read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from gewu.core import chance
from gewu.domain.access.actor import SYSTEM
from gewu.domain.figures import actions as figures
from gewu.domain.figures.derive import deltas_of, durations_of
from gewu.domain.journal import actions as journal
from gewu.domain.journal.models import Entry
from tests.services.time import START

GRID = "000001002003"
UNIT = "unit:" + "ab" * 16

ASSIGNED = {
    "move": "assign", "from": "accepted", "to": "assigned", "level_from": "G", "level_to": "G", "condition": "0110a",
    "grid": GRID, "unit": "ab" * 16, "source": "page", "holder_from": "", "holder_to": UNIT,
}  # fmt: skip


def entry_of(kind: str, *, at: datetime = START, case: UUID | None = None, **data: Any) -> Entry:
    """An entry that is not stored."""
    given = {"condition": "0110a", "grid": GRID, "source": "page", **data}
    return Entry(
        kind=f"case.{kind}", at=at, actor_kind="system", scope_path=str(given["grid"]), subject_kind="case",
        subject_id=case or chance.new_id(), data=given,
    )  # fmt: skip


def happened(kind: str, *, at: datetime = START, case: UUID | None = None, **data: Any) -> Entry:
    """An entry in the journal with its figures, as an action leaves it."""
    made = entry_of(kind, at=at, case=case, **data)
    entry = journal.record(
        made.kind,
        actor=SYSTEM,
        subject=("case", made.subject_id),
        scope_path=made.scope_path,
        at=at,
        data=made.data,
    )
    figures.add(entry, deltas_of(entry), durations_of(entry))
    return entry


def filed(grid: str = GRID, *, at: datetime = START, **data: Any) -> Entry:
    """A report."""
    return happened("report", at=at, grid=grid, **{"from": "", "to": "submitted", "level_to": "G", **data})


def closed(grid: str = GRID, *, at: datetime = START, **data: Any) -> Entry:
    """A case that ends solved."""
    given = {
        "from": "handled",
        "to": "closed",
        "level_from": "G",
        "level_to": "G",
        "closing": "solved",
        **data,
    }
    return happened("close", at=at, grid=grid, **{"confirmation": "confirmed", **given})
