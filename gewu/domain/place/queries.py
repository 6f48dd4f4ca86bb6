"""The installation and its calendar, for everyone; and what the calendar does not know yet, for those who must act.

`calendar()` costs one query on one row: it reads the digest of the calendar's content, and each process keeps the
calendars it has built by that digest. So a change is seen by the next call in every process, without any message
between them, and two installations with equal calendars may share one.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.db import connection
from django.utils.translation import gettext_lazy as _

from gewu.core.errors import Broken
from gewu.core.worktime import Hours, WorkCalendar
from gewu.domain.place.models import ONLY, CalendarDay, Installation, PublishedYear, WorkingHours
from gewu.domain.statements import Written

WARN_BEFORE = timedelta(days=60)
_KEPT = 8
_PREFIX_AND_CALENDAR = Written("SELECT prefix, calendar_digest FROM place_installation WHERE id = %s")

_calendars: OrderedDict[str, WorkCalendar] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Finding:
    """Something doctor and the administrator are told."""

    code: str
    message: Any  # a lazy translation
    day: date
    days_left: int


def installation() -> Installation:
    """The one installation; `Broken` before it is opened."""
    found = Installation.objects.filter(pk=ONLY).first()
    if found is None:
        raise _not_opened()
    return found


def is_open() -> bool:
    """Has the installation been opened?"""
    return Installation.objects.filter(pk=ONLY).exists()


def calendar() -> WorkCalendar:
    """The calendar all deadlines of this installation are made with."""
    _prefix, digest = _looked_up()
    return _calendar_of(digest)


def numbering() -> tuple[str, WorkCalendar]:
    """The prefix of case numbers, and the calendar that says which year it is."""
    prefix, digest = _looked_up()
    return prefix, _calendar_of(digest)


def _looked_up() -> tuple[str, str]:
    # Plain SQL: every act asks this, and making the statement would cost ten times what the store takes to answer.
    with connection.cursor() as cursor:
        cursor.execute(_PREFIX_AND_CALENDAR, [ONLY])
        found = cursor.fetchone()
    if found is None:
        raise _not_opened()
    return str(found[0]), str(found[1])


def _calendar_of(digest: str) -> WorkCalendar:
    with _lock:
        if digest in _calendars:
            _calendars.move_to_end(digest)
            return _calendars[digest]
    digest, built = read_calendar()
    with _lock:
        # Kept under the digest of what was read, not of what was looked for: a change may lie in between.
        kept = _calendars.setdefault(digest, built)
        while len(_calendars) > _KEPT:
            _calendars.popitem(last=False)
    return kept


def read_calendar() -> tuple[str, WorkCalendar]:
    """The calendar as it stands in the tables at this moment, with the digest of its content."""
    place = installation()
    spans = WorkingHours.objects.values_list("spans", flat=True).get(installation=place)
    days = dict(CalendarDay.objects.order_by("date").values_list("date", "working"))
    published = sorted(PublishedYear.objects.values_list("year", flat=True))
    content = msgspec.json.encode([place.zone, place.national, spans, list(days.items()), published])
    built = WorkCalendar(
        zone=ZoneInfo(place.zone),
        hours=Hours(tuple((start, end) for start, end in spans)),
        days=days,
        national="cn" if place.national else None,
        published=frozenset(published),
    )
    return hashlib.sha256(content).hexdigest(), built


def years_known(*, now: datetime, ahead: int = 5) -> list[int]:
    """The years from the present one on in which no day is provisional."""
    known = calendar()
    this_year = now.astimezone(known.zone).year
    years = range(this_year, this_year + ahead)
    return [year for year in years if _is_known(known, year)]


def provisional_findings(*, now: datetime) -> list[Finding]:
    """Days of the calendar nobody has published, from 60 days before they begin; for doctor and administrator."""
    known = calendar()
    today = now.astimezone(known.zone).date()
    first = known.provisional_from(today)
    if first is None or first - today > WARN_BEFORE:
        return []
    message = _("Working days from %(day)s on are not published yet. Deadlines beyond it are provisional.")
    left = (first - today).days
    return [Finding("calendar_provisional", _Told(message, {"day": first.isoformat()}), first, left)]


def days_of(year: int) -> list[CalendarDay]:
    """The edited days of one year."""
    return list(CalendarDay.objects.filter(date__year=year).order_by("date"))


def _is_known(known: WorkCalendar, year: int) -> bool:
    first = known.provisional_from(date(year, 1, 1))
    return first is None or first.year > year


class _Told:
    """A lazy translation with its facts filled in when it is read."""

    def __init__(self, message: Any, facts: dict[str, object]) -> None:
        self._message = message
        self._facts = facts

    def __str__(self) -> str:
        return str(self._message) % self._facts


def _not_opened() -> Broken:
    return Broken("This installation has not been opened yet. Run: gewu init", code="not_opened")
