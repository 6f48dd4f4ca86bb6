"""Only statements that are written once are planned once."""

from __future__ import annotations

import pytest
from django.db import connection

from gewu.domain.place.models import Installation
from gewu.domain.statements import TEXT, Prepared, Slot
from tests.services.environment import store

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(store() != "postgresql", reason="about PostgreSQL"),
]

WRITTEN_HERE = Prepared(
    lambda: Installation.objects.filter(prefix=Slot("prefix", TEXT)).values_list("name", flat=True)
)


def test_a_written_statement_is_planned_once_and_no_other() -> None:
    for nth in range(8):
        assert WRITTEN_HERE(prefix=f"none {nth}") == []
        assert not Installation.objects.filter(prefix=f"none {nth}").values_list("code", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%%place_installation%%'", []
        )
        (kept,) = [text for (text,) in cursor.fetchall()]
    assert '"name"' in kept


def test_none_is_where_the_address_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert connection.get_connection_params()["prepare_threshold"] is not None
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "prepare_threshold", None)
    assert connection.get_connection_params()["prepare_threshold"] is None
