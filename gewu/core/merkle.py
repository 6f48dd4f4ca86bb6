"""The Merkle tree of RFC 6962 (section 2.1) with SHA-256: the seal on the journal.

For the sealing worker, which appends and publishes roots, and for anyone outside who wants to check that an entry
is contained (`verify_inclusion`) or that a later head only added to an earlier one (`verify_consistency`).

Leaves and nodes are hashed with different first bytes, so no node can pass for a leaf. A `Frontier` holds only the
roots of the full subtrees, at most 64 hashes, and so appends without reading the journal again. Paths are made
from the leaves themselves; that is rare, and reads what it has to prove anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from gewu.core.errors import Broken

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
_SIZE_BYTES = 8


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: its size and the roots of its full subtrees, largest first."""

    __slots__ = ("_peaks", "_size")

    def __init__(self) -> None:
        self._size = 0
        self._peaks: list[bytes] = []

    @property
    def size(self) -> int:
        """How many leaves were appended."""
        return self._size

    def append(self, leaf: bytes) -> bytes:
        """Add one leaf at the end; returns its hash."""
        hashed = leaf_hash(leaf)
        self.append_hash(hashed)
        return hashed

    def append_hash(self, hashed: bytes) -> None:
        """Add one leaf that is hashed already."""
        if len(hashed) != HASH_BYTES:
            raise ValueError("a leaf hash has 32 bytes")
        # Each full pair below joins, as in adding one to a binary number.
        carry = self._size
        while carry & 1:
            hashed = node_hash(self._peaks.pop(), hashed)
            carry >>= 1
        self._peaks.append(hashed)
        self._size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add several leaves in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The hash over all leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def __bytes__(self) -> bytes:
        return self._size.to_bytes(_SIZE_BYTES, "big") + b"".join(self._peaks)

    @classmethod
    def parse(cls, data: bytes) -> Frontier:
        """Read what `bytes(frontier)` wrote; damaged data is an error of the installation."""
        size, hashes = int.from_bytes(data[:_SIZE_BYTES], "big"), data[_SIZE_BYTES:]
        if len(data) < _SIZE_BYTES or len(hashes) != size.bit_count() * HASH_BYTES:
            raise Broken("The stored edge of the sealed log is damaged.", code="frontier_damaged")
        frontier = cls()
        frontier._size = size
        frontier._peaks = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
        return frontier

    def copy(self) -> Frontier:
        """An independent frontier of the same tree."""
        return Frontier.parse(bytes(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frontier) and bytes(self) == bytes(other)

    __hash__ = None  # type: ignore[assignment]  # it changes


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaves."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root, lowest first."""
    if not 0 <= index < len(leaves):
        raise ValueError("no such leaf")
    path = []
    low, high = 0, len(leaves)
    while high - low > 1:
        split = low + _split(high - low)
        if index < split:
            path.append(root_of(leaves[split:high]))
            high = split
        else:
            path.append(root_of(leaves[low:split]))
            low = split
    return path[::-1]


def consistency_path(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes that show that the first `old_size` leaves are unchanged in the whole; lowest first."""
    if not 0 < old_size <= len(leaves):
        raise ValueError("the older tree must be a part of the newer one, and not empty")
    path = []
    low, high = 0, len(leaves)
    while old_size != high:
        split = low + _split(high - low)
        if old_size <= split:
            path.append(root_of(leaves[split:high]))
            high = split
        else:
            path.append(root_of(leaves[low:split]))
            low = split
    if low:
        # The older root is not a subtree of its own: its last part must be told as well.
        path.append(root_of(leaves[low:high]))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Is `leaf` number `index` of the tree with `size` leaves and this `root`?"""
    if not 0 <= index < size:
        return False
    place, last, hashed = index, size - 1, leaf_hash(leaf)
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            hashed = node_hash(sibling, hashed)
            while place and not place & 1:
                # The right edge: levels on which this node has no neighbour are skipped.
                place, last = place >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and hashed == root


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Does the newer tree begin with the whole older one?"""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    hashes = list(path)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return False
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = hashes[0]
    for hashed in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(hashed, old), node_hash(hashed, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, hashed)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
