"""What time does to a case, without anyone looking: warnings, overdue, wake-up, silence, stillness.

The worker calls `fire_due`. Each firing is an act of its own with its version and entry; a case that a person is
changing at that moment loses nothing: the conditional update refuses, and the next pass fires it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from gewu.core import worktime
from gewu.core.errors import Conflict, Refused
from gewu.domain import statements
from gewu.domain.access.actor import SYSTEM
from gewu.domain.cases import by_day, clocks
from gewu.domain.cases.actions import act
from gewu.domain.cases.actions.step import Step
from gewu.domain.cases.models import Case, Clock, Party
from gewu.domain.cases.workflow import HANDLED, MOVES, WAITING
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.figures import actions as figures
from gewu.domain.figures.derive import deltas_of
from gewu.domain.journal import actions as journal
from gewu.domain.journal.queries import history
from gewu.domain.place import queries as place
from gewu.domain.requests.work import unit_of_work
from gewu.domain.statements import ID, MOMENT, Prepared, Slot, Written

BATCH = 500
_TO_FIRE = Prepared(lambda: Case.objects.select_related("holder_post").filter(pk=Slot("case", ID)))
_WARNING = Prepared(
    lambda: (
        Clock.objects.filter(next_at__lte=Slot("now", MOMENT))
        .order_by("next_at", "case_id")
        .values_list("case_id", flat=True)[:BATCH]
    )
)
_CALLED = Party.objects.filter(relation="whistled", answered_at=None, until=None, missed_at=None)


def fire_due(now: datetime, *, limit: int = BATCH) -> int:
    """Everything that is due by `now`, oldest first; returns how many acts were done."""
    return sum(FIRES[kind](now, limit) for kind, moment in _moments().items() if moment <= now)


def next_due() -> datetime | None:
    """When the next thing of all cases is due; what a driven clock jumps to."""
    return min(_moments().values(), default=None)


def _moments() -> dict[str, datetime]:
    """When the first of each kind of `FIRES` is due: one look by four indexes, written once, since it is asked each
    second and, by a driven clock, between any two acts."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_OF_EACH)
        found = dict(zip(FIRES, cursor.fetchone(), strict=True))
    moments = {kind: _aware(moment) for kind, moment in found.items() if moment is not None}
    if "question" in moments:
        moments["question"] = worktime.deadline(moments["question"], clocks.ANSWER, place.calendar()).at
    return moments


def _aware(moment: datetime) -> datetime:
    """Plain SQL on SQLite gives moments without their zone, which is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _warn(now: datetime, limit: int) -> int:
    """Yellow, red, overdue: once each, to the right people (notify/table.py)."""
    due = _WARNING(now=now)[:limit]
    return sum(_attempt(_warn_case, case_id, now) for case_id in dict.fromkeys(due))


def _warn_case(case: Case, now: datetime) -> None:
    step = Step(case, "case.warned", SYSTEM, now)
    clock = step.board.next_to_warn()
    if clock is None:
        return
    # One warning is one act; others that are due follow as acts of their own.
    reached = step.board.warn(clock)
    step.data |= {
        "clock": clock.kind, "warning": clocks.WARNINGS[reached], "level": clock.level,
        "provisional": int(clock.provisional),
    }  # fmt: skip
    if reached == clocks.OVERDUE and clock.kind in clocks.PAUSING and case.overdue_at is None:
        case.overdue_at = by_day.as_told(case, clock.due_at) if clock.due_at else None
    step.finish()


def _wake(now: datetime, limit: int) -> int:
    """Cases on hold whose day has come go on."""
    due = Case.objects.filter(is_open=True, state=WAITING, wakes_at__lte=now).order_by("wakes_at", "number")
    return sum(
        _attempt_move("resume", number, {}, now) for number in due.values_list("number", flat=True)[:limit]
    )


def _end_questions(now: datetime, limit: int) -> int:
    """A question nobody answered holds the clocks no longer than its term."""
    calendar = place.calendar()
    asked = Case.objects.filter(is_open=True, asked_at__isnull=False).order_by("asked_at", "number")
    late = [
        number
        for number, at in asked.values_list("number", "asked_at")[:limit]
        if at and worktime.deadline(at, clocks.ANSWER, calendar).at <= now
    ]
    words = {"text": _("No answer came in time. We go on with what we know.")}
    return sum(_attempt_move("answer", number, words, now) for number in late)


def _close_silent(now: datetime, limit: int) -> int:
    """Verified, asked, no answer: closed as unconfirmed."""
    silent = Clock.objects.filter(kind=clocks.CONFIRM, stopped_at=None, due_at__lte=now, case__state=HANDLED)
    numbers = silent.order_by("due_at", "case__number").values_list("case__number", flat=True)[:limit]
    return sum(_attempt_move("close", number, {}, now) for number in numbers)


def _note_absences(now: datetime, limit: int) -> int:
    """A unit that was called and has not confirmed its arrival within its limit: on the record, and told once."""
    due = _CALLED.filter(due_at__lte=now).order_by("due_at", "case__number").values_list("case_id", flat=True)
    return sum(_attempt(_note_absent, case_id, now) for case_id in dict.fromkeys(due[:limit]))


def _note_absent(case: Case, now: datetime) -> None:
    absent = list(_CALLED.filter(case=case, due_at__lte=now).order_by("due_at", "id"))
    for party in absent:
        party.missed_at = now
    if case.state not in MOVES["confirm_arrival"].frm:  # what they were called for is done
        for party in absent:
            statements.save(party)
        return
    step = Step(case, "case.absent", SYSTEM, now)
    step.saves += absent
    step.data["units"] = [party.unit_id.hex for party in absent if party.unit_id]
    step.finish()


FIRES = {
    "warning": _warn, "wake": _wake, "silence": _close_silent, "question": _end_questions, "arrival": _note_absences,
}  # fmt: skip
# State and kind are spelled out: with values put in, SQLite plans the statement anew each time, to see whether the
# partial indexes hold what is asked for.
FIRST_OF_EACH = Written(f"""SELECT
    (SELECT next_at FROM {Clock._meta.db_table} WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1),
    (SELECT wakes_at FROM {Case._meta.db_table}
        WHERE state = '{WAITING}' AND is_open AND wakes_at IS NOT NULL ORDER BY wakes_at LIMIT 1),
    (SELECT due_at FROM {Clock._meta.db_table}
        WHERE kind = '{clocks.CONFIRM}' AND stopped_at IS NULL AND due_at IS NOT NULL ORDER BY due_at LIMIT 1),
    (SELECT asked_at FROM {Case._meta.db_table}
        WHERE is_open AND asked_at IS NOT NULL ORDER BY asked_at LIMIT 1),
    (SELECT due_at FROM {Party._meta.db_table}
        WHERE relation = 'whistled' AND answered_at IS NULL AND until IS NULL AND missed_at IS NULL
        ORDER BY due_at LIMIT 1)""")  # noqa: S608 - names of ours


def find_still(now: datetime, *, limit: int = BATCH) -> int:
    """Untouched: no act for half the stage. Stuck: two stages without change of state. Each is told once a stage."""
    calendar = place.calendar()
    found = 0
    running = Clock.objects.filter(kind=clocks.STAGE, stopped_at=None, paused_at=None, case__is_open=True)
    # Every running stage is looked at: those already told would else take the places of those that are not.
    old = running.filter(case__moved_at__lte=now - timedelta(hours=1)).select_related("case")
    for clock in old.order_by("due_at", "case_id").iterator(chunk_size=BATCH):
        kind = _stillness(clock, now, calendar)
        if kind and _tell_still(clock.case, kind, now):
            found += 1
        if found >= limit:
            break
    return found


def _stillness(clock: Clock, now: datetime, calendar: worktime.WorkCalendar) -> str:
    """Time on hold is nobody's idleness: both are counted in what the stage has run."""

    until = by_day.as_told(clock.case, now)

    def countable(since: datetime) -> float:
        return worktime.elapsed(since, until, clock.limit_kind, calendar).total_seconds()

    ran = clock.counted + countable(clock.resumed_at)
    if min(ran, countable(clock.case.moved_at)) >= 2 * clock.limit_seconds:
        return "stuck"
    alone_since = max(clock.case.touched_at, clock.resumed_at)
    return "untouched" if countable(alone_since) >= clock.limit_seconds / 2 else ""


def _tell_still(case: Case, kind: str, now: datetime) -> bool:
    """One journal entry, which the message table turns into a word to the holder's next level."""
    since = case.moved_at if kind == "stuck" else case.touched_at
    told = any(
        e.kind == "case.stuck" and e.data.get("kind") == kind and e.at >= since
        for e in history(("case", case.pk))
    )
    if told:
        return False
    with unit_of_work():
        entry = journal.record(
            "case.stuck",
            actor=SYSTEM,
            subject=("case", case.pk),
            scope_path=case.scope_path,
            at=now,
            data={"kind": kind, "level": case.level},
        )
        figures.add(entry, deltas_of(entry))
    return True


def recompute_deadlines(now: datetime) -> int:
    """A year of the calendar was published: running clocks of working time get their deadlines anew."""
    count = 0
    cases = Clock.objects.filter(stopped_at=None, limit_kind="W", due_at__isnull=False).values_list(
        "case_id", flat=True
    )
    for case_id in cases.distinct():
        with unit_of_work():
            case = Case.objects.select_for_update().get(pk=case_id)  # an act at this moment is waited for
            calendar = place.calendar()
            running = {clock.kind: clock for clock in Clock.objects.filter(case=case, stopped_at=None)}
            board = clocks.Board(case, calendar, now, running)
            board.recompute()
            for clock in board.changed.values():
                clock.save(update_fields=["due_at", "next_at", "provisional"])
            count += len(board.changed)
            Case.objects.filter(pk=case_id).update(due_at=board.earliest())
    return count


def _attempt(fire: Any, case_id: UUID, now: datetime) -> int:
    """One case; if a person is quicker, the next pass looks again."""
    try:
        with unit_of_work():
            case = _TO_FIRE.first(case=case_id)
            if case is None:
                return 0
            case.condition = catalogue.content_of(case.condition_id)
            fire(case, now)
    except Conflict:
        return 0
    return 1


def _attempt_move(move: str, number: str, given: dict[str, Any], now: datetime) -> int:
    try:
        act(move, number, given, actor=SYSTEM, now=now)
    except (Conflict, Refused):  # somebody was quicker and the case has moved on
        return 0
    return 1
