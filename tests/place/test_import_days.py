"""A year's table arrives as a file: taken whole, or refused with every fault at its line."""

from __future__ import annotations

from datetime import date

import pytest

from gewu.core.errors import Invalid
from gewu.domain.place import actions, queries
from tests.place.builders import ADMINISTRATOR, opened
from tests.services.time import START

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place() -> None:
    opened()


def load(text: str, encoding: str = "utf-8", publish: int | None = 2027) -> None:
    actions.import_days(text.encode(encoding), publish=publish, source="f", actor=ADMINISTRATOR, now=START)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_as_office_programs_save_it_is_taken(encoding: str) -> None:
    load("日期,上班,备注\n2027-01-01,休,元旦\n2027/1/3,班,\n\n", encoding)

    taken = [(day.date, day.working, day.note) for day in queries.days_of(2027)]
    assert taken == [(date(2027, 1, 1), False, "元旦"), (date(2027, 1, 3), True, "")]
    assert 2027 in queries.years_known(now=START)


@pytest.mark.parametrize("note", ["备注", "備註", "说明", "說明"])
def test_a_note_is_kept_in_whichever_script_its_head_is_written(note: str) -> None:
    load(f"日期,上班,{note}\n2027-01-01,休,元旦\n")
    assert [day.note for day in queries.days_of(2027)] == ["元旦"]


def test_every_fault_is_named_and_nothing_is_taken() -> None:
    with pytest.raises(Invalid) as refused:
        load("date,working\n2027-02-30,rest\n2027-01-01,perhaps\n2027-01-04,work\n")
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("line 2.date", "date_malformed"),
        ("line 3.working", "choice"),
    ]
    assert queries.days_of(2027) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "columns_missing"),
        ("when,what\n1,2\n", "columns_missing"),
        ("date,working\n", "required"),
        ("x" * 200_000, "table_malformed"),
    ],
)
def test_what_is_no_such_table_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        load(text)
    assert refused.value.errors[0].code == code
