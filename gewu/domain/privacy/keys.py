"""The keys of the installation: files in `settings.KEYS`, never in the database, never in a backup of it.

Two kinds: *rings* (`data`), which gain keys by rotation and still open what older keys sealed, and *secrets*
(`receipt`, `phone`, `cookie`), which never change because stored hashes depend on them. A file is made once, readable
by its owner only, and on disk before anything is sealed with it.

Key bytes come from the operating system and never from a seed: two runs of one seed in two installations have
different keys, and nothing that is journalled depends on them.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from functools import lru_cache
from pathlib import Path
from threading import get_ident

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from gewu.core.crypto import KeyRing
from gewu.core.errors import Broken

RINGS = ("data",)
SECRETS = ("receipt", "phone", "cookie")
_NO_FILE = (0, 0)


def ring(purpose: str) -> KeyRing:
    """The key ring for `purpose`, newest key first in use; a file changed by another process is read again."""
    if purpose not in RINGS:
        raise Broken(f"There is no key ring {purpose!r}.")
    path = settings.KEYS / f"{purpose}.ring"
    return _read_ring(path, _stamp(path) or _make(path, _new_ring()))


def secret(purpose: str) -> bytes:
    """The 32 bytes for keyed hashes of `purpose`."""
    if purpose not in SECRETS:
        raise Broken(f"There is no secret {purpose!r}.")
    path = settings.KEYS / f"{purpose}.key"
    return _read_secret(path, _stamp(path) or _make(path, b64encode(_new_key())))


def rotate(purpose: str) -> str:
    """Add a key that seals from now on; the older ones stay to open. Gives the new key's id."""
    path = settings.KEYS / f"{purpose}.ring"
    ring(purpose)
    held = _parse_ring(path)
    key_id = f"k{len(held) + 1}"
    held[key_id] = b64encode(_new_key()).decode("ascii")
    temporary = _temporary(path)
    _write(temporary, _ring_bytes(held))
    temporary.replace(path)
    _sync_folder(path.parent)
    return key_id


def _new_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def _new_ring() -> bytes:
    return _ring_bytes({"k1": b64encode(_new_key()).decode("ascii")})


def _ring_bytes(held: dict[str, str]) -> bytes:
    return json.dumps({"format": 1, "keys": held}, indent=1).encode("ascii")


def _parse_ring(path: Path) -> dict[str, str]:
    try:
        held = json.loads(path.read_text(encoding="ascii"))["keys"]
    except (ValueError, KeyError, TypeError) as error:
        raise Broken(f"The key file {path} cannot be read. Put back the copy you keep apart.") from error
    return dict(held)


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes when the file is replaced."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _make(path: Path, content: bytes) -> tuple[int, int]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The whole content appears under its name at once: a second process never reads half a key. Linking, unlike
    # renaming, fails when another process was first.
    temporary = _temporary(path)
    _write(temporary, content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass  # another process of this installation was first: its keys hold
    finally:
        temporary.unlink()
    _sync_folder(path.parent)
    return _stamp(path) or _NO_FILE


def _temporary(path: Path) -> Path:
    """A name of this thread's own. Not drawn from chance: making a key must not shift what follows from a seed."""
    return path.with_suffix(f".{os.getpid()}-{get_ident()}")


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@lru_cache(maxsize=16)
def _read_ring(path: Path, stamp: tuple[int, int]) -> KeyRing:
    held = {key_id: b64decode(value) for key_id, value in _parse_ring(path).items()}
    return KeyRing(held, current=list(held)[-1])


@lru_cache(maxsize=16)
def _read_secret(path: Path, stamp: tuple[int, int]) -> bytes:
    value = b64decode(path.read_bytes())
    if len(value) != 32:
        raise Broken(f"The key file {path} is damaged. Put back the copy you keep apart.")
    return value
