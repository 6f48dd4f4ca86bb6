"""Django's SQLite, but a statement that comes again is not spelled for the driver again.

Django writes `%s` where SQLite's driver wants `?`, and changes every text anew each time it runs: a quarter of what
SQLite takes to answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

_KEPT = 1024  # texts; an act has some thirty, the whole program a few hundred that come often


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)


class Cursor(base.SQLiteCursorWrapper):
    def convert_query(self, query: str, *, param_names: Sequence[str] | None = None) -> str:
        return (
            _spelled(query) if param_names is None else super().convert_query(query, param_names=param_names)
        )


@lru_cache(maxsize=_KEPT)
def _spelled(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
