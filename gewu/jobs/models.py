"""What the worker remembers: which slot of each recurring job is done, and reactions that failed."""

from __future__ import annotations

from django.db import models

from gewu.domain.rows import Row


class Slot(models.Model):
    """The last slot of a recurring job that was done."""

    job = models.CharField(max_length=48, primary_key=True)
    done = models.BigIntegerField(default=0)


class Stumble(Row):
    """A reaction that failed on one entry. The others went on; this one is tried again, later and later."""

    reaction = models.CharField(max_length=64)
    entry_id = models.UUIDField()
    position = models.BigIntegerField()
    error = models.CharField(max_length=80)  # code or class of the error, never its text
    attempts = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    next_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reaction", "entry_id"], name="stumble_once"),
        ]
        indexes = [models.Index(fields=["next_at"], name="stumble_next")]
