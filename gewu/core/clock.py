"""The only file that asks the machine what time it is.

Everything inside receives `now` as an argument; the outermost layer (a view, a command, the worker's loop)
asks `clock.now()` once and hands it on. Replays, the demo and tests drive time instead::

    with clock.driven(DrivenClock(start)) as hands:
        hands.advance(timedelta(minutes=30))

The driven clock belongs to the context (thread or task) that set it; a thread started inside `driven` sees
the machine's time unless it is run in a copy of the context.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol, TypeVar


class Clock(Protocol):
    """Anything that can say what time it is."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class DrivenClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = _utc(start)
        self._lock = Lock()

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move forward; going back is a deliberate `set`."""
        if by < timedelta(0):
            raise ValueError("a clock advances forwards; use set() to turn it back")
        with self._lock:
            self._now += by
            return self._now

    def set(self, to: datetime) -> datetime:
        """Put the hands anywhere, also back: machines do that too."""
        with self._lock:
            self._now = _utc(to)
            return self._now


SYSTEM = SystemClock()
_current: ContextVar[Clock] = ContextVar("gewu_clock", default=SYSTEM)
C = TypeVar("C", bound=Clock)


def now() -> datetime:
    """The present moment: aware, UTC, with microseconds."""
    return _current.get().now()


def monotonic() -> float:
    """Seconds on a clock that never goes back, to measure how long work took.

    Always the machine's, also while time is driven: a replay of a month still wants to know its real cost.
    """
    return time.monotonic()


@contextmanager
def driven(clock: C) -> Iterator[C]:
    """Let `clock` give the time within this block and context."""
    token = _current.set(clock)
    try:
        yield clock
    finally:
        _current.reset(token)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
