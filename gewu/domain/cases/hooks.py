"""What earlier packages ask of cases: who holds a receipt, which photos are named, what is due to be erased, what lies
open at a post, and what to do when the calendar changes. They cannot import cases, so cases tell them when the program
starts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from gewu.domain.cases.actions.timers import recompute_deadlines
from gewu.domain.cases.by_day import hides_hours
from gewu.domain.cases.models import Case, CasePhoto, CaseText, Report
from gewu.domain.cases.queries import held_receipt
from gewu.domain.journal.actions import Acting
from gewu.domain.media import actions as media
from gewu.domain.people import handover
from gewu.domain.place.hooks import CalendarChange, on_calendar_change
from gewu.domain.privacy import receipts, retention
from gewu.domain.privacy.models import Contact, RowKey, SealedContact, Text


def register() -> None:
    """Hand everything over; called once."""
    receipts.use_lookup(held_receipt)
    media.use_claims(claimed_photos)
    retention.use_due(due_for_erasure)
    handover.register("case", open_at)
    on_calendar_change(recompute)


def recompute(change: CalendarChange, actor: Acting, now: datetime) -> None:
    """The calendar has changed: every deadline that is still to come follows it, in the same transaction."""
    recompute_deadlines(now)


def claimed_photos(photo_ids: Collection[UUID]) -> Collection[UUID]:
    """Photos that belong to a case."""
    return set(CasePhoto.objects.filter(photo_id__in=photo_ids).values_list("photo_id", flat=True))


def due_for_erasure(code: str, *, closed_before: datetime, limit: int) -> Collection[UUID]:
    """Ids of one class whose case closed before `closed_before` and that are not erased yet."""
    closed = _closed(closed_before)
    if code == "contact":
        held = Report.objects.filter(case__in=closed, contact_id__isnull=False).values("contact_id")
        due = set(Contact.objects.filter(id__in=held).values_list("id", flat=True)[:limit])
        sealed = Report.objects.filter(case__in=closed, sealed_id__isnull=False).values("sealed_id")
        room = limit - len(due)
        return due | set(SealedContact.objects.filter(id__in=sealed).values_list("id", flat=True)[:room])
    if code == "photo":
        named = CasePhoto.objects.filter(case__in=closed).values("photo_id")
        return set(
            RowKey.objects.filter(id__in=named, wrapped__isnull=False).values_list("id", flat=True)[:limit]
        )
    return _texts_of(closed, limit) if code == "text" else set()


def _closed(before: datetime) -> QuerySet[Case]:
    """Cases that ended before then. One that was joined with another goes on there, so its end is that one's."""
    goes_on_ended = Q(merged_into__is_open=False, merged_into__closed_at__lt=before)
    return Case.objects.filter(Q(merged_into=None) | goes_on_ended, is_open=False, closed_at__lt=before)


def _texts_of(closed: QuerySet[Case], limit: int) -> set[UUID]:
    found: set[UUID] = set()
    for rows, name in (
        (CaseText.objects.filter(case__in=closed), "text_id"),
        (Case.objects.filter(pk__in=closed, place_text_id__isnull=False), "place_text_id"),
        (Report.objects.filter(case__in=closed, rating_text_id__isnull=False), "rating_text_id"),
    ):
        still_there = Text.objects.filter(id__in=rows.values(name))
        found.update(still_there.values_list("id", flat=True)[: limit - len(found)])
    return found


def open_at(post_id: UUID, now: datetime) -> Iterable[handover.OpenMatter]:
    """What waits at a post, for whoever takes it over."""
    for case in Case.objects.filter(holder_post_id=post_id, is_open=True).order_by("due_at"):
        yield handover.OpenMatter("case", case.number, case.state, case.due_at, by_day=hides_hours(case))
