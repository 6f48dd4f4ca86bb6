"""Ending personal data: rows, salts and row keys go in one transaction, then free space, files and backups follow.

The journal gets one entry with numbers and the digest of the erased ids; the sealed log stays valid, because it held
commitments only. After the commit the store's free space is cleared (SQLite overwrites what it deletes and empties its
log; PostgreSQL vacuums the tables) and the backup folder's row-key file loses the same keys, so that no backup brings
anything back. If the machine stops in between, the next nightly run does the rest: `sync_backup` compares everything.

Photos are stored by a package that comes later; it registers here how its rows and files end (`use_photos`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from gewu.domain.access.actor import SYSTEM, Actor
from gewu.domain.journal import actions as journal
from gewu.domain.privacy import rowkeys
from gewu.domain.privacy.models import Contact, Erasure, Opening, RowKey, SealedContact, Text
from gewu.domain.requests.work import unit_of_work

BACKUP_KEYS = "rowkeys.sqlite3"  # beside the backups of one folder
_BATCH = 500


@dataclass(frozen=True)
class PhotoEnds:
    """How photos end: `rows` inside the transaction, `files` after it is committed."""

    rows: Callable[[Collection[UUID]], None]
    files: Callable[[Collection[UUID]], None]


class _Registry:
    photos: PhotoEnds | None = None


def use_photos(ends: PhotoEnds) -> None:
    """Called once at start by the package that stores photos."""
    _Registry.photos = ends


def erase(
    text_ids: Iterable[UUID] = (), photo_ids: Iterable[UUID] = (), contact_ids: Iterable[UUID] = (), *,
    reason: str, now: datetime, actor: Actor = SYSTEM,
) -> Erasure:  # fmt: skip
    """Erase for good; `contact_ids` may be of plain or sealed contacts. Ids that are gone already do no harm."""
    contacts, photos = set(contact_ids), set(photo_ids)
    with unit_of_work():
        openings = Opening.objects.filter(sealed_id__in=contacts)
        motives = {row for pair in openings.values_list("motive_id", "deferral_id") for row in pair if row}
        texts = set(text_ids) | motives
        # Openings of what is gone hold nothing any more, whatever their state was.
        opening_ids = list(openings.values_list("id", flat=True))
        Opening.objects.filter(id__in=opening_ids).update(held=None, state="ended")
        counts = {
            "texts": _still_there(texts), "photos": _still_there(photos), "contacts": _still_there(contacts)
        }  # fmt: skip
        for batch in _batches([*texts, *photos, *contacts, *opening_ids]):
            rowkeys.destroy(batch)
        for batch in _batches([*texts]):
            Text.objects.filter(id__in=batch).delete()
        for batch in _batches([*contacts]):
            Contact.objects.filter(id__in=batch).delete()
            SealedContact.objects.filter(id__in=batch).delete()
        if _Registry.photos is not None:
            _Registry.photos.rows(photos)
        erasure = _put_down(texts | photos | contacts, counts, reason=reason, actor=actor, now=now)
        gone = [*texts, *photos, *contacts, *opening_ids]
        transaction.on_commit(lambda: _follow(gone, photos))
    return erasure


def finish_restored() -> int:
    """After restoring a backup and `rowkeys.load_from`: take away the rows whose keys were destroyed since.

    Nothing in them could be read any more; but the keyed hash of a phone number would still find its caller.
    """
    gone = list(RowKey.objects.filter(wrapped__isnull=True).values_list("id", flat=True))
    with unit_of_work():
        for batch in _batches(gone):
            Text.objects.filter(id__in=batch).delete()
            Contact.objects.filter(id__in=batch).delete()
            SealedContact.objects.filter(id__in=batch).delete()
            if _Registry.photos is not None:
                _Registry.photos.rows(batch)
        transaction.on_commit(lambda: _follow((), gone))
    return len(gone)


def clear_free_space() -> bool:
    """Leave no deleted bytes in the store's free space. False when it was too busy: the next run does it."""
    if connection.in_atomic_block:
        return False  # neither a checkpoint nor a vacuum can run inside a transaction
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # secure_delete has overwritten the rows; their older pages still stand in the write-ahead log.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, *_pages = cursor.fetchone()
            return not busy
        for model in (RowKey, Text, Contact, SealedContact, Opening):
            cursor.execute(f"VACUUM {connection.ops.quote_name(model._meta.db_table)}")
    return True


def backup_keys() -> Path:
    """The row-key file that all backups in the backup folder share."""
    return Path(settings.BACKUPS) / BACKUP_KEYS


def _put_down(
    ids: Collection[UUID], counts: dict[str, int], *, reason: str, actor: Actor, now: datetime
) -> Erasure:
    ordered = sorted(str(one) for one in ids)
    digest = sha256("\n".join(ordered).encode("ascii")).hexdigest()
    erasure = Erasure.objects.create(reason=reason, counts=counts, subject_ids=ordered, digest=digest, at=now)
    journal.record(
        "privacy.erased", actor=actor, subject=("erasure", erasure.id), at=now,
        data={"reason": reason, "digest": digest, **counts},
    )  # fmt: skip
    return erasure


def _follow(gone: Collection[UUID], photos: Collection[UUID]) -> None:
    """What the database cannot do itself: files, free space, backups."""
    if _Registry.photos is not None and photos:
        _Registry.photos.files(photos)
    clear_free_space()
    if gone and (path := backup_keys()).exists():
        rowkeys.drop_from_backup(path, gone)


def _still_there(ids: Collection[UUID]) -> int:
    held = Q(wrapped__isnull=False)
    return sum(RowKey.objects.filter(held, id__in=batch).count() for batch in _batches([*ids]))


def _batches(ids: list[UUID]) -> Iterable[list[UUID]]:
    return (ids[at : at + _BATCH] for at in range(0, len(ids), _BATCH))
