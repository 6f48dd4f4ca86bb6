"""Cases: the queue, one case, its moves, looking with a reason, acting on many."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from gewu.api.endpoint import Call, endpoint
from gewu.api.v1.shapes import GIVEN, CaseFullOut, CaseOut, DoneOut, ListOut, MoveOut, Out, Version
from gewu.core import limits
from gewu.domain.cases import opened, queries
from gewu.domain.cases.actions import act, bulk, looking, recheck
from gewu.domain.cases.bulks import Answer, answer_of, awaiting_second, get_bulk
from gewu.domain.cases.models import Bulk
from gewu.domain.cases.workflow import MOVES, STATES

FILTERS = (
    "state",
    "level",
    "area",
    "category",
    "mine",
    "overdue",
    "open",
    "number",
    "closing",
    "confirmation",
    "mark",
    "moved",
    "since",
    "until",
    "order",
    "after",
    "limit",
)


class MoveIn(msgspec.Struct, frozen=True):
    """What the move asks for (see `GET cases/{number}/moves`), and the version the caller saw."""

    given: dict[str, Any] = {}
    version: Version | None = None


class WorkflowOut(Out, frozen=True):
    """The whole table: states, moves, from where, to where."""

    states: dict[str, str]
    moves: dict[str, MoveOut]
    edges: list[tuple[str, str, str]]


class ReasonIn(msgspec.Struct, frozen=True):
    """Why one wants to look; a code of the list of reasons."""

    reason: str


class ContactOut(Out, frozen=True):
    """The reporter's contact. The look is on record and shown to the reporter."""

    name: str
    phone: str
    email: str


class CallerIn(msgspec.Struct, frozen=True):
    """The full number of the person on the line, and why."""

    phone: str
    reason: str


class CallerOut(Out, frozen=True):
    """A case of the caller."""

    number: str
    state: str
    filed_at: datetime


class CallersOut(Out, frozen=True):
    """The caller's open cases and those closed within 90 days."""

    items: list[CallerOut]


class BulkIn(msgspec.Struct, frozen=True):
    """One move on many cases."""

    move: str
    numbers: list[str]
    given: dict[str, Any] = {}


class PreviewOut(Out, frozen=True):
    """What it would do."""

    count: int
    overdue: int
    refused: dict[str, str] = {}


class BulkOut(Out, frozen=True):
    """A bulk act: its move and cases, when it starts (null: a second person must confirm), and how each went."""

    id: str
    state: str
    move: str
    numbers: list[str]
    asked_at: datetime
    starts_at: datetime | None = None
    results: dict[str, str] = {}

    @classmethod
    def of(cls, row: Bulk) -> BulkOut:
        return cls(
            id=str(row.id),
            state=row.state,
            move=row.move,
            numbers=row.numbers,
            asked_at=row.asked_at,
            starts_at=row.starts_at,
            results={number: _told(answer_of(row, number)) for number in row.results},
        )


class BulksOut(Out, frozen=True):
    """Bulk acts of others that wait for a second person, the oldest first."""

    items: list[BulkOut]


class RecheckOut(Out, frozen=True):
    """A case to look at again, and what closing it asked for, by language."""

    number: str
    area: str
    condition: str
    closing_condition: dict[str, str]
    drawn_at: datetime


class RechecksOut(Out, frozen=True):
    """The caller's second looks."""

    items: list[RecheckOut]


class RecheckIn(msgspec.Struct, frozen=True):
    """What the second look found: `right` or `wrong`."""

    result: str


@endpoint("GET", "cases", answer=ListOut, guard="case.list", query=FILTERS)
def list_cases(call: Call[None]) -> ListOut:
    """The cases the caller may list, the next deadline first."""
    page = queries.queue(call.actor, _filter(call), after=call.word("after"), limit=call.limit)
    return ListOut(items=[CaseOut.of_line(line) for line in page.lines], next=page.next)


@endpoint("GET", "cases/<number>", answer=CaseFullOut, guard="case.list", query=("before",), reporter=True)
def show_case(call: Call[None], number: str) -> CaseFullOut:
    """One case as the caller may see it."""
    before = call.number("before", 0, most=limits.WHOLE_NUMBER) or None
    return CaseFullOut.of(queries.view_case(number, actor=call.actor, before_version=before))


@endpoint(
    "POST",
    "cases/<number>/moves/<move>",
    body=MoveIn,
    answer=CaseOut,
    guard="case.list",
    reporter=True,
    fields=GIVEN,
)
def do_move(call: Call[MoveIn], number: str, move: str) -> CaseOut:
    """Do one move of the workflow table."""
    given, version = call.body.given, call.body.version
    return CaseOut.of(act(move, number, given, actor=call.actor, now=call.now, version=version))


@endpoint(
    "POST", "cases/<number>/contact", body=ReasonIn, answer=ContactOut, guard="case.reveal", keyed=False
)
def reveal_contact(call: Call[ReasonIn], number: str) -> ContactOut:
    """The reporter's contact, for a reason; logged and shown to the reporter."""
    found = looking.reveal_contact(number, reason=call.body.reason, actor=call.actor, now=call.now)
    return ContactOut(name=found.name, phone=found.phone, email=found.email)


@endpoint(
    "POST", "cases/<number>/read", body=ReasonIn, answer=CaseFullOut, guard="case.read_reasoned", keyed=False
)
def read_private(call: Call[ReasonIn], number: str) -> CaseFullOut:
    """A private case opened for a reason; logged and shown to the reporter. Its photos open with `photo_pass`."""
    view = looking.read_with_reason(number, reason=call.body.reason, actor=call.actor, now=call.now)
    word = opened.word_for(view.case.number, actor=call.actor, session=call.session, now=call.now)
    return CaseFullOut.of(view, photo_pass=word)


@endpoint("POST", "callers", body=CallerIn, answer=CallersOut, guard="case.find_by_phone", keyed=False)
def find_caller(call: Call[CallerIn]) -> CallersOut:
    """With the caller on the line: their cases by the full number, for a reason."""
    found = looking.find_caller(call.body.phone, reason=call.body.reason, actor=call.actor, now=call.now)
    return CallersOut(items=[CallerOut(number=c.number, state=c.state, filed_at=c.filed_at) for c in found])


@endpoint("GET", "rechecks", answer=RechecksOut, guard="case.recheck", query=("limit",))
def list_rechecks(call: Call[None]) -> RechecksOut:
    """Closed cases drawn for a second look that nobody has answered yet, the oldest draw first."""
    rows = queries.rechecks(call.actor, limit=call.limit)
    return RechecksOut(
        items=[
            RecheckOut(
                number=row.case.number,
                area=row.case.filed_area.code,
                condition=row.case.condition.code,
                closing_condition=row.case.condition.closing,
                drawn_at=row.drawn_at,
            )
            for row in rows
        ]
    )


@endpoint("POST", "cases/<number>/recheck", body=RecheckIn, answer=DoneOut, guard="case.recheck")
def answer_recheck(call: Call[RecheckIn], number: str) -> DoneOut:
    """What the second look at a drawn case found."""
    recheck.answer(number, call.body.result, actor=call.actor, now=call.now)
    return DoneOut(done=True)


@endpoint("POST", "bulk/preview", body=BulkIn, answer=PreviewOut, guard="case.bulk")
def preview_bulk(call: Call[BulkIn]) -> PreviewOut:
    """What a move on many cases would do; nothing is written."""
    seen = bulk.preview(call.body.move, call.body.numbers, actor=call.actor)
    return PreviewOut(count=seen.count, overdue=seen.overdue, refused=seen.refused)


@endpoint("POST", "bulk", body=BulkIn, answer=BulkOut, guard="case.bulk", status=202, fields=GIVEN)
def ask_bulk(call: Call[BulkIn]) -> BulkOut:
    """Ask for a move on many cases; it starts in ten seconds."""
    body = call.body
    return BulkOut.of(bulk.ask(body.move, body.numbers, body.given, actor=call.actor, now=call.now))


@endpoint("GET", "bulk", answer=BulksOut, guard="case.bulk", query=("limit",))
def list_bulks(call: Call[None]) -> BulksOut:
    """Bulk acts of others that wait for a second person, who looks at each and confirms it."""
    return BulksOut(items=[BulkOut.of(row) for row in awaiting_second(actor=call.actor)[: call.limit]])


@endpoint("GET", "bulk/<uuid:bulk_id>", answer=BulkOut, guard="case.bulk")
def show_bulk(call: Call[None], bulk_id: UUID) -> BulkOut:
    """How a bulk act stands: for who asked for it, and for a second person while it waits for their word."""
    return BulkOut.of(get_bulk(bulk_id, actor=call.actor))


@endpoint("POST", "bulk/<uuid:bulk_id>/confirm", answer=BulkOut, guard="case.bulk")
def confirm_bulk(call: Call[None], bulk_id: UUID) -> BulkOut:
    """The second person of a bulk act on more than fifty cases."""
    return BulkOut.of(bulk.confirm(bulk_id, actor=call.actor, now=call.now))


@endpoint("DELETE", "bulk/<uuid:bulk_id>", answer=BulkOut, guard="case.bulk")
def call_off_bulk(call: Call[None], bulk_id: UUID) -> BulkOut:
    """Call a bulk act off within its ten seconds."""
    return BulkOut.of(bulk.call_off(bulk_id, actor=call.actor, now=call.now))


@endpoint("GET", "workflow", answer=WorkflowOut, guard="anyone")
def show_workflow(call: Call[None]) -> WorkflowOut:
    """The table of states and moves."""
    edges = [
        (a, move.code, b)
        for move in MOVES.values()
        for a in sorted(move.frm)
        for b in sorted(move.ends_in(a))
    ]
    return WorkflowOut(
        states={code: str(words) for code, words in STATES.items()},
        moves={code: MoveOut.of(move) for code, move in MOVES.items()},
        edges=edges,
    )


def _filter(call: Call[None]) -> queries.Filter:
    return queries.Filter(
        state=call.word("state"),
        level=call.word("level"),
        area=call.word("area"),
        category=call.word("category"),
        mine=call.word("mine") == "1",
        overdue=call.word("overdue") == "1",
        open={"1": True, "0": False}.get(call.word("open", "1")),
        number=call.word("number"),
        closing=call.word("closing"),
        confirmation=call.word("confirmation"),
        mark=call.word("mark"),
        moved=call.word("moved"),
        since=call.day("since"),
        until=call.day("until"),
        order=call.word("order", "due"),
    )


def _told(answer: Answer) -> str:
    return f"{answer.code}: {answer.said}" if answer.said else answer.code
