"""Sealing, keyed hashes and derived keys; for contact data, texts and photos, receipts and commitments.

A `KeyRing` encrypts under its current key and writes the key's id into each value, so that keys can be changed
while old values stay readable. The associated data (`aad`) ties a value to its row: moved elsewhere it does not
open. Nothing here knows where keys are kept.

A sealed value is ``nonce (12) + ciphertext + tag (16)``, AES-256-GCM. A value of a ring is
``0x01 + length of key id + key id + sealed value``, the part before the sealed value being authenticated too.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gewu.core import chance
from gewu.core.errors import Broken

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_VERSION = 1
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class KeyRing:
    """Keys by id, one of them current. Never shows a key in text."""

    __slots__ = ("_current", "_keys")

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        for key_id, key in keys.items():
            if not _KEY_ID.fullmatch(key_id) or len(key) != KEY_BYTES:
                raise Broken(
                    f"The key {key_id!r} is not 32 bytes with a short plain id.", code="key_malformed"
                )
        if current not in keys:
            raise Broken(f"The current key {current!r} is not in the ring.", code="key_unknown")
        self._keys = dict(keys)
        self._current = current

    @property
    def current(self) -> str:
        """The id of the key that new values are sealed with."""
        return self._current

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all keys in the ring."""
        return frozenset(self._keys)

    def encrypt(self, plain: bytes, *, aad: bytes) -> bytes:
        """Seal under the current key."""
        head = bytes((_VERSION, len(self._current))) + self._current.encode()
        return head + seal(self._keys[self._current], plain, aad=_joined(head, aad))

    def decrypt(self, value: bytes, *, aad: bytes) -> bytes:
        """Open with the key the value names. A wrong key, row or byte is `Broken`, never garbage."""
        key_id = key_id_of(value)
        key = self._keys.get(key_id)
        if key is None:
            raise Broken(f"The key {key_id!r} of a sealed value is not in the ring.", code="key_unknown")
        cut = 2 + len(key_id)
        return unseal(key, value[cut:], aad=_joined(value[:cut], aad))

    def is_old(self, value: bytes) -> bool:
        """Was this value sealed with a key that is no longer the current one?"""
        return key_id_of(value) != self._current

    def mac(self, *parts: bytes | str) -> bytes:
        """Keyed hash under the current key, apart from its use for sealing."""
        return mac(derive(self._keys[self._current], "mac"), *parts)

    def macs(self, *parts: bytes | str) -> list[bytes]:
        """The keyed hash under every key, the current one first: to look up what an older key wrote."""
        older = sorted(self.ids - {self._current})
        return [mac(derive(self._keys[key_id], "mac"), *parts) for key_id in (self._current, *older)]

    def __repr__(self) -> str:
        return f"KeyRing(current={self._current!r}, ids={sorted(self._keys)})"

    def __reduce__(self) -> str:
        raise TypeError("keys do not travel")


def new_key() -> bytes:
    """A fresh key for `seal` or a ring."""
    return chance.token_bytes(KEY_BYTES)


def key_id_of(value: bytes) -> str:
    """The id of the key that a ring's value was sealed with."""
    if len(value) < 2 or value[0] != _VERSION:
        raise _damaged()
    key_id = value[2 : 2 + value[1]].decode("ascii", "replace")
    if len(value) < 2 + value[1] + _NONCE_BYTES + _TAG_BYTES or not _KEY_ID.fullmatch(key_id):
        raise _damaged()
    return key_id


def seal(key: bytes, plain: bytes, *, aad: bytes) -> bytes:
    """Encrypt and authenticate under one key, for values that have a key of their own.

    The nonce is a keyed hash of fresh random bytes *and* the content. With true randomness that is a random
    nonce; under a repeated seed (a replay) two different contents still never share one, which AES-GCM would
    answer by giving both away.
    """
    fresh = chance.token_bytes(_TAG_BYTES)
    nonce = mac(derive(key, "nonce"), fresh, aad, plain)[:_NONCE_BYTES]
    return nonce + AESGCM(key).encrypt(nonce, plain, aad)


def unseal(key: bytes, value: bytes, *, aad: bytes) -> bytes:
    """Open what `seal` made; anything changed is `Broken`."""
    if len(value) < _NONCE_BYTES + _TAG_BYTES:
        raise _damaged()
    try:
        return AESGCM(key).decrypt(value[:_NONCE_BYTES], value[_NONCE_BYTES:], aad)
    except InvalidTag:
        raise _damaged() from None


def mac(key: bytes, *parts: bytes | str) -> bytes:
    """HMAC-SHA-256 over parts that cannot run into each other: each goes in with its length."""
    return hmac.new(key, _joined(*parts), sha256).digest()


def commitment(salt: bytes, content: bytes | str) -> bytes:
    """What the journal keeps of a text or photo: HMAC-SHA-256 under the row's own salt.

    Without the salt it says nothing, also about a content that could be guessed; so the salt is erased with it.
    """
    if len(salt) < 16:
        raise ValueError("a salt has at least 16 bytes")
    return hmac.new(salt, _bytes(content), sha256).digest()


def derive(key: bytes, info: str, *, length: int = KEY_BYTES) -> bytes:
    """A key for one purpose out of another key (HKDF-SHA-256, RFC 5869); `key` must be random already."""
    return HKDF(SHA256(), length, salt=None, info=info.encode()).derive(key)


def same(a: bytes, b: bytes) -> bool:
    """Compare secrets without telling by time how much of them agrees."""
    return hmac.compare_digest(a, b)


def _joined(*parts: bytes | str) -> bytes:
    raw = [_bytes(part) for part in parts]
    return b"".join(len(part).to_bytes(8, "big") + part for part in raw)


def _bytes(part: bytes | str) -> bytes:
    return part.encode() if isinstance(part, str) else part


def _damaged() -> Broken:
    return Broken("A sealed value was changed, belongs elsewhere, or has another key.", code="sealed_damaged")
