"""How a value is sealed under the key of its row, and what the journal may say of it.

A value is bound to its row and to the place it belongs to (column or file): moved elsewhere it does not open. The salt
of a commitment is derived from the row key, so nothing of it is left, in any backup either, once the key is gone.
"""

from __future__ import annotations

from uuid import UUID

from gewu.core import crypto


def seal(key: bytes, data: bytes, *, row: UUID, part: str) -> bytes:
    """`data` for the column or file `part` of `row`."""
    return crypto.seal(key, data, aad=_bound(row, part))


def unseal(key: bytes, sealed: bytes | memoryview, *, row: UUID, part: str) -> bytes:
    """The data again; Broken when key, row, part or bytes are not those it was sealed with."""
    return crypto.unseal(key, bytes(sealed), aad=_bound(row, part))


def commit(key: bytes, content: bytes) -> str:
    """What the journal says of `content`: checkable by whoever has the key, worthless to anyone else."""
    return crypto.commitment(crypto.derive(key, "commitment"), content).hex()


def _bound(row: UUID, part: str) -> bytes:
    return row.bytes + part.encode("ascii")
