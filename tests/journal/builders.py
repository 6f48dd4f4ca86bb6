"""Entries as other nouns would record them, in a made-up noun of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gewu.core import chance
from gewu.domain.journal import actions, facts
from gewu.domain.journal.models import Entry
from tests.services.time import START

facts.register(facts.Fact("bench.painted", "bench", ("colour", "coats", "parts", "by", "on")))


WORKER, POST = UUID(int=7), UUID(int=8)


@dataclass(frozen=True)
class Someone:
    kind: str = "staff"
    user_id: UUID | None = WORKER
    post_id: UUID | None = POST


def paint(
    bench: UUID | None = None, *, version: int | None = None, at: datetime = START, **data: Any
) -> Entry:
    """One entry about one bench; a new bench with its first version unless told."""
    if bench is None:
        bench, version = chance.new_id(), 1
    return actions.record(
        "bench.painted", actor=Someone(), subject=("bench", bench), version=version, scope_path="00a",
        at=at, data=data or {"coats": 2},
    )  # fmt: skip


def paint_and_seal(count: int, *, now: datetime = START) -> list[Entry]:
    """`count` entries, sealed and published as the worker would."""
    entries = [paint(coats=number) for number in range(count)]
    actions.seal_all(now)
    return entries


def sql(statement: str, *values: Any) -> None:
    """What somebody with the database's password can do."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
