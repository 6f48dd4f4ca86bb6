"""Installations with tables and keys and nothing in them; one is made for a whole run and copied."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.services import gewu
from tests.services.environment import run_folder

TEMPLATE = "begun"  # the database of the copies, on PostgreSQL


def begin(data: Path) -> None:
    """What `gewu init` makes in the new folder `data`, on SQLite."""
    with _made("sqlite", {}) as first:
        shutil.copytree(first, data)


def begin_on_postgresql(data: Path, database: str) -> None:
    """The same with a new database of the run's cluster."""
    cluster = os.environ["GEWU_TEST_POSTGRESQL"]
    with _made("postgresql", {"GEWU_DATABASE_URL": cluster.removesuffix("gewu") + TEMPLATE}) as first:
        shutil.copytree(first, data)
        create_database(database, template=TEMPLATE)


def create_database(name: str, *, template: str = "") -> None:
    """A new database of the run's cluster."""
    said = f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")
    with psycopg.connect(os.environ["GEWU_TEST_POSTGRESQL"], autocommit=True) as connection:
        connection.execute(said)


@contextmanager
def _made(kind: str, settings: dict[str, str]) -> Iterator[Path]:
    """The folder of the first one, held against the other processes of this run, which wait while it is made."""
    folder = run_folder() / TEMPLATE / kind
    folder.parent.mkdir(exist_ok=True)
    with folder.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _make(folder, settings)
        yield folder


def _make(folder: Path, settings: dict[str, str]) -> None:
    if settings:
        create_database(TEMPLATE)
    made = gewu.run(folder.parent / "making", "init", settings=settings)
    assert made.returncode == 0, made.stderr
    (folder.parent / "making").rename(folder)
