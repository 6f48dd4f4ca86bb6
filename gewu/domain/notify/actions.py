"""Writing messages: queueing them once, sending what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from gewu.domain.journal.models import Entry
from gewu.domain.notify.models import SENT, WAITING, Message
from gewu.domain.notify.recipients import PAGE, Recipient


def queue(
    entry: Entry,
    recipients: Iterable[Recipient],
    code: str,
    facts: Mapping[str, str | int],
    *,
    now: datetime,
    urgent: bool = False,
    not_before: datetime | None = None,
) -> None:
    """Have `recipients` told of `entry`; whoever was told of it under this code already is not told again.

    A notice on a page needs no sending: it shows from `not_before` on.
    """
    Message.objects.bulk_create(
        [
            Message(
                entry_id=entry.id, code=code, recipient=recipient.key, to_user_id=recipient.user_id,
                to_contact=recipient.contact_id, channel=channel, language=recipient.language, facts=dict(facts),
                urgent=urgent, state=SENT if channel == PAGE else WAITING, queued_at=now, not_before=not_before or now,
            )
            for recipient in recipients
            for channel in recipient.channels
        ],
        ignore_conflicts=True,
    )  # fmt: skip
