"""A case in a reporter's words: who has it and until when, and what happened so far. Posts and units, never persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gewu.domain.cases.clocks import OVERDUE, PROMISE
from gewu.domain.cases.models import CasePhoto, Clock, Report
from gewu.domain.cases.queries import CaseView
from gewu.domain.cases.story import Story
from gewu.domain.cases.workflow import DECLINE_REASONS, REFUSE_REASONS, WAIT_REASONS
from gewu.domain.papers import words

# What a reporter is told of each act; acts without a line are the office's own business.
EVENTS: dict[str, Any] = {
    "report": gettext_lazy("Your report arrived"),
    "joined": gettext_lazy("A neighbour reported the same"),
    "accept": gettext_lazy("Accepted: somebody will take care of it"),
    "decline": gettext_lazy("Not taken by this service"),
    "assign": gettext_lazy("Given to those who handle it"),
    "start": gettext_lazy("Work has begun"),
    "hand_up": gettext_lazy("Handed up to the next level"),
    "hand_back": gettext_lazy("Handed back"),
    "transfer": gettext_lazy("Passed on to another unit"),
    "whistle": gettext_lazy("Several units were called together"),
    "take_over": gettext_lazy("The next level has taken it over"),
    "decide_holder": gettext_lazy("It was decided who has to handle it"),
    "pause": gettext_lazy("On hold"),
    "resume": gettext_lazy("Work goes on"),
    "report_done": gettext_lazy("The handlers report it done"),
    "verify": gettext_lazy("Checked on the spot or by the evidence"),
    "rework": gettext_lazy("Not done yet: back to work"),
    "close": gettext_lazy("Closed"),
    "refuse": gettext_lazy("Not solved: back to work, one level up"),
    "reopen": gettext_lazy("Opened again"),
    "merge": gettext_lazy("Joined with another report about the same matter"),
    "unmerge": gettext_lazy("Followed by itself again"),
    "withdraw": gettext_lazy("Withdrawn"),
    "void": gettext_lazy("Ended: entered in error"),
    "ask_reporter": gettext_lazy("A question to you"),
    "answer": gettext_lazy("Answer"),
    "add": gettext_lazy("Something was added"),
    "correct": gettext_lazy("Wording corrected"),
    "recategorise": gettext_lazy("Put into another category"),
    "rate": gettext_lazy("A reporter says: solved"),
}
THANKS: dict[str, Any] = {
    "answer": gettext_lazy("Thank you, your answer has arrived."),
    "rate": gettext_lazy(
        "Thank you. Your word counts in the result; those who handled it do not see who gave it."
    ),
    "refuse": gettext_lazy("Understood. The matter goes back to work, one level up."),
    "reopen": gettext_lazy("The matter is open again, one level up."),
    "add": gettext_lazy("Thank you, it is added."),
    "correct": gettext_lazy("Corrected. The earlier wording is destroyed."),
    "withdraw": gettext_lazy("Your report is withdrawn."),
}
REASONS: dict[str, Any] = {**DECLINE_REASONS, **WAIT_REASONS, **REFUSE_REASONS}
# Which deadline the reporter is told, by state; the first that runs.
TOLD: dict[str, tuple[str, ...]] = {
    "submitted": ("accept",),
    "accepted": ("promise", "contact", "dispatch"),
    "assigned": ("promise", "stage"),
    "handling": ("promise", "stage"),
    "handled": ("confirm", "verify"),
}


@dataclass(frozen=True)
class Standing:
    """Where it stands: a sentence, who has it, until when (None: nothing runs), and whether that time is over."""

    sentence: str
    holder: str
    until: datetime | None
    late: bool
    first_word: datetime | None = None  # by when somebody gets in touch, until somebody has
    broken: bool = (
        False  # the promise itself is over; what a level kept too long is not the reporter's concern
    )


@dataclass(frozen=True)
class Event:
    """One line of the history."""

    at: datetime
    name: Any
    reason: Any
    texts: Sequence[tuple[str, bool]]  # words, and whether a reporter wrote them
    photos: Sequence[CasePhoto]


def standing(view: CaseView, *, now: datetime) -> Standing:
    """State, holder and deadline in plain words."""
    case = view.case
    until = case.wakes_at if case.state == "waiting" else _deadline(view.clocks, TOLD.get(case.state, ()))
    holder = words.holder(case) if case.is_open else ""
    ours = (
        case.state != "waiting" and case.verified_at is None
    )  # else the reporter's own time, or a day to look again
    first = _deadline(view.clocks, ("contact",)) if case.is_open else None
    late = ours and until is not None and until < now
    return Standing(_sentence(view), holder, until, late, first, _is_broken(view))


def _is_broken(view: CaseView) -> bool:
    """Once verified, only a broken promise still marks a case as overdue."""
    if view.case.verified_at is not None:
        return view.case.is_open and view.case.overdue_at is not None
    return any(
        clock.kind == PROMISE and clock.stopped_at is None and clock.warned >= OVERDUE
        for clock in view.clocks
    )


def events(view: CaseView, tie: Report) -> list[Event]:
    """The history, newest first."""
    found = [_event(story) for story in view.story if _is_told(story, tie)]
    return found[::-1]


def open_question(view: CaseView) -> str:
    """The question that waits for the reporter; empty when none does."""
    if view.case.asked_at is None:
        return ""
    asked = [text for story in view.story for row, text in story.texts if row.kind == "question"]
    return asked[-1] if asked else ""


def thanks(move: str) -> Any:
    """What is said after an act."""
    return THANKS.get(move, "")


def _is_told(story: Story, tie: Report) -> bool:
    code = story.entry.kind.removeprefix("case.")
    if code == "joined" and story.entry.data.get("report") == tie.id.hex:
        return False
    return code in EVENTS


def _event(story: Story) -> Event:
    code = story.entry.kind.removeprefix("case.")
    texts = [(text, row.by_reporter) for row, text in story.texts]
    reason = REASONS.get(story.entry.data.get("reason", ""), "")
    return Event(story.entry.at, EVENTS[code], reason, texts, story.photos)


def _deadline(clocks: Sequence[Clock], kinds: Sequence[str]) -> datetime | None:
    running = {clock.kind: clock.due_at for clock in clocks if clock.stopped_at is None and clock.due_at}
    return next((running[kind] for kind in kinds if kind in running), None)


def _sentence(view: CaseView) -> str:
    case = view.case
    if case.is_open and case.asked_at is not None:
        return _("We have a question to you; the time for handling waits for your answer.")
    if case.state == "handled" and case.verified_at is not None:
        return _("It is done and checked. Is it solved for you as well?")
    if case.state == "closed":
        return _closed(case.closing)
    return {
        "submitted": _("Your report has arrived. We now decide who takes care of it."),
        "accepted": _("Your report is accepted. It is being given to those who handle it."),
        "assigned": _("Those who handle it have it on their list."),
        "handling": _("Somebody is working on it."),
        "waiting": _("On hold for now; we look at it again on the day below."),
        "handled": _("The handlers report it done. Somebody else is checking."),
        "declined": _("This service cannot take the matter. Below you read why and where to turn."),
    }[case.state]


def _closed(closing: str) -> str:
    return {
        "solved": _("Closed: solved."),
        "notice": _("Closed: it cannot be solved here. Below you read why."),
        "unfounded": _("Closed: nothing was found."),
        "withdrawn": _("Closed: you have withdrawn it."),
        "merged": _("Joined with another report about the same matter."),
    }.get(closing, _("Closed."))
