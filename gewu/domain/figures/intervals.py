"""How sure a number is. Shares of few cases swing widely: shown with their interval, they blame nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    """Where the true value lies with 95 % confidence."""

    low: float
    high: float


def wilson(hits: int, of: int) -> Interval:
    """For a share (Wilson 1927): stays within 0 and 1 and is honest about 0 of 3."""
    if not 0 <= hits <= of or of == 0:
        raise ValueError("a share needs 0 <= hits <= of and something to share")
    share, square = hits / of, Z95 * Z95
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = Z95 / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def median(ordered: Sequence[int]) -> float:
    """The middle of values in order, the mean of the two middle ones when there is no single one."""
    if not ordered:
        raise ValueError("no values, no median")
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def median_interval(ordered: Sequence[int]) -> Interval | None:
    """From the values themselves: the ranks between which the true middle lies, whatever their distribution.

    None below six values: then even the smallest and the largest do not enclose it in 95 of 100 cases.
    """
    n = len(ordered)
    if n < 6:
        return None
    below = _rank(n)
    return Interval(float(ordered[below - 1]), float(ordered[n - below]))


def _rank(n: int) -> int:
    """The largest k with P(fewer than k of n fair coins show heads) <= 2.5 %; near the normal law for many."""
    if n > 1000:
        return max(1, floor((n - Z95 * sqrt(n)) / 2))
    chance, term, k = 0.0, 0.5**n, 0
    while chance + term <= 0.025:
        chance += term
        k += 1
        term = term * (n - k + 1) / k
    return max(1, k)
