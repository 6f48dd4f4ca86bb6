"""Bring a backup into an empty installation: check every hash, put back database, photos and row keys, take away what
was erased since the backup was made, complete the tables, and verify against the outside witness. The keys of the
installation must stand in GEWU_KEYS before."""

from __future__ import annotations

import argparse
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import connection

from gewu.cli import init, processes
from gewu.cli.backups import folder as folders
from gewu.cli.backups import stores
from gewu.cli.verify import report
from gewu.config.checks import restoring
from gewu.core import clock
from gewu.core.errors import Broken
from gewu.domain.journal import verify
from gewu.domain.journal.models import Entry
from gewu.domain.place.models import Installation
from gewu.domain.privacy import erasure, rowkeys
from gewu.domain.privacy.models import RowKey


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="FROM", help="the folder of one backup")
    parser.add_argument(
        "--row-keys", type=Path, metavar="FILE", help="row-key file (else the one beside FROM)"
    )
    parser.add_argument("--heads", type=Path, metavar="PATH", help="outside witness (else GEWU_HEADS)")


def run(args: argparse.Namespace) -> int:
    source = args.source.expanduser().resolve()
    keys = args.row_keys or source.parent / erasure.BACKUP_KEYS
    manifest = folders.read(source)
    _refuse(manifest, keys)
    folders.check(source, manifest)
    settings.DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = restoring(settings.DATA)
    mark.write_text(f"{source}\n", encoding="utf-8")
    stores.put_back(source / manifest.database)
    _complete_tables()
    usable = _bring_keys(keys)
    erased = erasure.finish_restored()
    photos = folders.bring_photos(source, settings.PHOTOS)
    init.prepare_folders()
    mark.unlink()
    print(f"Restored: journal up to position {manifest.head_size}, {photos} photo files, {usable} row keys.")
    if erased:
        print(f"  {erased} rows erased since this backup were left out.")
    heads = args.heads or settings.HEADS
    return report(verify.verify(heads=heads, now=clock.now()))


def _refuse(manifest: folders.Manifest, keys: Path) -> None:
    if manifest.store != connection.vendor:
        raise Broken(f"This backup is of {manifest.store}, the installation of {connection.vendor}.")
    if not keys.is_file():
        raise Broken(
            f"The row-key file {keys} is missing: without it nothing personal can be read. Give --row-keys."
        )
    if not (settings.KEYS / "data.ring").is_file():
        raise Broken(f"There are no keys in {settings.KEYS}. Put back the copy you keep apart, then restore.")
    if restoring(settings.DATA).exists():
        return  # an earlier try was broken off: what is here came from it
    if not processes.is_fresh() and (_has(Entry) or _has(Installation)):
        raise Broken(
            "This installation is not empty. A backup is restored into a new folder or database only."
        )


def _has(model: type[Entry] | type[Installation]) -> bool:
    return model._meta.db_table in connection.introspection.table_names() and model.objects.exists()


def _complete_tables() -> None:
    """A backup of an older program lacks what later ones added."""
    if missing := processes.missing_migrations():
        print(f"  completing the tables: {missing} changes")
        init.migrate()


def _bring_keys(file: Path) -> int:
    usable = rowkeys.load_from(file)
    sample = RowKey.objects.filter(wrapped__isnull=False).values_list("id", flat=True).first()
    if sample is not None:
        try:
            rowkeys.of([sample])
        except (InvalidTag, KeyError, ValueError, Broken) as error:
            raise Broken(f"The keys in {settings.KEYS} are not those of this backup.") from error
    return usable
