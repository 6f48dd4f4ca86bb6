"""Django's PostgreSQL, but a statement that is written once is planned once by each connection.

Only these: they find rows by their keys, and one plan serves all values. A list of cases needs another plan for a
district than for a grid; with values left open PostgreSQL would choose one for both.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from gewu.domain.statements import Written

_TIMES = 5  # a statement runs before its plan is kept


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        given = super().get_connection_params()
        times = self.settings_dict["OPTIONS"].get("prepare_threshold", _TIMES)
        return given | {"cursor_factory": Cursor, "prepare_threshold": times}


class Cursor(base.ServerBindingCursor):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        options.setdefault("prepare", None if isinstance(query, Written) else False)
        return super().execute(query, params, **options)  # type: ignore[misc]  # psycopg's, unseen behind Django
