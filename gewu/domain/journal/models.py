"""What is stored of the journal: entries, the sealed tree over them, its heads, and who may seal.

An entry never changes, with one exception: `position` is empty until the sealing worker gives it the next number.
Nothing here is text or names a person: codes, ids, states, numbers, and commitments to texts kept elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import msgspec
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q

from gewu.domain.journal.canonical import encode_data
from gewu.domain.rows import Row

if TYPE_CHECKING:
    _Text = models.TextField[dict[str, Any], dict[str, Any]]
else:
    _Text = models.TextField


SEALER = "journal"  # the lease of whoever may seal
FILLER = "filling"  # the lease of a run that writes for long and seals at its end: the demo


class FactsField(_Text):
    """A dictionary kept as its canonical JSON text.

    Not `JSONField`: PostgreSQL's jsonb rewrites numbers, and then a digest over the stored row would no longer match.
    """

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs  # migrations import nothing of the program

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return None if value is None else msgspec.json.decode(value)

    def to_python(self, value: Any) -> Any:
        return msgspec.json.decode(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str:
        return encode_data(value).decode()

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


class Entries(models.QuerySet["Entry"]):
    """Reading only: what changes many rows at once would pass by the model's own refusal."""

    def update(self, **_: Any) -> NoReturn:
        raise ImproperlyConfigured("Journal entries are never changed.")

    def delete(self) -> NoReturn:
        raise ImproperlyConfigured("Journal entries are never deleted.")


class Entry(Row):
    """One thing that happened. Order in the whole is `position`; order within a subject is `subject_version`."""

    position = models.BigIntegerField(null=True, unique=True)  # 1.. without gaps; null until sealed
    kind = models.CharField(max_length=48)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)  # staff reporter client system
    actor_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    scope_path = models.CharField(max_length=32, default="")
    subject_kind = models.CharField(max_length=24)
    subject_id = models.UUIDField()
    subject_version = models.PositiveIntegerField(null=True)
    data = FactsField()
    digest = models.BinaryField(max_length=32)

    objects = Entries.as_manager()

    class Meta:
        constraints = [
            # Two actions on one version of a subject: the second one loses here at the latest.
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "subject_version"], name="journal_one_entry_per_version"
            ),
        ]
        indexes = [
            # What waits for the seal: always few rows, so looking each second costs nothing.
            models.Index(fields=["id"], condition=Q(position__isnull=True), name="journal_unsealed"),
        ]

    @property
    def subject(self) -> tuple[str, Any]:
        return self.subject_kind, self.subject_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImproperlyConfigured("Journal entries are never changed.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImproperlyConfigured("Journal entries are never deleted.")


class Tree(models.Model):
    """The one tree over all sealed entries. `fence` is that of the last worker who sealed."""

    name = models.CharField(max_length=32, primary_key=True)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField()
    root = models.BinaryField(max_length=32)
    fence = models.BigIntegerField(default=0)


class Head(models.Model):
    """The root after each seal; what is published is one of these."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()


class Lease(models.Model):
    """Who does a job that only one may do, until when. Every change of hands raises `fence`."""

    name = models.CharField(max_length=32, primary_key=True)
    holder = models.CharField(max_length=80)
    until = models.DateTimeField()
    fence = models.BigIntegerField(default=1)


class Cursor(models.Model):
    """How far a reader of the journal has come."""

    name = models.CharField(max_length=48, primary_key=True)
    position = models.BigIntegerField(default=0)
