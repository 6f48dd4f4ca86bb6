"""What earlier packages ask of patrols: which photos a settled finding names, and what is due to be erased."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from gewu.domain.media import actions as media
from gewu.domain.patrols.models import Finding, Visit, VisitNote
from gewu.domain.privacy import retention
from gewu.domain.privacy.models import Contact, RowKey, Text


def register() -> None:
    """Hand everything over; called once."""
    media.use_claims(claimed_photos)
    retention.use_due(due_for_erasure)


def claimed_photos(photo_ids: Collection[UUID]) -> Collection[UUID]:
    """Photos that a finding settled on the spot names."""
    wanted = {photo.hex for photo in photo_ids}
    named = Finding.objects.filter(settled=True).values_list("photo_ids", flat=True)
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
        names = [row for ids in over.values_list("where_id", "note_id") for row in ids if row]
        names += VisitNote.objects.filter(visit__in=over).values_list("text_id", flat=True)
        names += settled.values_list("text_id", flat=True)
        return set(Text.objects.filter(id__in=names).values_list("id", flat=True)[:limit])
    if code == "photo":
        photos = [UUID(one) for ids in settled.values_list("photo_ids", flat=True) for one in ids]
        live = RowKey.objects.filter(id__in=photos, wrapped__isnull=False)
        return set(live.values_list("id", flat=True)[:limit])
    return set()
