"""Writing down what a reaction could not do, that it now could, and which slots of recurring jobs are done."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from gewu.core.errors import GewuError
from gewu.domain.journal.models import Entry
from gewu.domain.requests.work import unit_of_work
from gewu.jobs.models import Slot, Stumble

AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
AT_LAST = timedelta(days=1)


def note_stumble(reaction: str, entry: Entry, error: Exception, *, now: datetime) -> None:
    """This reaction failed on this entry: pause the pair, longer each time, for as long as it takes."""
    known = Stumble.objects.filter(reaction=reaction, entry_id=entry.id)
    attempts = known.values_list("attempts", flat=True).first() or 0
    next_at = now + (AGAIN[attempts] if attempts < len(AGAIN) else AT_LAST)
    with unit_of_work():
        if not known.update(attempts=F("attempts") + 1, next_at=next_at, error=name_of(error)):
            Stumble.objects.create(
                reaction=reaction, entry_id=entry.id, position=entry.position or 0, error=name_of(error),
                first_at=now, next_at=next_at,
            )  # fmt: skip


def forget_stumble(stumble: Stumble) -> None:
    """The reaction has been done."""
    Stumble.objects.filter(pk=stumble.pk).delete()


def finish_slot(job: str, slot: int) -> None:
    """This slot of the job is done; an older one never takes its place."""
    with unit_of_work():
        Slot.objects.get_or_create(job=job)
        Slot.objects.filter(job=job, done__lt=slot).update(done=slot)


def name_of(error: Exception) -> str:
    """The error's code or class; never its text, which may speak of a person."""
    return error.code if isinstance(error, GewuError) else type(error).__name__
