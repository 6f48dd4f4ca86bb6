"""Short keys of the tree: fixed pieces of three characters, given at creation, never read back into a meaning.

The alphabet stops before z, so `path + "z"` lies behind every descendant in any collation that sorts digits before
letters, and a subtree is one range over an ordinary index.
"""

from __future__ import annotations

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxy"
WIDTH = 3
MOST = len(ALPHABET) ** WIDTH
END = "z"


def segment(number: int) -> str:
    """The key of the `number`-th child, counted from 0 over all children there ever were."""
    if not 0 <= number < MOST:
        raise ValueError(f"an area has at most {MOST} children")
    out = ""
    for _place in range(WIDTH):
        number, digit = divmod(number, len(ALPHABET))
        out = ALPHABET[digit] + out
    return out


def number(path: str) -> int:
    """Which child the last key of this path is."""
    value = 0
    for character in path[-WIDTH:]:
        value = value * len(ALPHABET) + ALPHABET.index(character)
    return value


def ancestors(path: str) -> list[str]:
    """The paths above, root first, without the path itself."""
    return [path[:end] for end in range(WIDTH, len(path), WIDTH)]


def covering(path: str) -> list[str]:
    """The paths of all areas that hold this one, root first, itself last."""
    return [*ancestors(path), path] if path else []


def depth(path: str) -> int:
    """0 for a root."""
    return len(path) // WIDTH - 1
