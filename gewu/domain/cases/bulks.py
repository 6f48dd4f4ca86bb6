"""The gate to bulk acts: whoever asked sees theirs; others see one only while it waits for a second person's word."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from gewu.core.errors import NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.cases.models import Bulk


def get_bulk(bulk_id: UUID, *, actor: Actor) -> Bulk:
    """One bulk act, if the actor may know of it."""
    row = Bulk.objects.filter(pk=bulk_id).first()
    if row is None or (row.user_id != actor.person and not _awaits_second(row)):
        raise NotFound
    return row


def awaiting_second(*, actor: Actor) -> QuerySet[Bulk]:
    """Large ones of others that wait for a second person, the oldest first."""
    rows = Bulk.objects.filter(state="waiting", starts_at=None)
    return rows.exclude(user_id=actor.person).order_by("id")


def _awaits_second(row: Bulk) -> bool:
    return row.state == "waiting" and row.starts_at is None
