"""What is stored of a photo: sizes, digests and dates, never where the device stood. The bytes lie in files."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gewu.domain.rows import Row


class Photo(Row):
    """One photo as it is kept: upright, re-encoded, without metadata, encrypted under the row key of the same id."""

    kind = models.CharField(max_length=8, default="report")  # report before after
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()  # bytes of the JPEG
    digest = models.CharField(
        max_length=64
    )  # SHA-256 of the encrypted file: finds a damaged file without the key
    commitment = models.CharField(
        max_length=64
    )  # HMAC of the JPEG under the derived salt: what the journal says
    added_on = models.DateField()
    released_at = models.DateTimeField(null=True)
    released_id = models.UUIDField(
        null=True
    )  # names the file of the public copy; each release makes a new one

    class Meta:
        indexes = [
            models.Index(fields=["released_at"], name="photo_public", condition=Q(released_at__isnull=False)),
        ]
