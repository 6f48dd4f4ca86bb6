"""What is stored of a message: to whom, about what, and how far its delivery has come. Never its words.

The text is made when it is sent, from a code and facts that are codes and numbers (case number, state, level,
deadline). No address is kept either: it is read from the user or the sealed contact at that moment, so that erasing a
contact leaves nothing behind here.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gewu.domain.rows import Row

WAITING, SENDING, SENT = "waiting", "sending", "sent"
HELD, FAILED, DROPPED = "held", "failed", "dropped"
PENDING = (WAITING, HELD)


class Message(Row):
    """One message to one recipient over one channel."""

    entry_id = models.UUIDField()  # the journal entry it tells of
    code = models.CharField(max_length=40)  # row of table.TEXTS
    recipient = models.CharField(max_length=48)  # user:HEX or contact:HEX
    to_user = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_contact = models.UUIDField(null=True)
    channel = models.CharField(max_length=8)  # page email news
    language = models.CharField(max_length=8, default="zh-hans")
    facts = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)  # goes out in quiet hours too

    state = models.CharField(max_length=8, default=WAITING)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)  # while sending
    last_error = models.CharField(max_length=40, default="")
    seen = models.BooleanField(default=False)  # of a notice on a page; no time is kept

    class Meta:
        constraints = [
            # Nobody is told one thing twice, however often a reaction runs.
            models.UniqueConstraint(fields=["entry_id", "recipient", "code", "channel"], name="message_once"),
            models.CheckConstraint(
                condition=Q(to_user__isnull=False, to_contact__isnull=True)
                | Q(to_user__isnull=True, to_contact__isnull=False),
                name="message_one_recipient",
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], name="message_pending", condition=Q(state__in=PENDING)),
            models.Index(fields=["lease_until"], name="message_sending", condition=Q(state=SENDING)),
            models.Index(fields=["to_user", "not_before"], name="message_inbox", condition=Q(channel="page")),
        ]
