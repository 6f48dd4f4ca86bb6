"""The outside witness of the journal: its heads, written where the database's owner does not rewrite them by chance.

`GEWU_HEADS` is a folder beside the data folder, best on another machine or medium. Into it go

    heads.log      one JSON line for each published head, only ever added to
    latest.json    the newest of them
    daily/DATE.json    the first head of each UTC day, signed (Ed25519), for the public page and the supervisor
    public.key     the public half of the signing key, as hex

The private half lies in `GEWU_KEYS/heads.key`, outside the database and outside this folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from gewu.core import chance
from gewu.core.errors import Broken
from gewu.domain.journal.models import Tree

LOG, LATEST, DAILY, PUBLIC_KEY = "heads.log", "latest.json", "daily", "public.key"
SIGNING_KEY = "heads.key"


@dataclass(frozen=True)
class Published:
    """One line of the log: so many entries had this root at that time."""

    size: int
    root: str  # hex
    at: str  # ISO 8601, UTC

    def line(self) -> bytes:
        return (
            json.dumps({"at": self.at, "root": self.root, "size": self.size}, sort_keys=True).encode() + b"\n"
        )


def publish(folder: Path, *, now: datetime) -> Published | None:
    """Write the journal's present head into `folder`; None when there is nothing new. Call after every seal.

    Refuses (`rolled_back`) to add a head that does not follow from the last one: then the database is older than
    what was published, or another one, and the witness must not be talked into agreeing.
    """
    tree = Tree.objects.first()
    if tree is None or not tree.size:
        return None
    head = Published(tree.size, bytes(tree.root).hex(), now.astimezone(UTC).isoformat())
    last = _last(folder)
    if last is not None and not _follows(last, head):
        raise Broken(
            f"The journal has {head.size} entries, but {last.size} were published: run gewu verify.",
            code="rolled_back",
        )
    if last is None or head.size > last.size:
        _add(folder, head)
    else:
        head = last
    _sign_first_of_day(folder, head, now)
    return head if head is not last else None


def read_log(folder: Path) -> Iterator[Published]:
    """All published heads in order. A last line cut off by a power failure was never acknowledged and is left out."""
    try:
        lines = (folder / LOG).read_bytes().split(b"\n")
    except FileNotFoundError:
        return
    for number, line in enumerate(lines[:-1], start=1):
        yield _parse(line, f"{LOG}:{number}")


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
        head = Published(int(document["size"]), str(document["root"]), str(document["at"]))
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(document["signature"]), head.line())
    except (KeyError, ValueError, TypeError, InvalidSignature):
        return False
    return True


def daily_heads(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(file name, document) of every signed daily head, oldest first."""
    for file in sorted((folder / DAILY).glob("*.json")):
        try:
            yield file.name, dict(json.loads(file.read_text(encoding="utf-8")))
        except ValueError:
            yield file.name, {}


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


def _last(folder: Path) -> Published | None:
    last = None
    for last in read_log(folder):  # noqa: B007 - the last one is what is asked for
        pass
    return last


def _follows(last: Published, head: Published) -> bool:
    return head.size > last.size or (head.size == last.size and head.root == last.root)


def _add(folder: Path, head: Published) -> None:
    folder.mkdir(parents=True, exist_ok=True)
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
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)


def _sign_first_of_day(folder: Path, head: Published, now: datetime) -> None:
    day = folder / DAILY / f"{now.astimezone(UTC).date().isoformat()}.json"
    if day.exists():
        return
    day.parent.mkdir(parents=True, exist_ok=True)
    document = signed(head)
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
        document = json.loads(line)
        return Published(int(document["size"]), str(document["root"]), str(document["at"]))
    except (ValueError, KeyError, TypeError):
        raise Broken(f"{where} is not a head.", code="heads_damaged") from None
