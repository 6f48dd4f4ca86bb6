"""What the reporters of one matter read of one another: nothing that came with another's report."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

import pytest
from django.apps import apps

from gewu.domain.access.actor import ANYONE, Actor
from gewu.domain.cases import queries
from gewu.domain.cases.models import CasePhoto, CaseText
from gewu.domain.cases.workflow import SOURCES
from tests.town import actor, do, fresh, join, photo, report_case, reporter

OF_A_REPORT = sorted(set(SOURCES) - {"split"})  # what is split off has no reporter
FIRST, LATER, JOINED = "王五家门口积水", "王五说明天来", "我也看到了"


def by_whom(source: str) -> Actor:
    """Who brings a report in: the reporter, another system, or somebody who types it for them."""
    return ANYONE if source in {"page", "api"} else actor("intake")


def said_to(who: Actor, number: str) -> set[str]:
    """Every word of a case that one reader is shown."""
    view = queries.view_case(number, actor=who)
    return {view.text, view.place, *(words for act in view.story for _row, words in act.texts)} - {""}


def shown_to(who: Actor, number: str) -> int:
    return sum(len(act.photos) for act in queries.view_case(number, actor=who).story)


@pytest.mark.parametrize("source", OF_A_REPORT)
def test_who_joins_reads_nothing_the_first_one_said(town: ModuleType, source: str) -> None:
    by = by_whom(source)
    told = report_case(text=FIRST, place="王五家", photos=(str(photo().pk),), by=by, source=source)
    do("add", told, reporter(told), text=LATER, photos=[str(photo().pk)])
    other = join(told.case.number, text=JOINED, by=by, source=source)

    assert said_to(reporter(other), told.case.number) == {JOINED}
    assert shown_to(reporter(other), told.case.number) == 0
    assert said_to(reporter(told), told.case.number) == {FIRST, "王五家", LATER}
    assert shown_to(reporter(told), told.case.number) == 2


@pytest.mark.parametrize("source", OF_A_REPORT)
def test_neither_does_who_was_joined_by_the_office(town: ModuleType, source: str) -> None:
    main = report_case(text=FIRST, by=by_whom(source), source=source)
    twin = report_case(text=JOINED)
    do("merge", twin, "lead_a1", into=main.case.number)

    assert said_to(reporter(twin), main.case.number) == set()
    assert said_to(reporter(main), main.case.number) == {FIRST}


def test_what_the_office_says_to_all_is_read_by_all(town: ModuleType) -> None:
    told = report_case(text=FIRST)
    other = join(told.case.number, text=JOINED)
    do("answer", told, "lead_a1", text="周三来清")
    assert said_to(reporter(other), told.case.number) == {JOINED, "周三来清"}


def test_rows_of_earlier_versions_are_marked_as_the_reporters(town: ModuleType) -> None:
    told = report_case(text=FIRST, photos=(str(photo().pk),))
    do("answer", told, "lead_a1", text="周三来清")
    for rows in (CaseText.objects, CasePhoto.objects):
        rows.filter(case=told.case).update(by_reporter=False)
    import_module("gewu.domain.cases.migrations.0004_words_of_a_report").mark(apps, None)

    marked = CaseText.objects.filter(case=fresh(told)).values_list("kind", "by_reporter")
    assert dict(marked) == {"report": True, "answer": False}
    assert CasePhoto.objects.get(case=told.case).by_reporter
