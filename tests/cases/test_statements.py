"""Statements that are written once find and store the same as the manager does."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gewu.core import chance
from gewu.domain import statements
from gewu.domain.cases.models import Case, CaseText, Clock
from gewu.domain.people.models import Unit
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


def test_rows_are_stored_as_the_manager_stores_them(town: ModuleType) -> None:
    case = cast.report_case().case
    values = {"case": case, "version": 2, "kind": "note", "public": True, "at": case.filed_at}
    ours = [CaseText(text_id=chance.new_id(), report_id=None, **values) for _row in range(2)]
    statements.insert(*ours)
    theirs = CaseText.objects.create(text_id=chance.new_id(), report_id=None, **values)
    kept = list(CaseText.objects.filter(case=case, version=2).values("public", "kind", "report_id", "at"))
    assert kept == [kept[0]] * 3
    assert not ours[0]._state.adding
    ours[0].kind = theirs.kind = "answer"
    statements.save(ours[0])
    theirs.save()
    assert CaseText.objects.filter(case=case, version=2, kind="answer").count() == 2


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
