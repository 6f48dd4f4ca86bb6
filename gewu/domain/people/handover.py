"""The handover pack: what somebody taking over a post finds on the first day.

`people` knows the post and its days; what lies open there is known by the nouns that come later. Each of them
registers one source when its app is ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class OpenMatter:
    """One thing that waits for the post: a case by its number, with its next deadline."""

    kind: str  # "case"
    number: str
    state: str
    due_at: datetime | None = None
    by_day: bool = False  # the deadline is told as the beginning of its day


@dataclass(frozen=True)
class HandoverPack:
    """A post changing hands on a day. Names are looked up when it is shown."""

    post_id: UUID
    on: date
    outgoing: UUID | None
    incoming: UUID | None
    duties: str
    matters: tuple[OpenMatter, ...]


Source = Callable[[UUID, datetime], Iterable[OpenMatter]]
_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """`source(post_id, now)` lists what is open at a post; one source for each name."""
    _sources[name] = source


def matters(post_id: UUID, *, now: datetime) -> tuple[OpenMatter, ...]:
    """Everything open at the post, the most urgent first; without a deadline last."""
    found = [matter for name in sorted(_sources) for matter in _sources[name](post_id, now)]
    return tuple(sorted(found, key=lambda m: (m.due_at is None, m.due_at or now, m.number)))
