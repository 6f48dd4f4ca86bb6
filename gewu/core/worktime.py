"""Deadlines and elapsed time: urgent hours, working hours and days, natural days (rules.md section 3).

For everyone who owes an answer in time, and for whoever is told that it is late.

Time is counted in three kinds. `U` runs on the wall clock day and night. `N` counts natural days of 24
hours. `W` counts working time alone: the spans of `Hours` on the working days of a `WorkCalendar`; a working
day is the sum of its spans. A working day is decided by the edited table first, then by the national
calendar, then by plain Monday to Friday; the last is *provisional*, and so is a deadline that leans on it.

All sums are made on absolute instants: the calendar turns each local span into UTC once (so days on which
clocks change are counted as they are) and keeps one running sum per year. A deadline is then two searches in
a sorted list, however long the limit is. A deadline is the first instant at which the amount has been
counted: work due after exactly one day is due at the end of that day, not on the next morning.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import chinese_calendar

from gewu.core.errors import Invalid
from gewu.core.sentences import sentence as _

Kind = Literal["U", "W", "N"]
Unit = Literal["min", "h", "d"]
National = Literal["cn"] | Mapping[date, bool] | None

FIRST_YEAR, LAST_YEAR = 1980, 2200

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SATURDAY = 5
QUIET_FROM, QUIET_TO = time(21), time(8)  # on the wall of the place (rules.md 3)


class DayKind(StrEnum):
    """What a day is to someone who reads the calendar."""

    WORKDAY = "workday"
    MAKE_UP = "make_up"  # a Saturday or Sunday on which work is made up
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # a Monday to Friday without work


class Source(StrEnum):
    """Who says so."""

    EDITED = "edited"
    NATIONAL = "national"
    WEEK = "week"  # nobody has published this day: Monday to Friday


@dataclass(frozen=True, slots=True)
class DayInfo:
    """What is known of one day."""

    working: bool
    provisional: bool
    source: Source
    kind: DayKind


@dataclass(frozen=True)
class Hours:
    """The working spans of a day, in minutes from midnight, in order: ``((480, 720), (840, 1080))``."""

    spans: tuple[tuple[int, int], ...] = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        rising = all(a <= b for a, b in pairwise(edges))
        if not edges or not rising or any(a == b for a, b in self.spans):
            raise _bad_hours()
        if edges[0] < 0 or edges[-1] > 24 * 60:
            raise _bad_hours()

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Read ``8:00-12:00, 14:00-18:00``; a day may end at 24:00."""
        spans = []
        for part in text.replace("，", ",").split(","):
            found = re.fullmatch(r"\s*(\d{1,2}):([0-5]\d)\s*[-–]\s*(\d{1,2}):([0-5]\d)\s*", part, re.ASCII)
            if not found:
                raise _bad_hours()
            h1, m1, h2, m2 = map(int, found.groups())
            spans.append((h1 * 60 + m1, h2 * 60 + m2))
        return cls(tuple(spans))

    def __str__(self) -> str:
        return ", ".join(
            f"{a // 60}:{a % 60:02d}-{b // 60}:{b % 60:02d}" for a, b in self.spans
        )  # the form `parse` reads

    @property
    def minutes(self) -> int:
        """Working minutes of one day."""
        return sum(b - a for a, b in self.spans)


@dataclass(frozen=True)
class _Year:
    """Working time of one year in microseconds since 1970; `sums[i]` is the work before span i."""

    starts: list[int]
    ends: list[int]
    sums: list[int]
    total: int
    provisional: list[int]  # provisional[i]: provisional days among the first i days of the year

    def done(self, at: int) -> int:
        """Work done in this year up to the instant `at`."""
        span = bisect_right(self.starts, at) - 1
        if span < 0:
            return 0
        return self.sums[span] + min(at, self.ends[span]) - self.starts[span]

    def reach(self, work: int) -> int:
        """The first instant at which `work` (0 < work <= total) has been done."""
        span = bisect_left(self.sums, work) - 1
        return self.starts[span] + work - self.sums[span]

    def last_at(self, work: int) -> int:
        """The last instant at which no more than `work` (0 <= work < total) has been done."""
        span = bisect_right(self.sums, work) - 1
        return self.starts[span] + work - self.sums[span]


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """When one installation works.

    `days` is the edited table (True: working day). `national` is ``"cn"`` for the State Council's calendar,
    or a table of the days that differ (years it names count as known), or None. `published` names further
    years whose edited table is complete, so that their Mondays to Fridays are no longer provisional.
    """

    zone: ZoneInfo
    hours: Hours = field(default_factory=Hours)
    days: Mapping[date, bool] = field(default_factory=dict)
    national: National = None
    published: frozenset[int] = frozenset()
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False)
    _named: frozenset[int] = field(default=frozenset(), init=False, repr=False)

    def __post_init__(self) -> None:
        # Copies, because a table that changed later would no longer agree with the sums made from it.
        object.__setattr__(self, "days", dict(self.days))
        if isinstance(self.national, Mapping):
            object.__setattr__(self, "national", dict(self.national))
            object.__setattr__(self, "_named", frozenset(d.year for d in self.national))
        elif self.national not in (None, "cn"):
            raise ValueError(f"unknown national calendar: {self.national!r}")

    def is_workday(self, day: date) -> DayInfo:
        """Is `day` a working day, and who says so?"""
        weekday = day.weekday() < _SATURDAY
        working = self.days.get(day)
        if working is not None:
            source = Source.EDITED
        elif (working := self._nationally(day)) is not None:
            source = Source.NATIONAL
        else:
            working, source = weekday, Source.WEEK
        provisional = source is Source.WEEK and day.year not in self.published
        return DayInfo(working, provisional, source, _kind(working, weekday))

    def provisional_from(self, day: date) -> date | None:
        """The first day from `day` on that nobody has published, within ten years; for warnings in time."""
        for number in range(10 * 366):
            candidate = day + timedelta(days=number)
            if self.is_workday(candidate).provisional:
                return candidate
        return None

    def is_open(self, at: datetime) -> bool:
        """Is `at` within working hours?"""
        instant = _instant(at)
        year = self._year(at.astimezone(self.zone).year)
        span = bisect_right(year.starts, instant) - 1
        return span >= 0 and instant < year.ends[span]

    def _nationally(self, day: date) -> bool | None:
        if isinstance(self.national, Mapping):
            return self.national.get(day, day.weekday() < _SATURDAY) if day.year in self._named else None
        if self.national != "cn":
            return None
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:  # before or after the years the library knows
            return None

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            if not FIRST_YEAR <= number <= LAST_YEAR:
                raise _out_of_range()
            # Two threads may build the same year: the results are equal, so the last one may stand.
            found = self._years[number] = self._build(number)
        return found

    def _build(self, number: int) -> _Year:
        starts: list[int] = []
        ends: list[int] = []
        sums: list[int] = []
        provisional = [0]
        total = 0
        for day in _days_of(number):
            info = self.is_workday(day)
            provisional.append(provisional[-1] + info.provisional)
            for first, end in self._spans(day) if info.working else ():
                # Two spans that touch in an hour that comes twice would overlap.
                start = max(first, ends[-1]) if ends else first
                if start < end:
                    starts.append(start)
                    ends.append(end)
                    sums.append(total)
                    total += end - start
        return _Year(starts, ends, sums, total, provisional)

    def _spans(self, day: date) -> Iterator[tuple[int, int]]:
        """The day's working spans as instants; empty where a change of clocks swallows one."""
        for first, last in self.hours.spans:
            start = _to_utc(day, first, self.zone, later=False)
            yield _instant(start), _instant(_to_utc(day, last, self.zone, later=True))

    def _has_provisional(self, start: datetime, end: datetime) -> bool:
        first, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while first.year < last.year:
            if self._provisional_days(first, date(first.year, 12, 31)):
                return True
            first = date(first.year + 1, 1, 1)
        return self._provisional_days(first, last) > 0

    def _provisional_days(self, first: date, last: date) -> int:
        counts = self._year(first.year).provisional
        return counts[last.timetuple().tm_yday] - counts[first.timetuple().tm_yday - 1]


@dataclass(frozen=True)
class Limit:
    """A time limit as the catalogue writes it: ``U2h``, ``U15min``, ``W4h``, ``W2d``, ``N7d``."""

    kind: Kind
    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind) or self.unit not in get_args(Unit):
            raise _bad_limit()
        if not 1 <= self.amount <= 99_999 or (self.kind == "N" and self.unit != "d"):
            raise _bad_limit()

    @classmethod
    def parse(cls, text: str) -> Limit:
        """Read the short form; anything else is refused at field ``limit``."""
        found = re.fullmatch(r"([UWN])([1-9]\d{0,4})(min|h|d)", text.strip(), re.ASCII)
        if not found:
            raise _bad_limit()
        kind, amount, unit = found.groups()
        return cls(kind, int(amount), unit)  # type: ignore[arg-type]  # the pattern allows nothing else

    def __str__(self) -> str:
        return f"{self.kind}{self.amount}{self.unit}"

    def countable(self, calendar: WorkCalendar) -> timedelta:
        """How much time of its kind this limit grants; a working day has the hours of the calendar."""
        if self.unit == "min":
            return timedelta(minutes=self.amount)
        if self.unit == "h":
            return timedelta(hours=self.amount)
        if self.kind == "W":
            return timedelta(minutes=self.amount * calendar.hours.minutes)
        return timedelta(days=self.amount)


@dataclass(frozen=True)
class Deadline:
    """When something is due; provisional when a day in between is not published yet."""

    at: datetime
    provisional: bool


def deadline(start: datetime, limit: Limit, calendar: WorkCalendar) -> Deadline:
    """When a limit that begins at `start` is used up."""
    return due(start, limit.kind, limit.countable(calendar), calendar)


def due(start: datetime, kind: Kind, amount: timedelta, calendar: WorkCalendar) -> Deadline:
    """When `amount` of countable time after `start` is used up; for clocks that go on after a pause."""
    at = add(start, kind, amount, calendar)
    return Deadline(at, kind == "W" and calendar._has_provisional(start, at))


def share_at(start: datetime, limit: Limit, calendar: WorkCalendar, share: float) -> datetime:
    """When a share of the countable time is used up: 0.5 turns yellow, 0.8 red."""
    return add(start, limit.kind, limit.countable(calendar) * share, calendar)


def add(start: datetime, kind: Kind, amount: timedelta, calendar: WorkCalendar) -> datetime:
    """The first instant at which `amount` of countable time has passed since `start`, in UTC."""
    if amount < timedelta(0):
        raise ValueError("countable time only grows")
    began = _utc(start)
    if kind != "W":
        return _plain_sum(began, amount)
    if not amount:
        return began
    number = _local_year(began, calendar)
    year = calendar._year(number)
    work = year.done(_instant(began)) + amount // _MICROSECOND
    while work > year.total:
        work -= year.total
        number += 1
        year = calendar._year(number)
    return _EPOCH + timedelta(microseconds=year.reach(work))


def before(end: datetime, kind: Kind, amount: timedelta, calendar: WorkCalendar) -> datetime:
    """The last instant from which `amount` of countable time has passed at `end`, in UTC."""
    if amount < timedelta(0):
        raise ValueError("countable time only grows")
    ended = _utc(end)
    if kind != "W":
        return ended - amount
    if not amount:
        return ended
    number = _local_year(ended, calendar)
    work = calendar._year(number).done(_instant(ended)) - amount // _MICROSECOND
    while work < 0:
        number -= 1
        work += calendar._year(number).total
    return _EPOCH + timedelta(microseconds=calendar._year(number).last_at(work))


def elapsed(start: datetime, end: datetime, kind: Kind, calendar: WorkCalendar) -> timedelta:
    """Countable time between two instants; nothing when `end` is not after `start`."""
    if end <= start:
        return timedelta(0)
    if kind != "W":
        return end - start
    first, last = _local_year(start, calendar), _local_year(end, calendar)
    between = sum(calendar._year(number).total for number in range(first, last))
    done = calendar._year(last).done(_instant(end)) - calendar._year(first).done(_instant(start))
    return timedelta(microseconds=between + done)


def is_quiet(moment: datetime, zone: ZoneInfo, start: time = QUIET_FROM, end: time = QUIET_TO) -> bool:
    """Whether it is an hour in which nobody is disturbed, by a message or at the door."""
    clock = moment.astimezone(zone).time()
    return start <= clock < end if start <= end else clock >= start or clock < end


def quiet_until(
    now: datetime, zone: ZoneInfo, start: time = QUIET_FROM, end: time = QUIET_TO
) -> datetime | None:
    """When the present quiet hours end (UTC), or None when messages may go out now."""
    if not is_quiet(now, zone, start, end):
        return None
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=1) if local.time() >= end else local.date()
    return _to_utc(day, end.hour * 60 + end.minute, zone, later=True)


def _kind(working: bool, weekday: bool) -> DayKind:
    if working:
        return DayKind.WORKDAY if weekday else DayKind.MAKE_UP
    return DayKind.HOLIDAY if weekday else DayKind.WEEKEND


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _local_year(moment: datetime, calendar: WorkCalendar) -> int:
    # Ask the UTC year first: converting the very last days of year 9999 overflows.
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _out_of_range()
    return moment.astimezone(calendar.zone).year


def _plain_sum(start: datetime, amount: timedelta) -> datetime:
    try:
        end = start + amount
    except OverflowError:
        raise _out_of_range() from None
    if end.year > LAST_YEAR:
        raise _out_of_range()
    return end


def _to_utc(day: date, minutes: int, zone: ZoneInfo, *, later: bool) -> datetime:
    """A local time of day as an instant.

    A time that comes twice (clocks go back) is taken the second time when `later`, else the first. A time
    that is skipped (clocks go forward) is the moment of the change.
    """
    local = datetime.combine(day, time(0)) + timedelta(minutes=minutes)
    first, second = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
    before, after = _offset(first), _offset(second)
    if before == after:
        return (local - before).replace(tzinfo=UTC)
    if before < after:
        return _change_of_clocks(
            (local - after).replace(tzinfo=UTC), (local - before).replace(tzinfo=UTC), zone
        )
    return (local - (after if later else before)).replace(tzinfo=UTC)


def _offset(moment: datetime) -> timedelta:
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a moment needs a time zone")
    return offset


def _change_of_clocks(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The second between `low` and `high` in which the zone's offset changes."""
    old = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


def _instant(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _out_of_range() -> Invalid:
    message = _("Deadlines are known between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
    return Invalid.at("date", "date_out_of_range", message)


def _bad_limit() -> Invalid:
    return Invalid.at("limit", "limit_malformed", _("Write a limit like U2h, W4h, W2d or N7d."))


def _bad_hours() -> Invalid:
    message = _("Write working hours like 8:00-12:00, 14:00-18:00, in order and without overlap.")
    return Invalid.at("hours", "hours_malformed", message)
