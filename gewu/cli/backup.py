"""Copy everything but the keys while the program runs: database, photos, row keys, and a manifest with hashes and the
journal's head. The copy appears under its name only when it is whole and on the disk."""

from __future__ import annotations

import argparse
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from django.conf import settings
from django.db import connection

import gewu
from gewu.cli.backups import folder as folders
from gewu.cli.backups import stores
from gewu.core import clock
from gewu.core.errors import Broken, Conflict
from gewu.domain.journal import actions as journal
from gewu.domain.journal.models import Entry
from gewu.domain.privacy import rowkeys
from gewu.domain.privacy.erasure import BACKUP_KEYS

SEALED_WITHIN = timedelta(seconds=30)  # by a worker that is running
LOOK_AGAIN = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, metavar="DIR", help="folder of the backups (else GEWU_BACKUPS)")


def run(args: argparse.Namespace) -> int:
    to = (args.to or settings.BACKUPS).expanduser().resolve()
    done = take(to, now=clock.now())
    manifest = folders.read(done)
    print(f"Backup {done}")
    print(f"  journal up to position {manifest.head_size}, {manifest.photos} photo files")
    if to != settings.BACKUPS:
        print(
            f"  Erasures follow only into GEWU_BACKUPS ({settings.BACKUPS}): keep {to / BACKUP_KEYS} up to date."
        )
    print(f"  The keys in {settings.KEYS} are not in it. Keep a copy of them apart.")
    return 0


def take(to: Path, *, now: datetime) -> Path:
    """Take one backup below `to`; its folder."""
    seal(now)
    folder = folders.begin(to, now=now)
    try:
        copied = stores.copy(folder)
        # After the database: every photo of a row in the copy is there, since its file came first.
        photos, list_hash = folders.keep_photos(settings.PHOTOS, folder)
        rowkeys.sync_backup(to / BACKUP_KEYS)
        manifest = folders.Manifest(
            made_at=now.isoformat(),
            program=gewu.__version__,
            store=connection.vendor,
            database=copied.file.name,
            database_sha256=folders.hash_of(copied.file),
            photos=photos,
            photo_list_sha256=list_hash,
            head_size=copied.head_size,
            head_root=copied.head_root,
            unsealed=copied.unsealed,
        )
        return folders.finish(folder, manifest)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def seal(now: datetime) -> None:
    """Put everything committed so far into the tree, so that a witness outside speaks for all of the backup."""
    try:
        journal.seal_all(now, holder="backup")
    except Conflict:
        _wait_for_worker(clock.now())


def _wait_for_worker(since: datetime) -> None:
    """A worker seals within a second; we wait for what was there when we began."""
    pause = Event()
    while Entry.objects.filter(position__isnull=True, at__lte=since).exists():
        if clock.now() - since > SEALED_WITHIN:
            raise Broken("The worker holds the journal but does not seal it. See: gewu doctor")
        pause.wait(LOOK_AGAIN)
