"""What earlier packages ask of patrols: which photos a settled finding names, and what is due to be erased."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db.models import Q, QuerySet

from gewu.domain.media import actions as media
from gewu.domain.media.storage import made_at
from gewu.domain.patrols.models import Finding, Visit, VisitNote
from gewu.domain.patrols.rules import OFFLINE_MOST
from gewu.domain.privacy import retention
from gewu.domain.privacy.models import Contact, RowKey, Text

CHUNK = 500


def register() -> None:
    """Hand everything over; called once."""
    media.use_claims(claimed_photos)
    retention.use_due(due_for_erasure)


def claimed_photos(photo_ids: Collection[UUID]) -> Collection[UUID]:
    """Photos that a finding settled on the spot names. It came in after its photo, from a day that may lie further back
    by as much as an act without network may take; older findings need not be read."""
    if not photo_ids:
        return set()
    wanted = {photo.hex for photo in photo_ids}
    first = (made_at(min(photo_ids)) - OFFLINE_MOST).date() - timedelta(days=1)
    named = Finding.objects.filter(settled=True, on__gte=first).values_list("photo_ids", flat=True)
    return {UUID(one) for ids in named for one in ids if one in wanted}


def due_for_erasure(code: str, *, closed_before: datetime, limit: int) -> Collection[UUID]:
    """Contacts and texts of visits that are over, texts and photos of settled findings: by the day they ended.
    A visit that nobody marked as done or called off was over at its hour."""
    day = closed_before.date()
    over = Visit.objects.filter(Q(ended_on__lt=day) | Q(state="agreed", ends__lt=closed_before))
    settled = Finding.objects.filter(settled=True, on__lt=day)
    if code == "contact":
        held = over.filter(contact_id__isnull=False).values("contact_id")
        return set(Contact.objects.filter(id__in=held).values_list("id", flat=True)[:limit])
    if code == "text":
        noted = VisitNote.objects.filter(visit__in=over).values("text_id")
        named = Q(id__in=over.values("where_id")) | Q(
            id__in=over.filter(note_id__isnull=False).values("note_id")
        )
        named |= Q(id__in=noted) | Q(id__in=settled.values("text_id"))
        return set(Text.objects.filter(named).values_list("id", flat=True)[:limit])
    return _photos_still_there(settled, limit) if code == "photo" else set()


def _photos_still_there(settled: QuerySet[Finding], limit: int) -> set[UUID]:
    """Of these findings; asked in pieces, since there are ever more of them and a statement takes only so many ids."""
    found: set[UUID] = set()
    named = (UUID(one) for ids in settled.values_list("photo_ids", flat=True).iterator() for one in ids)
    while len(found) < limit and (some := list(islice(named, CHUNK))):
        live = RowKey.objects.filter(id__in=some, wrapped__isnull=False).values_list("id", flat=True)
        found.update(live[: limit - len(found)])
    return found
