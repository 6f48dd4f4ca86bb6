"""The one way to open a transaction, and what a store that cannot take the work sounds like.

Every action that writes does so inside::

    with unit_of_work():
        ...

It is `transaction.atomic`, with one thing added: a busy, full or vanished store becomes `Unavailable`, which pages and
API answer with 503, Retry-After and "kept on this phone"; everything else passes through unchanged. It may be nested;
only the outermost one commits. A wait for a lock ends after five seconds; each connection is told so when it opens
(config/environment.py).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol, runtime_checkable

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from gewu.core.errors import Unavailable
from gewu.domain.statements import Written

LOCK_WAIT = "5s"  # as connections are opened with, on both stores
TURN_WAIT = timedelta(seconds=5)  # the same, among the threads of a process on SQLite
BUSY = _("The system is busy right now. Nothing was lost; please send it again in a moment.")
BUSY_AGAIN = timedelta(seconds=5)
FULL_AGAIN = timedelta(minutes=1)

_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_POSTGRESQL_BUSY = (
    "40001",
    "40P01",
    "55P03",
    "57014",
)  # serialization, deadlock, lock not available, canceled
_POSTGRESQL_FULL = ("53",)  # insufficient resources: disk, memory, connections
_POSTGRESQL_GONE = ("08", "57P")  # connection lost, shutting down
_LOCKS_WAIT = Written("SELECT set_config('lock_timeout', %s, true)")
_turn = threading.Lock()


@runtime_checkable
class _HasState(Protocol):
    """An error of PostgreSQL's driver, which a machine with SQLite alone need not have."""

    sqlstate: str | None


@contextmanager
def unit_of_work(*, durable: bool = False) -> Iterator[None]:
    """All or nothing. `durable` refuses to run inside another transaction, whose end could undo this one."""
    with translated(), _in_turn(), transaction.atomic(durable=durable):
        yield


@contextmanager
def _in_turn() -> Iterator[None]:
    """On SQLite the threads of one process wait for each other here, and each is woken when its turn has come.

    At the file they would sleep between tries, longer each time, and the last to come may be the first to find it free.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    if not _turn.acquire(timeout=TURN_WAIT.total_seconds()):
        raise Unavailable(BUSY, retry_after=BUSY_AGAIN)
    try:
        yield
    finally:
        _turn.release()


@contextmanager
def translated() -> Iterator[None]:
    """A store that is busy, full or gone becomes `Unavailable`; for code that has its transaction already."""
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        if again := retry_after(error):
            raise Unavailable(BUSY, retry_after=again) from error
        raise


def wait_for_locks(time: str) -> None:
    """How long the rest of this transaction waits for a row that another one holds; SQLite needs no word."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_LOCKS_WAIT, [time])


def retry_after(error: Exception) -> timedelta | None:
    """When to try again after this error of the store; None when trying again would not help."""
    state = sqlstate(error)
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if primary in _SQLITE_FULL or (state or "").startswith(_POSTGRESQL_FULL):
        return FULL_AGAIN
    if primary in _SQLITE_BUSY or (state or "").startswith((*_POSTGRESQL_BUSY, *_POSTGRESQL_GONE)):
        return BUSY_AGAIN
    # PostgreSQL gives no code when no connection came in time, or when it was lost without a word.
    gone = isinstance(error, OperationalError | InterfaceError) and isinstance(error.__cause__, _HasState)
    return BUSY_AGAIN if gone and state is None else None


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's five characters for what went wrong."""
    return getattr(error.__cause__, "sqlstate", None)
