"""What one journal entry adds to the figures. The one definition of every count.

The actions call it when they record; `proof` calls it again over the whole journal. So a stored sum can be proved: it
grew piece by piece, and is compared with what the same definition gives from the sealed history.

An entry speaks in the keys of `cases.facts`; a missing key means that nothing changed. Counts go to the unit and level
that earned them: coming to hold is counted where the case arrives, giving it away where it left.

    stage            words "kind:level:seconds:wall:in_time", one for each clock that ended in this act (in_time
                     1, 0, or -1 for no judgement); after a wrong address stage and dispatch name the sender's level
    late_from, late  whether the promise was and is broken and still open
    grid_from        where the case lay, if this act moved it
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from gewu.domain.figures import indicators as of
from gewu.domain.figures.rows import DeltaRow, DurationRow

LOWEST = "G"
OPEN_STATES = frozenset({"submitted", "accepted", "assigned", "handling", "waiting", "handled"})
LADDER_MOVES = frozenset({"hand_up", "hand_back", "transfer", "whistle", "take_over", "refuse", "reopen"})
COMES_TO_HOLD = frozenset({"assign", "transfer", "whistle", "take_over", "decide_holder"})
_EARLIER_UNIT = frozenset({"hand_up", "hand_back", "transfer"})  # counted where the case left
_SIMPLE = {
    "accept": of.ACCEPTED,
    "decline": of.DECLINED,
    "assign": of.ASSIGNED,
    "hand_up": of.HANDED_UP,
    "hand_back": of.HANDED_BACK,
    "transfer": of.TRANSFERRED,
    "report_done": of.DONE,
    "verify": of.VERIFIED,
    "rework": of.REWORKED,
    "refuse": of.REFUSED,
    "reopen": of.REOPENED,
    "pause": of.PAUSED,
    "joined": of.JOINED,
}
_RETURNS = frozenset({"hand_back", "transfer"})
_ON_A_LEVEL = frozenset({"stage", "dispatch"})
_CLOCKS = {
    "contact": (of.FIRST_CONTACT_IN_TIME, of.FIRST_CONTACT_LATE),
    "promise": (of.DONE_IN_TIME, of.DONE_LATE),
}


class Told(Protocol):
    """What is needed of a journal entry."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def scope_path(self) -> str: ...
    @property
    def subject_kind(self) -> str: ...
    @property
    def subject_id(self) -> UUID: ...
    @property
    def data(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Word:
    """One clock that ended, as the journal tells it."""

    kind: str
    level: str
    seconds: int
    wall: int
    in_time: bool | None

    @classmethod
    def parse(cls, word: str) -> Word:
        kind, level, seconds, wall, in_time = word.split(":")
        return cls(kind, level, int(seconds), int(wall), None if in_time == "-1" else in_time == "1")


def local_day(at: datetime) -> date:
    """The day of `at` where the installation lies."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def deltas_of(entry: Told) -> list[DeltaRow]:
    """Everything `entry` adds to the figures; nothing for entries that are not about a case."""
    return list(_Reading(entry).deltas()) if entry.subject_kind == "case" else []


def durations_of(entry: Told) -> list[DurationRow]:
    """The clocks that ended with `entry`."""
    return list(_Reading(entry).durations()) if entry.subject_kind == "case" else []


def exempted(entries: Iterable[Told]) -> list[dict[str, str]]:
    """What an accepted appeal takes out of the figures: each broken promise these entries counted, under its own key.

    It stands in the entry of the appeal, so that the journal alone still gives the figures; the entries before stay.
    """
    rows = (row for entry in entries for row in deltas_of(entry))
    return [
        {
            "day": row.day.isoformat(), "grid": row.grid_path, "unit": row.unit_id, "condition": row.condition_code,
            "level": row.level, "source": row.source, "indicator": row.indicator,
        }
        for row in rows
        if row.indicator in of.EXEMPT
    ]  # fmt: skip


def _taken_back(word: Mapping[str, str]) -> DeltaRow:
    """One of these, counted off on the day and under the key on which it was counted."""
    return DeltaRow(
        day=date.fromisoformat(word["day"]), grid_path=word["grid"], unit_id=word["unit"],
        condition_code=word["condition"], level=word["level"], source=word["source"],
        indicator=of.EXEMPT[word["indicator"]], amount=1,
    )  # fmt: skip


class _Reading:
    """One entry being read."""

    def __init__(self, entry: Told) -> None:
        data: Mapping[str, Any] = entry.data
        self.data = data
        self.move = str(data.get("move") or entry.kind.removeprefix("case."))
        self.day = local_day(entry.at)
        self.grid = str(data.get("grid") or entry.scope_path)
        self.unit = str(data.get("unit") or "")
        self.before = str(data.get("from") or "")
        self.after = str(data.get("to") or self.before)
        self.level = str(data.get("level_to") or data.get("level") or "")
        self.level_before = str(data.get("level_from") or self.level)
        self.is_wrong_address = self.move in _RETURNS and data.get("reason") == "wrong_address"
        self.words = [Word.parse(word) for word in data.get("stage") or ()]

    def deltas(self) -> Iterator[DeltaRow]:
        yield from self._move()
        yield from self._closing()
        yield from self._opinion()
        yield from self._clocks()
        yield from self._alarms()
        yield from self._flow()
        yield from self._stocks()

    def durations(self) -> Iterator[DurationRow]:
        for word in self.words:
            yield DurationRow(
                kind=word.kind, level=word.level, unit_id=self._unit_charged(word), grid_path=self.grid,
                condition_code=self._condition(), day=self.day, seconds=word.seconds, wall=word.wall,
                in_time=word.in_time,
            )  # fmt: skip

    def _move(self) -> Iterator[DeltaRow]:
        simple = _SIMPLE.get(self.move)
        if self.move == "report" or (not self.before and self.after in OPEN_STATES):
            yield self._row(of.REPORTED)
        if simple and self.move in _EARLIER_UNIT:
            yield self._row(simple, level=self.level_before, unit=self._unit_before())
        elif simple:
            yield self._row(simple)
        if self.move in COMES_TO_HOLD and self.data.get("holder_to") != self.data.get("holder_from"):
            yield self._row(of.RECEIVED)
        if self.move == "whistle":
            for unit in self.data.get("units") or [self.unit]:
                yield self._row(of.WHISTLED, unit=unit)
        if self.move == "confirm_arrival":
            on_time = self.data.get("on_time", 1) != 0
            for unit in self.data.get("units") or [self.unit]:
                yield self._row(of.ARRIVED if on_time else of.ARRIVED_LATE, unit=unit)
        if self.move == "extend" and self.data.get("decision") in ("granted", "yes"):
            yield self._row(of.EXTENDED)
        if self.move == "appeal" and self.data.get("decision") in ("accepted", "yes"):
            yield self._row(of.APPEAL_OK)
            yield from map(_taken_back, self.data.get("exempt") or ())

    def _closing(self) -> Iterator[DeltaRow]:
        if self.after != "closed" or self.before == "closed":
            return
        closing = "void" if self.move == "void" else str(self.data.get("closing") or "")
        yield self._row(of.CLOSED)
        if closing in of.CLOSED_AS:
            yield self._row(of.CLOSED_AS[closing])
        if closing == "solved":
            yield from self._solved(str(self.data.get("handled_level") or self.level_before))
        if (confirmation := of.CONFIRMED_AS.get(str(self.data.get("confirmation") or ""))) is not None:
            yield self._row(confirmation)
        if (kept := self._promise_kept()) is not None:
            yield self._row(of.CLOSED_IN_TIME if kept else of.CLOSED_LATE)

    def _solved(self, level: str) -> Iterator[DeltaRow]:
        yield self._row(of.SOLVED_AT_LEVEL, level=level)
        if level == LOWEST:
            yield self._row(of.SOLVED_IN_GRID, level=level)

    def _promise_kept(self) -> bool | None:
        """Judged in this very act, or before it as the entry says."""
        now = [word.in_time for word in self.words if word.kind == "promise" and word.in_time is not None]
        return now[-1] if now else {1: True, 0: False}.get(self.data.get("on_time", -1))

    def _opinion(self) -> Iterator[DeltaRow]:
        rating = self.data.get("rating")
        if isinstance(rating, int) and rating in of.RATED:
            yield self._row(of.RATED[rating])

    def _clocks(self) -> Iterator[DeltaRow]:
        for word in self.words:
            codes = _CLOCKS.get(word.kind)
            if codes and word.in_time is not None:
                yield self._row(codes[0] if word.in_time else codes[1], unit=self._unit_before())
            if word.kind == "stage":
                unit = self._unit_charged(word)
                yield self._row(of.STAGE_ENDED, level=word.level, unit=unit)
                yield self._row(of.STAGE_SECONDS, word.seconds, level=word.level, unit=unit)

    def _alarms(self) -> Iterator[DeltaRow]:
        if self.move == "warned" and self.data.get("late") and not self.data.get("late_from"):
            yield self._row(of.OVERDUE_FIRED)
        if self.move == "stuck":
            yield self._row(of.UNTOUCHED if self.data.get("kind") == "untouched" else of.STUCK)

    def _flow(self) -> Iterator[DeltaRow]:
        if self.move in LADDER_MOVES and self.level_before and self.level:
            yield self._row(of.flow(self.level_before, self.level), level=self.level_before)

    def _stocks(self) -> Iterator[DeltaRow]:
        """Stocks follow place and level alone: unit and category may change without the entry saying from what."""
        yield from self._moved(of.OPEN, self.before in OPEN_STATES, self.after in OPEN_STATES)
        yield from self._moved(of.OVERDUE_OPEN, bool(self.data.get("late_from")), bool(self.data.get("late")))

    def _moved(self, code: str, was: bool, is_now: bool) -> Iterator[DeltaRow]:
        before = (self.level_before, str(self.data.get("grid_from") or self.grid))
        if was and is_now and before == (self.level, self.grid):
            return
        if was:
            yield self._stock(code, *before, -1)
        if is_now:
            yield self._stock(code, self.level, self.grid, 1)

    def _unit_before(self) -> str:
        """The unit that held the case until this act, as far as the entry says."""
        held = str(self.data.get("holder_from") or "")
        if held == str(self.data.get("holder_to") or ""):
            return self.unit
        return held.removeprefix("unit:") if held.startswith("unit:") else ""

    def _unit_charged(self, word: Word) -> str:
        """Whose time it was: of a case sent to the wrong address nobody's there; its level is the sender's already."""
        return "" if self.is_wrong_address and word.kind in _ON_A_LEVEL else self._unit_before()

    def _condition(self) -> str:
        return str(self.data.get("condition") or "")

    def _row(
        self, code: str, amount: int = 1, *, level: str | None = None, unit: str | None = None
    ) -> DeltaRow:
        return DeltaRow(
            day=self.day, grid_path=self.grid, unit_id=self.unit if unit is None else unit,
            condition_code=self._condition(), level=self.level if level is None else level,
            source=str(self.data.get("source") or ""), indicator=code, amount=amount,
        )  # fmt: skip

    def _stock(self, code: str, level: str, grid: str, amount: int) -> DeltaRow:
        return DeltaRow(
            day=self.day, grid_path=grid, unit_id="", condition_code="", level=level, source="", indicator=code,
            amount=amount,
        )  # fmt: skip
