"""Reading the journal: the history of one subject, and everything after a position."""

from __future__ import annotations

from uuid import UUID

from gewu.domain.journal.models import Cursor, Entry, Head


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
