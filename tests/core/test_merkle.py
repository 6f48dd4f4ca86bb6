"""The sealed log's tree, against the published vectors and an independent implementation."""

from __future__ import annotations

from hashlib import sha256

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gewu.core import merkle
from gewu.core.errors import Broken
from gewu.core.merkle import Frontier

# The inputs and roots every Certificate Transparency implementation is tested with.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Inclusion of leaf 5 of 8, and consistency of 6 with 8 leaves, from the same vectors.
INCLUSION_5_OF_8 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
CONSISTENCY_6_TO_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]


def leaves(count: int) -> list[bytes]:
    return [f"leaf {number}".encode() for number in range(count)]


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == merkle.root_of([]) == sha256(b"").digest()


def test_roots_are_those_of_the_published_vectors() -> None:
    frontier = Frontier()
    for leaf, root in zip(INPUTS, ROOTS, strict=True):
        assert frontier.append(leaf) == sha256(b"\x00" + leaf).digest()
        assert frontier.root().hex() == root
    assert merkle.root_of(INPUTS).hex() == ROOTS[-1]


def test_paths_are_those_of_the_published_vectors() -> None:
    assert [h.hex() for h in merkle.inclusion_path(INPUTS, 5)] == INCLUSION_5_OF_8
    assert [h.hex() for h in merkle.consistency_path(INPUTS, 6)] == CONSISTENCY_6_TO_8


def test_an_independent_tree_agrees_on_roots_and_paths() -> None:
    other = pymerkle.InmemoryTree(algorithm="sha256")
    ours = leaves(70)
    for leaf in ours:
        other.append_entry(leaf)
    for size in (1, 2, 3, 7, 8, 33, 64, 70):
        assert other.get_root(size) == merkle.root_of(ours[:size])
    for size, index in ((1, 1), (2, 2), (7, 5), (64, 64), (70, 1), (70, 66), (70, 70)):
        proof = other.prove_inclusion(index, size)
        root = merkle.root_of(ours[:size])
        path = merkle.inclusion_path(ours[:size], index - 1)
        assert path == proof.path[1:]
        pymerkle.verify_inclusion(merkle.leaf_hash(ours[index - 1]), root, proof)


def test_an_independent_proof_of_growth_joins_our_roots() -> None:
    other = pymerkle.InmemoryTree(algorithm="sha256")
    ours = leaves(40)
    for leaf in ours:
        other.append_entry(leaf)
    for old, new in ((1, 2), (3, 7), (6, 8), (8, 40), (31, 32), (33, 40)):
        proof = other.prove_consistency(old, new)
        pymerkle.verify_consistency(merkle.root_of(ours[:old]), merkle.root_of(ours[:new]), proof)


def test_consistency_paths_are_those_of_the_rfcs_own_recursion() -> None:
    def head(ours: list[bytes]) -> bytes:
        if len(ours) == 1:
            return sha256(b"\x00" + ours[0]).digest()
        k = next(2**n for n in range(20) if 2**n < len(ours) <= 2 ** (n + 1))
        return sha256(b"\x01" + head(ours[:k]) + head(ours[k:])).digest()

    def subproof(m: int, ours: list[bytes], whole: bool) -> list[bytes]:
        if m == len(ours):
            return [] if whole else [head(ours)]
        k = next(2**n for n in range(20) if 2**n < len(ours) <= 2 ** (n + 1))
        if m <= k:
            return [*subproof(m, ours[:k], whole), head(ours[k:])]
        return [*subproof(m - k, ours[k:], False), head(ours[:k])]

    for new in range(1, 26):
        for old in range(1, new + 1):
            expected = subproof(old, leaves(new), True)
            assert merkle.consistency_path(leaves(new), old) == expected, (old, new)


def test_every_leaf_of_every_small_tree_is_found_and_no_other() -> None:
    for size in range(1, 20):
        ours = leaves(size)
        root = merkle.root_of(ours)
        for index in range(size):
            path = merkle.inclusion_path(ours, index)
            assert merkle.verify_inclusion(ours[index], index, size, path, root)
            assert not merkle.verify_inclusion(b"other", index, size, path, root)
            for wrong in {index - 1, index + 1, size, -1} - {index}:
                assert not merkle.verify_inclusion(ours[index], wrong, size, path, root)
            assert not merkle.verify_inclusion(ours[index], index, size, [*path, root], root)
            if path:
                assert not merkle.verify_inclusion(ours[index], index, size, path[:-1], root)


def test_every_small_tree_grows_consistently_and_no_other() -> None:
    for new in range(1, 20):
        ours = leaves(new)
        root = merkle.root_of(ours)
        for old in range(1, new + 1):
            path = merkle.consistency_path(ours, old)
            old_root = merkle.root_of(ours[:old])
            assert merkle.verify_consistency(old, new, old_root, root, path)
            forged = merkle.root_of([*ours[: old - 1], b"rewritten"])
            assert not merkle.verify_consistency(old, new, forged, root, path)
            assert not merkle.verify_consistency(old, new, old_root, forged, path)
            assert not merkle.verify_consistency(old, new, old_root, root, [*path, root])
            if path:
                assert not merkle.verify_consistency(old, new, old_root, root, path[:-1])
                assert not merkle.verify_consistency(old, new, old_root, root, [])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=12), min_size=2, max_size=90), st.data())
def test_a_changed_bit_in_a_path_is_noticed(ours: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(ours) - 1))
    old = data.draw(st.integers(1, len(ours) - 1))
    root, old_root = merkle.root_of(ours), merkle.root_of(ours[:old])
    inclusion, consistency = merkle.inclusion_path(ours, index), merkle.consistency_path(ours, old)
    assert merkle.verify_inclusion(ours[index], index, len(ours), inclusion, root)
    assert merkle.verify_consistency(old, len(ours), old_root, root, consistency)
    for path in (inclusion, consistency):
        step = data.draw(st.integers(0, len(path) - 1))
        bit = data.draw(st.integers(0, 255))
        path[step] = (int.from_bytes(path[step], "big") ^ 1 << bit).to_bytes(32, "big")
    assert not merkle.verify_inclusion(ours[index], index, len(ours), inclusion, root)
    assert not merkle.verify_consistency(old, len(ours), old_root, root, consistency)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=8), max_size=70), st.lists(st.binary(max_size=8), max_size=70))
def test_a_frontier_goes_on_where_it_was_stored(first: list[bytes], second: list[bytes]) -> None:
    frontier = Frontier()
    frontier.extend(first)
    again = Frontier.parse(bytes(frontier))
    assert again == frontier
    again.extend(second)
    assert again.size == len(first) + len(second)
    assert again.root() == merkle.root_of(first + second)


def test_a_frontier_stays_small() -> None:
    frontier = Frontier()
    frontier.extend(leaves(4095))
    assert len(bytes(frontier)) == 8 + 12 * 32
    frontier.append(b"one more")
    assert len(bytes(frontier)) == 8 + 32


def test_a_copy_grows_on_its_own() -> None:
    frontier = Frontier()
    frontier.extend(leaves(3))
    other = frontier.copy()
    other.append(b"x")
    assert (frontier.size, other.size) == (3, 4)
    assert frontier.root() == merkle.root_of(leaves(3))


@pytest.mark.parametrize("cut", [slice(0, 3), slice(0, 0), slice(0, -1), slice(0, 8), slice(1, None)])
def test_a_damaged_frontier_is_refused(cut: slice) -> None:
    frontier = Frontier()
    frontier.extend(leaves(5))
    with pytest.raises(Broken) as caught:
        Frontier.parse(bytes(frontier)[cut])
    assert caught.value.code == "frontier_damaged"


def test_questions_about_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_path(leaves(3), 3)
    with pytest.raises(ValueError, match="older tree"):
        merkle.consistency_path(leaves(3), 4)
    with pytest.raises(ValueError, match="older tree"):
        merkle.consistency_path(leaves(3), 0)
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier().append_hash(b"short")
    assert not merkle.verify_consistency(0, 3, merkle.EMPTY_ROOT, merkle.root_of(leaves(3)), [])
    assert not merkle.verify_consistency(4, 3, b"", b"", [])
