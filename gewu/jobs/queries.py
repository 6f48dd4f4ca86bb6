"""What the worker did and could not do; `gewu doctor` shows the latter."""

from __future__ import annotations

from datetime import datetime

from gewu.domain.journal.queries import cursor, last_position
from gewu.jobs.models import Slot, Stumble
from gewu.jobs.reactions import READER


def stumbles() -> list[Stumble]:
    """Reactions that wait for another try, oldest first."""
    return list(Stumble.objects.order_by("first_at"))


def due_stumbles(now: datetime, *, limit: int) -> list[Stumble]:
    """Those whose pause is over."""
    return list(Stumble.objects.filter(next_at__lte=now).order_by("next_at")[:limit])


def last_slot(job: str) -> int:
    """The last slot of a recurring job that was done; 0 for none."""
    return Slot.objects.filter(job=job).values_list("done", flat=True).first() or 0


def last_slots() -> dict[str, int]:
    """The same of all jobs; one that was never done is missing."""
    return dict(Slot.objects.values_list("job", "done"))


def behind() -> int:
    """How many sealed entries still await their reactions."""
    return last_position() - cursor(READER)
