"""What the public may see of a table of counts: no cell below ten, and none that can be worked out (rules.md 11).

One function, `mask`, for everything public. A small cell is shown as "<10". A reader who knows the other cells, the
totals and this very rule could subtract; so further cells are hidden until no small cell has only one possible value.

That is decided exactly, not by counting holes in a line: hidden cells may take any whole number their mark allows
(0 to 9 for a small one, 10 and more for a hidden one), and the totals must still hold. Two ways to fill such a table
differ by closed rounds of +1 and -1 along rows and columns; so a small cell is safe when such a round runs through it.
Totals take part as one more row and one more column. They are hidden only when nothing inside is left to hide, because
the same total may stand open in another table.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

LEAST = 10

Place = tuple[int, int]  # row, column; the last of each is the total
Node = tuple[str, int]  # a row or a column
Arcs = dict[Node, list[Node]]


class Hidden(Enum):
    """What stands in place of a number."""

    SMALL = "<10"
    TOO = "…"  # itself not small, but it would give a small one away


Shown = int | Hidden


@dataclass(frozen=True)
class Masked:
    """The table as the public sees it."""

    cells: tuple[tuple[Shown, ...], ...]
    row_totals: tuple[Shown, ...]
    column_totals: tuple[Shown, ...]
    total: Shown


def mask(counts: Sequence[Sequence[int]]) -> Masked:
    """Hide what is small and what would give it away; rows and columns keep their order."""
    table = _with_totals(counts)
    small = {(r, c) for r, row in enumerate(table) for c, value in enumerate(row) if value < LEAST}
    hidden = set(small)
    while given_away := _given_away(table, hidden, small):
        hidden.add(_one_more(table, hidden, small, given_away))
    return _shown(table, hidden, small)


def _given_away(table: list[list[int]], hidden: set[Place], small: set[Place]) -> Place | None:
    """The first small cell that can be worked out. The ways cells may move are drawn up once for all of them."""
    arcs = _arcs(table, hidden, small)
    return next((place for place in sorted(small) if not _is_safe(table, arcs, small, place)), None)


def _with_totals(counts: Sequence[Sequence[int]]) -> list[list[int]]:
    rows = [[*row, sum(row)] for row in counts]
    if len({len(row) for row in rows}) > 1 or any(value < 0 for row in rows for value in row):
        raise ValueError("a table of counts has equal rows and no negative numbers")
    width = len(rows[0]) if rows else 1
    return [*rows, [sum(row[c] for row in rows) for c in range(width)]]


def _is_safe(table: list[list[int]], arcs: Arcs, small: set[Place], place: Place) -> bool:
    """Could this cell be one more or one less while everything shown still holds?

    The only step between its row and its column is the cell itself, so a round around it leaves that one step out.
    """
    return any(goal in _reach(arcs, start, but=goal) for start, goal in _rounds(table, small, place))


def _rounds(table: list[list[int]], small: set[Place], place: Place) -> list[tuple[Node, Node]]:
    """From where to where the rest of a round must lead, for each way this cell may move."""
    return [(column, row) for row, column in _moves(table, small, place)]


def _moves(table: list[list[int]], small: set[Place], place: Place) -> list[tuple[Node, Node]]:
    """Row to column where a cell may grow, column to row where it may shrink; a total the other way round."""
    row, column = ("row", place[0]), ("column", place[1])
    grows, shrinks = (-1, 1) if _is_margin(table, place) else (1, -1)
    moves = []
    if _may(table, small, place, grows):
        moves.append((row, column))
    if _may(table, small, place, shrinks):
        moves.append((column, row))
    return moves


def _arcs(table: list[list[int]], hidden: set[Place], small: set[Place]) -> Arcs:
    arcs: Arcs = {}
    for place in hidden:
        for start, end in _moves(table, small, place):
            arcs.setdefault(start, []).append(end)
    return arcs


def _reach(arcs: Arcs, start: Node, but: Node | None = None) -> set[Node]:
    """All nodes that can be reached; `but` not by the first step."""
    seen, waiting = {start}, deque([start])
    while waiting:
        here = waiting.popleft()
        for node in arcs.get(here, ()):
            if node not in seen and not (here == start and node == but):
                seen.add(node)
                waiting.append(node)
    return seen


def _is_margin(table: list[list[int]], place: Place) -> bool:
    """A total of one row or one column. The grand total counts twice, so it stands with the cells."""
    return (place[0] == len(table) - 1) != (place[1] == len(table[0]) - 1)


def _may(table: list[list[int]], small: set[Place], place: Place, step: int) -> bool:
    value = table[place[0]][place[1]] + step
    return 0 <= value < LEAST if place in small else value >= LEAST


def _one_more(table: list[list[int]], hidden: set[Place], small: set[Place], place: Place) -> Place:
    """The next cell to hide: inside before totals; one that closes a round at once, else the nearest to doing so."""
    height, width = len(table), len(table[0])
    open_cells = [(r, c) for r in range(height) for c in range(width) if (r, c) not in hidden]
    inside = [(r, c) for r, c in open_cells if r < height - 1 and c < width - 1]
    arcs = _arcs(table, hidden - {place}, small)
    closing = _closing(table, small, place, arcs)
    beside = _beside(open_cells, hidden, place)
    groups = (
        [one for one in inside if one in closing],
        [one for one in inside if one in beside],
        inside,
        [one for one in open_cells if one in closing],
        beside,
        open_cells,
    )
    choice = next((group for group in groups if group), None)
    if choice is None:
        raise AssertionError("a table with nothing left to show gives nothing away")
    return min(choice, key=lambda one: (table[one[0]][one[1]], one))


def _beside(open_cells: list[Place], hidden: set[Place], place: Place) -> list[Place]:
    """Cells in the row or the column of `place`, whichever has fewer holes and something left to hide."""
    lines = []
    for axis in (0, 1):
        cells = [one for one in open_cells if one[axis] == place[axis]]
        holes = sum(1 for one in hidden if one[axis] == place[axis])
        if cells:
            lines.append((holes, axis, cells))
    return min(lines)[2] if lines else []


def _closing(table: list[list[int]], small: set[Place], place: Place, arcs: Arcs) -> set[Place]:
    """The cells that, once hidden, complete a round through `place`."""
    back: Arcs = {}
    for start, ends in arcs.items():
        for end in ends:
            back.setdefault(end, []).append(start)
    found: set[Place] = set()
    for start, goal in _rounds(table, small, place):
        ahead, behind = _reach(arcs, start), _reach(back, goal)
        for r in range(len(table)):
            for c in range(len(table[0])):
                if (r, c) != place and any(
                    a in ahead and b in behind for a, b in _moves(table, small, (r, c))
                ):
                    found.add((r, c))
    return found


def _shown(table: list[list[int]], hidden: set[Place], small: set[Place]) -> Masked:
    def show(r: int, c: int) -> Shown:
        if (r, c) in small:
            return Hidden.SMALL
        return Hidden.TOO if (r, c) in hidden else table[r][c]

    last_row, last_column = len(table) - 1, len(table[0]) - 1
    return Masked(
        cells=tuple(tuple(show(r, c) for c in range(last_column)) for r in range(last_row)),
        row_totals=tuple(show(r, last_column) for r in range(last_row)),
        column_totals=tuple(show(last_row, c) for c in range(last_column)),
        total=show(last_row, last_column),
    )
