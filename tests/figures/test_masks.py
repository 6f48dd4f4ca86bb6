"""The public sees no small cell, and cannot work one out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gewu.domain.figures.masks import Hidden, Masked, Shown, mask

SMALL, TOO = Hidden.SMALL, Hidden.TOO


def test_large_cells_stay_as_they_are() -> None:
    assert mask([[10, 25], [40, 11]]) == Masked(((10, 25), (40, 11)), (35, 51), (50, 36), 86)


def test_a_small_cell_takes_company_in_row_and_column() -> None:
    masked = mask([[3, 25, 30], [40, 50, 60], [70, 80, 90]])
    assert masked.cells[0][0] is SMALL
    assert [sum(cell is TOO for cell in row) for row in masked.cells] == [1, 2, 0]
    assert (masked.row_totals, masked.total) == ((58, 150, 240), 448)


def test_two_nines_and_their_total_would_tell_everything() -> None:
    """9 + 9 = 18 leaves one way only: counting holes in a line is not enough."""
    masked = mask([[9, 9, 30], [50, 50, 50]])
    assert TOO in masked.cells[0] or masked.row_totals[0] is TOO


def test_a_column_alone_hides_its_total_at_last() -> None:
    assert mask([[4], [30]]).cells[0][0] is SMALL
    assert recovered(mask([[4], [30]])) == []


def allowed(shown: Shown) -> range:
    if shown is SMALL:
        return range(10)
    return range(10, 33) if shown is TOO else range(shown, shown + 1)


def rows_that_fit(cells: tuple[Shown, ...], total: Shown) -> Iterator[tuple[int, ...]]:
    for row in product(*(allowed(cell) for cell in cells)):
        if sum(row) in allowed(total) or (total is TOO and sum(row) > 32):
            yield row


def recovered(masked: Masked) -> list[tuple[int, int]]:
    """What somebody with paper and patience finds: small cells with one possible value, by trying everything."""
    possible: dict[tuple[int, int], set[int]] = {}
    lines = [list(rows_that_fit(*line)) for line in zip(masked.cells, masked.row_totals, strict=True)]
    for table in product(*lines):
        columns = [sum(column) for column in zip(*table, strict=True)]
        if all(
            value in allowed(shown) or (shown is TOO and value > 32)
            for value, shown in [
                *zip(columns, masked.column_totals, strict=True),
                (sum(columns), masked.total),
            ]
        ):
            for r, row in enumerate(table):
                for c, value in enumerate(row):
                    possible.setdefault((r, c), set()).add(value)
    return [
        place
        for place, values in possible.items()
        if masked.cells[place[0]][place[1]] is SMALL and len(values) == 1
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 22), min_size=2, max_size=2), min_size=1, max_size=2))
def test_differencing_recovers_no_small_cell(counts: list[list[int]]) -> None:
    masked = mask(counts)
    assert recovered(masked) == []
    for row, shown in zip(counts, masked.cells, strict=True):
        for value, cell in zip(row, shown, strict=True):
            assert (cell is SMALL) == (value < 10)
            assert cell in (value, SMALL, TOO)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 400), min_size=4, max_size=4), min_size=1, max_size=12))
def test_a_table_of_a_subdistrict_is_masked_at_once(counts: list[list[int]]) -> None:
    masked = mask(counts)
    assert all(cell is SMALL for row, line in zip(masked.cells, counts, strict=True)
               for cell, value in zip(row, line, strict=True) if value < 10)  # fmt: skip


def test_the_attack_itself_works() -> None:
    """Hiding only the small cell: the test above would find it."""
    assert recovered(Masked(((SMALL, 25), (40, 50)), (28, 90), (43, 75), 118)) == [(0, 0)]


def test_odd_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="equal rows"):
        mask([[1, 2], [3]])
