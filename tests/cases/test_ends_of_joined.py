"""A case that was joined with another goes on there: for retention and for a caller it ends when that one ends."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from uuid import UUID

import pytest

from gewu.domain.cases.actions import Reported, looking
from gewu.domain.cases.hooks import due_for_erasure
from gewu.domain.cases.models import Case
from gewu.domain.privacy.contacts import ContactInput
from tests.town import NOW, actor, at, do, report_case, walk_to

ZHAO = ContactInput(name="赵六", phone="13800000001")
SOON, LATER = NOW + timedelta(days=1), NOW + timedelta(days=200)


def joined() -> tuple[Reported, Reported]:
    """Two cases, the second joined with the first today."""
    main, twin = walk_to("handling"), report_case(contact=ZHAO)
    do("merge", twin, "lead_a1", into=main.case.number)
    return main, twin


def close(main: Reported, *, now: object) -> None:
    Case.objects.filter(pk=main.case.pk).update(
        is_open=False, state="closed", closing="solved", closed_at=now
    )


def contacts_due(before: object) -> set[UUID]:
    return set(due_for_erasure("contact", closed_before=before, limit=9))  # type: ignore[arg-type]


def test_nothing_of_it_is_erased_while_the_other_is_open(town: ModuleType) -> None:
    _main, twin = joined()
    assert contacts_due(LATER) == set()
    assert twin.case.text_id not in due_for_erasure("text", closed_before=LATER, limit=9)


def test_its_time_runs_from_the_end_of_the_other(town: ModuleType) -> None:
    main, twin = joined()
    close(main, now=LATER)
    assert contacts_due(LATER) == set()
    assert contacts_due(LATER + timedelta(seconds=1)) == {twin.report.contact_id}


def test_parted_it_runs_from_its_own_end(town: ModuleType) -> None:
    _main, twin = joined()
    do("unmerge", twin, "lead_a1")
    assert contacts_due(LATER) == set()
    do("void", twin, "lead_a1", now=at(11))
    assert contacts_due(LATER) == {twin.report.contact_id}


@pytest.mark.parametrize(("closed", "found"), [(None, "handling"), (150, "closed"), (50, "")])
def test_a_caller_finds_it_as_long_as_the_other(town: ModuleType, closed: int | None, found: str) -> None:
    main, twin = joined()
    if closed is not None:
        close(main, now=NOW + timedelta(days=closed))
    caller = looking.find_caller(ZHAO.phone, reason="caller", actor=actor("intake"), now=LATER)
    assert [(one.number, one.state) for one in caller] == ([(twin.case.number, found)] if found else [])
