"""The base of every stored row: a UUIDv7 made in the program, never shown in an address."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState

from gewu.core import chance


class Row(models.Model):
    """A row with a key that sorts by time of making and says nothing about its content."""

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **_: Any) -> Self:
        """A stored row, put together at once: Django's way asks each of its fields, and nothing here wants to be asked.

        A column that was not fetched is fetched when it is first read, as ever.
        """
        found = cls.__new__(cls)
        vars(found).update(zip(field_names, values, strict=True))
        found._state = ModelState()
        found._state.adding, found._state.db = False, db
        return found
