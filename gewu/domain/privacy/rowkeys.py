"""A key for each row that holds something personal, and what backups do with these keys.

A row key is wrapped by the installation's data key and kept in a table of its own. A backup leaves that table out
(`strip`); all backups of one folder share one small row-key file beside them. That file follows the living
installation: it gains new keys and loses destroyed ones, so an older backup brings back every row but the erased
(docs/adr/0002-row-keys.md).

A key is dropped from the file only when the database says it was destroyed, never because the database does not
know it: an empty or older installation pointed at the folder by mistake takes nothing away.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from django.db.models import OuterRef, Subquery

from gewu.core import crypto
from gewu.core.errors import Broken
from gewu.domain import statements
from gewu.domain.privacy import keys
from gewu.domain.privacy.models import RowKey

T = TypeVar("T")
TABLE = RowKey._meta.db_table
BATCH = 500
_SCHEMA = "CREATE TABLE IF NOT EXISTS rowkey (id BLOB PRIMARY KEY, wrapped BLOB) WITHOUT ROWID"


def new_key() -> bytes:
    """A key that is not stored yet: a photo's files are written before its row."""
    return crypto.new_key()


def keep(row: UUID, key: bytes) -> None:
    """Store the key of `row`, wrapped, inside the transaction that stores the row."""
    statements.insert(RowKey(id=row, wrapped=_wrap(row, key)))


def make(row: UUID) -> bytes:
    """A new key for `row`, stored at once."""
    key = new_key()
    keep(row, key)
    return key


def of(rows: Collection[UUID]) -> dict[UUID, bytes]:
    """The keys of these rows; those destroyed are absent."""
    found = RowKey.objects.filter(id__in=rows, wrapped__isnull=False).values_list("id", "wrapped")
    return {row: unwrap(row, wrapped) for row, wrapped in found if wrapped is not None}


def beside(field: str = "id") -> Subquery:
    """The wrapped key as a column of another table's query, so that reading a row and its key is one query."""
    return Subquery(RowKey.objects.filter(id=OuterRef(field)).values("wrapped")[:1])


def unwrap(row: UUID, wrapped: bytes | memoryview) -> bytes:
    """The key of `row` again."""
    return keys.ring("data").decrypt(bytes(wrapped), aad=row.bytes)


def destroy(rows: Collection[UUID]) -> int:
    """End these keys for good; their ids stay, so that backups can follow. Gives how many there were."""
    ended = 0
    for batch in _batches(rows):
        ended += RowKey.objects.filter(id__in=batch, wrapped__isnull=False).update(wrapped=None)
    return ended


def export_to(path: Path) -> int:
    """A new row-key file with all keys of this installation; gives their number."""
    if path.exists():
        raise Broken(f"{path} exists already: sync_backup follows an existing file.")
    return sync_backup(path)


def sync_backup(path: Path) -> int:
    """Let the row-key file of a backup folder follow this installation; gives how many keys it holds now."""
    with _open(path) as file:
        held = RowKey.objects.filter(wrapped__isnull=False).order_by("id").values_list("id", "wrapped")
        # Wrapped again after a rotation, a key must reach the file too: hence REPLACE. A destroyed one never returns.
        file.executemany(
            "INSERT INTO rowkey VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET wrapped = excluded.wrapped "
            "WHERE rowkey.wrapped IS NOT NULL AND rowkey.wrapped <> excluded.wrapped",
            ((row.bytes, bytes(wrapped or b"")) for row, wrapped in held.iterator(chunk_size=BATCH)),
        )
        gone = RowKey.objects.filter(wrapped__isnull=True).values_list("id", flat=True)
        _drop(file, gone.iterator(chunk_size=BATCH))
        return _count(file)


def drop_from_backup(path: Path, rows: Collection[UUID]) -> None:
    """Take just these destroyed keys out of the row-key file; `sync_backup` catches up on what this missed."""
    with _open(path) as file:
        _drop(file, rows)


def load_from(path: Path) -> int:
    """After restoring a backup: bring its rows' keys back from the file. What was erased stays erased.

    Gives how many keys are usable. Keys the file knows as destroyed are marked so here as well.
    """
    if not path.exists():
        raise Broken(
            f"The row-key file {path} is missing: without it nothing personal in this backup can be read."
        )
    with _open(path) as file:
        rows = ((UUID(bytes=row), wrapped) for row, wrapped in file.execute("SELECT id, wrapped FROM rowkey"))
        for batch in _batches(rows):
            ids = [row for row, _wrapped in batch]
            # What this database knows as destroyed stays so, even if the file was away when it happened.
            ended = set(RowKey.objects.filter(id__in=ids, wrapped__isnull=True).values_list("id", flat=True))
            RowKey.objects.bulk_create(
                [RowKey(id=row, wrapped=wrapped) for row, wrapped in batch if row not in ended],
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["wrapped"],
            )
    return RowKey.objects.filter(wrapped__isnull=False).count()


def strip(copy: Path) -> None:
    """Take the row keys out of a copied SQLite database, so that the copy holds ciphertext only."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as file:
        file.execute("PRAGMA secure_delete=ON")
        file.execute(f"DELETE FROM {TABLE}")  # noqa: S608 - our own table's name
        file.execute("VACUUM")


def rewrap(*, batch: int = BATCH) -> int:
    """After a rotation: wrap every row key by the newest data key. May be broken off and run again."""
    ring = keys.ring("data")
    changed, last = 0, UUID(int=0)
    held = RowKey.objects.filter(wrapped__isnull=False).order_by("id").values_list("id", "wrapped")
    while rows := list(held.filter(id__gt=last)[:batch]):
        for row, before in rows:
            if before is not None and ring.is_old(bytes(before)):
                # Conditional: a key destroyed meanwhile stays destroyed.
                again = _wrap(row, unwrap(row, before))
                changed += RowKey.objects.filter(id=row, wrapped=before).update(wrapped=again)
        last = rows[-1][0]
    return changed


def _wrap(row: UUID, key: bytes) -> bytes:
    return keys.ring("data").encrypt(key, aad=row.bytes)


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """The row-key file in one transaction: whole or unchanged after a power cut, deleted bytes overwritten."""
    with closing(sqlite3.connect(path, timeout=30)) as file:
        path.chmod(0o600)
        file.execute("PRAGMA journal_mode=DELETE")
        file.execute("PRAGMA synchronous=FULL")
        file.execute("PRAGMA secure_delete=ON")
        with file:
            file.execute(_SCHEMA)
            yield file


def _drop(file: sqlite3.Connection, rows: Iterable[UUID]) -> None:
    # The id stays without its key, so that a restored older backup learns what was erased since.
    file.executemany(
        "INSERT INTO rowkey VALUES (?, NULL) ON CONFLICT (id) DO UPDATE SET wrapped = NULL "
        "WHERE rowkey.wrapped IS NOT NULL",
        ((row.bytes,) for row in rows),
    )


def _count(file: sqlite3.Connection) -> int:
    return int(file.execute("SELECT count(*) FROM rowkey WHERE wrapped IS NOT NULL").fetchone()[0])


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
