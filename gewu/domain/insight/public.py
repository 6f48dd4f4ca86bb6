"""What anyone may read: for each whole month what was reported, how it ended, how fast; masked where numbers are small.

One place decides what becomes public, for the page, the open data and the export. A reader who compares everything
that was ever published must not find out a small cell (rules.md 11), so

- only whole, past months are shown: two states of a running month would differ by the acts of a day;
- each fact stands in one block only, and a block is masked as one table (`figures.masks`);
- the tables of a block by community, by class and by day have nothing in common but their totals. As long as all totals
  are open, each is as safe as if it stood alone. When the mask had to hide a total, only the first table is shown and
  the others are withheld: they would give that total back.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from gewu.core.errors import Broken
from gewu.domain.areas import queries as areas
from gewu.domain.areas.models import Area
from gewu.domain.catalogue.models import Class, Condition
from gewu.domain.figures import indicators as of
from gewu.domain.figures import queries as figures
from gewu.domain.figures.derive import local_day
from gewu.domain.figures.intervals import median
from gewu.domain.figures.masks import LEAST, Hidden, Masked, Shown, mask
from gewu.domain.figures.queries import Period
from gewu.domain.names import in_language, name_of

MONTHS = 12
AREA, CLASS, DAY = "area", "class", "day"
BY = (AREA, CLASS, DAY)
REST = ""  # cases whose community or class is not known
_KEPT = 64


@dataclass(frozen=True)
class Fact:
    """One column: what is counted. `code` is that of `figures.indicators` and of the open data."""

    code: str
    name: Any
    definition: Any


@dataclass(frozen=True)
class Block:
    """Facts that are masked together, because together they say how a number is divided."""

    code: str
    name: Any
    facts: tuple[Fact, ...]


BLOCKS = (
    Block(
        "reported",
        pgettext_lazy("open data", "Reported"),
        (
            Fact(of.REPORTED, pgettext_lazy("open data", "Reported"),
                 _("Reports that became a case, by the day they came in.")),
        ),
    ),
    Block(
        "answers",
        pgettext_lazy("open data", "How it ended"),
        (
            Fact(of.CONFIRMED_AS["confirmed"], pgettext_lazy("open data", "Solved, confirmed"),
                 _("Closed after everybody who reported it said: solved.")),
            Fact(of.CONFIRMED_AS["unconfirmed"], pgettext_lazy("open data", "Closed, no answer"),
                 _("Closed because the reporter did not answer within five working days. Never counted as confirmed.")),
            Fact(of.CONFIRMED_AS["none"], pgettext_lazy("open data", "Closed, nobody to ask"),
                 _("Closed after a check by somebody else; nobody had reported it, or did not want to be asked.")),
            Fact(of.REFUSED, pgettext_lazy("open data", "Not accepted"),
                 _("A reporter said: not solved. The case went to the next level and is worked on again.")),
        ),
    ),
    Block(
        "promise",
        pgettext_lazy("open data", "Promised time"),
        (
            Fact(of.DONE_IN_TIME, pgettext_lazy("open data", "In time"),
                 _("Done within the limit of its kind of matter, and checked.")),
            Fact(of.DONE_LATE, pgettext_lazy("open data", "Late"), _("Done after the limit.")),
        ),
    ),
    Block(
        "contact",
        pgettext_lazy("open data", "First contact"),
        (
            Fact(of.FIRST_CONTACT_IN_TIME, pgettext_lazy("open data", "Contacted in time"),
                 _("The reporter heard from us within four working hours after acceptance.")),
            Fact(of.FIRST_CONTACT_LATE, pgettext_lazy("open data", "Contacted late"), _("It took longer.")),
        ),
    ),
)  # fmt: skip
CODES = tuple(fact.code for block in BLOCKS for fact in block.facts)


@dataclass(frozen=True)
class Line:
    """A community, class or day: its numbers as the public sees them, in the order of CODES. None: withheld."""

    key: str
    shown: Mapping[str, Shown | None]
    half_within: float | None = (
        None  # counted seconds in which half of the promises ended; only beside open numbers
    )


@dataclass(frozen=True)
class Month:
    """Everything published about one month."""

    first: date
    lines: Mapping[str, Sequence[Line]]  # by AREA, CLASS, DAY
    whole: Line
    withheld: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # (block, by)

    @property
    def period(self) -> Period:
        return Period(self.first, last_of(self.first))


def top() -> str:
    """The path of the place that publishes; before it has a map there is nothing below, and nothing to publish."""
    try:
        return areas.root().path
    except Broken:
        return ""


def last_of(first: date) -> date:
    """The last day of the month that begins on `first`."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def months(path: str, *, now: datetime, most: int = MONTHS) -> list[date]:
    """The first days of the whole months with anything to show, newest first."""
    month = local_day(now).replace(day=1)
    found: list[date] = []
    for _count in range(most):
        month = (month - timedelta(days=1)).replace(day=1)
        if not _wholes(path, month):
            break
        found.append(month)
    return found


def publish(path: str, first: date, *, now: datetime) -> Month | None:
    """The published numbers of a whole, past month; None for any other. Drawn once per process while they hold."""
    if first.day != 1 or first >= local_day(now) or last_of(first) >= local_day(now):
        return None
    wholes = _wholes(path, first)
    if not wholes:
        return None
    key = (path, first, tuple(sorted(wholes.items())))
    with _lock:
        known = _published.get(key)
    if known is None:
        known = _month(path, first)
        with _lock:
            _published[key] = known
            while len(_published) > _KEPT:
                _published.popitem(last=False)
    return known


_published: OrderedDict[tuple[Any, ...], Month] = OrderedDict()
_lock = Lock()
Counts = Mapping[str, Mapping[str, int]]  # by group, by fact


def _wholes(path: str, first: date) -> dict[str, int]:
    sums = figures.totals(path, Period(first, last_of(first)), codes=CODES, exempting=False)
    return {code: n for (_group, code), n in sums.items()}


def _month(path: str, first: date) -> Month:
    period = Period(first, last_of(first))
    counts = {AREA: _by_area(path, period), CLASS: _by_class(path, period), DAY: _by_day(path, period)}
    shown, whole, withheld = masked({by: counts[by] for by in BY})
    speeds = {by: _speeds(path, period, by, shown[by]) for by in (AREA, CLASS)}
    lines = {
        by: tuple(Line(key, shown[by][key], speeds.get(by, {}).get(key)) for key in counts[by]) for by in BY
    }
    return Month(first, lines, Line("", whole, _speed(path, period, whole)), withheld)


def masked(
    counts: Mapping[str, Counts],
) -> tuple[dict[str, dict[str, dict[str, Shown | None]]], dict[str, Shown], frozenset[tuple[str, str]]]:
    """All tables of a month as the public sees them, their common whole, and which tables are withheld.

    Every table of `counts` divides the same whole; the first one is the one that is always shown.
    """
    shown: dict[str, dict[str, dict[str, Shown | None]]] = {
        by: {key: {} for key in counts[by]} for by in counts
    }
    whole: dict[str, Shown] = {}
    withheld: set[tuple[str, str]] = set()
    main = next(iter(counts))
    for block in BLOCKS:
        codes = [fact.code for fact in block.facts]
        tables = {
            by: mask([[row.get(code, 0) for code in codes] for row in counts[by].values()]) for by in counts
        }
        for by, table in tables.items():
            is_shown = by == main or (_margins_open(tables[main]) and _margins_open(table))
            if not is_shown:
                withheld.add((block.code, by))
            for row, key in enumerate(counts[by]):
                for column, code in enumerate(codes):
                    shown[by][key][code] = table.cells[row][column] if is_shown else None
        for column, code in enumerate(codes):
            whole[code] = tables[main].column_totals[column]
    return shown, whole, frozenset(withheld)


def _margins_open(table: Masked) -> bool:
    return not any(isinstance(one, Hidden) for one in (*table.column_totals, table.total))


def _grouped(sums: Mapping[tuple[str, str], int], keys: Sequence[str]) -> dict[str, dict[str, int]]:
    """In the order of `keys`; what belongs to none of them goes to the rest, which stands last if there is any."""
    found: dict[str, dict[str, int]] = {key: {} for key in keys}
    for (group, code), n in sums.items():
        row = found.setdefault(group if group in found else REST, {})
        row[code] = row.get(code, 0) + n
    if REST in found:
        found[REST] = found.pop(REST)
    return found


def _by_area(path: str, period: Period) -> dict[str, dict[str, int]]:
    """Communities below, and what lies in none of them."""
    sums = figures.totals(path, period, by="area", codes=CODES, exempting=False)
    counted = {group for group, _code in sums}
    keys = [area.path for area in areas_below(path, period, counted)]
    found = _grouped(sums, keys)
    whole = figures.totals(path, period, codes=CODES, exempting=False)
    rest = {
        code: whole.get(("", code), 0) - sum(row.get(code, 0) for row in found.values()) for code in CODES
    }
    if any(rest.values()):
        kept = found.pop(REST, {})
        found[REST] = {code: kept.get(code, 0) + n for code, n in rest.items()}
    return found


def areas_below(path: str, period: Period, counted: Collection[str]) -> list[Area]:
    """The areas right below, in code order, as they were in that period, or a past month would change with the map.

    One that has ended since is among them, one that was made since only if something of that time is `counted` there.
    """
    there = Q(valid_to=None) | Q(valid_to__gt=period.first)
    there &= Q(valid_from__lte=period.last) | Q(path__in=counted)
    return list(Area.objects.filter(there, parent__path=path).order_by("code", "path"))


def classes() -> list[Class]:
    return list(Class.objects.order_by("code"))


def _by_class(path: str, period: Period) -> dict[str, dict[str, int]]:
    class_of = dict(Condition.objects.values_list("code", "subclass__parent__code"))
    sums: dict[tuple[str, str], int] = {}
    for (condition, code), n in figures.totals(
        path, period, by="condition", codes=CODES, exempting=False
    ).items():
        key = (class_of.get(condition, REST), code)
        sums[key] = sums.get(key, 0) + n
    return _grouped(sums, [one.code for one in classes()])


def _by_day(path: str, period: Period) -> dict[str, dict[str, int]]:
    days = [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]
    sums = figures.totals(path, period, by="day", codes=CODES, exempting=False)
    return _grouped(
        {(group[:10], code): n for (group, code), n in sums.items()}, [day.isoformat() for day in days]
    )


def _speeds(
    path: str, period: Period, by: str, shown: Mapping[str, Mapping[str, Shown | None]]
) -> dict[str, float]:
    """The median of a group, only where its numbers are open and there are enough of them."""
    class_of = dict(Condition.objects.values_list("code", "subclass__parent__code")) if by == CLASS else {}
    ran: dict[str, list[int]] = {}
    for one in figures.durations(path, period, "promise", by="area" if by == AREA else "condition"):
        ran.setdefault(class_of.get(one.group, REST) if by == CLASS else one.group, []).append(one.seconds)
    return {
        key: median(sorted(seconds))
        for key, seconds in ran.items()
        if len(seconds) >= LEAST and _is_open(shown.get(key, {}))
    }


def _speed(path: str, period: Period, whole: Mapping[str, Shown]) -> float | None:
    seconds = sorted(one.seconds for one in figures.durations(path, period, "promise"))
    return median(seconds) if len(seconds) >= LEAST and _is_open(whole) else None


def _is_open(shown: Mapping[str, Shown | None]) -> bool:
    return all(isinstance(shown.get(code), int) for code in (of.DONE_IN_TIME, of.DONE_LATE))


def names(path: str, by: str) -> dict[str, tuple[str, str]]:
    """What the groups are called, by key: code and name in the reader's language."""
    if by == DAY:
        return {}
    rest = {REST: ("", pgettext("open data", "Not known"))}
    if by == AREA:
        below = Area.objects.filter(parent__path=path)
        return {one.path: (one.code, name_of(one)) for one in below} | rest
    named = {one.code: in_language(one.names) or one.code for one in classes()}
    return {code: (code, name) for code, name in named.items()} | rest


@dataclass(frozen=True)
class Record:
    """One row of the open data."""

    month: str
    by: str
    code: str
    name: str
    measure: str
    value: int | None
    masked: (
        str  # "" open, "<10" small, "hidden" would give a small one away, "withheld" the whole table would
    )


COLUMNS = ("month", "by", "code", "name", "measure", "value", "masked")

_SAID = {Hidden.SMALL: "<10", Hidden.TOO: "hidden", None: "withheld"}


def records(path: str, month: Month) -> list[Record]:
    """The month as open data: the whole, then by community, class and day; the same numbers as on the page."""
    found = [_record(month, "whole", "", "", code, month.whole.shown[code]) for code in CODES]
    for by in BY:
        called = names(path, by)
        for line in month.lines[by]:
            code, name = called.get(line.key, (line.key, ""))
            found += [_record(month, by, code, name, one, line.shown[one]) for one in CODES]
    return found


def _record(month: Month, by: str, code: str, name: str, measure: str, shown: Shown | None) -> Record:
    value = shown if isinstance(shown, int) else None
    said = "" if value is not None else _SAID[shown]  # type: ignore[index]
    return Record(month.first.isoformat()[:7], by, code, name, measure, value, said)
