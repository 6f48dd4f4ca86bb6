"""Of a confidential report the day alone is told, never its hour (rules.md 5, adr/0021): asked here wherever it shows.

Whoever knows when somebody stood at the window, or was seen with a phone in hand, must not find out here that this was
the report. What the row of a case keeps (when it was filed, by what it is sorted) is the beginning of a day from the
start. Clocks and the time ledger stay exact, because they decide what is in time; whoever but the reporter reads them
gets days (`told`). A warning about a clock that an act of the reporter started waits for the end of its day (`clocks`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django.db.models import DateTimeField, Model

from gewu.domain.access.table import CONFIDENTIAL
from gewu.domain.people.queries import day_after, day_of

if TYPE_CHECKING:
    from gewu.domain.cases.models import Case

M = TypeVar("M", bound=Model)


def hides(sensitivity: str) -> bool:
    """The hours of the reporter of such a case are told to nobody else."""
    return sensitivity == CONFIDENTIAL


def hides_hours(case: Case) -> bool:
    """`hides`, asked of the case."""
    return hides(case.sensitivity)


def as_told(case: Case, moment: datetime) -> datetime:
    """A moment of this case as others than its reporter learn it."""
    return day_of(moment) if hides_hours(case) else moment


def is_over(case: Case, due: datetime, now: datetime) -> bool:
    """A deadline has passed; one that is told by the day passes with its day."""
    return (day_after(due) if hides_hours(case) else due) < now


def told(row: M) -> M:
    """A row of a confidential case to be shown: each of its moments is the beginning of its day. It is not saved."""
    for field in row._meta.concrete_fields:
        if isinstance(field, DateTimeField) and (moment := vars(row).get(field.attname)) is not None:
            setattr(row, field.attname, day_of(moment))
    return row
