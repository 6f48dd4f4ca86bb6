"""Installations: made once for a whole run by a command of the program, and copied for everybody who wants one."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.services import gewu
from tests.services.environment import first_of_run, run_folder

BEGUN = ("init",)  # tables and keys, and nothing in them


def copy(data: Path, *words: str) -> str:
    """What `gewu` with these words makes, in the new folder `data`, on SQLite; returns what was said."""
    with _made("sqlite", words, {}) as first:
        return _copied(first, data)


def copy_on_postgresql(data: Path, database: str, *words: str) -> str:
    """The same with a new database of the run's cluster."""
    template = _name(words)
    url = os.environ["GEWU_TEST_POSTGRESQL"].removesuffix("gewu") + template
    with _made("postgresql", words, {"GEWU_DATABASE_URL": url}) as first:
        create_database(database, template=template)
        return _copied(first, data)


def create_database(name: str, *, template: str = "") -> None:
    """A new database of the run's cluster."""
    said = f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")
    with psycopg.connect(os.environ["GEWU_TEST_POSTGRESQL"], autocommit=True) as connection:
        connection.execute(said)


@contextmanager
def _made(kind: str, words: tuple[str, ...], settings: dict[str, str]) -> Iterator[Path]:
    """The folder of the first one, held against the other processes of this run, which wait while it is made."""
    folder = run_folder() / "made" / kind / _name(words)
    with first_of_run(f"{kind} {_name(words)}") as is_first:
        if is_first:
            _make(folder, words, settings)
        yield folder


def _name(words: tuple[str, ...]) -> str:
    return "made_" + re.sub(r"\W+", "_", " ".join(words), flags=re.ASCII).lower()


def _make(folder: Path, words: tuple[str, ...], settings: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if settings:
        create_database(_name(words))
    made = gewu.run(folder / "data", *words, settings=settings)
    assert made.returncode == 0, made.stdout + made.stderr
    (folder / "said").write_text(made.stdout, encoding="utf-8")


def _copied(first: Path, data: Path) -> str:
    for name in ("data", "data-heads"):
        if (first / name).exists():
            shutil.copytree(first / name, data.parent / name.replace("data", data.name))
    return (first / "said").read_text(encoding="utf-8")
