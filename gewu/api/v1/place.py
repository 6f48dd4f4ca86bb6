"""The installation, and the calendar all deadlines are made with."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from gewu.api.endpoint import ANYONE, Call, endpoint
from gewu.api.v1.shapes import Out, Version
from gewu.core import limits
from gewu.core.errors import Invalid
from gewu.domain.place import actions, queries
from gewu.domain.place.hooks import CalendarChange
from gewu.domain.place.models import WorkingHours
from gewu.domain.place.rules import DayInput

Year = Annotated[int, Meta(ge=1900, le=9999)]


class InstallationOut(Out, frozen=True):
    """The one place this program serves."""

    code: str
    name: str
    names: dict[str, str]
    zone: str
    phone: str = ""
    supervision_phone: str = ""
    is_model: bool = False
    calendar_version: int = 0


class DayOut(Out, frozen=True):
    """One edited day."""

    date: date
    working: bool
    note: str = ""


class CalendarOut(Out, frozen=True):
    """The edited days of a year, the working spans of a day in minutes, and the years that are known."""

    year: int
    version: int
    days: list[DayOut]
    hours: list[list[int]]
    known: list[int]


class DayIn(msgspec.Struct, frozen=True):
    """One day."""

    date: date
    working: bool
    note: str = ""


class DaysIn(msgspec.Struct, frozen=True):
    """Days to write. With `publish` they are the whole table of that year."""

    days: list[DayIn]
    publish: Year | None = None
    source: str = ""
    version: Version | None = None


class HoursIn(msgspec.Struct, frozen=True):
    """The working spans of a day: `8:00-12:00, 14:00-18:00`."""

    spans: str
    version: Version | None = None


class CalendarVersionOut(Out, frozen=True):
    """The calendar's version after the change."""

    version: int


@endpoint("GET", "installation", answer=InstallationOut, guard=ANYONE)
def show_installation(call: Call[None]) -> InstallationOut:
    """Name, phones and time zone of this place."""
    place = queries.installation()
    return InstallationOut(
        code=place.code,
        name=place.name,
        names=place.names,
        zone=place.zone,
        phone=place.phone,
        supervision_phone=place.supervision_phone,
        is_model=place.is_model,
        calendar_version=place.calendar_version,
    )


@endpoint("GET", "calendar/<int:year>", answer=CalendarOut, guard=ANYONE)
def show_calendar(call: Call[None], year: int) -> CalendarOut:
    """The edited days of a year, and the working hours."""
    place = queries.installation()
    return CalendarOut(
        year=year,
        version=place.calendar_version,
        days=[
            DayOut(date=day.date, working=day.working, note=day.note) for day in queries.days_of(_year(year))
        ],
        hours=WorkingHours.objects.get(installation=place).spans,
        known=queries.years_known(now=call.now),
    )


@endpoint("POST", "calendar/days", body=DaysIn, answer=CalendarVersionOut, guard="calendar.edit")
def set_days(call: Call[DaysIn]) -> CalendarVersionOut:
    """Write days, or publish a whole year; every open deadline follows."""
    body = call.body
    change = actions.set_calendar_days(
        [DayInput(day.date, day.working, day.note) for day in body.days],
        publish=body.publish,
        source=body.source,
        expected_version=body.version,
        actor=call.actor,
        now=call.now,
    )
    return _changed(change)


@endpoint(
    "POST",
    "calendar/file",
    answer=CalendarVersionOut,
    guard="calendar.edit",
    raw=True,
    query=("publish", "source"),
)
def import_days(call: Call[None]) -> CalendarVersionOut:
    """Days from a CSV table: all of them or none."""
    publish = call.number("publish", 0, most=limits.WHOLE_NUMBER)
    change = actions.import_days(
        call.file(limits.JSON_BYTES),
        publish=_year(publish) if publish else None,
        source=call.word("source"),
        actor=call.actor,
        now=call.now,
    )
    return _changed(change)


@endpoint(
    "POST", "calendar/hours", body=HoursIn, answer=CalendarVersionOut, guard="calendar.edit",
    fields={"hours": "spans"},
)  # fmt: skip
def set_hours(call: Call[HoursIn]) -> CalendarVersionOut:
    """Other working hours from now on; every open deadline follows."""
    body = call.body
    return _changed(
        actions.set_hours(body.spans, expected_version=body.version, actor=call.actor, now=call.now)
    )


def _year(year: int) -> int:
    if not 1900 <= year <= 9999:
        raise Invalid.at("year", "out_of_range", "1900-9999")
    return year


def _changed(change: CalendarChange) -> CalendarVersionOut:
    return CalendarVersionOut(version=change.version)
