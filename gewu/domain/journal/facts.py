"""What can happen: every kind of journal entry is registered here by the noun it belongs to.

A noun lists its facts in its own `facts.py` and registers them when the program starts. An unknown kind, a missing or
an unknown field is a mistake in the program, found the first time a test records it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gewu.core.errors import Broken


@dataclass(frozen=True)
class Fact:
    """A kind of entry: what it is about and which fields its data may have."""

    kind: str  # "case.filed"
    subject: str  # "case"
    data_fields: frozenset[str] = frozenset()

    def __init__(self, kind: str, subject: str, data_fields: Iterable[str] = ()) -> None:
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "subject", subject)
        object.__setattr__(self, "data_fields", frozenset(data_fields))


_facts: dict[str, Fact] = {}


def register(*facts: Fact) -> None:
    """Make these kinds known; the same fact twice is fine, two meanings of one kind are not."""
    for fact in facts:
        known = _facts.setdefault(fact.kind, fact)
        if known != fact:
            raise Broken(
                f"The journal entry {fact.kind!r} is registered with two meanings.", code="fact_twice"
            )


def fact(kind: str) -> Fact:
    """The fact of this kind."""
    try:
        return _facts[kind]
    except KeyError:
        raise Broken(f"No noun has registered the journal entry {kind!r}.", code="fact_unknown") from None


def all_facts() -> list[Fact]:
    """Every registered fact, by kind."""
    return [_facts[kind] for kind in sorted(_facts)]
