"""What a calendar's days may look like: judged before anything is written, each fault at its line or field."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from gewu.core import limits
from gewu.core.errors import FieldError, Invalid
from gewu.core.text import clean, decode_csv
from gewu.core.worktime import FIRST_YEAR, LAST_YEAR, Hours

MOST_DAYS = 3_660  # ten years of the whole table

_WORK = frozenset({"1", "true", "yes", "work", "working", "workday", "班", "上班", "工作日", "是"})
_REST = frozenset({"0", "false", "no", "rest", "off", "holiday", "休", "放假", "休息日", "否"})
_COLUMNS = {
    "日期": "date",
    "上班": "working",
    "工作日": "working",
    "是否上班": "working",
    "备注": "note",
    "備註": "note",
    "说明": "note",
    "說明": "note",
}


@dataclass(frozen=True)
class DayInput:
    """One day somebody wants in the table."""

    date: date
    working: bool
    note: str = ""


def check_days(days: Iterable[DayInput], *, publish: int | None) -> list[DayInput]:
    """The days in order, or every fault among them."""
    given = list(days)
    errors: list[FieldError] = []
    if len(given) > MOST_DAYS:
        raise Invalid.at("days", "too_many", _("At most %(most)s days at once.") % {"most": MOST_DAYS})
    if not given:
        errors.append(FieldError("days", "required", _("Please give at least one day.")))
    seen: dict[date, DayInput] = {}
    for number, day in enumerate(given):
        field = f"days.{number}"
        if not FIRST_YEAR <= day.date.year <= LAST_YEAR:
            errors.append(FieldError(field, "date_out_of_range", _("This year is out of range.")))
        elif publish is not None and day.date.year != publish:
            errors.append(FieldError(field, "other_year", _("This day does not lie in the published year.")))
        elif day.date in seen:
            errors.append(FieldError(field, "twice", _("This day stands twice in the table.")))
        if len(day.note) > limits.NAME:
            errors.append(FieldError(field, "too_long", _("The note is too long.")))
        seen[day.date] = day
    if errors:
        raise Invalid(errors)
    return [seen[day] for day in sorted(seen)]


def read_days(data: bytes) -> list[DayInput]:
    """A table with the columns date, working, note (or 日期, 上班, 备注, 備註); faults are named by line."""
    if len(data) > limits.IMPORT_BYTES:
        raise Invalid.at("file", "too_large", _("This file is too large."))
    try:
        table = list(csv.reader(io.StringIO(decode_csv(data))))
    except csv.Error:
        raise Invalid.at("file", "table_malformed", _("This file is not a readable table.")) from None
    if len(table) > MOST_DAYS + 1:
        raise Invalid.at("file", "too_many", _("At most %(most)s days at once.") % {"most": MOST_DAYS})
    header = [_column(cell) for cell in table[0]] if table else []
    if "date" not in header or "working" not in header:
        raise Invalid.at("file", "columns_missing", _("The table needs the columns date and working."))
    days: list[DayInput] = []
    errors: list[FieldError] = []
    for number, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(header, cells, strict=False))
        try:
            days.append(_day(row, f"line {number}"))
        except Invalid as fault:
            errors.extend(fault.errors)
    if errors:
        raise Invalid(errors)
    return days


def check_spans(spans: object) -> list[list[int]]:
    """Working spans as they are stored, given as text (``8:00-12:00, 14:00-18:00``) or as pairs of minutes."""
    if isinstance(spans, Hours):
        hours = spans
    elif isinstance(spans, str):
        hours = Hours.parse(spans)
    else:
        hours = Hours(_pairs(spans))
    return [list(span) for span in hours.spans]


def check_zone(zone: str) -> str:
    """A zone this machine knows."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid.at("zone", "zone_unknown", _("This time zone is not known here.")) from None
    return zone


def _pairs(spans: object) -> tuple[tuple[int, int], ...]:
    pairs = spans if isinstance(spans, list | tuple) else ()
    found = []
    for pair in pairs:
        whole = isinstance(pair, list | tuple) and all(type(edge) is int for edge in pair)
        if not whole or len(pair) != 2:
            raise Invalid.at("hours", "hours_malformed", _("Each span has a start and an end, in minutes."))
        found.append((pair[0], pair[1]))
    return tuple(found)


def _column(cell: str) -> str:
    name = cell.strip().lower()
    return _COLUMNS.get(name, name)


def _day(row: dict[str, Any], line: str) -> DayInput:
    written = re.fullmatch(
        r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", row.get("date", "").strip(), re.ASCII
    )
    try:
        day = date(*map(int, written.groups() if written else ()))
    except (TypeError, ValueError):  # no such form, or no such day
        message = _("Please write the day like 2027-02-08.")
        raise Invalid.at(f"{line}.date", "date_malformed", message) from None
    word = row.get("working", "").strip().lower()
    if word not in _WORK | _REST:
        message = _("Please write work or rest, 班 or 休, 1 or 0.")
        raise Invalid.at(f"{line}.working", "choice", message)
    note = clean(row.get("note", ""), max_length=limits.NAME, lines=False, field=f"{line}.note")
    return DayInput(day, word in _WORK, note)
