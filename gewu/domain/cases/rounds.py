"""A round of a promise: since when it runs, and which of the time since then counts.

A round begins with *accept*, *refuse* or *reopen*, whatever category the case has at that moment. A category without a
limit keeps no clock; a limit that is found later still counts from there. What ran meanwhile stands in the journal: a
promise pauses while the case waits, while its reporter is asked, and while it is joined with another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gewu.core import worktime
from gewu.core.worktime import WorkCalendar
from gewu.domain.cases.workflow import CLOSED, OPEN, WAITING
from gewu.domain.journal.queries import history

if TYPE_CHECKING:
    from gewu.domain.cases.models import Case
    from gewu.domain.journal.models import Entry

BEGINS = frozenset({"case.accept", "case.refuse", "case.reopen"})
_SETTLES_QUESTION = frozenset({"case.report_done", "case.take_over"})


@dataclass(frozen=True)
class Round:
    """When a promise began, and the stretches since then in which it ran."""

    began_at: datetime
    ran: Sequence[tuple[datetime, datetime]]

    def counted(self, kind: worktime.Kind, calendar: WorkCalendar) -> int:
        """The seconds of this kind of time that passed while it ran."""
        passed = (worktime.elapsed(since, until, kind, calendar) for since, until in self.ran)
        return int(sum(passed, timedelta()).total_seconds())


def present_round(case: Case, now: datetime) -> Round:
    """The round that an accepted case is in."""
    reading = _Reading()
    for entry in history(("case", case.pk)):
        if "to" in entry.data:
            reading.read(entry)
    return reading.until(now)


@dataclass
class _Reading:
    """The acts on one case, read one after the other."""

    asked: bool = False
    began_at: datetime | None = None
    since: datetime | None = None  # it runs
    ran: list[tuple[datetime, datetime]] = field(default_factory=list)

    def read(self, entry: Entry) -> None:
        self._question(entry)
        if entry.kind in BEGINS:
            self.began_at, self.since, self.ran = entry.at, None, []
        runs = entry.data["to"] in OPEN - {WAITING} and not self.asked
        if runs and self.since is None and self.began_at is not None:
            self.since = entry.at
        elif not runs:
            self._hold(entry.at)

    def until(self, now: datetime) -> Round:
        self._hold(now)
        if self.began_at is None:
            raise ValueError("a case that was never accepted promises nothing")
        return Round(self.began_at, self.ran)

    def _question(self, entry: Entry) -> None:
        answered = entry.kind == "case.answer" and entry.actor_kind != "staff"
        ended = entry.data["to"] == CLOSED and entry.kind != "case.merge"
        if entry.kind == "case.ask_reporter":
            self.asked = True
        elif answered or ended or entry.kind in _SETTLES_QUESTION:
            self.asked = False

    def _hold(self, at: datetime) -> None:
        if self.since is not None:
            self.ran.append((self.since, at))
            self.since = None
