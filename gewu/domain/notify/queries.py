"""Reading messages: the notices of one reader, and what could not be delivered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from gewu.core import limits
from gewu.domain.accounts.models import User
from gewu.domain.notify import texts
from gewu.domain.notify.models import DROPPED, FAILED, Message
from gewu.domain.notify.recipients import PAGE


@dataclass(frozen=True)
class Notice:
    """One line of the inbox."""

    id: UUID
    number: str
    text: str
    at: datetime
    urgent: bool
    seen: bool
    by_day: bool = False  # `at` is the beginning of the day


def inbox(user: User, *, now: datetime, limit: int = limits.PAGE) -> list[Notice]:
    """The reader's notices in the language in force, newest first; one query."""
    return [
        Notice(
            id=message.id,
            number=str(message.facts.get("number", "")),
            text=texts.sentence(message.code, message.facts),
            at=message.not_before,
            urgent=message.urgent,
            seen=message.seen,
            by_day=bool(message.facts.get("day")),
        )
        for message in _notices(user, now).order_by("-not_before", "-id")[:limit]
    ]


def unseen(user: User, *, now: datetime) -> int:
    """How many notices the reader has not opened."""
    return _notices(user, now).filter(seen=False).count()


def undelivered() -> Counter[tuple[str, str, str]]:
    """What doctor shows: how many messages failed or were dropped, by state, channel and reason."""
    rows = Message.objects.filter(state__in=[FAILED, DROPPED]).values_list("state", "channel", "last_error")
    return Counter((state, channel, error) for state, channel, error in rows)


def _notices(user: User, now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(to_user=user, channel=PAGE, not_before__lte=now)
