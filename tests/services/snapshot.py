"""Rows kept in memory, so that what takes a second to make by the ordinary actions is put back in a moment.

The town of the tests is built once in each process and its rows are remembered; every further module writes them
straight into the tables. Works on both stores, since foreign keys are checked at the end of a transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

Table = tuple[str, tuple[str, ...], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Snapshot:
    """All rows that `build` wrote, table by table."""

    tables: tuple[Table, ...]

    @classmethod
    def of(cls, build: Callable[[], None]) -> Snapshot:
        """Run `build` and remember what it wrote; it must only add rows."""
        before = {name: set(rows) for name, _columns, rows in _tables()}
        build()
        added = []
        for name, columns, rows in _tables():
            new = [row for row in rows if row not in before[name]]
            if new:
                added.append((name, columns, new))
        return cls(tuple(added))

    def put_back(self) -> None:
        """Write the rows again into tables without them."""
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            for name, columns, rows in self.tables:
                names, marks = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {quote(name)} ({names}) VALUES ({marks})", rows)


def _tables() -> list[Table]:
    """Every table of the program as it stands, raw."""
    quote = connection.ops.quote_name
    found: list[Table] = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {quote(model._meta.db_table)}")
            columns = tuple(column[0] for column in cursor.description)
            rows = [tuple(map(_plain, row)) for row in cursor.fetchall()]
            found.append((model._meta.db_table, columns, rows))
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
