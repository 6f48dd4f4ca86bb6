"""Handing out case numbers in blocks.

A counter that every intake updates inside its own transaction would make all writers of PostgreSQL wait for one
another. So a process takes a block of numbers in a short transaction of its own and gives them out; what is left when
the process ends is a gap, which rules.md 10 allows. Inside a transaction that is already open (the answer to a client
key, a split) a block is taken within it: rolled back with it, and not kept for later.
"""

from __future__ import annotations

from threading import Lock

from django.db import connection, transaction
from django.db.models import F

from gewu.domain.cases.models import NumberBlock

BLOCK = 20

_lock = Lock()
_blocks: dict[tuple[str, int], tuple[int, int]] = {}  # (database, year) -> next, end


def next_serial(year: int) -> int:
    """A serial nobody else has been given this year."""
    if connection.in_atomic_block:
        return _take(year, 1)
    name = (str(connection.settings_dict["NAME"]), year)
    with _lock:
        serial, end = _blocks.get(name, (0, 0))
        if serial >= end:
            serial = _take(year, BLOCK)
            end = serial + BLOCK
        _blocks[name] = serial + 1, end
        return serial


def forget_blocks() -> None:
    """A restored or freshly filled store begins with a block of its own."""
    with _lock:
        _blocks.clear()


def _take(year: int, size: int) -> int:
    with transaction.atomic():
        NumberBlock.objects.get_or_create(year=year)
        NumberBlock.objects.filter(year=year).update(next_serial=F("next_serial") + size)
        return int(NumberBlock.objects.values_list("next_serial", flat=True).get(year=year)) - size
