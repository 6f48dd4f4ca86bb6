"""The base of every stored row: a UUIDv7 made in the program, never shown in an address."""

from __future__ import annotations

from django.db import models

from gewu.core import chance


class Row(models.Model):
    """A row with a key that sorts by time of making and says nothing about its content."""

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)

    class Meta:
        abstract = True
