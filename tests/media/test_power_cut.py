"""A power cut at any call to the disk: a photo whose row is stored is whole, and what is half done is swept.

The simulated disk keeps what a real one may keep: content that was flushed survives, content that was not may be
missing or cut short; a new name, a new folder or a rename survives only once its folder was flushed.
"""

from __future__ import annotations

import errno
import random
from datetime import timedelta
from pathlib import Path, PurePath
from typing import Any

import pytest

from gewu.core import chance
from gewu.core.errors import Broken
from gewu.domain.media import actions, queries, storage
from gewu.domain.media.models import Photo
from tests.media import photos
from tests.services.time import START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]

ROOT = Path("/photos")


class PowerCut(Exception):
    """The lights go out."""


class ShakyDisk:
    """A disk in memory whose power fails before the `fails_at`-th call."""

    def __init__(self, draw: random.Random, fails_at: int | None = None) -> None:
        self.draw, self.fails_at, self.calls = draw, fails_at, 0
        self.names: dict[PurePath, int] = {}  # name -> file, as programs see it
        self.safe_names: dict[PurePath, int] = {}  # as it stands on the platter
        self.content: dict[int, bytes] = {}
        self.safe_content: dict[int, bytes] = {}
        self.folders: set[PurePath] = set()
        self.safe_folders: set[PurePath] = set()

    def _tick(self) -> None:
        self.calls += 1
        if self.fails_at is not None and self.calls >= self.fails_at:
            raise PowerCut

    def make_folder(self, folder: Path) -> None:
        self._tick()
        self.folders.add(folder)

    def write(self, path: Path, data: bytes) -> None:
        self._tick()
        number = len(self.content)
        self.names[path], self.content[number] = number, data

    def sync(self, path: Path) -> None:
        self._tick()
        self.safe_content[self.names[path]] = self.content[self.names[path]]

    def rename(self, path: Path, to: Path) -> None:
        self._tick()
        self.names[to] = self.names.pop(path)

    def sync_folder(self, folder: Path) -> None:
        self._tick()
        self._settle(folder, lambda: True)

    def remove(self, path: Path) -> None:
        self._tick()
        self.names.pop(path, None)

    def read(self, path: Path) -> bytes:
        if path not in self.names:
            raise FileNotFoundError(errno.ENOENT, "gone", str(path))
        return self.content[self.names[path]]

    def list(self, folder: Path) -> list[str]:
        inside = [path.name for path in (*self.names, *self.folders) if path.parent == folder]
        return sorted(inside)

    def _settle(self, folder: PurePath, keeps: Any) -> None:
        for path in [path for path in {*self.names, *self.safe_names} if path.parent == folder]:
            if keeps():
                if path in self.names:
                    self.safe_names[path] = self.names[path]
                else:
                    self.safe_names.pop(path, None)
        self.safe_folders |= {path for path in self.folders if path.parent == folder and keeps()}

    def cut(self) -> None:
        """Lose what was not flushed, each piece by the toss of a coin; then the power is back."""

        def coin() -> bool:
            return self.draw.random() < 0.5

        for folder in {path.parent for path in {*self.names, *self.folders}}:
            self._settle(folder, coin)
        self.folders = set(self.safe_folders)
        reachable = {path for path in self.safe_names if {ROOT, path.parent} <= self.safe_folders}
        self.safe_names = {path: self.safe_names[path] for path in reachable}
        self.names = dict(self.safe_names)
        for number, data in self.content.items():
            self.content[number] = self.safe_content.get(number, data[: self.draw.randrange(len(data) + 1)])
        self.fails_at = None


def acknowledged(disk: ShakyDisk, data: bytes) -> list[Photo]:
    """Keep photos until the power fails; those whose call came back are promised."""
    promised: list[Photo] = []
    try:
        for _ in range(3):
            promised.append(actions.keep_photo(data, now=START, files=storage.Store(ROOT, disk)))
    except PowerCut:
        pass
    return promised


def test_an_acknowledged_photo_survives_every_cut() -> None:
    data, rounds = photos.jpeg(photos.scene(64, 48)), 0
    whole = ShakyDisk(random.Random(1))
    assert len(acknowledged(whole, data)) == 3
    for seed in range(4):
        for fails_at in range(1, whole.calls + 2):
            disk = ShakyDisk(random.Random(f"{seed} {fails_at}"), fails_at)
            promised = acknowledged(disk, data)
            disk.cut()
            files = storage.Store(ROOT, disk)
            for photo in promised:
                assert queries.photo_bytes(photo.id, files=files)
                assert queries.photo_bytes(photo.id, part="thumb", files=files)
            rounds += 1
    assert rounds >= 120


def test_no_row_is_ever_without_its_file() -> None:
    data = photos.jpeg(photos.scene(64, 48))
    for fails_at in range(1, 50):
        disk = ShakyDisk(random.Random(fails_at), fails_at)
        acknowledged(disk, data)
        disk.cut()
        for photo_id in Photo.objects.values_list("id", flat=True):
            assert queries.photo_bytes(photo_id, files=storage.Store(ROOT, disk))
        Photo.objects.all().delete()


def test_what_a_cut_left_half_done_is_swept() -> None:
    data = photos.jpeg(photos.scene(64, 48))
    for fails_at in range(1, 40):
        disk = ShakyDisk(random.Random(fails_at), fails_at)
        acknowledged(disk, data)
        disk.cut()
        files = storage.Store(ROOT, disk)
        actions.sweep(now=chance_time() + timedelta(hours=26), files=files)  # when its day is over
        known = set(Photo.objects.values_list("id", flat=True))
        assert {found.name.photo for found in files.walk()} <= known
        assert not [found for found in files.walk() if found.temporary]


@pytest.mark.parametrize("forgotten", ["sync", "sync_folder"])
def test_this_test_sees_a_store_that_forgets_to_flush(
    forgotten: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ShakyDisk, forgotten, lambda self, _path: None)
    with pytest.raises(Broken):
        test_an_acknowledged_photo_survives_every_cut()


def chance_time() -> Any:
    """When ids are made just now."""
    return storage.made_at(chance.new_id())
