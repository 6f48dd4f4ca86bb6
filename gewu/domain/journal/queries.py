"""Reading the journal: the history of one subject, and everything after a position."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from gewu.domain.journal.models import FILLER, SEALER, Cursor, Entry, Head, Lease


def history(subject: tuple[str, UUID]) -> list[Entry]:
    """All entries about one thing in the order in which they happened, sealed or not.

    Versions decide, since clocks of two machines may differ; entries without one stand where their time puts them.
    """
    kind, subject_id = subject
    entries = list(Entry.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("at", "id"))
    versioned = (entry for entry in entries if entry.subject_version is not None)
    in_order = iter(sorted(versioned, key=lambda entry: entry.subject_version or 0))
    return [entry if entry.subject_version is None else next(in_order) for entry in entries]


def after(position: int, limit: int) -> list[Entry]:
    """The sealed entries that follow `position`, at most `limit`: what reactions and figures read."""
    return list(Entry.objects.filter(position__gt=position).order_by("position")[:limit])


@dataclass(frozen=True, slots=True)
class News:
    """An entry as live pages need it. `position` is None while it waits for the seal."""

    id: UUID
    position: int | None
    kind: str
    subject_kind: str
    subject_id: UUID


def news(position: int, limit: int) -> list[News]:
    """What was sealed after `position` (at most `limit`, oldest first) and the newest that wait for the seal.

    One statement, so that an entry sealed in this very moment stands in one of the two parts.
    """
    table, fields = Entry._meta.db_table, "id, position, kind, subject_kind, subject_id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {fields} FROM (SELECT {fields} FROM {table} "  # noqa: S608 - names of our own model
            f"WHERE position > %s ORDER BY position LIMIT %s) AS sealed "
            f"UNION ALL SELECT {fields} FROM (SELECT {fields} FROM {table} "
            f"WHERE position IS NULL ORDER BY id DESC LIMIT %s) AS waiting",
            [position, limit, limit],
        )
        return [
            News(_uuid(key), at, kind, subject_kind, _uuid(subject))
            for key, at, kind, subject_kind, subject in cursor.fetchall()
        ]


def cursor(name: str) -> int:
    """How far the reader `name` has come; 0 before its first entry."""
    return Cursor.objects.filter(name=name).values_list("position", flat=True).first() or 0


def last_position() -> int:
    """The position of the newest sealed entry: what live pages ask for each second."""
    return (
        Entry.objects.filter(position__isnull=False)
        .order_by("-position")
        .values_list("position", flat=True)
        .first()
        or 0
    )


def head() -> Head | None:
    """The newest head of the sealed tree."""
    return Head.objects.order_by("-size").first()


@dataclass(frozen=True)
class Sealing:
    """How the seal keeps up: entries that wait too long, and whether somebody is at them."""

    late: int
    filling: bool  # a run that seals at its end is under way
    holder: str  # who may seal now; empty when nobody runs
    goes_on: bool  # and has sealed lately


def sealing(now: datetime, *, within: timedelta) -> Sealing:
    """Tell a backlog that is being worked off from one that stands still."""
    held = dict(Lease.objects.filter(until__gt=now).values_list("name", "holder"))
    last = Head.objects.order_by("-size").values_list("at", flat=True).first()
    return Sealing(
        late=Entry.objects.filter(position__isnull=True, at__lt=now - within).count(),
        filling=FILLER in held,
        holder=held.get(SEALER, ""),
        goes_on=SEALER in held and last is not None and last >= now - within,
    )


def _uuid(value: UUID | str) -> UUID:
    """SQLite keeps ids as text."""
    return value if isinstance(value, UUID) else UUID(value)
