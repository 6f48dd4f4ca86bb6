"""A suggestion: written by anyone, answered once by whoever runs the service, read with its code, erased on time."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest

from gewu.core.errors import Conflict, Invalid, NotFound, Refused
from gewu.domain.journal.models import Entry
from gewu.domain.privacy.erasure import erase
from gewu.domain.suggestions import actions, queries
from gewu.domain.suggestions.models import Suggestion


def test_the_code_opens_words_and_answer(town: ModuleType) -> None:
    code = actions.write("字再大一点", now=town.NOW)
    found = queries.by_code(f" {code[:4]} {code[4:8]}-{code[8:]} ")
    assert (found.text, found.answer) == ("字再大一点", "")
    actions.answer(found.row.pk, "已经加大", actor=town.actor("duty_lead"), now=town.NOW)
    assert queries.by_code(code).answer == "已经加大"


def test_the_journal_holds_no_word_and_the_row_no_code(town: ModuleType) -> None:
    code = actions.write("字再大一点", now=town.NOW)
    entry = Entry.objects.get(kind="suggestion.written")
    assert set(entry.data) == {"commitment"}
    assert code.encode() not in bytes(Suggestion.objects.get().mac)


def test_it_is_answered_once(town: ModuleType) -> None:
    row = queries.by_code(actions.write("字再大一点", now=town.NOW)).row
    actions.answer(row.pk, "好", actor=town.actor("duty_lead"), now=town.NOW)
    with pytest.raises(Conflict):
        actions.answer(row.pk, "不", actor=town.actor("duty_lead"), now=town.NOW)


def test_others_neither_answer_nor_read_the_desk(town: ModuleType) -> None:
    row = queries.by_code(actions.write("字再大一点", now=town.NOW)).row
    for name in ("worker_a1", "director_a"):
        with pytest.raises(Refused):
            actions.answer(row.pk, "好", actor=town.actor(name), now=town.NOW)
        with pytest.raises(Refused):
            queries.for_desk(town.actor(name))


@pytest.mark.parametrize("typed", ["", "  ", "字" * 1001])
def test_nothing_and_too_much_are_refused_at_the_text(town: ModuleType, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.write(typed, now=town.NOW)
    assert refused.value.errors[0].field == "text"


def test_an_unknown_code_is_not_there(town: ModuleType) -> None:
    with pytest.raises(NotFound):
        queries.by_code("000000000000")


def test_words_and_answer_are_due_together_and_once(town: ModuleType) -> None:
    code = actions.write("字再大一点", now=town.NOW)
    actions.answer(queries.by_code(code).row.pk, "好", actor=town.actor("duty_lead"), now=town.NOW)
    later = town.NOW + timedelta(days=1)
    due = queries.due_for_erasure("text", closed_before=later, limit=500)
    assert len(due) == 2
    assert queries.due_for_erasure("contact", closed_before=later, limit=500) == []
    erase(due, reason="retention", now=later)
    assert queries.due_for_erasure("text", closed_before=later, limit=500) == []
    assert queries.by_code(code).text == ""


def test_the_desk_reads_its_list_in_few_queries(
    town: ModuleType, django_assert_max_num_queries: object
) -> None:
    for n in range(5):
        actions.write(f"第{n}条", now=town.NOW)
    desk = town.actor("duty_lead")
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        found = queries.for_desk(desk)
    assert [one.text for one in found] == [f"第{n}条" for n in range(5)]
