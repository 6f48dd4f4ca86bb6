"""Simulated power cuts on SQLite: what a disk forgets that was told to write but not to flush.

The statements and pragmas are those of the program's own connection, recorded while it takes reports. They run again
through a file layer that remembers what each 512-byte sector held before it was written; a flush makes it forget. At
the cut a random half of the sectors that were not flushed get their old content back. Disks that lie about flushing
are not covered, here or anywhere.
"""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

from tests.durability.program import installation, run_inside

SECTOR = 512
RECORD = """
import json, shutil, sys
import django
django.setup()
from django.conf import settings
from django.db import connection
from tests import town
town.report_case()
connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
shutil.copy(settings.DATABASES["default"]["NAME"], sys.argv[1])
said, intakes = [], []
connection.connection.set_trace_callback(said.append)
for _ in range(int(sys.argv[2])):
    said.clear()
    number = town.report_case(place="村口").case.number
    intakes.append({"number": number, "statements": [one for one in said]})
connection.connection.set_trace_callback(None)
print(json.dumps({"pragmas": settings.DATABASES["default"]["OPTIONS"]["init_command"], "intakes": intakes}))
"""


@dataclass(frozen=True)
class Recorded:
    """A store before some intakes, and what the program said to it during each."""

    before: Path
    pragmas: str
    intakes: list[tuple[str, list[str]]]  # number, statements


def record(folder: Path, intakes: int) -> Recorded:
    """Let the program itself take reports, and listen."""
    installation(folder / "data")
    before = folder / "before.sqlite3"
    told = run_inside(folder / "data", RECORD, str(before), str(intakes))
    assert told.returncode == 0, told.stderr
    heard = json.loads(told.stdout)
    listed = [(one["number"], one["statements"]) for one in heard["intakes"]]
    assert all(said[-1] == "COMMIT" and said.count("COMMIT") == 1 for _number, said in listed)
    return Recorded(before, heard["pragmas"], listed)


class PowerCut(Exception):
    """The lights go out."""


class ShakyVFS(apsw.VFS):
    """All files through `ShakyFile`. Fails at the `fails_at`-th write."""

    def __init__(self, draw: random.Random, fails_at: int | None) -> None:
        self.draw, self.fails_at, self.writes = draw, fails_at, 0
        self.dirty: dict[str, dict[int, bytes]] = {}  # file -> sector -> what is on the disk
        super().__init__("shaky", base="")

    def xOpen(self, name: Any, flags: list[int]) -> ShakyFile:
        return ShakyFile(self, name, flags)

    def write_comes(self) -> None:
        self.writes += 1
        if self.fails_at is not None and self.writes >= self.fails_at:
            raise PowerCut

    def cut(self, after: Path) -> None:
        """The disk as it is found later, in `after`: each unflushed sector, by the toss of a coin, is old."""
        for name, sectors in self.dirty.items():
            with (after / Path(name).name).open("r+b") as file:
                for sector, old in sectors.items():
                    if self.draw.random() < 0.5:
                        file.seek(sector * SECTOR)
                        file.write(old)


class ShakyFile(apsw.VFSFile):
    def __init__(self, vfs: ShakyVFS, name: Any, flags: list[int]) -> None:
        self.vfs = vfs
        self.path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self.vfs.write_comes()
        held = self.vfs.dirty.setdefault(self.path, {})
        first, last = offset // SECTOR, (offset + len(data) - 1) // SECTOR
        for sector in range(first, last + 1):
            if sector not in held:
                held[sector] = self._old(sector)
        super().xWrite(data, offset)

    def _old(self, sector: int) -> bytes:
        with Path(self.path).open("rb") as file:
            file.seek(sector * SECTOR)
            return file.read(SECTOR).ljust(SECTOR, b"\0")

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self.vfs.dirty.pop(self.path, None)


@dataclass(frozen=True)
class Cut:
    """What one cut did: acknowledged reports that are gone, and what SQLite says of the file."""

    acknowledged: int
    lost: list[str]
    damage: str


def cut_once(recorded: Recorded, folder: Path, seed: str, *, inside: bool, pragmas: str) -> Cut:
    """Run some intakes, cut between two of them or at any write within one, look at what is left."""
    draw = random.Random(seed)
    folder.mkdir()
    file = folder / "gewu.sqlite3"
    shutil.copy(recorded.before, file)
    vfs = ShakyVFS(draw, draw.randrange(30, 400) if inside else None)
    wanted = len(recorded.intakes) if inside else draw.randrange(3, len(recorded.intakes) + 1)
    connection = apsw.Connection(str(file), vfs="shaky")
    acknowledged = _run(recorded, connection, pragmas, wanted)
    after = folder / "after"
    after.mkdir()
    for left in folder.glob("gewu.sqlite3*"):
        if not left.name.endswith("-shm"):  # lives in memory, and memory is gone
            shutil.copy(left, after)
    vfs.cut(after)
    vfs.fails_at = None  # what happens to the files from here on is of no interest
    connection.close(True)
    vfs.unregister()
    return _look(after / file.name, acknowledged)


def _run(recorded: Recorded, connection: apsw.Connection, pragmas: str, wanted: int) -> list[str]:
    acknowledged: list[str] = []
    with contextlib.suppress(PowerCut):
        connection.execute(pragmas).fetchall()
        for number, statements in recorded.intakes[:wanted]:
            for said in statements:
                connection.execute(said).fetchall()
            acknowledged.append(number)
    return acknowledged


def _look(file: Path, acknowledged: list[str]) -> Cut:
    store = sqlite3.connect(file)
    damage = store.execute("PRAGMA integrity_check").fetchone()[0]
    there = {number for (number,) in store.execute("SELECT number FROM cases_case")}
    receipts = {number for (number,) in store.execute("SELECT number FROM cases_report")}
    store.close()
    return Cut(len(acknowledged), [one for one in acknowledged if one not in there & receipts], damage)


def cuts(
    recorded: Recorded, folder: Path, number: int, *, inside: bool, synchronous: str = "FULL"
) -> list[Cut]:
    """As many cuts, each on a fresh copy."""
    pragmas = recorded.pragmas.replace("synchronous=FULL", f"synchronous={synchronous}")
    assert f"synchronous={synchronous}" in pragmas, "the program's own pragmas name it"
    made = []
    for nth in range(number):
        own = folder / f"{synchronous}-{inside}-{nth}"
        made.append(cut_once(recorded, own, own.name, inside=inside, pragmas=pragmas))
        shutil.rmtree(own)
    return made
