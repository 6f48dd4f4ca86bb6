"""The caller's own notices."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from gewu.api.endpoint import SIGNED_IN, Call, endpoint
from gewu.api.v1.shapes import DoneOut, Out
from gewu.core import limits
from gewu.domain.accounts.models import User
from gewu.domain.notify import queries
from gewu.domain.notify.actions import mark_seen


class MessageOut(Out, frozen=True):
    """One notice, in the caller's language; of a confidential case `at` is the beginning of the day."""

    id: str
    text: str
    at: datetime
    number: str = ""
    urgent: bool = False
    seen: bool = False


class InboxOut(Out, frozen=True):
    """Notices, newest first."""

    unseen: int
    items: list[MessageOut]


class SeenIn(msgspec.Struct, frozen=True):
    """Ids of notices the caller has read."""

    ids: list[UUID]


@endpoint("GET", "inbox", answer=InboxOut, guard=SIGNED_IN, query=("limit",))
def show_inbox(call: Call[None]) -> InboxOut:
    """What the caller was told."""
    user = User.objects.get(pk=call.actor.person)
    return InboxOut(
        unseen=queries.unseen(user, now=call.now),
        items=[
            MessageOut(
                id=str(one.id), text=one.text, at=one.at, number=one.number, urgent=one.urgent, seen=one.seen
            )
            for one in queries.inbox(user, now=call.now, limit=call.limit)
        ],
    )


@endpoint("POST", "inbox/seen", body=SeenIn, answer=DoneOut, guard=SIGNED_IN)
def mark_notices(call: Call[SeenIn]) -> DoneOut:
    """These are read; when, nobody keeps."""
    mark_seen(User.objects.get(pk=call.actor.person), call.body.ids[: limits.BULK])
    return DoneOut()
