"""What is sealed opens only unchanged, in its place and with its key."""

from __future__ import annotations

import hashlib
import hmac
import pickle

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from gewu.core import chance, crypto
from gewu.core.crypto import KeyRing
from gewu.core.errors import Broken

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
RING = KeyRing({"k1": OLD, "k2": NEW}, "k2")


def test_what_is_sealed_opens_again() -> None:
    value = RING.encrypt("王敏 0523".encode(), aad=b"contact 7")
    assert RING.decrypt(value, aad=b"contact 7").decode() == "王敏 0523"
    assert b"0523" not in value
    assert crypto.key_id_of(value) == "k2"


def test_the_same_content_is_never_sealed_alike() -> None:
    values = {RING.encrypt(b"same", aad=b"") for _ in range(200)}
    assert len(values) == 200


def test_an_older_key_still_opens_and_is_marked_old() -> None:
    before = KeyRing({"k1": OLD}, "k1").encrypt(b"text", aad=b"a")
    assert RING.decrypt(before, aad=b"a") == b"text"
    assert RING.is_old(before)
    assert not RING.is_old(RING.encrypt(b"text", aad=b"a"))


def test_a_key_that_is_gone_is_named() -> None:
    value = RING.encrypt(b"text", aad=b"a")
    with pytest.raises(Broken, match="'k2'") as caught:
        KeyRing({"k1": OLD}, "k1").decrypt(value, aad=b"a")
    assert caught.value.code == "key_unknown"


def test_another_key_under_the_same_id_does_not_open() -> None:
    value = RING.encrypt(b"text", aad=b"a")
    with pytest.raises(Broken) as caught:
        KeyRing({"k2": OLD}, "k2").decrypt(value, aad=b"a")
    assert caught.value.code == "sealed_damaged"


def test_a_value_moved_to_another_row_does_not_open() -> None:
    value = RING.encrypt(b"text", aad=b"row 1")
    with pytest.raises(Broken):
        RING.decrypt(value, aad=b"row 2")


def test_every_changed_bit_and_every_cut_is_noticed() -> None:
    value = RING.encrypt(b"text", aad=b"a")
    for place in range(len(value) * 8):
        changed = bytearray(value)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(Broken):
            RING.decrypt(bytes(changed), aad=b"a")
    for length in range(len(value)):
        with pytest.raises(Broken):
            RING.decrypt(value[:length], aad=b"a")


def test_the_named_key_id_is_part_of_the_seal() -> None:
    """A twin entry of the same key under another id must not open what the first one sealed."""
    value = bytearray(KeyRing({"a": OLD}, "a").encrypt(b"text", aad=b""))
    value[2:3] = b"b"
    with pytest.raises(Broken):
        KeyRing({"b": OLD}, "b").decrypt(bytes(value), aad=b"")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=40))
def test_any_content_survives(plain: bytes, aad: bytes) -> None:
    assert RING.decrypt(RING.encrypt(plain, aad=aad), aad=aad) == plain
    assert crypto.unseal(OLD, crypto.seal(OLD, plain, aad=aad), aad=aad) == plain


def test_a_sealed_value_is_plain_aes_gcm() -> None:
    value = crypto.seal(OLD, b"text", aad=b"a")
    assert AESGCM(OLD).decrypt(value[:12], value[12:], b"a") == b"text"
    with pytest.raises(InvalidTag):
        AESGCM(NEW).decrypt(value[:12], value[12:], b"a")


def test_under_a_repeated_seed_different_contents_never_share_a_nonce() -> None:
    def nonce(plain: bytes, aad: bytes) -> bytes:
        with chance.seeded(1):
            return crypto.seal(OLD, plain, aad=aad)[:12]

    assert nonce(b"a", b"") == nonce(b"a", b"")
    assert len({nonce(b"a", b""), nonce(b"b", b""), nonce(b"", b"a"), nonce(b"", b"b")}) == 4


def test_parts_of_a_mac_cannot_run_into_each_other() -> None:
    assert crypto.mac(OLD, "ab", "c") != crypto.mac(OLD, "a", "bc")
    assert crypto.mac(OLD, "ab") != crypto.mac(OLD, "ab", "")
    assert crypto.mac(OLD, "ab") == crypto.mac(OLD, b"ab")
    assert crypto.mac(OLD, "ab") != crypto.mac(NEW, "ab")


def test_a_mac_is_hmac_sha_256_over_lengths_and_parts() -> None:
    data = (2).to_bytes(8, "big") + b"ab" + (1).to_bytes(8, "big") + b"c"
    assert crypto.mac(OLD, "ab", "c") == hmac.new(OLD, data, hashlib.sha256).digest()


def test_an_older_keys_hash_can_still_be_looked_up() -> None:
    before = KeyRing({"k1": OLD}, "k1").mac("phone", "13800000000")
    found = RING.macs("phone", "13800000000")
    assert found[0] == RING.mac("phone", "13800000000")
    assert found[1:] == [before]


def test_a_commitment_is_hmac_under_the_rows_salt() -> None:
    salt = bytes(16)
    assert crypto.commitment(salt, "漏水") == hmac.new(salt, "漏水".encode(), hashlib.sha256).digest()
    assert crypto.commitment(b"x" * 16, "漏水") != crypto.commitment(salt, "漏水")
    with pytest.raises(ValueError, match="16 bytes"):
        crypto.commitment(b"short", "漏水")


def test_derived_keys_follow_rfc_5869() -> None:
    # Test case 3 of the RFC: no salt, no info.
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    assert crypto.derive(b"\x0b" * 22, "", length=42).hex() == expected
    assert crypto.derive(OLD, "a") != crypto.derive(OLD, "b")
    assert len(crypto.derive(OLD, "a")) == 32


def test_a_ring_never_shows_or_lends_its_keys() -> None:
    assert repr(RING) == "KeyRing(current='k2', ids=['k1', 'k2'])"
    with pytest.raises(TypeError):
        pickle.dumps(RING)


@pytest.mark.parametrize(
    ("keys", "current"),
    [
        ({}, "a"),
        ({"a": OLD}, "b"),
        ({"a": OLD[:16]}, "a"),
        ({"a b": OLD}, "a b"),
        ({"": OLD}, ""),
        ({"钥": OLD}, "钥"),
    ],
)
def test_a_ring_with_wrong_keys_is_refused(keys: dict[str, bytes], current: str) -> None:
    with pytest.raises(Broken):
        KeyRing(keys, current)


def test_secrets_are_compared_and_keys_are_made() -> None:
    assert crypto.same(b"abc", b"abc")
    assert not crypto.same(b"abc", b"abd")
    assert len(crypto.new_key()) == 32
    assert crypto.new_key() != crypto.new_key()
