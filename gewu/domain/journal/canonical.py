"""One byte string for one entry: what its digest, and so the seal, is made of.

An entry is hashed as a JSON list of its fixed fields in a fixed order, with keys sorted and no spaces. Whoever has
the rows can compute it with any JSON library. The position is given later
and is not part of the digest; the leaf of the tree joins both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import msgspec

FORMAT = "gewu-entry-1"
_POSITION_BYTES = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_json = msgspec.json.Encoder(order="sorted", uuid_format="canonical")


class Recorded(Protocol):
    """The fixed fields of an entry."""

    id: UUID
    kind: str
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    post_id: UUID | None
    scope_path: str
    subject_kind: str
    subject_id: UUID
    subject_version: int | None
    data: dict[str, Any]


def encode_data(data: Mapping[str, Any]) -> bytes:
    """Canonical JSON: keys sorted at every depth, no spaces, UTF-8."""
    return _json.encode(data)


def encode(entry: Recorded) -> bytes:
    """All fixed fields of an entry."""
    return _json.encode(
        [
            FORMAT,
            entry.id,
            entry.kind,
            microseconds(entry.at),
            entry.actor_kind,
            entry.actor_id,
            entry.post_id,
            entry.scope_path,
            entry.subject_kind,
            entry.subject_id,
            entry.subject_version,
            entry.data,
        ]
    )


def digest(entry: Recorded) -> bytes:
    """SHA-256 over the fixed fields."""
    return sha256(encode(entry)).digest()


def leaf(position: int, entry_digest: bytes | memoryview) -> bytes:
    """What goes into the tree: an entry at its place."""
    return position.to_bytes(_POSITION_BYTES, "big") + bytes(entry_digest)


def microseconds(moment: datetime) -> int:
    """Since 1970 in UTC, as a whole number: no zone, no format, nothing to round."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
