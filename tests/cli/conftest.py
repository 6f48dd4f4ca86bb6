"""Installations of their own, made and asked as an operator does it: by the command line, in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.services import gewu, installation
from tests.services.environment import store


@dataclass
class Place:
    """One installation: its folder and, on PostgreSQL, its database."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, within: int = 300, **settings: str) -> subprocess.CompletedProcess[str]:
        return gewu.run(self.data, *words, settings={**self.settings, **settings}, within=within)

    def done(self, *words: str, within: int = 300) -> str:
        """What a command says that must succeed, `within` so many seconds: a bound against hanging, not a measure."""
        result = self.run(*words, within=within)
        assert result.returncode == 0, f"{result.stdout}\n{result.stderr}"
        return result.stdout

    def told(self) -> dict[str, Any]:
        """What doctor says."""
        return dict(json.loads(self.run("doctor", "--json").stdout))

    @property
    def name(self) -> str:
        return self.data.parent.name

    @property
    def heads(self) -> Path:
        return self.data.parent / f"{self.data.name}-heads"

    @property
    def backups(self) -> Path:
        return self.data.parent / f"{self.data.name}-backups"

    def sql(self, statement: str) -> None:
        """What somebody with the database in hand may do."""
        if url := self.settings.get("GEWU_DATABASE_URL"):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(statement)
        else:
            with closing(sqlite3.connect(self.data / "gewu.sqlite3")) as file, file:
                file.execute(statement)

    def take_keys_of(self, other: Place) -> None:
        """The copy of the keys that an operator keeps apart."""
        self.data.mkdir(parents=True, exist_ok=True)
        shutil.copytree(other.data / "keys", self.data / "keys", dirs_exist_ok=True)


class Places:
    """Makes installations, and drops their databases at the end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.made: list[Place] = []

    def empty(self) -> Place:
        """Nothing yet: no folder, no tables."""
        place = self._next()
        if store() == "postgresql":
            installation.create_database(place.name)
        return place

    def begun(self) -> Place:
        """Tables and keys, and nothing in them."""
        return self.made_by(*installation.BEGUN)[0]

    def opened(self, code: str = "321204001", name: str = "罗塘街道") -> Place:
        """A subdistrict with its catalogue, and nobody in it."""
        return self.made_by("init", "--code", code, "--name", name)[0]

    def made_by(self, *words: str) -> tuple[Place, str]:
        """What a command makes from nothing, and what it said; it runs once in a run of the tests."""
        place = self._next()
        if store() == "postgresql":
            return place, installation.copy_on_postgresql(place.data, place.name, *words)
        return place, installation.copy(place.data, *words)

    def _next(self) -> Place:
        name = f"cli_{os.getpid()}_{self.root.name.replace('-', '_')}_{len(self.made)}".lower()
        place = Place(self.root / name / "data")
        self.made.append(place)
        if store() == "postgresql":
            cluster = os.environ["GEWU_TEST_POSTGRESQL"]
            place.settings["GEWU_DATABASE_URL"] = cluster.removesuffix("gewu") + name
        return place

    def drop(self) -> None:
        if store() == "postgresql":
            with psycopg.connect(os.environ["GEWU_TEST_POSTGRESQL"], autocommit=True) as connection:
                for place in self.made:
                    connection.execute(f'DROP DATABASE IF EXISTS "{place.name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    made = Places(tmp_path_factory.mktemp("places"))
    yield made
    made.drop()


@pytest.fixture
def place(places: Places) -> Place:
    """An installation with tables and keys and nothing in it."""
    return places.begun()


@pytest.fixture
def opened_place(places: Places) -> Place:
    """An installation of a subdistrict with its catalogue."""
    return places.opened()


@pytest.fixture
def empty_place(places: Places) -> Place:
    """An installation that is not begun yet."""
    return places.empty()
