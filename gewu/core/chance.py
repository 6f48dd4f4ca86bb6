"""The only source of randomness: ids, secrets, salts and draws.

By default everything comes from the operating system's generator. Inside `seeded(seed)` everything
comes from that seed instead, so that a replay makes the same ids and a drawn sample can be drawn again from
its recorded seed. A seed belongs to the context (thread or task) that set it.

`new_id` makes UUIDv7 (RFC 9562, 6.2 method 1): 48 bits of milliseconds, a 12-bit counter that starts at a
random place in its lower half each millisecond, and 62 random bits. Within one process ids rise strictly, so
rows written one after the other lie beside each other in the primary key's index.
"""

from __future__ import annotations

import random as _random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from threading import Lock

from gewu.core import clock

Seed = int | str | bytes

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COUNTER_START_BITS = 11
_COUNTER_END = 1 << 12
# A machine's clock is stepped back by seconds: ids then wait at the highest time they reached. A longer way
# back is somebody driving the clock on purpose, and ids follow.
_STEP_BACK_MS = 10_000


class _Source:
    """A generator with the state that keeps its ids rising."""

    def __init__(self, generator: _random.Random) -> None:
        self.generator = generator
        self._lock = Lock()
        self._ms = -1
        self._counter = 0

    def tick(self, ms: int) -> tuple[int, int]:
        """The next (millisecond, counter) pair above the last one."""
        with self._lock:
            if ms > self._ms or ms < self._ms - _STEP_BACK_MS:
                self._ms, self._counter = ms, self._start()
            else:
                self._counter += 1
                if self._counter == _COUNTER_END:
                    # More than 2,048 ids in one millisecond: borrow the next one.
                    self._ms, self._counter = self._ms + 1, self._start()
            return self._ms, self._counter

    def _start(self) -> int:
        return self.generator.getrandbits(_COUNTER_START_BITS)


_system = _Source(_random.SystemRandom())
_current: ContextVar[_Source] = ContextVar("gewu_chance", default=_system)


def random() -> _random.Random:
    """The generator in force: for draws, shuffles and choices."""
    return _current.get().generator


@contextmanager
def seeded(seed: Seed) -> Iterator[_random.Random]:
    """Let every draw, id and secret within this block follow from `seed`."""
    token = _current.set(_Source(_random.Random(seed)))  # noqa: S311 - repeatable is the point
    try:
        yield random()
    finally:
        _current.reset(token)


def new_id() -> uuid.UUID:
    """A new UUIDv7; rises strictly within one process."""
    source = _current.get()
    ms, counter = source.tick(_milliseconds(clock.now()))
    value = ms << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | source.generator.getrandbits(62)
    return uuid.UUID(int=value)


def id_told_as(moment: datetime) -> uuid.UUID:
    """A new UUIDv7 that says it was made at `moment`, as the beginning of a day: for what stands in addresses, or
    belongs to somebody whose hour nobody is to know."""
    return uuid.UUID(int=_milliseconds(moment) << 80 | new_id().int & ((1 << 80) - 1))


def token_bytes(n: int) -> bytes:
    """`n` random bytes, for keys, salts and tokens."""
    return random().randbytes(n)


def digits(n: int) -> str:
    """`n` random decimal digits, each equally likely, leading zeros kept."""
    if n < 1:
        raise ValueError("at least one digit")
    return f"{random().randrange(10**n):0{n}d}"


def _milliseconds(moment: datetime) -> int:
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
