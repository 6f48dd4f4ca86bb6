"""The town as it stands at this moment, for those who steer it: open cases by grid, by class and by clock, and what is
about to go wrong. Everything is counted from the open cases this person may list, so each number is exactly as long as
the list behind it.

Load is open cases of a grid, never of a person; areas stand in code order, a reader may sort.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nsmallest
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from gewu.core.levels import LADDER
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import visible
from gewu.domain.areas.models import Area, Level
from gewu.domain.areas.queries import within
from gewu.domain.cases.by_day import hides
from gewu.domain.cases.marks import ALERTS, CLOCKS, MARKS
from gewu.domain.cases.models import Case
from gewu.domain.cases.relations import below
from gewu.domain.cases.workflow import SUBMITTED
from gewu.domain.figures.actions import SEGMENT
from gewu.domain.insight.queries import Dashboard, dashboard
from gewu.domain.people.queries import day_of

ALERTS_SHOWN = 40
OVERDUE, RED, RESTING = "overdue", "red", "resting"
SORTS = ("code", "open", "overdue", "red", "new")

_ASKED = [
    code for code in {**ALERTS, **CLOCKS} if code != RESTING
]  # the clock that is left when no other is claimed
_BY_SEVERITY = sorted(ALERTS, key=lambda code: -ALERTS[code].severity)
_FIELDS = (
    "pk", "scope_path", "level", "state", "condition__subclass__parent__code", "overdue_at", "touched_at", "moved_at",
    "sensitivity",
)  # fmt: skip


class _Marked(NamedTuple):
    """A case with marks, in the order of the list."""

    rank: int
    since: datetime
    key: UUID
    marks: tuple[str, ...]


@dataclass
class Count:
    """Open cases of one grid, class, or of everything."""

    open: int = 0
    overdue: int = 0
    red: int = 0
    new: int = 0

    def add(self, other: Count) -> None:
        self.open += other.open
        self.overdue += other.overdue
        self.red += other.red
        self.new += other.new


@dataclass(frozen=True)
class Place:
    """A line of the list by area: a grid, or a community whose cases know no grid."""

    area: Area
    parent: Area | None
    count: Count


@dataclass(frozen=True)
class Alert:
    """One case that is about to go wrong: all its marks, the most severe first."""

    case: Case
    area: Area | None
    marks: Sequence[str]
    since: datetime


@dataclass(frozen=True)
class Board:
    """Everything the command screen says about one area."""

    area: Area
    whole: Count
    places: Sequence[Place]
    by_class: Mapping[str, Count]
    clocks: Mapping[tuple[str, str], int]  # level, code of `marks.CLOCKS`
    alerts: Sequence[Alert]
    alert_counts: Mapping[str, int]
    month: Dashboard = field(repr=False)


def board(actor: Actor, area: Area, *, now: datetime, sort: str = "code") -> Board:
    """A dozen statements, however many cases are open; the rows of the open ones are read once."""
    cases = open_cases(actor, area.path)
    marked = {code: set(cases.filter(MARKS[code].rows()).values_list("pk", flat=True)) for code in _ASKED}
    whole, by_path, by_class, clocks = Count(), Counts(), Counts(), Counter[tuple[str, str]]()
    alerts: list[_Marked] = []
    for case in cases.values(*_FIELDS):
        codes = {code for code, keys in marked.items() if case["pk"] in keys}
        one = Count(1, OVERDUE in codes, RED in codes, case["state"] == SUBMITTED)
        for count in (
            whole,
            by_path[case["scope_path"]],
            by_class[case["condition__subclass__parent__code"]],
        ):
            count.add(one)
        clocks[case["level"], next((code for code in CLOCKS if code in codes), RESTING)] += 1
        if mine := [code for code in _BY_SEVERITY if code in codes]:
            since = case[ALERTS[mine[0]].since]
            since = day_of(since) if hides(case["sensitivity"]) else since
            alerts.append(_Marked(-ALERTS[mine[0]].severity, since, case["pk"], tuple(mine)))
    areas = {one.path: one for one in Area.objects.filter(within(area.path), valid_to=None).order_by("path")}
    return Board(
        area=area,
        whole=whole,
        places=_places(areas, by_path, sort),
        by_class=dict(sorted(by_class.items())),
        clocks={(level, code): clocks[level, code] for level in LADDER for code in CLOCKS},
        alerts=_alerts(nsmallest(ALERTS_SHOWN, alerts), areas),
        alert_counts={code: len(marked[code]) for code in _BY_SEVERITY},
        month=dashboard(area.path, now=now),
    )


def open_cases(actor: Actor, path: str) -> QuerySet[Case]:
    """The open cases below an area that this person may list."""
    return Case.objects.filter(visible(actor, "case.list", "case", open_only=True), below(path), is_open=True)


class Counts(dict[str, Count]):
    """Counts by key; one not yet there begins at nothing."""

    def __missing__(self, key: str) -> Count:
        self[key] = Count()
        return self[key]


def _places(areas: Mapping[str, Area], by_path: Counts, sort: str) -> list[Place]:
    """All grids below, also the quiet ones; the areas above them only when a case of theirs knows no grid."""
    counts = Counts()
    for path, count in by_path.items():
        counts[_known(areas, path)].add(count)
    places = [
        Place(one, areas.get(path[:-SEGMENT]), counts.get(path, Count()))
        for path, one in areas.items()
        if one.level == Level.GRID or path in counts
    ]
    places.sort(key=lambda place: place.area.code)
    if sort in SORTS[1:]:
        places.sort(key=lambda place: -getattr(place.count, sort))
    return places


def _known(areas: Mapping[str, Area], path: str) -> str:
    """A case of a micro-grid is its grid's."""
    while path and (path not in areas or areas[path].level == Level.MICROGRID):
        path = path[:-SEGMENT]
    return path


def _alerts(chosen: Sequence[_Marked], areas: Mapping[str, Area]) -> list[Alert]:
    """The most severe first, among these the oldest."""
    cases = Case.objects.select_related("condition__subclass").in_bulk([one.key for one in chosen])
    return [
        Alert(cases[one.key], areas.get(_known(areas, cases[one.key].scope_path)), one.marks, one.since)
        for one in chosen
        if one.key in cases
    ]
