"""The folder of one backup: written under a temporary name, on disk and hashed before it gets its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from gewu.core.errors import Broken

FORMAT = 1
MANIFEST, PHOTOS, PHOTO_LIST = "manifest.json", "photos", "photos.tsv"
PARTIAL = ".partial"
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    made_at: str
    program: str
    store: str  # sqlite or postgresql
    database: str  # name of the file
    database_sha256: str
    photos: int
    photo_list_sha256: str
    head_size: int
    head_root: str  # hex
    unsealed: int  # committed entries behind that head
    format: int = FORMAT


def begin(to: Path, *, now: datetime) -> Path:
    """A new folder under a temporary name."""
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = to / f".{now:%Y-%m-%dT%H%M%S}Z{PARTIAL}"
    if folder.exists() or final(folder).exists():
        raise Broken(f"A backup of this second is there already: {final(folder)}")
    folder.mkdir(mode=0o700)
    return folder


def final(folder: Path) -> Path:
    """The name a finished backup gets."""
    return folder.with_name(folder.name.removeprefix(".").removesuffix(PARTIAL))


def finish(folder: Path, manifest: Manifest) -> Path:
    """Write the manifest, bring everything to the disk, and give the folder its name."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    for path in (folder / MANIFEST, folder / PHOTO_LIST, folder / manifest.database):
        sync(path)
    for place in (*(path for path in folder.rglob("*") if path.is_dir()), folder):
        sync(place)
    done = final(folder)
    folder.rename(done)
    sync(done.parent)
    return done


def read(folder: Path) -> Manifest:
    """The manifest of a finished backup."""
    try:
        held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if held["format"] != FORMAT:
            raise Broken(f"{folder} was made by a newer program (format {held['format']}).")
        return Manifest(**held)
    except FileNotFoundError:
        raise Broken(f"{folder} is no finished backup: it has no {MANIFEST}.") from None
    except (ValueError, KeyError, TypeError):
        raise Broken(f"{folder / MANIFEST} cannot be read.") from None


def all_in(to: Path) -> list[Path]:
    """Finished backups, oldest first."""
    return sorted(path.parent for path in to.glob(f"*/{MANIFEST}") if not path.parent.name.startswith("."))


def keep_photos(source: Path, folder: Path) -> tuple[int, str]:
    """Link or copy every finished photo file; how many, and the hash of their list."""
    lines = []
    for path in finished_photos(source):
        name = path.relative_to(source)
        to = folder / PHOTOS / name
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            _link_or_copy(path, to)
        except FileNotFoundError:  # erased or withdrawn meanwhile: its row is gone from the store as well
            continue
        lines.append(f"{name}\t{hash_of(to)}\n")
    (folder / PHOTO_LIST).write_text("".join(lines), encoding="utf-8")
    return len(lines), hash_of(folder / PHOTO_LIST)


def finished_photos(source: Path) -> Iterator[Path]:
    """Files of a photo store in a stable order, without those still being written."""
    yield from sorted(path for path in source.glob("??/*") if not path.name.endswith(".new"))


def listed_photos(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and hash of each photo of a backup."""
    for line in (folder / PHOTO_LIST).read_text(encoding="utf-8").splitlines():
        name, _, digest = line.partition("\t")
        yield name, digest


def check(folder: Path, manifest: Manifest) -> None:
    """Is every file still what it was?"""
    expected = {manifest.database: manifest.database_sha256, PHOTO_LIST: manifest.photo_list_sha256}
    for name, digest in expected.items():
        _check_one(folder / name, digest)
    for name, digest in listed_photos(folder):
        _check_one(folder / PHOTOS / name, digest)


def bring_photos(folder: Path, target: Path) -> int:
    """Copy the photos of a backup into a store; copies, since the backup must not change with the living files."""
    count = 0
    for name, _digest in listed_photos(folder):
        to = target / name
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(folder / PHOTOS / name, to)
        to.chmod(0o600)
        sync(to)
        count += 1
    return count


def hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """To the disk: a file's content or a folder's names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_one(path: Path, digest: str) -> None:
    if not path.is_file():
        raise Broken(f"{path} is missing in the backup.")
    if hash_of(path) != digest:
        raise Broken(f"{path} is damaged: its hash is not the one in the manifest.")


def _link_or_copy(path: Path, to: Path) -> None:
    """Photo files are never written again under their name, so a second name for the same bytes is a copy."""
    try:
        os.link(path, to)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(path, to)
        to.chmod(0o600)
        sync(to)
