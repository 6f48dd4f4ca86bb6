"""Opening the installation, and the changes that move deadlines: days, published years, working hours.

Every change of the calendar goes one way: raise the version by a conditional UPDATE (the second of two administrators
loses there), write, tell the hooks so that deadlines follow in the same transaction, write one journal entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gewu.core import limits
from gewu.core.errors import Conflict, Invalid, Refused
from gewu.core.text import CaseNumber, clean
from gewu.core.worktime import FIRST_YEAR, LAST_YEAR, WorkCalendar
from gewu.domain.journal import actions as journal
from gewu.domain.names import LANGUAGES
from gewu.domain.place import hooks, queries, rules
from gewu.domain.place.models import (
    NATIONAL,
    ONLY,
    PREFIX,
    ZONE,
    CalendarDay,
    Installation,
    PublishedYear,
    WorkingHours,
)


class Acting(journal.Acting, Protocol):
    """Who acts: `access.Actor`. Access comes after this package, so only the form of it is known here."""

    @property
    def strong(self) -> bool: ...
    @property
    def via(self) -> str: ...
    @property
    def scopes(self) -> frozenset[str] | None: ...
    def has(self, *roles: str) -> bool: ...


def open_installation(
    *,
    code: str,
    name: str,
    names: Mapping[str, str] | None = None,
    prefix: str = PREFIX,
    zone: str = ZONE,
    national: str = NATIONAL,
    phone: str = "",
    supervision_phone: str = "",
    is_model: bool = False,
    hours: object = "8:00-12:00, 14:00-18:00",
    actor: journal.Acting,
    now: datetime,
) -> Installation:
    """Make the one installation of this database; refused when there is one already."""
    place = Installation(
        code=clean(code, max_length=32, lines=False, field="code", required=True),
        name=clean(name, max_length=limits.NAME, lines=False, field="name", required=True),
        names=_names(names or {}, name),
        prefix=_prefix(prefix),
        zone=rules.check_zone(zone),
        national=_national(national),
        phone=clean(phone, max_length=20, lines=False, field="phone"),
        supervision_phone=clean(supervision_phone, max_length=20, lines=False, field="supervision_phone"),
        is_model=is_model,
        opened_at=now,
    )
    spans = rules.check_spans(hours)
    with transaction.atomic():
        if queries.is_open():
            raise _already_open()
        try:
            with transaction.atomic():
                place.save(force_insert=True)
        except IntegrityError:
            raise _already_open() from None
        WorkingHours.objects.create(installation=place, spans=spans)
        place.calendar_digest, _calendar = queries.read_calendar()
        place.save(update_fields=["calendar_digest"])
        journal.record(
            "installation.opened",
            actor=actor,
            subject=place.subject,
            at=now,
            # The journal keeps codes alone, and a slash is none.
            data={"code": code, "prefix": place.prefix, "zone": zone.replace("/", "."), "model": is_model},
        )
    return place


def set_calendar_days(
    days: Iterable[rules.DayInput],
    *,
    publish: int | None = None,
    source: str = "",
    expected_version: int | None = None,
    actor: Acting,
    now: datetime,
) -> hooks.CalendarChange:
    """Write days into the edited table.

    With `publish` the days are the whole table of that year: what stood there before goes, and the year is no longer
    provisional. Otherwise they are added to what is there.
    """
    _may_edit(actor)
    if publish is not None and not FIRST_YEAR <= publish <= LAST_YEAR:
        raise Invalid.at("publish", "date_out_of_range", _("This year is out of range."))
    wanted = rules.check_days(days, publish=publish)
    origin = clean(source, max_length=limits.NAME, lines=False, field="source")
    with transaction.atomic():
        place, before = _begin(expected_version)
        added, changed, touched = _write_days(wanted, publish, origin)
        if publish is not None:
            PublishedYear.objects.update_or_create(year=publish, defaults={"at": now})
            touched += [date(publish, 1, 1), date(publish, 12, 31)]
        change = _finish(place, before, touched, days=added + changed, actor=actor, now=now)
        journal.record(
            "calendar.days_set",
            actor=actor,
            subject=place.subject,
            at=now,
            data={
                "years": sorted({day.year for day in touched}),
                "published": publish,
                "added": added,
                "changed": changed,
                "calendar": place.calendar_version,
            },
        )
    return change


def import_days(
    data: bytes,
    *,
    publish: int | None = None,
    source: str = "",
    expected_version: int | None = None,
    actor: Acting,
    now: datetime,
) -> hooks.CalendarChange:
    """Take days from a table (CSV): all of them or, with every fault named by its line, none."""
    _may_edit(actor)
    days = rules.read_days(data)
    return set_calendar_days(
        days, publish=publish, source=source, expected_version=expected_version, actor=actor, now=now
    )


def set_hours(
    spans: object, *, expected_version: int | None = None, actor: Acting, now: datetime
) -> hooks.CalendarChange:
    """Other working hours, from now on and for every deadline that is still to come."""
    _may_edit(actor)
    wanted = rules.check_spans(spans)
    with transaction.atomic():
        place, before = _begin(expected_version)
        hours = WorkingHours.objects.get(installation=place)
        old, hours.spans = hours.spans, wanted
        hours.save(update_fields=["spans"])
        change = _finish(place, before, [], days=0, actor=actor, now=now)
        journal.record(
            "calendar.hours_set",
            actor=actor,
            subject=place.subject,
            at=now,
            data={"before": old, "after": wanted, "calendar": place.calendar_version},
        )
    return change


def _begin(expected_version: int | None) -> tuple[Installation, WorkCalendar]:
    """Raise the version first: this takes the row, so that of two changes the second sees the first whole."""
    place = queries.installation()
    expected = place.calendar_version if expected_version is None else expected_version
    raised = Installation.objects.filter(pk=ONLY, calendar_version=expected)
    if not raised.update(calendar_version=expected + 1):
        message = _("Somebody else has just changed the calendar. Please look at it again.")
        raise Conflict(message, code="calendar_changed", version=queries.installation().calendar_version)
    place.calendar_version = expected + 1
    return place, queries.read_calendar()[1]


def _finish(
    place: Installation,
    before: WorkCalendar,
    touched: list[date],
    *,
    days: int,
    actor: journal.Acting,
    now: datetime,
) -> hooks.CalendarChange:
    """Write the digest by which other processes notice, and let deadlines follow."""
    place.calendar_digest, after = queries.read_calendar()
    place.save(update_fields=["calendar_digest"])
    first, last = (min(touched), max(touched)) if touched else (None, None)
    change = hooks.CalendarChange(before, after, place.calendar_version, first, last, days)
    hooks.tell(change, actor=actor, now=now)
    return change


def _write_days(
    wanted: list[rules.DayInput], publish: int | None, source: str
) -> tuple[int, int, list[date]]:
    """How many rows were added and how many changed or taken away, and which days that touches."""
    if publish is not None:
        known = {row.date: row for row in CalendarDay.objects.filter(date__year=publish)}
    else:
        known = {row.date: row for row in CalendarDay.objects.filter(date__in=[day.date for day in wanted])}
    fresh, changed = [], []
    for day in wanted:
        row = known.pop(day.date, None)
        if row is None:
            fresh.append(CalendarDay(date=day.date, working=day.working, note=day.note, source=source))
        elif (row.working, row.note) != (day.working, day.note):
            row.working, row.note, row.source = day.working, day.note, source
            changed.append(row)
    CalendarDay.objects.bulk_create(fresh)
    CalendarDay.objects.bulk_update(changed, ["working", "note", "source"])
    gone = list(known.values()) if publish is not None else []
    CalendarDay.objects.filter(pk__in=[row.pk for row in gone]).delete()
    touched = [row.date for row in (*fresh, *changed, *gone)]
    return len(fresh), len(changed) + len(gone), touched


def _may_edit(actor: Acting) -> None:
    """The grant `calendar.edit` of the access table, which stands above this package and cannot be asked from here."""
    if actor.kind == "system":
        return
    if actor.kind != "staff" or not actor.has("administrator"):
        raise Refused(_("Only an administrator changes the calendar."), code="not_yours")
    if not actor.strong:
        raise Refused(_("Please sign in with your second factor first."), code="second_factor")
    if actor.via == "token" and "calendar:write" not in (actor.scopes or frozenset()):
        raise Refused(_("This key may not change the calendar."), code="scope")


def _names(names: Mapping[str, str], name: str) -> dict[str, str]:
    settled = {}
    for language, value in names.items():
        if language not in LANGUAGES:
            raise Invalid.at(f"names.{language}", "language_unknown", _("This language is not known here."))
        settled[language] = clean(value, max_length=limits.NAME, lines=False, field=f"names.{language}")
    return {"zh-hans": name.strip()} | settled


def _prefix(prefix: str) -> str:
    try:
        CaseNumber(prefix, 2026, 1)
    except ValueError:
        prefix = ""
    if not 1 <= len(prefix) <= 4:
        raise Invalid.at("prefix", "prefix_malformed", _("One to four capital letters, such as LT."))
    return prefix


def _national(national: str) -> str:
    if national not in ("", NATIONAL):
        raise Invalid.at(
            "national", "choice", _("Only the national calendar of China (cn) is known, or none.")
        )
    return national


def _already_open() -> Conflict:
    return Conflict(_("This installation is already open."), code="already_open")
