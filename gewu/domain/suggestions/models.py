"""What is stored of a suggestion: two texts by their ids, two moments, and the hash of the code that opens it.

Nothing here says who wrote or who answered: the writer stays unknown, and the journal has the post of the answer.
"""

from __future__ import annotations

from django.db import models

from gewu.domain.rows import Row


class Suggestion(Row):
    """One suggestion, and its answer once there is one."""

    mac = models.BinaryField(max_length=32, unique=True)  # keyed hash of the code; the code itself is nowhere
    text_id = models.UUIDField()
    answer_id = models.UUIDField(null=True)
    written_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["answered_at", "written_at"], name="suggestion_desk")]
