"""Statements that are written once find and store the same as the manager does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gewu.core import chance
from gewu.domain import statements
from gewu.domain.accounts.models import ApiToken
from gewu.domain.cases.models import Case, CaseText, Clock
from gewu.domain.figures.models import Delta
from gewu.domain.journal.models import Entry
from gewu.domain.people.models import Unit
from gewu.domain.requests.models import ClientKey
from gewu.domain.rows import Row
from gewu.domain.statements import ID, MOMENT, TEXT, Prepared, Slot
from tests import town as cast

BY_NUMBER = Prepared(
    lambda: Case.objects.select_related("condition", "holder_post").filter(number=Slot("number", TEXT))
)
DUE = Prepared(
    lambda: (
        Clock.objects.filter(due_at__lte=Slot("at", MOMENT), case=Slot("case", ID))
        .filter(kind__in=[Slot("one", TEXT), Slot("two", TEXT)])
        .order_by("due_at")
        .values_list("kind", "limit_seconds")
    )
)


def test_it_finds_what_the_manager_finds_joined_rows_with_it(town: ModuleType) -> None:
    number = cast.report_case().case.number
    case, same = BY_NUMBER.first(number=number), Case.objects.get(number=number)
    assert case is not None
    assert {f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields} == {
        f.attname: getattr(same, f.attname) for f in Case._meta.concrete_fields
    }
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert (case.condition.code, case.holder_post) == (cast.WASTE, None)
    assert not asked.captured_queries
    assert BY_NUMBER(number="none such") == []


def test_each_call_has_values_of_its_own(town: ModuleType) -> None:
    first, second = cast.report_case().case, cast.report_case().case
    late, early = first.filed_at + timedelta(days=30), first.filed_at
    assert DUE(at=late, case=first.pk, one="accept", two="stage") == [("accept", 2 * 3600)]
    assert DUE(at=late, case=second.pk, one="stage", two="accept") == [("accept", 2 * 3600)]
    assert DUE(at=late, case=first.pk, one="stage", two="verify") == []
    assert DUE(at=early, case=first.pk, one="accept", two="stage") == []


def test_what_is_fetched_ahead_is_refused(town: ModuleType) -> None:
    with pytest.raises(ImproperlyConfigured):
        Prepared(lambda: Case.objects.prefetch_related("parties"))()


THERE = datetime(2026, 3, 10, 9, 30, 0, 250, tzinfo=UTC)
HERE = THERE.astimezone(timezone(timedelta(hours=8)))
KINDS_OF_ROWS: list[tuple[type[Row], dict[str, Any]]] = [
    (ClientKey, {"body_hash": b"\0\xff", "answer": None, "created_at": HERE, "expires_at": THERE}),
    (Delta, {"day": HERE.date(), "grid_path": "aaa", "amount": -1, "entry_id": chance.new_id()}),
    (
        ApiToken,
        {"client": "12345", "scopes": ["字", None], "issued_at": HERE, "expires": THERE, "revoked_at": None},
    ),
    (
        Entry,
        {"kind": "case.note", "at": HERE, "subject_id": chance.new_id(), "data": {"b": [1, None], "a": "字"}},
    ),
]
ONLY_ONCE = {"id", "key_hash", "hash"}


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "values"), KINDS_OF_ROWS, ids=lambda one: getattr(one, "__name__", ""))
def test_rows_are_stored_as_the_manager_stores_them(model: type[Row], values: dict[str, Any]) -> None:
    """Compared as the store holds them, before anything reads a moment or an id out of them."""
    names = [str(field.column) for field in model._meta.concrete_fields if field.attname not in ONLY_ONCE]
    ours, theirs = model(**values, **_own(model)), model(**values, **_own(model))
    statements.insert(ours)
    theirs.save(force_insert=True)
    with connection.cursor() as cursor:
        ids = [row._meta.pk.get_db_prep_value(row.pk, connection) for row in (ours, theirs)]
        cursor.execute(f"SELECT {', '.join(names)} FROM {model._meta.db_table} WHERE id IN (%s, %s)", ids)
        mine, others = cursor.fetchall()
    assert mine == others
    assert not ours._state.adding
    assert model._default_manager.get(pk=ours.pk) == ours


def _own(model: type[Row]) -> dict[str, Any]:
    """What no two rows may have alike."""
    own: dict[Any, dict[str, Any]] = {
        ClientKey: {"key_hash": chance.token_bytes(32)},
        ApiToken: {"hash": chance.digits(20)},
    }
    return own.get(model, {})


def test_rows_go_in_together_and_each_is_changed_alone(town: ModuleType) -> None:
    case = cast.report_case().case
    values = {
        "case": case,
        "version": 2,
        "kind": "note",
        "public": True,
        "at": case.filed_at,
        "report_id": None,
    }
    ours = [CaseText(text_id=chance.new_id(), **values) for _row in range(2)]
    statements.insert(*ours)
    ours[0].kind = "answer"
    statements.save(ours[0])
    assert list(CaseText.objects.filter(case=case, version=2, kind="answer")) == ours[:1]
    assert list(CaseText.objects.filter(case=case, version=2, kind="note")) == ours[1:]


def test_a_condition_decides_whether_anything_changes(town: ModuleType) -> None:
    case = cast.report_case().case
    wanted = {
        "state": "accepted",
        "due_at": case.filed_at,
        "holder_unit_id": Unit.objects.values_list("pk")[0][0],
    }
    assert statements.change(Case, wanted, {"id": case.pk, "version": case.version + 1}) == 0
    assert statements.change(Case, wanted, {"id": case.pk, "version": case.version}) == 1
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in wanted} == wanted


def test_what_the_tables_forbid_stays_forbidden(town: ModuleType) -> None:
    clock = Clock.objects.get(case=cast.report_case().case)
    again = Clock(
        **{f.attname: getattr(clock, f.attname) for f in Clock._meta.concrete_fields}
        | {"id": chance.new_id()}
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        statements.insert(again)


def test_a_row_that_is_gone_is_no_silent_success(town: ModuleType) -> None:
    clock = Clock.objects.get(case=cast.report_case().case)
    Clock.objects.filter(pk=clock.pk).delete()
    with pytest.raises(Clock.DoesNotExist):
        statements.save(clock)
