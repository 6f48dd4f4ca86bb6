"""Where photos lie: files below `settings.PHOTOS`, each whole and on disk before anything speaks of it.

A file is written under a temporary name, flushed to the disk, renamed, and its folder flushed too; only then does
`put` return. A power cut leaves either no file or the whole file under its name, and never a row whose photo is empty.
All calls to the operating system go through `FileLayer`, so that a test can cut the power between any two of them.

A name is `<photo id>.<part>` or `<photo id>.<copy id>.<part>`. Ids carry their time, so the age of a file stands in
its name and needs no clock of the file system.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gewu.core.errors import Unavailable

FULL: Final = "full"
THUMB: Final = "thumb"
PUBLIC: Final = "public"
_TEMPORARY = ".new"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FileLayer(Protocol):
    """The calls a store makes; each is one that power may fail before or after."""

    def make_folder(self, folder: Path) -> None: ...
    def write(self, path: Path, data: bytes) -> None: ...
    def sync(self, path: Path) -> None: ...
    def rename(self, path: Path, to: Path) -> None: ...
    def sync_folder(self, folder: Path) -> None: ...
    def remove(self, path: Path) -> None: ...
    def read(self, path: Path) -> bytes: ...
    def list(self, folder: Path) -> list[str]: ...


class Disk:
    """The operating system's own files, for their owner only."""

    def make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)

    def write(self, path: Path, data: bytes) -> None:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(data)

    def sync(self, path: Path) -> None:
        handle = os.open(path, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def rename(self, path: Path, to: Path) -> None:
        path.replace(to)

    def sync_folder(self, folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def read(self, path: Path) -> bytes:
        return path.read_bytes()

    def list(self, folder: Path) -> list[str]:
        return sorted(os.listdir(folder)) if folder.exists() else []


@dataclass(frozen=True)
class Name:
    """What one file is: which photo, which part, and for public copies which copy."""

    photo: UUID
    part: str
    copy: UUID | None = None

    def __str__(self) -> str:
        middle = f".{self.copy.hex}" if self.copy else ""
        return f"{self.photo.hex}{middle}.{self.part}"

    @property
    def made_at(self) -> datetime:
        """The time its id was made, from the first 48 bits of a UUIDv7."""
        return made_at(self.copy or self.photo)

    @classmethod
    def parse(cls, name: str) -> Name | None:
        """None for anything this store did not write."""
        words = name.removesuffix(_TEMPORARY).split(".")
        try:
            ids = [UUID(hex=word) for word in words[:-1]]
        except ValueError:
            return None
        if len(ids) not in (1, 2) or words[-1] not in (FULL, THUMB, PUBLIC):
            return None
        return cls(ids[0], words[-1], ids[1] if len(ids) == 2 else None)


@dataclass(frozen=True)
class Found:
    """A file met while walking the store."""

    name: Name
    path: Path
    temporary: bool


class Store:
    """The photo files below one folder."""

    def __init__(self, root: Path, layer: FileLayer | None = None) -> None:
        self.root = root
        self.layer: FileLayer = layer or Disk()

    def put(self, name: Name, data: bytes) -> None:
        """Returns when the file is on the disk under its name; Unavailable when the disk cannot take it."""
        path = self._path(name)
        temporary = path.with_name(path.name + _TEMPORARY)
        try:
            self._make_folders(path.parent)
            self.layer.write(temporary, data)
            self.layer.sync(temporary)
            self.layer.rename(temporary, path)
            self.layer.sync_folder(path.parent)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
                raise Unavailable(
                    _("The photo could not be stored just now. Nothing is lost: try again.")
                ) from error
            raise

    def get(self, name: Name) -> bytes | None:
        """The file's bytes; None when there is none."""
        try:
            return self.layer.read(self._path(name))
        except FileNotFoundError:
            return None

    def remove(self, *names: Name) -> None:
        """Take files away for good; those missing already are fine."""
        folders = set()
        for name in names:
            path = self._path(name)
            self.layer.remove(path)
            folders.add(path.parent)
        for folder in folders:
            if self.layer.list(folder):
                self.layer.sync_folder(folder)

    def remove_all(self, photo: UUID) -> None:
        """Take away every file of one photo: all parts, public copies, unfinished ones."""
        folder = self._path(Name(photo, FULL)).parent
        own = [entry for entry in self.layer.list(folder) if entry.startswith(photo.hex)]
        for entry in own:
            self.layer.remove(folder / entry)
        if own:
            self.layer.sync_folder(folder)

    def remove_found(self, found: Found) -> None:
        """Take away a file met by `walk`."""
        self.layer.remove(found.path)

    def walk(self) -> Iterator[Found]:
        """Every file this store wrote, finished or not."""
        for shard in self.layer.list(self.root):
            for entry in self.layer.list(self.root / shard):
                if name := Name.parse(entry):
                    yield Found(name, self.root / shard / entry, entry.endswith(_TEMPORARY))

    def _path(self, name: Name) -> Path:
        # The last two characters of an id are random: 256 folders that fill evenly.
        return self.root / name.photo.hex[-2:] / str(name)

    def _make_folders(self, folder: Path) -> None:
        # The parent is flushed even when the folder was there: whoever made it may have died before flushing it.
        for one in (self.root, folder):
            self.layer.make_folder(one)
            self.layer.sync_folder(one.parent)


def store() -> Store:
    """The store of this installation."""
    return Store(settings.PHOTOS)


def made_at(row: UUID) -> datetime:
    """When an id was made."""
    return _EPOCH + timedelta(milliseconds=row.int >> 80)


def first_of(moment: datetime) -> UUID:
    """No id made at this moment or later is smaller."""
    return UUID(int=(moment - _EPOCH) // timedelta(milliseconds=1) << 80)
