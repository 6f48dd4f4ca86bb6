"""The outside witness of the journal: its heads, written where the database's owner does not rewrite them by chance.

`GEWU_HEADS` is a folder beside the data folder, best on another machine or medium. Into it go

    heads.log      one JSON line for each published head, only ever added to
    latest.json    the newest of them
    daily/DATE.json    the first head of each UTC day, signed (Ed25519), for the public page and the supervisor
    public.key     the public half of the signing key, as hex

The private half lies in `GEWU_KEYS/heads.key`, outside the database and outside this folder.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from gewu.core import chance
from gewu.core.errors import Broken
from gewu.core.merkle import HASH_BYTES
from gewu.domain.journal.models import Head, Tree

LOG, LATEST, DAILY, PUBLIC_KEY = "heads.log", "latest.json", "daily", "public.key"
LOCK = ".lock"
SIGNING_KEY = "heads.key"
_TAIL = 1024  # more than two lines of the log


@dataclass(frozen=True)
class Published:
    """One line of the log: so many entries had this root at that time."""

    size: int
    root: str  # hex
    at: str  # ISO 8601, UTC

    @classmethod
    def of(cls, document: dict[str, Any]) -> Published:
        """From parsed JSON; ValueError for anything that is no head."""
        try:
            head = cls(int(document["size"]), str(document["root"]), str(document["at"]))
        except (KeyError, TypeError) as error:
            raise ValueError("not a head") from error
        if head.size < 1 or len(bytes.fromhex(head.root)) != HASH_BYTES:
            raise ValueError("not a head")
        return head

    def line(self) -> bytes:
        return (
            json.dumps({"at": self.at, "root": self.root, "size": self.size}, sort_keys=True).encode() + b"\n"
        )


def publish(folder: Path, *, now: datetime) -> Published | None:
    """Write the journal's present head into `folder`; None when there is nothing new. Call after every seal.

    Refuses (`rolled_back`) when the last published head is not one of this journal's heads: then the database is
    older than what was published, or another one, and the witness must not be talked into agreeing. After a restore
    that lost entries, keep the old folder as evidence and set `GEWU_HEADS` to a new one.
    """
    if not Tree.objects.filter(size__gt=0).exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        return _publish(folder, Tree.objects.get(), now)


def _publish(folder: Path, tree: Tree, now: datetime) -> Published | None:
    head = Published(tree.size, bytes(tree.root).hex(), now.astimezone(UTC).isoformat())
    last = last_published(folder)
    if last is not None and not _is_ours(last):
        raise Broken(
            f"The published head of {last.size} entries is none of this journal: run gewu verify.",
            code="rolled_back",
        )
    is_new = last is None or last.size < head.size
    if is_new:
        _add(folder, head)
    _sign_first_of_day(folder, head, now)
    return head if is_new else None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: a worker that was held up must not add an older head behind a newer one."""
    with (folder / LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def last_published(folder: Path) -> Published | None:
    """The last whole line of the log, read from its end."""
    try:
        with (folder / LOG).open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _TAIL))
            lines = log.read().split(b"\n")
    except FileNotFoundError:
        return None
    return _parse(lines[-2], LOG) if len(lines) > 1 else None


def read_log(folder: Path) -> Iterator[tuple[str, Published | None]]:
    """(where, head) of every line in order, None for one that is no head.

    A last line without its end was cut off by a power failure before it counted, and is left out.
    """
    try:
        lines = (folder / LOG).read_bytes().split(b"\n")
    except FileNotFoundError:
        return
    for number, line in enumerate(lines[:-1], start=1):
        where = f"{LOG}:{number}"
        try:
            yield where, _parse(line, where)
        except Broken:
            yield where, None


def signed(head: Published) -> dict[str, Any]:
    """A head with its signature and the public key, as published daily."""
    key = signing_key()
    public = key.public_key().public_bytes_raw().hex()
    return {
        "at": head.at,
        "root": head.root,
        "size": head.size,
        "signature": key.sign(head.line()).hex(),
        "key": public,
    }


def signature_holds(document: dict[str, Any], *, public_key: str) -> bool:
    """Does this daily head carry a signature of `public_key` (hex)?"""
    try:
        head = Published.of(document)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(document["signature"]), head.line())
    except (KeyError, ValueError, TypeError, InvalidSignature):
        return False
    return True


def daily_heads(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(where, document) of every signed daily head, oldest first; an empty document for one that cannot be read."""
    for file in sorted((folder / DAILY).glob("*.json")):
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            document = {}
        yield f"{DAILY}/{file.name}", document if isinstance(document, dict) else {}


def latest(folder: Path) -> Published | None:
    """What latest.json says; None when it is missing or damaged."""
    try:
        return _parse((folder / LATEST).read_bytes(), LATEST)
    except (FileNotFoundError, Broken):
        return None


def public_key(folder: Path) -> str:
    """The public half of the signing key as it was laid down with the first daily head; empty when there is none."""
    try:
        return (folder / PUBLIC_KEY).read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def signing_key() -> Ed25519PrivateKey:
    """The installation's key for heads; made once, readable by its owner only."""
    file = Path(settings.KEYS) / SIGNING_KEY
    try:
        return Ed25519PrivateKey.from_private_bytes(file.read_bytes())
    except FileNotFoundError:
        return _make_key(file)
    except ValueError:
        raise Broken(f"{file} is not a signing key.", code="key_malformed") from None


def _make_key(file: Path) -> Ed25519PrivateKey:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.{chance.token_bytes(8).hex()}")
    _write(draft, chance.token_bytes(32), mode=0o600)
    try:
        os.link(draft, file)  # unlike a rename, never replaces the key of a process that was first
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync(file.parent)
    return Ed25519PrivateKey.from_private_bytes(file.read_bytes())


def _is_ours(last: Published) -> bool:
    root = Head.objects.filter(size=last.size).values_list("root", flat=True).first()
    return root is not None and bytes(root).hex() == last.root


def _add(folder: Path, head: Published) -> None:
    log = folder / LOG
    with log.open("ab") as out:
        _drop_torn_line(log)
        out.write(head.line())
        out.flush()
        os.fsync(out.fileno())
    _replace(folder / LATEST, head.line())
    _sync(folder)


def _drop_torn_line(log: Path) -> None:
    """A line without its end was cut off by a power failure; a new one must not be glued to it."""
    with log.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - _TAIL))
        tail = file.read()
        file.truncate(end - len(tail) + tail.rfind(b"\n") + 1)


def _sign_first_of_day(folder: Path, head: Published, now: datetime) -> None:
    day = folder / DAILY / f"{now.astimezone(UTC).date().isoformat()}.json"
    if day.exists():
        return
    day.parent.mkdir(parents=True, exist_ok=True)
    document = signed(Published(head.size, head.root, now.astimezone(UTC).isoformat()))
    _replace(day, json.dumps(document, sort_keys=True, indent=1).encode() + b"\n")
    if not (folder / PUBLIC_KEY).exists():
        _replace(folder / PUBLIC_KEY, document["key"].encode() + b"\n")


def _replace(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}.new")
    _write(draft, content, mode=0o644)
    draft.replace(file)
    _sync(file.parent)


def _write(file: Path, content: bytes, *, mode: int) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _parse(line: bytes, where: str) -> Published:
    try:
        return Published.of(json.loads(line))
    except ValueError:
        raise Broken(f"{where} is not a head.", code="heads_damaged") from None
