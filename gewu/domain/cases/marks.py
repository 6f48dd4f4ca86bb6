"""What is about to go wrong with an open case: one definition for the queue's filter and the command screen.

A mark never replaces the state. A case may carry several; lists show all of them and sort by the most severe. Clocks
are judged by their last warning, so that a number changes only when something happened, never between two looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from gewu.core import levels
from gewu.core.errors import NotFound
from gewu.domain.cases.clocks import CONFIRM, OVERDUE, PROMISE, RED, YELLOW
from gewu.domain.cases.models import Clock, Stage
from gewu.domain.cases.rules import RETURNS_TO_DECIDE
from gewu.domain.journal.models import Entry


@dataclass(frozen=True)
class Mark:
    """`rows` is the condition on open cases; `since` the field that says since when."""

    code: str
    name: Any
    severity: int
    rows: Callable[[], Q]
    since: str


def _running() -> Any:
    """Clocks that count and that the staff must keep: the reporter's time to answer is not one of them."""
    counting = Clock.objects.filter(case=OuterRef("pk"), stopped_at=None, due_at__isnull=False)
    return counting.exclude(kind=CONFIRM)


def _warned(least: int) -> Q:
    return Q(Exists(_running().filter(warned__gte=least)))


def _overdue() -> Q:
    return Q(overdue_at__isnull=False)


def _late() -> Q:
    """Acceptance, first contact, dispatch or checking is over its limit; the promise itself still holds."""
    return Q(overdue_at=None) & _warned(OVERDUE)


def _red() -> Q:
    return Q(overdue_at=None) & _warned(RED) & ~_warned(OVERDUE)


def _yellow() -> Q:
    return Q(overdue_at=None) & _warned(YELLOW) & ~_warned(RED)


def _calm() -> Q:
    return Q(overdue_at=None) & Q(Exists(_running())) & ~_warned(YELLOW)


def _resting() -> Q:
    """No clock counts: on hold, the reporter is being asked, or nothing was promised."""
    return Q(overdue_at=None) & ~Q(Exists(_running()))


def _broken() -> Q:
    """The promise has run out, also where it stands still now (`clocks.Board.is_late`)."""
    promise = Clock.objects.filter(case=OuterRef("pk"), kind=PROMISE, stopped_at=None, warned__gte=OVERDUE)
    return Q(Exists(promise))


def _second_person() -> Q:
    """Somebody else must decide before it goes on: more time, an appeal, or after two returns."""
    return Q(extension="asked") | Q(appeal="asked") | Q(returns__gte=RETURNS_TO_DECIDE)


def _told(kind: str, since: str) -> Q:
    """`timers.find_still` has noted it, and nothing has happened since."""
    notes = Entry.objects.annotate(facts=Cast("data", TextField())).filter(
        subject_kind="case",
        subject_id=OuterRef("pk"),
        subject_version=None,  # such notes change nothing; with this the index finds them among the acts
        kind="case.stuck",
        at__gte=OuterRef(since),
        facts__contains=f'"kind":"{kind}"',
    )
    return Q(Exists(notes))


OVERDUE_MARK, LATE_MARK, RED_MARK = "overdue", "late", "red"
ALERTS: dict[str, Mark] = {
    mark.code: mark
    for mark in (
        Mark(OVERDUE_MARK, pgettext_lazy("mark", "Overdue"), 4, _overdue, "overdue_at"),
        Mark(LATE_MARK, pgettext_lazy("mark", "A step is late"), 3, _late, "touched_at"),
        Mark(RED_MARK, pgettext_lazy("mark", "Soon due"), 2, _red, "touched_at"),
        Mark("second", pgettext_lazy("mark", "Waits for a second person"), 2, _second_person, "touched_at"),
        Mark("stuck", pgettext_lazy("mark", "Stuck"), 1, lambda: _told("stuck", "moved_at"), "moved_at"),
        Mark(
            "untouched",
            pgettext_lazy("mark", "Untouched"),
            1,
            lambda: _told("untouched", "touched_at"),
            "touched_at",
        ),
    )
}
# Every open case stands in exactly one of these: where its clocks are.
CLOCKS: dict[str, Mark] = {
    mark.code: mark
    for mark in (
        Mark("calm", pgettext_lazy("clock", "In time"), 0, _calm, "moved_at"),
        Mark("yellow", pgettext_lazy("clock", "Half used"), 0, _yellow, "moved_at"),
        ALERTS[RED_MARK],
        ALERTS[LATE_MARK],
        ALERTS[OVERDUE_MARK],
        Mark("resting", pgettext_lazy("clock", "No clock runs"), 0, _resting, "moved_at"),
    )
}
KEPT = Mark("kept", pgettext_lazy("mark", "Not overdue"), 0, lambda: Q(overdue_at=None), "moved_at")
# What figures count as overdue: "overdue" is also what a level has kept too long.
BROKEN = Mark("broken", pgettext_lazy("mark", "Promise broken"), 0, _broken, "overdue_at")
MARKS: dict[str, Mark] = {**ALERTS, **CLOCKS, KEPT.code: KEPT, BROKEN.code: BROKEN}


def moved(way: str, since: date | None, until: date | None) -> Q:
    """ "G:up", "V:down", "G:S": a stretch of the time ledger that began on another level than the one it came from."""
    level, _sep, to = way.partition(":")
    reached = [to] if to in levels.LADDER else [one for one in levels.LADDER if _leads(level, to, one)]
    if level not in levels.LADDER or to == level or not (reached or to in {"up", "down"}):
        raise NotFound
    came = Stage.objects.filter(case=OuterRef("pk"), sent_from_level=level, level__in=reached)
    return Q(Exists(came.filter(on_days("began_at", since, until))))


def _leads(level: str, way: str, to: str) -> bool:
    if level not in levels.LADDER or way not in {"up", "down"} or to == level:
        return False
    return levels.is_higher(to, than=level) == (way == "up")


def on_days(field: str, since: date | None, until: date | None) -> Q:
    """Local days, the last one included, as a condition on a moment."""
    zone, found = timezone.get_default_timezone(), Q()
    if since:
        found &= Q(**{f"{field}__gte": datetime.combine(since, time(), zone)})
    if until:
        found &= Q(**{f"{field}__lt": datetime.combine(until + timedelta(days=1), time(), zone)})
    return found
