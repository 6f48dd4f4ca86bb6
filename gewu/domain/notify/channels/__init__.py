"""The ways out, one folder each. To add one, copy a folder, and name it in `notify/actions.py`.

A channel sends one message or raises `NotSent`, which says whether trying again makes sense. `repeatable` says whether
the other side can tell a second delivery from a new message: only then may a message be sent again when the worker died
between sending and noting it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Outgoing:
    """One message on its way: the same `key` each time it is tried."""

    key: str
    address: str
    subject: str
    body: str
    now: datetime


class NotSent(Exception):
    """It did not go out. `code` is stable and says nothing about the recipient."""

    def __init__(self, code: str, *, for_good: bool = False, unreachable: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.for_good = for_good  # trying again is useless
        self.unreachable = unreachable  # the channel itself is down: the others in the queue can wait too


class Channel(Protocol):
    """What a channel module offers."""

    repeatable: bool

    def is_on(self) -> bool: ...

    def send(self, message: Outgoing) -> None: ...
