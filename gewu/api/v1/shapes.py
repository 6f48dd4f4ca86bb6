"""The typed bodies and answers that several endpoints share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from gewu.core.text import format_receipt
from gewu.domain.cases.actions import Reported
from gewu.domain.cases.clocks import NOTHING_DUE, WARNINGS
from gewu.domain.cases.models import Case, Clock
from gewu.domain.cases.queries import CaseView, Line
from gewu.domain.cases.rules import hint_of, outcomes
from gewu.domain.cases.story import Story
from gewu.domain.cases.workflow import Ask, Move
from gewu.domain.names import name_of
from gewu.domain.privacy.contact_data import ContactInput

GIVEN = {"": "given"}  # the answers of a move stand together in one part of the body
# An hour without its offset could be anywhere; it is told at its field.
Moment = Annotated[datetime, Meta(tz=True)]
Version = Annotated[int, Meta(ge=0, le=2**31 - 1)]  # what a column of both stores keeps


class Out(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer; empty parts are left out."""


class DoneOut(Out, frozen=True):
    """It is done."""

    done: bool = True


class ContactIn(msgspec.Struct, frozen=True):
    """An optional contact: a phone number or an e-mail address, used only to tell the result."""

    name: str = ""
    phone: str = ""
    email: str = ""
    channel: str = ""
    wants_news: bool = True

    def contact(self, language: str) -> ContactInput:
        return ContactInput(self.name, self.phone, self.email, self.channel, self.wants_news, language)


class ReceiptOut(Out, frozen=True):
    """Shown once: number and secret of the receipt."""

    number: str
    secret: str
    receipt: str
    state: str
    area: str
    located: bool

    @classmethod
    def of(cls, reported: Reported) -> ReceiptOut:
        case, number = reported.case, reported.report.number
        return cls(
            number=number,
            secret=reported.secret,
            receipt=format_receipt(number, reported.secret),
            state=case.state,
            area=case.filed_area.code,
            located=case.lon is not None,
        )


class HolderOut(Out, frozen=True):
    """Who must act now."""

    kind: str
    code: str
    name: str


class CaseOut(Out, frozen=True):
    """A case in a list: number, category, place's area, state, level, holder, deadline. `text` where it may be read.

    Of a confidential case moments are the beginnings of days; `due_at` has passed when its day is over.
    """

    number: str
    version: int
    state: str
    level: str
    condition: str
    area: str
    filed_at: datetime
    sensitivity: str = "normal"
    emergency: bool = False
    due_at: datetime | None = None
    overdue: bool = False
    holder: HolderOut | None = None
    closing: str = ""
    confirmation: str = ""
    closed_at: datetime | None = None
    text: str = ""

    @classmethod
    def of(cls, case: Case, text: str = "") -> CaseOut:
        return cls(
            number=case.number,
            version=case.version,
            state=case.state,
            level=case.level,
            condition=case.condition.code,
            area=case.filed_area.code,
            filed_at=case.filed_at,
            sensitivity=case.sensitivity,
            emergency=case.emergency,
            due_at=case.due_at if case.is_open and case.due_at < NOTHING_DUE else None,
            overdue=case.overdue_at is not None,
            holder=holder_of(case),
            closing=case.closing,
            confirmation=case.confirmation if not case.is_open else "",
            closed_at=case.closed_at,
            text=text,
        )

    @classmethod
    def of_line(cls, line: Line) -> CaseOut:
        return cls.of(line.case, line.text)


class ListOut(Out, frozen=True):
    """One page; hand `next` in as `after` for the following one."""

    items: list[CaseOut]
    next: str = ""


class AskOut(Out, frozen=True):
    """One thing a move needs."""

    name: str
    kind: str
    label: str
    required: bool
    choices: dict[str, str] = {}
    hint: str = ""


class MoveOut(Out, frozen=True):
    """A move of the workflow table; of one case, with the choices that case leaves."""

    code: str
    name: str
    asks: list[AskOut] = []
    note: str = ""

    @classmethod
    def of(cls, move: Move, case: Case | None = None) -> MoveOut:
        asks = [
            AskOut(
                name=ask.name,
                kind=ask.kind,
                label=str(ask.label),
                required=ask.required,
                choices={code: str(words) for code, words in _choices(ask, case).items()},
                hint=hint_of(ask, move, case) if case else str(ask.hint),
            )
            for ask in move.asks
        ]
        return cls(code=move.code, name=str(move.name), asks=asks, note=str(move.note))


def _choices(ask: Ask, case: Case | None) -> Mapping[str, Any]:
    return outcomes(case) if ask.kind == "closing" and case is not None else ask.choices or {}


class ClockOut(Out, frozen=True):
    """One clock: its limit in countable seconds, when it began and is due; of a confidential case the days,
    and 0 for the limit of a stage."""

    kind: str
    level: str
    started_at: datetime
    limit_kind: str
    limit_seconds: int
    due_at: datetime | None = None
    stopped_at: datetime | None = None
    paused: bool = False
    warning: str = ""
    provisional: bool = False

    @classmethod
    def of(cls, clock: Clock) -> ClockOut:
        return cls(
            kind=clock.kind,
            level=clock.level,
            started_at=clock.started_at,
            limit_kind=clock.limit_kind,
            limit_seconds=clock.limit_seconds,
            due_at=clock.due_at,
            stopped_at=clock.stopped_at,
            paused=clock.paused_at is not None and clock.stopped_at is None,
            warning=WARNINGS.get(clock.warned, ""),
            provisional=clock.provisional,
        )


class TextOut(Out, frozen=True):
    """A text of the case's story."""

    kind: str
    text: str
    public: bool


class StoryOut(Out, frozen=True):
    """One act: what, when, by which kind of actor, and the words and photos that came with it."""

    version: int
    kind: str
    at: datetime
    by: str
    data: dict[str, Any] = {}
    texts: list[TextOut] = []
    photos: list[str] = []

    @classmethod
    def of(cls, story: Story) -> StoryOut:
        entry = story.entry
        shown = ("from", "to", "level_from", "level_to", "reason", "warning", "clock", "decision")
        return cls(
            version=entry.subject_version or 0,
            kind=entry.kind,
            at=story.at,
            by=entry.actor_kind,
            data={name: entry.data[name] for name in shown if entry.data.get(name)},
            texts=[TextOut(kind=row.kind, text=words, public=row.public) for row, words in story.texts],
            photos=[str(photo.photo_id) for photo in story.photos],
        )


class CaseFullOut(Out, frozen=True):
    """A case page: the case, its text where it may be read, its clocks, the moves open to the caller, its story.

    `photo_pass` comes where a private case was opened with a reason: `pass` of its photos for ten minutes.
    """

    case: CaseOut
    readable: bool
    text: str = ""
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    clocks: list[ClockOut] = []
    moves: list[MoveOut] = []
    story: list[StoryOut] = []
    earlier: bool = False
    photo_pass: str = ""

    @classmethod
    def of(cls, view: CaseView, *, photo_pass: str = "") -> CaseFullOut:
        return cls(
            case=CaseOut.of(view.case),
            readable=view.readable,
            text=view.text,
            place=view.place if view.exact else "",
            lon=view.case.lon if view.exact else None,
            lat=view.case.lat if view.exact else None,
            clocks=[ClockOut.of(clock) for clock in view.clocks],
            moves=[MoveOut.of(move, view.case) for move in view.moves],
            story=[StoryOut.of(story) for story in view.story],
            earlier=view.earlier,
            photo_pass=photo_pass,
        )


def holder_of(case: Case) -> HolderOut | None:
    """The holder as a page names it: the post, else the unit."""
    if case.holder_post is not None:
        return HolderOut("post", case.holder_post.code, name_of(case.holder_post))
    if case.holder_unit is not None:
        return HolderOut("unit", case.holder_unit.code, name_of(case.holder_unit))
    return None
