"""What must be true before anything is served: settings that would lose, betray or invent data are refused.

Errors stop `gewu serve` and `gewu worker`; warnings are for `gewu doctor` and `manage check`. The store is asked on the
live connection, since a setting in a file says nothing about what is in force.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}
OLDEST_POSTGRESQL = 15_00_00
FULL, EXTRA = 2, 3
DURABLE = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    # `local` and the remote words all wait for this server's own disk; only `off` does not.
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
}


def register_all() -> None:
    """Called once when the program is ready."""
    register(check_store, Tags.database)
    register(check_folders, Tags.files)
    register(check_keys, Tags.security)
    register(check_addresses, Tags.security)


def check_store(
    app_configs: Sequence[Any] | None, databases: Iterable[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Does a commit reach the disk before it is answered?"""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            ask = _sqlite if connections[alias].vendor == "sqlite" else _postgresql
            found += ask(cursor)
    return found


def _sqlite(cursor: Any) -> Iterator[CheckMessage]:
    def pragma(name: str) -> Any:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]

    if pragma("synchronous") not in (FULL, EXTRA):
        yield Error(
            "SQLite would lose acknowledged reports in a power cut: synchronous is not FULL.", id="gewu.E001"
        )
    if (mode := str(pragma("journal_mode"))).lower() != "wal":
        yield Error(f"SQLite does not keep a write-ahead log (journal_mode is {mode}).", id="gewu.E002")
    if not pragma("foreign_keys"):
        yield Error("SQLite does not check foreign keys.", id="gewu.E003")
    if not pragma("secure_delete"):
        yield Error("SQLite would leave erased texts in its file: secure_delete is off.", id="gewu.E004")


def _postgresql(cursor: Any) -> Iterator[CheckMessage]:
    cursor.execute("SHOW server_version_num")
    if int(cursor.fetchone()[0]) < OLDEST_POSTGRESQL:
        yield Error("PostgreSQL 15 or later is needed.", id="gewu.E005")
    for name, safe in DURABLE.items():
        cursor.execute(f"SHOW {name}")
        if (value := cursor.fetchone()[0]) not in safe:
            yield Error(
                f"PostgreSQL would lose acknowledged reports in a power cut: {name} is {value}.",
                id="gewu.E006",
            )


def check_folders(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Can we write, and does the outside witness really stand outside?"""
    found: list[CheckMessage] = []
    data = settings.DATA
    for name, folder in (("GEWU_DATA", data), ("GEWU_PHOTOS", settings.PHOTOS)):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            found.append(Error(f"The folder {folder} ({name}) cannot be written.", id="gewu.E010"))
    if _inside(settings.HEADS, data):
        found.append(
            Error(
                f"GEWU_HEADS ({settings.HEADS}) lies inside the data folder: who changes the data changes the witness.",
                id="gewu.E011",
            )
        )
    if _inside(settings.KEYS, settings.BACKUPS):
        found.append(
            Error(
                "GEWU_KEYS lies inside the backup folder: who takes a backup takes the keys.", id="gewu.E012"
            )
        )
    if _inside(settings.BACKUPS, data):
        found.append(
            Warning("GEWU_BACKUPS lies inside the data folder: one lost disk takes both.", id="gewu.W013")
        )
    if restoring(data).exists():
        found.append(
            Error(
                "A restore was broken off here. Run gewu restore again, with the same backup.", id="gewu.E014"
            )
        )
    return found


def check_keys(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """May nobody but the owner read the keys?"""
    folder = settings.KEYS
    if not folder.is_dir():
        return []
    return [
        Error(f"Others may read {path}. Run: chmod go-rwx {path}", id="gewu.E020")
        for path in (folder, *sorted(folder.iterdir()))
        if path.stat().st_mode & 0o077
    ]


def check_addresses(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """May somebody outside this machine reach us, and if so, safely?"""
    found: list[CheckMessage] = []
    outside = [host for host in settings.ALLOWED_HOSTS if host not in LOCAL]
    if settings.DEBUG and outside:
        found.append(
            Error("GEWU_DEBUG shows the program's inside; it is for localhost only.", id="gewu.E030")
        )
    if outside and not settings.HTTPS:
        found.append(
            Error(
                f"GEWU_HOSTS names {', '.join(outside)}, but without HTTPS. Set GEWU_BEHIND_PROXY=1 or GEWU_HTTPS=1.",
                id="gewu.E031",
            )
        )
    if settings.HTTPS and not settings.ADDRESS.startswith("https://"):
        found.append(
            Warning(
                "GEWU_ADDRESS stands on slips and in messages; it should begin with https://.", id="gewu.W032"
            )
        )
    return found


def restoring(data: Path) -> Path:
    """The mark a restore leaves while it is under way."""
    return data / "restore-under-way"


def _inside(folder: Path, other: Path) -> bool:
    return folder == other or other in folder.parents
