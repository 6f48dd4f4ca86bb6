"""Handing out case numbers in blocks.

A counter that every intake updates inside its own transaction would make all writers of PostgreSQL wait for one
another. So a process takes a block of numbers and gives them out; what is left when the process ends is a gap, which
rules.md 10 allows. Inside a transaction that is already open (the answer to a client key, a split) the block is taken
within it: its first number goes to this case, the others are kept for later once the transaction has been committed,
and rolled back with it otherwise. So one writer in twenty meets the others, and a number is never given twice.

Numbers that follow one another tell the hour of one by that of the next. Confidential reports get theirs in no order,
from a block apart that may have been taken weeks ago.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from threading import Lock

from django.db import connection, transaction

from gewu.core import chance
from gewu.domain.requests.work import translated

BLOCK = 20

_Name = tuple[str, int]  # database, year
_lock = Lock()
_left: defaultdict[_Name, list[range]] = defaultdict(list)
_apart: defaultdict[_Name, list[int]] = defaultdict(list)  # for confidential reports


def next_serial(year: int) -> int:
    """A serial nobody else has been given this year."""
    name = (str(connection.settings_dict["NAME"]), year)
    with _lock:
        serial = _from_block(name)
    if serial is None:
        serial = _take(year)
        transaction.on_commit(partial(_keep, name, range(serial + 1, serial + BLOCK)))
    return serial


def serial_apart(year: int) -> int:
    """A serial from the block of confidential reports, any of those that are left."""
    name = (str(connection.settings_dict["NAME"]), year)
    with _lock:
        if left := _apart[name]:
            return left.pop(chance.random().randrange(len(left)))
    first = _take(year)
    block = list(range(first, first + BLOCK))
    serial = block.pop(chance.random().randrange(BLOCK))
    transaction.on_commit(partial(_keep_apart, name, block))
    return serial


def forget_blocks() -> None:
    """A restored or freshly filled store begins with a block of its own."""
    with _lock:
        _left.clear()
        _apart.clear()


def _from_block(name: _Name) -> int | None:
    while blocks := _left[name]:
        first, rest = blocks[0], blocks[0][1:]
        if rest:
            blocks[0] = rest
        else:
            blocks.pop(0)
        if first:
            return first[0]
    return None


def _keep(name: _Name, block: range) -> None:
    with _lock:
        _left[name].append(block)


def _keep_apart(name: _Name, block: list[int]) -> None:
    with _lock:
        _apart[name] += block


def _take(year: int) -> int:
    """The first number of a new block; one statement, so that the store decides who gets which."""
    with translated(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO cases_numberblock (year, next_serial) VALUES (%s, %s)
            ON CONFLICT (year) DO UPDATE SET next_serial = cases_numberblock.next_serial + %s
            RETURNING next_serial
            """,
            [year, 1 + BLOCK, BLOCK],
        )
        return int(cursor.fetchone()[0]) - BLOCK
