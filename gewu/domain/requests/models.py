"""What is stored about requests: the first answer to a client's key, and how many tries a window has seen.

Neither table tells who asked: keys and buckets are stored as hashes, answers sealed under the client's own key.
"""

from __future__ import annotations

from django.db import models

from gewu.domain.rows import Row


class ClientKey(Row):
    """One act of a client and the first answer to it. Written with the act, or not at all."""

    key_hash = models.BinaryField(max_length=32, unique=True)  # of scope and key
    body_hash = models.BinaryField(
        max_length=32
    )  # keyed with the client's key, so that bodies cannot be guessed
    answer = models.BinaryField(null=True)  # null only inside the transaction that performs
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)


class Throttle(models.Model):
    """Tries spent in the running window of one bucket."""

    bucket_hash = models.BinaryField(max_length=32, primary_key=True)
    spent = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)
