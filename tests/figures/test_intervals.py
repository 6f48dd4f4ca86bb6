"""Intervals against published or hand-made values."""

from __future__ import annotations

import pytest

from gewu.domain.figures.intervals import Interval, median, median_interval, wilson


def test_a_share_of_few_is_wide() -> None:
    assert wilson(0, 3).low == 0
    assert wilson(0, 3).high == pytest.approx(0.5615, abs=1e-4)


def test_wilson_as_published() -> None:
    """81 of 263, 95 %: 0.2553 to 0.3662 (Newcombe 1998, table I)."""
    found = wilson(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


def test_a_median_between_its_ranks() -> None:
    assert median([1, 2, 3, 10]) == 2.5
    assert median_interval(list(range(1, 11))) == Interval(2, 9)  # ranks 2 and 9 of 10: the sign test's table
    assert median_interval([1, 2, 3, 4, 5]) is None


def test_many_values_pass_over_smoothly() -> None:
    few, many = median_interval(list(range(1000))), median_interval(list(range(1002)))
    assert few is not None
    assert many is not None
    assert abs(few.low - many.low) < 4


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="something to share"):
        wilson(0, 0)
