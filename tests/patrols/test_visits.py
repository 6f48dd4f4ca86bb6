"""A home is visited by appointment: agreed, in the day, called off with the code of the slip, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from gewu.core.errors import Invalid, NotFound, Refused
from gewu.domain.journal.models import Entry
from gewu.domain.patrols.actions import VisitInput, When, agree, call_off, visited
from gewu.domain.patrols.hooks import due_for_erasure
from gewu.domain.patrols.models import Visit
from gewu.domain.privacy import texts
from gewu.domain.privacy.contact_data import ContactInput


def appointment(town: ModuleType, **more: Any) -> VisitInput:
    values: dict[str, Any] = {
        "post": "worker-a1", "purpose": "safety", "begins": town.at(11, 10), "ends": town.at(11, 11),
        "where": "3号楼201", "contact": ContactInput(name="李奶奶", phone="13800000000"), "agreed": True,
    }  # fmt: skip
    return VisitInput(**(values | more))


@pytest.fixture
def visit(town: ModuleType) -> Visit:
    return agree(appointment(town), actor=town.actor("worker_a1"), now=town.NOW)


def test_name_phone_and_door_lie_under_keys_and_not_in_the_journal(town: ModuleType, visit: Visit) -> None:
    assert texts.read([visit.where_id])[visit.where_id] == "3号楼201"
    entry = Entry.objects.get(kind="visit.agreed")
    assert entry.data == {"purpose": "safety", "area": "a1"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"agreed": False}, "agreed"),
        ({"begins": (11, 7, 30), "ends": (11, 8, 30)}, "begins"),
        ({"begins": (11, 20), "ends": (11, 21)}, "begins"),
        ({"begins": (9, 10), "ends": (9, 11)}, "begins"),
        ({"begins": (11, 10), "ends": (11, 14)}, "ends"),
        ({"begins": None}, "begins"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"where": ""}, "where"),
        ({"post": "nobody"}, "post"),
    ],
)
def test_what_is_wrong_stands_at_its_field(town: ModuleType, wrong: dict[str, Any], field: str) -> None:
    more = {name: town.at(*value) if isinstance(value, tuple) else value for name, value in wrong.items()}
    with pytest.raises(Invalid) as refused:
        agree(appointment(town, **more), actor=town.actor("worker_a1"), now=town.NOW)
    assert field in {error.field for error in refused.value.errors}


def test_the_resident_calls_it_off_with_the_code_of_the_slip(town: ModuleType, visit: Visit) -> None:
    typed = " ".join(visit.code[at : at + 4] for at in range(0, 12, 4))
    assert call_off(typed, now=town.NOW).state == "cancelled"
    call_off(typed, now=town.NOW)
    assert Entry.objects.filter(kind="visit.cancelled").count() == 1
    with pytest.raises(NotFound):
        call_off("000000000000", now=town.NOW)
    answer = visited(visit.pk, "", when=When(), actor=town.actor("worker_a1"), now=town.NOW)
    assert answer == {"kept": "late"}


def test_a_visit_of_another_area_is_not_there(town: ModuleType, visit: Visit) -> None:
    with pytest.raises(NotFound):
        visited(visit.pk, "", when=When(), actor=town.actor("worker_b1"), now=town.NOW)
    with pytest.raises(Refused):
        agree(appointment(town), actor=town.actor("worker_b1"), now=town.NOW)


def test_what_was_said_is_forgotten_in_its_time(town: ModuleType, visit: Visit) -> None:
    visited(visit.pk, "已换插座", when=When(), actor=town.actor("worker_a1"), now=town.at(11, 11))
    visit.refresh_from_db()
    soon, later = town.at(11), town.at(11) + timedelta(days=2)
    assert due_for_erasure("contact", closed_before=soon, limit=9) == set()
    assert due_for_erasure("contact", closed_before=later, limit=9) == {visit.contact_id}
    assert due_for_erasure("text", closed_before=later, limit=9) == {visit.where_id, visit.note_id}
