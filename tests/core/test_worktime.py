"""Deadlines in urgent, working and natural time, against hand-made examples and a counter of single minutes.

The counter (`Counter`) knows nothing of spans, years or searches: it asks every minute of every year whether
it is one of work, from the clock on the wall and a list of days off written here from the published calendar.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gewu.core.errors import Invalid
from gewu.core.worktime import (
    DayKind,
    Deadline,
    Hours,
    Kind,
    Limit,
    Source,
    WorkCalendar,
    add,
    before,
    deadline,
    due,
    elapsed,
    is_quiet,
    quiet_until,
    share_at,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOSTON = ZoneInfo("America/New_York")
CN = WorkCalendar(SHANGHAI, national="cn")


def sh(text: str) -> datetime:
    """A time on the wall in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def boston(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOSTON, fold=fold)


# --- the published calendar, typed in by hand: Mondays to Fridays off, weekends on which work is made up
DAYS_OFF = {
    2023: "0102 0123-0127 0405 0501-0503 0622-0623 0929 1002-1006",
    2024: "0101 0212-0216 0404-0405 0501-0503 0610 0916-0917 1001-1004 1007",
    2025: "0101 0128-0131 0203-0204 0404 0501-0502 0505 0602 1001-1003 1006-1008",
    2026: "0101-0102 0216-0220 0223 0406 0501 0504-0505 0619 0925 1001-1002 1005-1007",
}
MADE_UP = {
    2023: "0128 0129 0423 0506 0625 1007 1008",
    2024: "0204 0218 0407 0428 0511 0914 0929 1012",
    2025: "0126 0208 0427 0928 1011",
    2026: "0104 0214 0228 0509 0920 1010",
}


def _listed(year: int, text: str) -> set[date]:
    days: set[date] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        day, end = (date(year, int(p[:2]), int(p[2:])) for p in (first, last or first))
        while day <= end:
            days.add(day)
            day += timedelta(days=1)
    return days


OFF = set().union(*(_listed(year, text) for year, text in DAYS_OFF.items()))
ON = set().union(*(_listed(year, text) for year, text in MADE_UP.items()))


class Counter:
    """Counts minutes of work one by one."""

    def __init__(
        self, zone: ZoneInfo, first: datetime, last: datetime, hours: list[tuple[time, time]]
    ) -> None:
        self.first = first
        flags = []
        moment = first
        while moment < last:
            local = moment.astimezone(zone)
            day, clock = local.date(), local.time()
            works = day in ON or (day.weekday() < 5 and day not in OFF)
            flags.append(works and any(a <= clock < b for a, b in hours))
            moment += timedelta(minutes=1)
        self.before = [0, *accumulate(flags)]

    def between(self, start: datetime, end: datetime) -> int:
        return self.before[self._index(end)] - self.before[self._index(start)]

    def deadline(self, start: datetime, minutes: int) -> datetime:
        index = self._index(start)
        goal = self.before[index] + minutes
        while self.before[index] < goal:
            index += 1
        return self.first + timedelta(minutes=index)

    def _index(self, at: datetime) -> int:
        return int((at - self.first).total_seconds()) // 60


DAY_HOURS = [(time(8), time(12)), (time(14), time(18))]


@cache
def china() -> Counter:
    return Counter(
        SHANGHAI, datetime(2022, 12, 31, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC), DAY_HOURS
    )


minutes_of_china = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda n: datetime(2022, 12, 31, 16, tzinfo=UTC) + timedelta(minutes=n)
)


# --- days


@pytest.mark.parametrize("year", sorted(DAYS_OFF))
def test_every_day_of_the_published_years_agrees_with_the_calendar_in_print(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        info = CN.is_workday(day)
        assert info.working == (day in ON or (day.weekday() < 5 and day not in OFF)), day
        assert (info.source, info.provisional) == (Source.NATIONAL, False)
        day += timedelta(days=1)


def test_days_have_kinds() -> None:
    assert CN.is_workday(date(2025, 9, 28)).kind is DayKind.MAKE_UP
    assert CN.is_workday(date(2025, 10, 1)).kind is DayKind.HOLIDAY
    assert CN.is_workday(date(2025, 10, 18)).kind is DayKind.WEEKEND
    assert CN.is_workday(date(2025, 10, 16)).kind is DayKind.WORKDAY


def test_the_edited_table_comes_before_the_library() -> None:
    calendar = WorkCalendar(SHANGHAI, days={date(2026, 3, 4): False, date(2026, 3, 7): True}, national="cn")
    assert not calendar.is_workday(date(2026, 3, 4)).working
    assert calendar.is_workday(date(2026, 3, 7)).working
    assert calendar.is_workday(date(2026, 3, 7)).source is Source.EDITED
    assert calendar.is_workday(date(2026, 3, 5)).source is Source.NATIONAL


def test_unpublished_years_are_monday_to_friday_and_provisional() -> None:
    info = CN.is_workday(date(2150, 1, 1))
    assert (info.working, info.provisional, info.source) == (True, True, Source.WEEK)  # a Thursday
    assert not CN.is_workday(date(2150, 1, 3)).working
    assert WorkCalendar(SHANGHAI).is_workday(date(2026, 3, 4)).provisional


def test_a_year_published_by_hand_is_not_provisional() -> None:
    table = {date(2150, 1, 1): False}
    calendar = WorkCalendar(SHANGHAI, days=table, national="cn", published=frozenset({2150}))
    assert not calendar.is_workday(date(2150, 1, 1)).working
    assert not calendar.is_workday(date(2150, 1, 2)).provisional
    assert calendar.is_workday(date(2151, 1, 1)).provisional


def test_another_country_gives_its_own_table() -> None:
    calendar = WorkCalendar(BOSTON, national={date(2026, 4, 20): False, date(2026, 7, 3): False})
    assert not calendar.is_workday(date(2026, 4, 20)).working
    assert calendar.is_workday(date(2026, 10, 1)).working
    assert not calendar.is_workday(date(2026, 10, 1)).provisional
    assert calendar.is_workday(date(2027, 10, 1)).provisional


def test_the_end_of_the_known_years_can_be_asked() -> None:
    calendar = WorkCalendar(BOSTON, national={date(2026, 4, 20): False})
    assert calendar.provisional_from(date(2026, 11, 2)) == date(2027, 1, 1)
    everything = WorkCalendar(BOSTON, published=frozenset(range(2026, 2040)))
    assert everything.provisional_from(date(2026, 1, 1)) is None


def test_a_table_changed_afterwards_changes_nothing() -> None:
    table = {date(2026, 3, 4): False}
    calendar = WorkCalendar(SHANGHAI, days=table, national="cn")
    table[date(2026, 3, 4)] = True
    assert not calendar.is_workday(date(2026, 3, 4)).working


def test_an_unknown_nation_is_refused() -> None:
    with pytest.raises(ValueError, match="atlantis"):
        WorkCalendar(SHANGHAI, national="atlantis")  # type: ignore[arg-type]


# --- deadlines by hand


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        # An ordinary Tuesday.
        ("2026-03-03 09:00", "W2h", "2026-03-03 11:00"),
        ("2026-03-03 11:30", "W1h", "2026-03-03 14:30"),
        ("2026-03-03 09:00", "W1d", "2026-03-04 09:00"),
        # Before hours, in the lunch gap, after hours.
        ("2026-03-03 03:00", "W30min", "2026-03-03 08:30"),
        ("2026-03-03 13:00", "W2h", "2026-03-03 16:00"),
        ("2026-03-03 19:00", "W4h", "2026-03-04 12:00"),
        # A limit that fills the day exactly ends with the day, not on the next morning.
        ("2026-03-03 08:00", "W1d", "2026-03-03 18:00"),
        ("2026-03-03 18:00", "W1d", "2026-03-04 18:00"),
        # Spring Festival 2024: off 10 to 17 February, work on Sunday the 18th.
        ("2024-02-09 17:00", "W2h", "2024-02-18 09:00"),
        # October 2025: off 1 to 8 October; Sunday 28 September is a working day.
        ("2025-09-30 16:00", "W1d", "2025-10-09 16:00"),
        ("2025-09-27 10:00", "W4h", "2025-09-28 12:00"),
        # Spring Festival 2026: Saturday 14 February is a working day, off 15 to 23.
        ("2026-02-13 18:30", "W1d", "2026-02-14 18:00"),
        ("2026-02-14 17:00", "W2h", "2026-02-24 09:00"),
        # Make-up Saturday after the long October holiday of 2023 and over the turn of a year.
        ("2023-10-06 12:00", "W2d", "2023-10-08 18:00"),
        ("2025-12-31 16:00", "W4h", "2026-01-04 10:00"),
        # Urgent time and natural days run day and night.
        ("2026-02-16 23:30", "U2h", "2026-02-17 01:30"),
        ("2026-02-16 23:30", "U15min", "2026-02-16 23:45"),
        ("2026-02-16 23:30", "N7d", "2026-02-23 23:30"),
    ],
)
def test_deadlines_worked_out_by_hand(start: str, limit: str, end: str) -> None:
    found = deadline(sh(start), Limit.parse(limit), CN)
    assert found == Deadline(sh(end).astimezone(UTC), False)
    assert found.at.tzinfo is UTC


def test_yellow_and_red_are_shares_of_countable_time() -> None:
    start, limit = sh("2026-03-03 11:00"), Limit.parse("W1d")
    assert share_at(start, limit, CN, 0.5) == sh("2026-03-03 17:00")
    assert share_at(start, limit, CN, 0.8) == sh("2026-03-04 09:24")
    assert share_at(start, limit, CN, 1.0) == deadline(start, limit, CN).at
    assert share_at(start, Limit.parse("U2h"), CN, 0.5) == sh("2026-03-03 12:00")


def test_a_deadline_that_leans_on_an_unpublished_day_is_provisional() -> None:
    start = sh("2149-12-30 09:00")
    known = WorkCalendar(SHANGHAI, published=frozenset({2149}))
    assert deadline(start, Limit.parse("W1d"), known) == Deadline(
        sh("2149-12-31 09:00").astimezone(UTC), False
    )
    assert deadline(start, Limit.parse("W3d"), known).provisional
    assert not deadline(start, Limit.parse("N9d"), known).provisional
    assert deadline(start, Limit.parse("W400d"), known).provisional


def test_what_is_left_after_a_pause_runs_on() -> None:
    used = elapsed(sh("2026-03-03 09:00"), sh("2026-03-03 15:00"), "W", CN)
    assert used == timedelta(hours=4)
    left = Limit.parse("W1d").countable(CN) - used
    assert due(sh("2026-03-09 08:00"), "W", left, CN).at == sh("2026-03-09 12:00")


def test_nothing_to_count_is_due_at_once_even_at_night() -> None:
    night = sh("2026-03-03 23:00")
    assert add(night, "W", timedelta(0), CN) == night
    assert elapsed(night, night - timedelta(days=3), "W", CN) == timedelta(0)


def test_other_hours_make_other_days() -> None:
    calendar = WorkCalendar(SHANGHAI, Hours.parse("9:00-17:30"), national="cn")
    assert Limit.parse("W2d").countable(calendar) == timedelta(hours=17)
    assert deadline(sh("2026-03-03 12:00"), Limit.parse("W1d"), calendar).at == sh("2026-03-04 12:00")


def test_is_open_knows_the_lunch_gap() -> None:
    assert CN.is_open(sh("2026-03-03 08:00"))
    assert not CN.is_open(sh("2026-03-03 12:00"))
    assert not CN.is_open(sh("2026-02-17 09:00"))
    assert not CN.is_open(sh("2026-01-01 00:00"))
    assert CN.is_open(sh("2026-02-28 17:59"))


# --- against the counter of minutes


@settings(max_examples=400, deadline=None)
@given(minutes_of_china, minutes_of_china)
def test_elapsed_working_time_agrees_with_counting_minutes(a: datetime, b: datetime) -> None:
    start, end = min(a, b), max(a, b)
    assert elapsed(start, end, "W", CN) == timedelta(minutes=china().between(start, end))


@settings(max_examples=400, deadline=None)
@given(minutes_of_china.filter(lambda at: at.year < 2026), st.integers(1, 120 * 480))
def test_deadlines_agree_with_counting_minutes(start: datetime, minutes: int) -> None:
    assert add(start, "W", timedelta(minutes=minutes), CN) == china().deadline(start, minutes)


@settings(max_examples=300, deadline=None)
@given(
    minutes_of_china,
    st.timedeltas(timedelta(0), timedelta(hours=400)),
    st.integers(0, 59_999_999),
    st.sampled_from(["U", "W", "N"]),
)
def test_what_is_added_is_what_has_elapsed(start: datetime, amount: timedelta, part: int, kind: Kind) -> None:
    begun = start + timedelta(microseconds=part)
    end = add(begun, kind, amount, CN)
    assert elapsed(begun, end, kind, CN) == amount
    if amount:
        assert elapsed(begun, end - timedelta(microseconds=1), kind, CN) < amount


@settings(max_examples=300, deadline=None)
@given(
    minutes_of_china.filter(lambda at: at.year > 2004),
    st.timedeltas(timedelta(0), timedelta(hours=400)),
    st.integers(0, 59_999_999),
    st.sampled_from(["U", "W", "N"]),
)
def test_what_is_taken_off_has_elapsed_and_not_a_moment_more(
    end: datetime, amount: timedelta, part: int, kind: Kind
) -> None:
    ended = end + timedelta(microseconds=part)
    start = before(ended, kind, amount, CN)
    assert elapsed(start, ended, kind, CN) == amount
    if amount:
        assert elapsed(start + timedelta(microseconds=1), ended, kind, CN) < amount


@settings(max_examples=200, deadline=None)
@given(minutes_of_china, minutes_of_china, minutes_of_china)
def test_elapsed_time_adds_up(a: datetime, b: datetime, c: datetime) -> None:
    first, second, third = sorted((a, b, c))
    whole = elapsed(first, third, "W", CN)
    assert elapsed(first, second, "W", CN) + elapsed(second, third, "W", CN) == whole


# --- where clocks change

NIGHT_HOURS = "0:00-1:30, 1:30-2:15, 2:45-8:00, 22:00-24:00"


@cache
def night_in_boston() -> tuple[WorkCalendar, Counter]:
    """A service that works through the hours in which clocks change (8 March, 1 November 2026)."""
    day, days = date(2026, 2, 1), {}
    while day < date(2026, 12, 1):
        days[day] = day in ON or (day.weekday() < 5 and day not in OFF)
        day += timedelta(days=1)
    days[date(2026, 3, 8)] = days[date(2026, 11, 1)] = True
    ON.update({date(2026, 3, 8), date(2026, 11, 1)})
    hours = [(time(0), time(2, 15)), (time(2, 45), time(8)), (time(22), time.max)]
    counter = Counter(BOSTON, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 11, 15, tzinfo=UTC), hours)
    ON.difference_update({date(2026, 3, 8), date(2026, 11, 1)})
    return WorkCalendar(BOSTON, Hours.parse(NIGHT_HOURS), days), counter


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.integers(6 * 1440, 9 * 1440), st.integers(244 * 1440, 247 * 1440)),
    st.integers(1, 4 * 1440),
)
def test_nights_of_changing_clocks_agree_with_counting_minutes(offset: int, length: int) -> None:
    calendar, counter = night_in_boston()
    start = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=offset)
    end = start + timedelta(minutes=length)
    assert elapsed(start, end, "W", calendar) == timedelta(minutes=counter.between(start, end))


def test_a_night_with_an_hour_less_and_a_night_with_an_hour_more() -> None:
    days = {date(2026, 3, 8): True, date(2026, 11, 1): True}
    calendar = WorkCalendar(BOSTON, Hours.parse("0:00-24:00"), days)
    for day, hours in (("2026-03-08", 23), ("2026-11-01", 25)):
        start = boston(f"{day} 00:00")
        end = boston(f"{day} 23:59") + timedelta(minutes=1)
        assert elapsed(start, end, "W", calendar) == timedelta(hours=hours)


def test_a_span_swallowed_by_the_change_is_no_working_time() -> None:
    calendar = WorkCalendar(BOSTON, Hours.parse("2:00-3:00, 8:00-9:00"), {date(2026, 3, 8): True})
    night = boston("2026-03-08 00:00")
    assert elapsed(night, boston("2026-03-08 08:00"), "W", calendar) == timedelta(0)
    assert add(night, "W", timedelta(minutes=1), calendar) == boston("2026-03-08 08:01")


# --- far away


@pytest.mark.parametrize(
    "moment",
    [
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
        datetime(2201, 1, 2, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
    ],
)
def test_moments_outside_the_calendar_are_refused(moment: datetime) -> None:
    with pytest.raises(Invalid, match="between 1980 and 2200"):
        add(moment, "W", timedelta(hours=1), CN)
    with pytest.raises(Invalid, match="between 1980 and 2200"):
        elapsed(*sorted((moment, datetime(2026, 1, 1, tzinfo=UTC))), "W", CN)


@pytest.mark.parametrize("limit", ["W99999d", "U99999d", "N99999d"])
def test_limits_beyond_the_calendar_are_refused(limit: str) -> None:
    with pytest.raises(Invalid) as caught:
        deadline(sh("2026-03-03 09:00"), Limit.parse(limit), CN)
    assert caught.value.errors[0].code == "date_out_of_range"


def test_a_sum_beyond_all_dates_is_refused() -> None:
    with pytest.raises(Invalid):
        add(datetime(9999, 12, 31, tzinfo=UTC), "U", timedelta(days=2), CN)


def test_a_calendar_without_work_ends_in_a_refusal() -> None:
    off = {date(2026, 1, 1) + timedelta(n): False for n in range(9)}
    idle = WorkCalendar(BOSTON, Hours.parse("2:00-2:01"), off)
    with pytest.raises(Invalid):
        add(sh("2199-12-31 09:00"), "W", timedelta(days=300), idle)


def test_moments_without_zone_and_time_running_back_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        add(datetime(2026, 3, 3, 9), "U", timedelta(hours=1), CN)  # noqa: DTZ001
    with pytest.raises(ValueError, match="only grows"):
        add(sh("2026-03-03 09:00"), "W", timedelta(hours=-1), CN)
    with pytest.raises(ValueError, match="only grows"):
        before(sh("2026-03-03 09:00"), "W", timedelta(hours=-1), CN)


# --- limits and hours as text


@pytest.mark.parametrize("text", ["U2h", "U15min", "W4h", "W2d", "W30min", "N7d", "U1d"])
def test_limits_read_and_write_their_short_form(text: str) -> None:
    assert str(Limit.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "2h", "W", "W0d", "W02d", "X2h", "W2w", "N7h", "W-1d", "W100000d", "W2h3", "Ｗ2d", "W２d", "w2d"],
)
def test_other_limits_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        Limit.parse(text)
    assert caught.value.errors[0].code == "limit_malformed"


def test_a_limit_built_by_hand_is_checked_too() -> None:
    with pytest.raises(Invalid):
        Limit("N", 2, "h")


def test_hours_read_and_write_their_text() -> None:
    assert str(Hours()) == "8:00-12:00, 14:00-18:00"
    assert Hours.parse(str(Hours())) == Hours()
    assert Hours.parse("8:30–11:30，13:00-24:00").minutes == 180 + 660


@pytest.mark.parametrize(
    "text", ["", "8-12", "12:00-8:00", "8:00-8:00", "8:00-12:00, 11:00-13:00", "20:00-25:00"]
)
def test_other_hours_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        Hours.parse(text)
    assert caught.value.errors[0].code == "hours_malformed"


# --- quiet hours


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-03 20:59", None),
        ("2026-03-03 21:00", "2026-03-04 08:00"),
        ("2026-03-03 23:59", "2026-03-04 08:00"),
        ("2026-03-04 00:00", "2026-03-04 08:00"),
        ("2026-03-04 07:59", "2026-03-04 08:00"),
        ("2026-03-04 08:00", None),
    ],
)
def test_quiet_hours_last_from_nine_to_eight(now: str, until: str | None) -> None:
    moment = sh(now).astimezone(UTC)
    assert quiet_until(moment, SHANGHAI) == (sh(until) if until else None)
    assert is_quiet(moment, SHANGHAI) is bool(until)


def test_quiet_hours_within_one_day_and_none_at_all() -> None:
    noon = sh("2026-03-03 13:30")
    assert quiet_until(noon, SHANGHAI, time(13), time(14)) == sh("2026-03-03 14:00")
    assert quiet_until(noon, SHANGHAI, time(14), time(15)) is None
    assert quiet_until(noon, SHANGHAI, time(13), time(13)) is None


def test_quiet_hours_end_by_the_clock_on_the_wall_when_clocks_change() -> None:
    assert quiet_until(boston("2026-03-07 22:00"), BOSTON) == boston("2026-03-08 08:00")
    assert quiet_until(boston("2026-11-01 01:30", fold=1), BOSTON) == boston("2026-11-01 08:00")
