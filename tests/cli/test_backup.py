"""Backups taken while reports come in, and what comes back from them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from base64 import b64encode
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import Place, Places
from tests.services import gewu
from tests.services.environment import store

ROOT = Path(__file__).resolve().parent.parent.parent


class Writer:
    """A process that reports without pause."""

    def __init__(self, place: Place) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.writer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=gewu.environment({**place.settings, "GEWU_DATA": str(place.data)}),
        )

    def acknowledged(self, number: int) -> list[str]:
        """Wait for that many more receipts."""
        assert self.process.stdout is not None
        return [self.process.stdout.readline().strip() for _ in range(number)]

    def stop(self) -> None:
        self.process.communicate(input="\n", timeout=60)
        assert self.process.returncode == 0


@dataclass(frozen=True)
class BackedUp:
    """An installation, its backup, and how many reports were acknowledged before it and in all."""

    place: Place
    backup: Path
    before: int
    everything: int


@pytest.fixture(scope="module")
def backed_up(places: Places) -> BackedUp:
    """One backup for all tests of this module, taken while a process reports without pause."""
    place = places.begun()
    writer = Writer(place)
    before = len(writer.acknowledged(5))
    place.done("backup")
    writer.acknowledged(3)
    writer.stop()
    everything = sum(place.told()["counts"]["cases"].values())
    return BackedUp(place, next(place.backups.glob("*/manifest.json")).parent, before, everything)


def test_a_backup_under_way_keeps_every_report_acknowledged_before(
    backed_up: BackedUp, empty_place: Place
) -> None:
    place, backup = backed_up.place, backed_up.backup
    assert backed_up.everything > backed_up.before
    other = empty_place
    other.take_keys_of(place)
    said = other.run("restore", str(backup), "--heads", str(place.heads))
    assert said.returncode == 0, said.stdout + said.stderr
    assert "History and figures hold." in said.stdout
    cases = sum(other.told()["counts"]["cases"].values())
    assert backed_up.before <= cases <= backed_up.everything
    photos = list((other.data / "photos").glob("??/*"))
    assert len(photos) >= backed_up.before


def test_a_restored_place_serves_on(backed_up: BackedUp, empty_place: Place) -> None:
    other, backup = empty_place, backed_up.backup
    other.take_keys_of(backed_up.place)
    other.done("restore", str(backup))
    again = other.run("restore", str(backup))
    assert again.returncode == 1
    assert "not empty" in again.stderr


def test_a_damaged_file_is_found_before_anything_is_put_back(
    backed_up: BackedUp, empty_place: Place, tmp_path: Path
) -> None:
    shutil.copytree(backed_up.backup.parent, tmp_path / "copy")
    backup = tmp_path / "copy" / backed_up.backup.name
    photo = next((backup / "photos").glob("??/*"))
    content = photo.read_bytes()
    photo.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    other = empty_place
    other.take_keys_of(backed_up.place)
    said = other.run("restore", str(backup))
    assert said.returncode == 1
    assert "is damaged" in said.stderr
    assert other.told()["counts"] == {}


def test_without_the_keys_nothing_is_restored(backed_up: BackedUp, empty_place: Place) -> None:
    said = empty_place.run("restore", str(backed_up.backup))
    assert said.returncode == 1
    assert "There are no keys" in said.stderr


def test_other_keys_are_told_apart(backed_up: BackedUp, empty_place: Place, place: Place) -> None:
    other = empty_place
    other.take_keys_of(place)
    (other.data / "keys" / "data.ring").write_bytes(_other_ring())
    said = other.run("restore", str(backed_up.backup))
    assert said.returncode == 1
    assert "not those of this backup" in said.stderr
    assert "gewu.E014" in [one["code"] for one in other.told()["findings"]]


def test_a_backup_holds_no_keys_and_no_sessions(backed_up: BackedUp) -> None:
    backup = backed_up.backup
    if store() == "postgresql":
        listed = (backup / "database.dump").read_bytes()
        assert b"COPY public.django_session" not in listed
        return
    with closing(sqlite3.connect(backup / "database.sqlite3")) as copy:
        for table in ("privacy_rowkey", "django_session", "usersessions_usersession"):
            assert copy.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert copy.execute("SELECT count(*) FROM privacy_text").fetchone() != (0,)


def test_a_broken_off_backup_is_none(place: Place) -> None:
    (place.backups / ".2026-03-10T010203Z.partial").mkdir(parents=True)
    assert "no_backup" in [one["code"] for one in place.told()["findings"]]
    said = place.run("restore", str(place.backups / ".2026-03-10T010203Z.partial"))
    assert said.returncode == 1
    assert "no finished backup" in said.stderr


def test_the_manifest_says_what_it_holds(backed_up: BackedUp) -> None:
    backup = backed_up.backup
    manifest = json.loads((backup / "manifest.json").read_text())
    assert manifest["store"] == store()
    assert manifest["head_size"] >= backed_up.before
    assert len(manifest["head_root"]) == 64
    assert (backup.parent / "rowkeys.sqlite3").is_file()


def _other_ring() -> bytes:
    """A ring of another installation."""
    return json.dumps({"format": 1, "keys": {"k1": b64encode(bytes(32)).decode()}}).encode()
