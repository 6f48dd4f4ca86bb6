"""What is stored about people, each piece under a key of its own.

A text, a contact, a sealed identity or a photo and its `RowKey` carry the same id. Destroying the key ends them all,
also in every backup (docs/adr/0002-row-keys.md). References to users, posts, units and cases are plain ids: these rows
must outlive what they name, and cases come after this package.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gewu.domain.rows import Row


class RowKey(models.Model):
    """The key of one row, wrapped by the installation's data key. Destroyed: the wrapping is gone, the id stays."""

    id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(null=True)

    class Meta:
        indexes = [
            # Backups learn from these which keys they must drop.
            models.Index(fields=["id"], name="rowkey_destroyed", condition=Q(wrapped__isnull=True)),
        ]


class Text(Row):
    """One piece of free writing. Its salt is derived from its row key, so it ends with it."""

    kind = models.CharField(max_length=20)
    sealed = models.BinaryField()

    commitment: str  # set by texts.keep: what the journal says of the content


class Contact(Row):
    """How a reporter can be reached: name, phone, e-mail and channel sealed together."""

    sealed = models.BinaryField()
    phone_mac = models.CharField(
        max_length=64, null=True
    )  # keyed hash of the full number; null without a phone
    wants_news = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="zh-hans")
    erase_after = models.DateTimeField(null=True)  # set when the case closes, cleared when it is reopened

    class Meta:
        indexes = [
            models.Index(fields=["phone_mac"], name="contact_phone", condition=Q(phone_mac__isnull=False)),
            models.Index(fields=["erase_after"], name="contact_due", condition=Q(erase_after__isnull=False)),
        ]


class Officer(Row):
    """An identity officer: the public key seals, the private key is locked by a passphrase the server never stores."""

    user_id = models.UUIDField()
    unit_id = models.UUIDField()
    public_key = models.BinaryField(max_length=32)
    private_sealed = models.BinaryField()
    salt = models.BinaryField(max_length=16)
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_id"], condition=Q(ended_at__isnull=True), name="officer_appointed_once"
            )
        ]


class SealedContact(Row):
    """A confidential reporter's contact. The server cannot read it; two officers together can."""

    sealed = models.BinaryField()
    excluded_unit_id = models.UUIDField(
        null=True
    )  # the unit complained of: none of its officers holds a share
    sealed_at = models.DateTimeField()
    erase_after = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["erase_after"], name="sealed_due", condition=Q(erase_after__isnull=False)),
        ]


class SealedShare(Row):
    """The key of one sealed contact for one pair of officers: two halves, each for one of them alone."""

    contact = models.ForeignKey(SealedContact, on_delete=models.CASCADE, related_name="shares")
    first = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)
    first_half = models.BinaryField()
    second_half = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "first", "second"], name="share_once_a_pair")
        ]


class Opening(Row):
    """A request to learn who reported. It looks the same whether or not an identity exists."""

    case_id = models.UUIDField()
    sealed_id = models.UUIDField(null=True)
    excluded_unit_id = models.UUIDField(null=True)  # the unit complained of: its officers take no part
    motive_id = models.UUIDField()  # a Text
    reader_id = models.UUIDField()  # the one user who may read
    reader_post_id = models.UUIDField()
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="asked")  # asked halved opened refused ended
    first = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    held = models.BinaryField(
        null=True
    )  # under its own row key: the first officer's halves, then the opened contact
    expires_at = models.DateTimeField()
    inform_at = models.DateTimeField()  # when the reporter sees it in the log; deferred by at most 30 days
    deferral_id = models.UUIDField(null=True)  # a Text: the written ground for deferring

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="opening_case"),
            models.Index(
                fields=["expires_at"],
                name="opening_running",
                condition=Q(state__in=["asked", "halved", "opened"]),
            ),
        ]


class Look(Row):
    """Somebody looked at what is personal. The reporter reads this: date, post and purpose, never a name."""

    case_id = models.UUIDField(null=True)
    contact_id = models.UUIDField(null=True)
    facet = models.CharField(max_length=12)  # contact lookup identity text photo
    reason = models.CharField(max_length=20)
    post_id = models.UUIDField(null=True)
    post_title = models.CharField(max_length=120)  # as they were at that time
    unit_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    shown_from = models.DateTimeField()  # later than `at` only for a deferred opening

    class Meta:
        indexes = [
            models.Index(fields=["case_id", "at"], name="look_case", condition=Q(case_id__isnull=False)),
            models.Index(
                fields=["contact_id", "at"], name="look_contact", condition=Q(contact_id__isnull=False)
            ),
        ]


class Erasure(Row):
    """Proof that something was erased: how many of which class, when, and the digest of their ids."""

    reason = models.CharField(max_length=20)
    counts = models.JSONField()  # class -> number
    subject_ids = models.JSONField()  # ids only; what they named is gone
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)


class RetentionRule(models.Model):
    """How long one class of data stays after its case closed."""

    code = models.CharField(max_length=20, primary_key=True)  # contact text photo
    days = models.PositiveIntegerField()
    source = models.CharField(max_length=80)  # assumed, or the paragraph it comes from


class RetentionClock(models.Model):
    """One row: when the nightly job last saw the clock, and since when the clock has gone without a jump."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_seen = models.DateTimeField()
    steady_since = models.DateTimeField()
