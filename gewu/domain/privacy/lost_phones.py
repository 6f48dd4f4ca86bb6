"""The key of what a lost phone had not sent yet.

A phone that hears it was lost seals its unsent acts under a new key, hands that key over once and forgets it. It gets
it back sealed under the installation's ring: nothing is stored here, and what lies on the phone opens only when the
same person signs in on it again (docs/adr/0013-field.md).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from gewu.core.crypto import KEY_BYTES
from gewu.core.errors import Broken, Invalid
from gewu.domain.privacy import keys


def lock(key: bytes, *, username: str) -> bytes:
    """The key, sealed for this person."""
    if len(key) != KEY_BYTES:
        raise Invalid.at("key", "key_malformed", _("This is not a key of 32 bytes."))
    return keys.ring("data").encrypt(key, aad=_bound(username))


def unlock(sealed: bytes, *, username: str) -> bytes:
    """The key, for the person it was sealed for."""
    try:
        return keys.ring("data").decrypt(sealed, aad=_bound(username))
    except Broken:
        raise Invalid.at("sealed", "sealed_elsewhere", _("This was not locked for this account.")) from None


def _bound(username: str) -> bytes:
    return f"gewu lost phone {username}".encode()
