"""An administrator publishes a year, and every deadline from then on follows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from gewu.core.errors import Conflict, Invalid, Refused
from gewu.core.worktime import DayKind, Source
from gewu.domain.journal.models import Entry
from gewu.domain.place import actions, hooks, queries
from gewu.domain.place.models import CalendarDay
from gewu.domain.place.rules import DayInput
from tests.place.builders import ADMINISTRATOR, ADMINISTRATOR_ONE_FACTOR, LEAD, off, on, opened
from tests.services.time import START

pytestmark = pytest.mark.django_db

NEW_YEAR, MAKE_UP = date(2027, 1, 1), date(2027, 1, 3)  # a Friday and a Sunday


def publish(days: list[DayInput], year: int | None = 2027, **facts: Any) -> hooks.CalendarChange:
    return actions.set_calendar_days(
        days, **({"publish": year, "source": "notice", "actor": ADMINISTRATOR, "now": START} | facts)
    )


@pytest.fixture(autouse=True)
def place() -> None:
    opened()


@pytest.fixture
def heard() -> Iterator[list[tuple[hooks.CalendarChange, Any, datetime]]]:
    calls: list[tuple[hooks.CalendarChange, Any, datetime]] = []

    def hook(change: hooks.CalendarChange, actor: Any, now: datetime) -> None:
        calls.append((change, actor, now))

    hooks.on_calendar_change(hook)
    hooks.on_calendar_change(hook)  # twice counts once
    yield calls
    hooks.forget(hook)


def test_a_published_year_is_no_longer_provisional() -> None:
    assert queries.calendar().is_workday(NEW_YEAR).provisional

    publish([*off(NEW_YEAR), *on(MAKE_UP)])

    calendar = queries.calendar()
    assert calendar.is_workday(NEW_YEAR).kind is DayKind.HOLIDAY
    assert calendar.is_workday(MAKE_UP).kind is DayKind.MAKE_UP
    ordinary = calendar.is_workday(date(2027, 1, 4))
    assert (ordinary.working, ordinary.provisional, ordinary.source) == (True, False, Source.WEEK)
    assert queries.years_known(now=START) == [2026, 2027]


def test_publishing_again_replaces_the_year_and_leaves_others() -> None:
    publish(off(date(2026, 12, 31)), year=None)
    publish([*off(NEW_YEAR), *on(MAKE_UP)])

    publish(off(date(2027, 2, 8)))

    assert [day.date for day in queries.days_of(2027)] == [date(2027, 2, 8)]
    assert [day.date for day in queries.days_of(2026)] == [date(2026, 12, 31)]


def test_without_publishing_days_are_added_and_changed() -> None:
    publish(off(NEW_YEAR), year=None)
    change = publish([*on(NEW_YEAR), *on(MAKE_UP)], year=None)

    assert (change.days, change.first, change.last) == (2, NEW_YEAR, MAKE_UP)
    assert set(CalendarDay.objects.values_list("date", "working")) == {(NEW_YEAR, True), (MAKE_UP, True)}
    assert queries.calendar().is_workday(date(2027, 1, 4)).provisional


def test_those_who_keep_deadlines_are_told_with_both_calendars(heard: list[Any]) -> None:
    publish(off(NEW_YEAR))

    [(change, actor, now)] = heard
    assert (actor, now) == (ADMINISTRATOR, START)
    assert change.before.is_workday(NEW_YEAR).working
    assert not change.after.is_workday(NEW_YEAR).working
    assert (change.first, change.last) == (date(2027, 1, 1), date(2027, 12, 31))


def test_a_hook_that_fails_takes_the_change_back() -> None:
    def fails(change: hooks.CalendarChange, actor: Any, now: datetime) -> None:
        raise RuntimeError("deadlines could not follow")

    hooks.on_calendar_change(fails)
    try:
        with pytest.raises(RuntimeError):
            publish(off(NEW_YEAR))
    finally:
        hooks.forget(fails)
    assert queries.installation().calendar_version == 1
    assert queries.calendar().is_workday(NEW_YEAR).provisional


def test_each_change_is_one_entry() -> None:
    publish([*off(NEW_YEAR), *on(MAKE_UP)])

    [entry] = Entry.objects.filter(kind="calendar.days_set")
    assert entry.data == {"years": [2027], "published": 2027, "added": 2, "changed": 0, "calendar": 2}
    assert entry.subject == queries.installation().subject


def test_the_second_of_two_administrators_is_told() -> None:
    publish(off(NEW_YEAR), expected_version=1)
    with pytest.raises(Conflict) as refused:
        publish(on(MAKE_UP), expected_version=1)
    assert (refused.value.code, refused.value.facts) == ("calendar_changed", {"version": 2})
    assert [day.date for day in queries.days_of(2027)] == [NEW_YEAR]


def test_other_hours_change_what_a_working_day_is() -> None:
    change = actions.set_hours("8:30-12:00, 13:30-17:00", actor=ADMINISTRATOR, now=START)

    assert queries.calendar().hours.minutes == 420
    assert (change.before.hours.minutes, change.first) == (480, None)
    [entry] = Entry.objects.filter(kind="calendar.hours_set")
    assert entry.data["after"] == [[510, 720], [810, 1020]]


def test_the_calendar_costs_one_query_and_none_sees_an_old_one(django_assert_num_queries: Any) -> None:
    queries.calendar()
    with django_assert_num_queries(1):
        first = queries.calendar()
    publish(off(NEW_YEAR))
    assert queries.calendar() is not first
    assert not queries.calendar().is_workday(NEW_YEAR).working


@pytest.mark.parametrize(
    ("days", "year", "field", "code"),
    [
        ([], 2027, "days", "required"),
        (off(date(2026, 1, 1)), 2027, "days.0", "other_year"),
        (off(NEW_YEAR, NEW_YEAR), 2027, "days.1", "twice"),
        (off(date(1901, 1, 1)), None, "days.0", "date_out_of_range"),
        (off(NEW_YEAR), 3000, "publish", "date_out_of_range"),
        (off(NEW_YEAR, note="x" * 81), 2027, "days.0", "too_long"),
    ],
)
def test_days_that_cannot_be_are_refused(
    days: list[DayInput], year: int | None, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        publish(days, year=year)
    assert (field, code) in [(error.field, error.code) for error in refused.value.errors]
    assert queries.installation().calendar_version == 1


@pytest.mark.parametrize(
    ("actor", "code"), [(LEAD, "not_yours"), (ADMINISTRATOR_ONE_FACTOR, "second_factor")]
)
def test_only_an_administrator_with_a_second_factor_changes_it(actor: Any, code: str) -> None:
    for change in (
        lambda: publish(off(NEW_YEAR), actor=actor),
        lambda: actions.set_hours("9:00-17:00", actor=actor, now=START),
        lambda: actions.import_days(b"", actor=actor, now=START),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == code
