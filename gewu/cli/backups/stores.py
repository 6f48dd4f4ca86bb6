"""Copying the database of either store while it is written to, and putting a copy back.

A copy holds no row keys (they stand in the shared row-key file) and no sessions: whoever finds a backup could otherwise
go on as somebody who is signed in.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from gewu.core.errors import Broken
from gewu.domain.journal.models import Entry, Tree
from gewu.domain.privacy import rowkeys

SESSIONS = ("django_session", "usersessions_usersession")
LEFT_OUT = (rowkeys.TABLE, *SESSIONS)


@dataclass(frozen=True)
class Copy:
    """A copied database and the journal's state inside it."""

    file: Path
    head_size: int
    head_root: str
    unsealed: int


def copy(folder: Path) -> Copy:
    """Copy the database as it is at one moment; writers go on."""
    return _copy_sqlite(folder) if connection.vendor == "sqlite" else _copy_postgresql(folder)


def put_back(file: Path) -> None:
    """Replace the database of this installation by a copy."""
    if connection.vendor == "sqlite":
        _put_back_sqlite(file)
    else:
        _put_back_postgresql(file)


def _copy_sqlite(folder: Path) -> Copy:
    file = folder / "database.sqlite3"
    source = f"{Path(settings.DATABASES['default']['NAME']).resolve().as_uri()}?mode=ro"
    # In one step: the copy is one moment of the store, and under its write-ahead log nobody waits for a reader.
    with (
        closing(sqlite3.connect(source, uri=True, timeout=30)) as live,
        closing(sqlite3.connect(file)) as out,
    ):
        live.backup(out)
        out.execute("PRAGMA journal_mode=DELETE")
        size, root = out.execute(f"SELECT size, root FROM {Tree._meta.db_table}").fetchone() or (0, b"")  # noqa: S608
        query = f"SELECT count(*) FROM {Entry._meta.db_table} WHERE position IS NULL"  # noqa: S608
        unsealed = out.execute(query).fetchone()[0]
        out.execute("PRAGMA secure_delete=ON")
        for table in SESSIONS:
            out.execute(f"DELETE FROM {table}")  # noqa: S608
        out.commit()
    rowkeys.strip(file)
    file.chmod(0o600)
    return Copy(file, size, bytes(root).hex(), unsealed)


def _put_back_sqlite(file: Path) -> None:
    target = Path(settings.DATABASES["default"]["NAME"])
    connection.close()
    temporary = target.with_name(target.name + ".restored")
    shutil.copyfile(file, temporary)
    temporary.chmod(0o600)
    for left in (f"{target}-wal", f"{target}-shm"):
        Path(left).unlink(missing_ok=True)
    temporary.replace(target)


def _copy_postgresql(folder: Path) -> Copy:
    file = folder / "database.dump"
    dump = _program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        tree = Tree.objects.first()
        unsealed = Entry.objects.filter(position__isnull=True).count()
        left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
        _call(
            dump,
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            *left_out,
            f"--file={file}",
        )
    file.chmod(0o600)
    return Copy(file, tree.size if tree else 0, bytes(tree.root).hex() if tree else "", unsealed)


def _put_back_postgresql(file: Path) -> None:
    connection.close()
    _call(
        _program("pg_restore"),
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={settings.DATABASES['default']['NAME']}",
        str(file),
    )


def _program(name: str) -> Path:
    """PostgreSQL's own tool; Debian keeps the newest ones off the PATH."""
    homes = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: (len(path.parts[-2]), path.parts[-2])
    )
    for home in reversed(homes):
        if (home / name).is_file():
            return home / name
    if found := shutil.which(name):
        return Path(found)
    raise Broken(f"{name} is not here. Install PostgreSQL's client programs (on Debian: postgresql-client).")


def _call(program: Path, *words: str) -> None:
    """With where and who from the environment, where no list of processes shows the password."""
    done = subprocess.run(
        [program, *words], env=_environment(settings.DATABASES["default"]), capture_output=True, text=True
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise Broken(f"{program.name} could not do it: {said[0] if said else done.returncode}")


def _environment(database: Mapping[str, Any]) -> dict[str, str]:
    given = {
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
    }
    options = {
        f"PG{name.upper()}": value for name, value in database["OPTIONS"].items() if name.startswith("ssl")
    }
    return {**os.environ, **{name: str(value) for name, value in {**given, **options}.items() if value}}
