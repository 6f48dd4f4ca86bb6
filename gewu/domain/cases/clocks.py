"""How long each step may take, and what starts, stops and pauses its clock (rules.md 3).

A `Board` is the running clocks of one case during one act. The moves of the workflow table speak to it in words:
`start:X`, `stop:X`, `drop:X`, `pause`, `resume`, `freeze`, `thaw`, `done:promise`, `undone:promise`. It changes
`Clock` rows in memory and says which to write; `finished` is the ledger of what ended, for journal and figures.

The promise clock runs from accept to the *report done* that was verified. So `done` only stops its hands (the deadline
stays), `undone` lets them go on as if they never stopped, and `stop` after verifying judges by the hour of the report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeGuard

from gewu.core import worktime
from gewu.core.worktime import Limit, WorkCalendar
from gewu.domain.cases import by_day
from gewu.domain.cases.rounds import Round, present_round
from gewu.domain.catalogue.rules import promise_limit
from gewu.domain.people.queries import day_after

if TYPE_CHECKING:
    from gewu.domain.cases.models import Case, Clock

PROMISE, ACCEPT, CONTACT, DISPATCH = "promise", "accept", "contact", "dispatch"
STAGE, VERIFY, CONFIRM = "stage", "verify", "confirm"

ACCEPT_EMERGENCY = Limit.parse("U15min")
LIMITS = {
    ACCEPT: Limit.parse("W2h"),
    CONTACT: Limit.parse("W4h"),
    DISPATCH: Limit.parse("W2h"),
    VERIFY: Limit.parse("W1d"),
    CONFIRM: Limit.parse("W5d"),
}
LADDER = {"G": Limit.parse("W1d"), "V": Limit.parse("W3d"), "S": Limit.parse("W5d"), "D": Limit.parse("W15d")}
ARRIVAL = Limit.parse("W4h")
ARRIVAL_EMERGENCY = Limit.parse("U1h")
HEARING = Limit.parse("W1d")
ANSWER = Limit.parse("W5d")  # a question to the reporter holds the clocks no longer than this

# Clocks that measure the holder's work; the others go on while a case waits or its reporter is asked.
PAUSING = frozenset({PROMISE, STAGE})
# Clocks that an act of the reporter starts or lets go on: of a confidential case their deadlines tell its hour.
TELLING = frozenset({ACCEPT, PROMISE, STAGE})
# Shares of countable time at which a clock warns; the last one is overdue.
SHARES = (0.5, 0.8, 1.0)
# Stands for "no deadline runs". Not NULL, which the two stores sort to different ends of a queue.
NOTHING_DUE = datetime(2200, 1, 1, tzinfo=UTC)
YELLOW, RED, OVERDUE = 1, 2, 3
WARNINGS = {YELLOW: "yellow", RED: "red", OVERDUE: "overdue"}


def arrival(case: Case) -> Limit:
    """By when a unit that is called has to be there."""
    return ARRIVAL_EMERGENCY if case.emergency else ARRIVAL


def first_word_by(accepted_by: datetime, calendar: WorkCalendar) -> datetime:
    """By when a reporter hears from somebody at the latest, told before the report is accepted: the clock of the first
    contact begins with accepting."""
    return worktime.deadline(accepted_by, LIMITS[CONTACT], calendar).at


@dataclass(frozen=True)
class Finished:
    """One clock that ended: countable and wall seconds, in time or not (None: no judgement)."""

    kind: str
    level: str
    unit: str
    seconds: int
    wall: int
    in_time: bool | None


@dataclass
class Board:
    """The clocks of one case in one act."""

    case: Case
    calendar: WorkCalendar
    now: datetime
    running: dict[str, Clock]
    changed: dict[str, Clock] = field(default_factory=dict)
    finished: list[Finished] = field(default_factory=list)
    written: list[Clock] = field(default_factory=list)  # changed rows that are no longer running

    def obey(self, words: Iterable[str]) -> None:
        """Do what a row of the workflow table says to the clocks."""
        for word in words:
            verb, _, kind = word.partition(":")
            if verb == "start":
                self.start(kind)
            elif verb == "stop":
                self.stop(kind)
            elif verb == "drop":
                self.drop(kind)
            elif verb == "pause":
                self.pause()
            elif verb == "resume":
                self.resume()
            elif verb == "freeze":
                self._hold(self.running)
            elif verb == "thaw":
                self.thaw()
            elif verb == "done":
                self.hold_hands(kind)
            elif verb == "undone":
                self.let_go(kind)
            else:
                raise ValueError(f"unknown clock word {word!r}")

    def start(self, kind: str) -> None:
        """Begin a clock; without a limit there is none (a category without a promise). A running one is replaced.

        A clock that pauses begins paused in a case that waits or whose reporter is asked.
        """
        if kind in self.running:
            self.drop(kind)
        limit = self._limit(kind)
        if limit is None:
            return
        limit_kind, amount = limit
        clock = self._new(kind, limit_kind, amount)
        self.running[kind] = clock
        self._set(clock)
        if kind in PAUSING and self._held():
            self._hold([kind])

    def stop(self, kind: str) -> None:
        """End a clock and judge it. The promise is judged by the hour of the verified report."""
        clock = self.running.pop(kind, None)
        if clock is None:
            return
        at = self.case.done_at if kind == PROMISE and self.case.done_at else self.now
        used = self._used(clock, at)
        self._end(clock, used, at, in_time=used <= clock.limit_seconds)

    def drop(self, kind: str) -> None:
        """End one clock, or `all`, without a judgement."""
        for name in list(self.running) if kind == "all" else [kind]:
            clock = self.running.pop(name, None)
            if clock is not None:
                self._end(clock, self._used(clock, self.now), self.now, in_time=None)

    def book_to(self, level: str) -> None:
        """What was spent here was not this level's to spend: the words of these clocks name the one that sent it."""
        for kind in {STAGE, DISPATCH} & self.running.keys():
            self.running[kind].level = level

    def pause(self) -> None:
        """Hold the clocks that measure the holder's work."""
        self._hold(PAUSING & self.running.keys())

    def resume(self) -> None:
        """Let paused clocks run on from here, unless the case still waits or its reporter is still asked."""
        if not self._held():
            self._go_on(PAUSING & self.running.keys())

    def thaw(self) -> None:
        """A joined case is on its own again: all clocks go on, those of the holder's work unless they are held anew."""
        self._go_on(self.running.keys() - PAUSING)
        self.resume()

    def _held(self) -> bool:
        return self.case.state == "waiting" or self.case.asked_at is not None

    def _hold(self, kinds: Iterable[str]) -> None:
        for kind in kinds:
            clock = self.running[kind]
            if clock.paused_at is None:
                clock.counted = self._used(clock, self.now)
                clock.paused_at, clock.due_at, clock.next_at = self.now, None, None
                self.changed[kind] = clock

    def _go_on(self, kinds: Iterable[str]) -> None:
        for kind in kinds:
            clock = self.running[kind]
            if clock.paused_at is not None and clock.due_at is None:
                clock.paused_at, clock.resumed_at = None, self.now
                self._set(clock)

    def hold_hands(self, kind: str) -> None:
        """Stop warning while a report waits to be verified; the deadline stands."""
        clock = self.running.get(kind)
        if clock is not None:
            clock.paused_at, clock.next_at = self.now, None
            self.changed[kind] = clock

    def let_go(self, kind: str) -> None:
        """The report was not verified: the clock never stopped."""
        clock = self.running.get(kind)
        if clock is not None and clock.due_at is not None:
            clock.paused_at = None
            self._set(clock)

    def extend_promise(self, seconds: int) -> None:
        """Grant more countable time; a warning given before stays given. A stage cut short by the promise grows too."""
        promise = self.running[PROMISE]
        promise.limit_seconds += seconds
        self._again(promise)
        self._bind_stage(anew=False)

    def recategorise(self) -> None:
        """A changed category: the same clocks from the same start under the new limits. The promise never restarts.

        More time that was granted stays granted: as much again as the limit. What is left of the promise bounds the
        holder's stage. What another system has promised follows no category.
        """
        if accept := self.running.get(ACCEPT):
            self._relimit(accept, *self._limit_of(ACCEPT))
            return
        limit, promise = promise_of(self.case), self.running.get(PROMISE)
        if promise is not None and self._promised_elsewhere(promise.started_at):
            return
        if limit is None:
            self.drop(PROMISE)
        elif promise is not None:
            self._relimit(promise, limit.kind, self._granted(limit))
        else:
            self._catch_up(PROMISE, limit, present_round(self.case, self.now))
        self._bind_stage(anew=True)

    def _granted(self, limit: Limit) -> int:
        """The countable seconds of a promise of this round, with more time if it was granted (`extend_promise`)."""
        seconds = seconds_of(limit, self.calendar)
        return 2 * seconds if self.case.extension == "granted" else seconds

    def _catch_up(self, kind: str, limit: Limit, since: Round) -> None:
        """Begin a clock as if it had run since the beginning of the round."""
        clock = self._new(kind, limit.kind, self._granted(limit))
        clock.started_at, clock.counted = since.began_at, since.counted(limit.kind, self.calendar)
        self.running[kind] = clock
        self._set(clock)
        if self._held():
            self._hold([kind])

    def _bind_stage(self, *, anew: bool) -> None:
        """The promise has changed: the stage is again the smaller of the ladder's default and what is left of it."""
        stage, promise = self.running.get(STAGE), self.running.get(PROMISE)
        if stage is None:
            return
        ladder = LADDER[stage.level].kind
        left = max(0, self._ladder_seconds(stage.level) - self._counted_in(stage, ladder))
        kind, left = self._smaller(left, promise) if self._binds(promise) else (ladder, left)
        self._relimit(stage, kind, self._counted_in(stage, kind) + left, anew=anew)

    def _relimit(self, clock: Clock, kind: worktime.Kind, seconds: int, *, anew: bool = True) -> None:
        """The same clock from the same start under another limit; `anew`: a warning that is not due yet comes again."""
        clock.counted, clock.resumed_at = self._counted_in(clock, kind), self.now
        clock.limit_kind, clock.limit_seconds = kind, seconds
        if anew:
            clock.warned = min(clock.warned, self._reached(clock))
        self._again(clock)

    def turn_confidential(self) -> None:
        """The case hides the hours of its reporter from now on: warnings that are still to come wait for their day."""
        for clock in self.running.values():
            if clock.next_at is not None:
                self._next(clock)
                self.changed[clock.kind] = clock

    def recompute(self) -> None:
        """The calendar changed: the same clocks, their deadlines counted anew."""
        for clock in self.running.values():
            if clock.due_at is not None:
                self._set(clock) if clock.paused_at is None else self._set_quietly(clock)

    def next_to_warn(self) -> Clock | None:
        """The running clock whose warning has been due longest, if any; of two at one moment always the same."""
        due = [(at, kind) for kind, clock in self.running.items() if (at := clock.next_at) and at <= self.now]
        return self.running[min(due)[1]] if due else None

    def warn(self, clock: Clock) -> int:
        """Raise a clock's warning to what is due by now and set the next one; returns the warning."""
        clock.warned = self._reached(clock) or clock.warned
        self._next(clock)
        self.changed[clock.kind] = clock
        return clock.warned

    def _reached(self, clock: Clock) -> int:
        """The warning that is due by what the clock has used."""
        used = self._used(clock, self.now)
        reached = (place for place, share in enumerate(SHARES, 1) if used >= int(clock.limit_seconds * share))
        return max(reached, default=0)

    def earliest(self) -> datetime:
        """The next deadline of the case: what its queue is sorted by; of a confidential one its day."""
        due = min((clock.due_at for clock in self.running.values() if clock.due_at), default=None)
        return NOTHING_DUE if due is None else by_day.as_told(self.case, due)

    def is_overdue(self) -> bool:
        """A running clock of the holder's work has run out: the reason for the mark."""
        return any(self.running[kind].warned >= OVERDUE for kind in PAUSING & self.running.keys())

    def is_late(self) -> bool:
        """The promise is broken and still open: what figures count as overdue."""
        promise = self.running.get(PROMISE)
        return self.case.is_open and promise is not None and promise.warned >= OVERDUE

    def _limit(self, kind: str) -> tuple[worktime.Kind, int] | None:
        if kind == PROMISE:
            return self._promise()
        if kind == STAGE:
            return self._stage_limit()
        return self._limit_of(kind)

    def _limit_of(self, kind: str) -> tuple[worktime.Kind, int]:
        """The limit of a clock that is neither the promise nor the holder's stage."""
        limit = ACCEPT_EMERGENCY if kind == ACCEPT and self.case.emergency else LIMITS[kind]
        return limit.kind, seconds_of(limit, self.calendar)

    def _promise(self) -> tuple[worktime.Kind, int] | None:
        """What the other system has promised, by the clock on the wall; else the limit of the condition."""
        if given := self._promised_elsewhere(self.now):
            return "U", max(0, int((given - self.now).total_seconds()))
        limit = promise_of(self.case)
        return (limit.kind, seconds_of(limit, self.calendar)) if limit else None

    def _promised_elsewhere(self, began: datetime) -> datetime | None:
        """The moment that another system has promised, if it binds a round that began then.

        Once it has passed it binds no work that begins anew, only a case that is taken late.
        """
        given = self.case.promised_at
        return given if given is not None and (given > began or self.case.accepted_at == began) else None

    def _stage_limit(self) -> tuple[worktime.Kind, int]:
        """The smaller of the ladder's default and what is left of the promise, by the hour at which they end."""
        level, promise = self.case.level, self.running.get(PROMISE)
        if self._binds(promise):
            return self._smaller(self._ladder_seconds(level), promise)
        return LADDER[level].kind, self._ladder_seconds(level)

    def _binds(self, promise: Clock | None) -> TypeGuard[Clock]:
        """There is a promise, and it is not broken yet; once it is the holder still has a stage, the ladder's own."""
        return promise is not None and self._left(promise)[1] > 0

    def _smaller(self, ladder: int, promise: Clock) -> tuple[worktime.Kind, int]:
        kind, left = self._left(promise)
        by_ladder = worktime.add(self.now, "W", timedelta(seconds=ladder), self.calendar)
        by_promise = worktime.add(self.now, kind, timedelta(seconds=max(0, left)), self.calendar)
        return ("W", ladder) if by_ladder <= by_promise else (kind, max(0, left))

    def _ladder_seconds(self, level: str) -> int:
        return seconds_of(LADDER[level], self.calendar)

    def _left(self, clock: Clock) -> tuple[worktime.Kind, int]:
        return clock.limit_kind, clock.limit_seconds - self._used(clock, self.now)

    def _new(self, kind: str, limit_kind: worktime.Kind, amount: int) -> Clock:
        from gewu.domain.cases.models import Clock

        case = self.case
        return Clock(
            case=case, kind=kind, level=case.level, holder_post=case.holder_post_id, holder_unit=case.holder_unit_id,
            limit_kind=limit_kind, limit_seconds=amount, started_at=self.now, resumed_at=self.now,
        )  # fmt: skip

    def _set(self, clock: Clock) -> None:
        left = timedelta(seconds=max(0, clock.limit_seconds - clock.counted))
        due = worktime.due(clock.resumed_at, clock.limit_kind, left, self.calendar)
        clock.due_at, clock.provisional = due.at, due.provisional
        self._next(clock)
        self.changed[clock.kind] = clock

    def _set_quietly(self, clock: Clock) -> None:
        self._set(clock)
        clock.next_at = None

    def _next(self, clock: Clock) -> None:
        clock.next_at = None
        if clock.warned < OVERDUE and clock.due_at is not None:
            share = int(clock.limit_seconds * SHARES[clock.warned])
            left = timedelta(seconds=max(0, share - clock.counted))
            at = worktime.add(clock.resumed_at, clock.limit_kind, left, self.calendar)
            clock.next_at = day_after(at) if self._waits_for_the_day(clock) else at

    def _waits_for_the_day(self, clock: Clock) -> bool:
        """A warning at its moment would tell when the reporter acted. In an emergency it comes all the same."""
        return clock.kind in TELLING and by_day.hides_hours(self.case) and not self.case.emergency

    def _used(self, clock: Clock, at: datetime) -> int:
        if clock.paused_at is not None and clock.due_at is None:
            return clock.counted
        passed = worktime.elapsed(clock.resumed_at, at, clock.limit_kind, self.calendar)
        return clock.counted + int(passed.total_seconds())

    def _counted_in(self, clock: Clock, kind: worktime.Kind) -> int:
        """What the clock has counted, in time of another kind: of all such time the share that it really ran."""
        used = self._used(clock, self.now)
        if clock.limit_kind == kind:
            return used
        end = clock.paused_at or self.now
        whole = worktime.elapsed(clock.started_at, end, clock.limit_kind, self.calendar).total_seconds()
        other = worktime.elapsed(clock.started_at, end, kind, self.calendar).total_seconds()
        return int(other * min(1.0, used / whole)) if whole else int(other)

    def _again(self, clock: Clock) -> None:
        """A clock with another limit: its deadline anew, unless it is paused and has none."""
        if clock.paused_at is None:
            self._set(clock)
        else:
            self.changed[clock.kind] = clock

    def _end(self, clock: Clock, used: int, at: datetime, *, in_time: bool | None) -> None:
        clock.counted, clock.stopped_at, clock.next_at = used, at, None
        self.changed.pop(clock.kind, None)
        self.written.append(clock)
        unit = clock.holder_unit.hex if clock.holder_unit else ""
        wall = int((at - clock.started_at).total_seconds())
        self.finished.append(Finished(clock.kind, clock.level, unit, used, wall, in_time))


def seconds_of(limit: Limit, calendar: WorkCalendar) -> int:
    """Countable seconds a limit grants."""
    return int(limit.countable(calendar).total_seconds())


def promise_of(case: Case) -> Limit | None:
    """The promise of the case's filing condition, if it makes one."""
    return promise_limit(case.condition)
