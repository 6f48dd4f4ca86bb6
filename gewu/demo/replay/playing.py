"""What both replays have in common: who plays which move, and what is remembered for the checks at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gewu.core import chance, levels
from gewu.core.errors import Broken
from gewu.core.worktime import WorkCalendar
from gewu.demo import posts
from gewu.demo.course import Course
from gewu.demo.posts import WORDS, Cast, Turn
from gewu.domain.access.actor import Actor
from gewu.domain.cases.actions import Reported, ReportInput, report
from gewu.domain.cases.models import Case
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.place import queries as place
from gewu.domain.statements import TEXT, Prepared, Slot

_PLAYED = Prepared(lambda: Case.objects.select_related("department").filter(number=Slot("number", TEXT)))
LOOKS_EVERY = timedelta(minutes=10)
RECEIPT_OF_EACH = 50


@dataclass
class Tally:
    """What was promised to somebody outside: numbers, some receipts, deadlines; and how places agree."""

    acknowledged: list[str] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    promised: dict[str, datetime] = field(default_factory=dict)
    compared: int = 0
    agreed: int = 0


class Playing:
    """One replay under way."""

    def __init__(self, course: Course, seed: int, end: datetime) -> None:
        self.course, self.end, self.tally = course, end, Tally()
        # A stream of its own: how often a store draws an id must not change who does what.
        with chance.seeded(f"posts {seed}") as rng:
            self.rng = rng
        self.cast = Cast(course.hands.now(), self.rng)
        self.calendar: WorkCalendar = place.calendar()

    def report(self, given: ReportInput, actor: Actor, now: datetime) -> Case | None:
        """Take it in and remember what the reporter was given."""
        made: list[Reported] = []
        if not self.course.attempt("report", lambda: made.append(report(given, actor=actor, now=now))):
            return None
        case = made[0].case
        if len(self.tally.acknowledged) % RECEIPT_OF_EACH == 0:
            self.tally.secrets[case.number] = made[0].secret
        self.tally.acknowledged.append(case.number)
        return case

    def play(self, turn: Turn, number: str, now: datetime) -> Case | None:
        """One move; None when the program refused it, which is counted."""
        done: list[Case] = []
        self.course.attempt(turn.move, lambda: done.append(posts.play(turn, number, now=now)))
        return done[0] if done else None

    def hold(self, case: Case, now: datetime) -> Case | None:
        """Name the holder on the case's level and let it start."""
        named = self.cast.holders_for(case)
        assigned = self.play(Turn("assign", self.cast.triage(case).actor, {"to": named[0]}), case.number, now)
        holder = self.cast.holder(assigned) if assigned else None
        return self.play(Turn("start", holder.actor), case.number, now) if holder else None

    def climb(self, case: Case, reaches: str, until: datetime, now: datetime) -> None:
        """Hand-ups between now and `until`, evenly spread."""
        steps = max(0, levels.LADDER.index(reaches) - levels.LADDER.index(case.level))
        for step in range(1, steps + 1):
            moment = now + (until - now) * step / (steps + 2)
            self.course.at(moment, self._for(case.number, self.hand_up))

    def hand_up(self, number: str, now: datetime) -> None:
        """The holder cannot; the next level names its own."""
        case = self.case(number)
        holder = self.cast.holder(case)
        given = {"reason": self.rng.choice(("no_power", "no_means")), "text": WORDS["hand_up"]}
        if holder and (up := self.play(Turn("hand_up", holder.actor, given), number, now)):
            self.hold(up, now)

    def close(self, number: str, closing: str, now: datetime, *, text: str = WORDS["done"]) -> Case | None:
        """Done, and verified by somebody else."""
        case = self.case(number)
        holder = self.cast.holder(case) or self.cast.triage(case)
        given = {"closing": closing, "closing_met": True, "text": text}
        done = self.play(Turn("report_done", holder.actor, given), number, now)
        if done is None:
            return None
        seat = self.cast.triage(done, but=done.done_by)
        return self.play(Turn("verify", seat.actor), number, now)

    def case(self, number: str) -> Case:
        found = _PLAYED.first(number=number)
        if found is None:
            raise Broken(f"Case {number} was taken in before, and is gone.")
        found.condition = catalogue.content_of(found.condition_id)
        return found

    def _for(self, number: str, what: Callable[[str, datetime], object]) -> Callable[[datetime], None]:
        def happens(now: datetime) -> None:
            what(number, now)

        return happens
