"""The one table of states and moves: from where, to where, by whom, with what, and what the clocks do.

Pages draw their buttons from it, the API its schemas and errors, docs/workflow.md its table, tests their cases.
Who is told after a move stands in `notify/table.py`, keyed by the same codes. What a move changes beyond state and
clocks is its function in `actions/`.

`to` is a state, or one of
    SAME     the state stays
    DECIDED  the move's function decides between those of `may_end_in` (verify closes at once when nobody is asked)
Clock words: `start:X` begins clock X, `stop:X` ends it as met or late, `drop:X` ends it without a
judgement, `pause` and `resume` hold every running clock that can pause, `freeze` and `thaw` hold all of them. An ended
case starts no clock, and what still runs then ends without a judgement (a joined case keeps its clocks frozen).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gewu.domain.access.table import CENTRE, HANDLERS, TRIAGE, Grant

SUBMITTED, ACCEPTED, ASSIGNED, HANDLING = "submitted", "accepted", "assigned", "handling"
WAITING, HANDLED, CLOSED, DECLINED = "waiting", "handled", "closed", "declined"

STATES: dict[str, Any] = {
    SUBMITTED: pgettext_lazy("case state", "Waiting to be taken"),
    ACCEPTED: pgettext_lazy("case state", "Accepted"),
    ASSIGNED: pgettext_lazy("case state", "Assigned"),
    HANDLING: pgettext_lazy("case state", "In progress"),
    WAITING: pgettext_lazy("case state", "On hold"),
    HANDLED: pgettext_lazy("case state", "Done, to be checked"),
    CLOSED: pgettext_lazy("case state", "Closed"),
    DECLINED: pgettext_lazy("case state", "Not taken"),
}
OPEN = frozenset({SUBMITTED, ACCEPTED, ASSIGNED, HANDLING, WAITING, HANDLED})
ENDED = frozenset({CLOSED, DECLINED})
ON_THE_LADDER = frozenset({ACCEPTED, ASSIGNED, HANDLING})
SAME, DECIDED = "=", "?"

LEVELS: dict[str, Any] = {
    "G": pgettext_lazy("level", "Grid"),
    "V": pgettext_lazy("level", "Village or community"),
    "S": pgettext_lazy("level", "Subdistrict"),
    "D": pgettext_lazy("level", "District department"),
}
CLOSINGS: dict[str, Any] = {
    "solved": pgettext_lazy("closing", "Solved"),
    "notice": pgettext_lazy("closing", "Explained: cannot be solved here"),
    "unfounded": pgettext_lazy("closing", "Unfounded"),
    "withdrawn": pgettext_lazy("closing", "Withdrawn"),
    "merged": pgettext_lazy("closing", "Joined with another case"),
}
CONFIRMATIONS: dict[str, Any] = {
    "confirmed": pgettext_lazy("confirmation", "Confirmed by the reporter"),
    "unconfirmed": pgettext_lazy("confirmation", "No answer from the reporter"),
    "refused": pgettext_lazy("confirmation", "Refused by the reporter"),
    "none": pgettext_lazy("confirmation", "Nobody to ask"),
}
SOURCES: dict[str, Any] = {
    "page": pgettext_lazy("source", "Resident's page"),
    "phone": pgettext_lazy("source", "Phone call"),
    "counter": pgettext_lazy("source", "At the counter"),
    "worker": pgettext_lazy("source", "Grid worker"),
    "hotline": pgettext_lazy("source", "Hotline 12345"),
    "api": pgettext_lazy("source", "Other system"),
    "split": pgettext_lazy("source", "Split from a case"),
}

DECLINE_REASONS = {
    "not_ours": _("Not a matter of this service"),
    "court": _("Before a court, arbitration or discipline body"),
    "petition": _("Already with the petition office"),
    "closed_before": _("Already lawfully closed"),
    "unclear": _("Cannot be understood, and the reporter cannot be asked"),
    "private_data": _("Holds secrets or somebody's private matters"),
}
UP_REASONS = {
    "no_power": _("Needs powers this level does not have"),
    "no_means": _("Needs people, money or machines this level does not have"),
    "several": _("Needs several units"),
    "owner_refuses": _("The responsible party refuses"),
    "danger": _("Danger to life"),
}
BACK_REASONS = {
    "wrong_address": _("Sent to the wrong unit"),
    "can_be_done_below": _("Can be done on the level below"),
    "unclear": _("Not clear enough to act"),
    "other_border": _("Lies in another grid or area"),
}
WAIT_REASONS = {
    "season": _("Waits for the season or the weather"),
    "works": _("Waits for works that are planned"),
    "owner": _("Waits for the owner's term"),
    "authority": _("Waits for another authority's decision"),
    "reporter": _("Waits for the reporter"),
}
VOID_REASONS = {
    "test": _("Test entry"),
    "double_entry": _("Entered twice by us"),
    "empty": _("Says nothing"),
}
REFUSE_REASONS = {
    "not_done": _("Nothing was done"),
    "came_back": _("It came back"),
    "half_done": _("Only part of it was done"),
    "wrong_thing": _("Something else was done"),
    "other": _("Another reason"),
}


@dataclass(frozen=True)
class Ask:
    """One thing a move needs. `kind` says how it is read and drawn.

    text, reason (one of `choices`), choice, photos, holder (a post or unit), units, unit, condition, level, date,
    number (of a case), rating (1-5), yes (must be ticked or may be), closing.
    """

    name: str
    kind: str
    label: Any
    required: bool = True
    choices: Any = None
    public: bool = False  # the reporter may read it
    hint: Any = ""


@dataclass(frozen=True)
class Move:
    """One row of the table."""

    code: str
    name: Any
    frm: frozenset[str]
    to: str
    takers: tuple[Grant, ...]
    asks: tuple[Ask, ...] = ()
    clocks: tuple[str, ...] = ()
    may_end_in: frozenset[str] = frozenset()
    ladder: bool = False  # one of the moves that two returns and a decision block
    note: Any = ""

    @property
    def action(self) -> str:
        """Its name in the access table."""
        return f"case.{self.code}"

    def ends_in(self, state: str) -> frozenset[str]:
        """The states a case may be in after this move from `state`."""
        ends = self.may_end_in if self.to == DECIDED else frozenset({self.to})
        return frozenset(state if end == SAME else end for end in ends)


def _from(*states: str) -> frozenset[str]:
    return frozenset(states)


HOLDER = Grant("holder", HANDLERS)
TRIAGES = Grant("triage", TRIAGE)
DESK = Grant("desk", TRIAGE)
ABOVE = Grant("above", TRIAGE - {"lead", "intake"})
REPORTER = Grant("reporter", kind="reporter")
SYSTEM = Grant("system", kind="system")
PARTY = Grant("party", HANDLERS | {"adviser"})

WHY = Ask("text", "text", _("What has been tried, and why"))
# Short words mean other things on other pages; the context keeps their translations apart.
REASON, TO = pgettext_lazy("move", "Reason"), pgettext_lazy("move", "To")
ADD, UNIT = pgettext_lazy("move", "Add"), pgettext_lazy("move", "Unit")
OUTCOMES = {code: CLOSINGS[code] for code in ("solved", "notice", "unfounded")}
GRANT_OR_NOT = {"yes": _("Grant"), "no": pgettext_lazy("move", "Refuse")}
ACCEPT_OR_NOT = {"yes": pgettext_lazy("move", "Accept"), "no": pgettext_lazy("move", "Refuse")}
HANDED = ("stop:dispatch", "stop:stage")

# One row of the table reads as one block; the formatter would pull each apart over twenty lines.
# fmt: off
MOVES: dict[str, Move] = {
    move.code: move
    for move in (
        Move(
            "accept", pgettext_lazy("move", "Accept"), _from(SUBMITTED), ACCEPTED, (TRIAGES,),
            (Ask("condition", "condition", _("Filing condition"), required=False),),
            ("stop:accept", "start:promise", "start:contact", "start:dispatch"),
        ),
        Move(
            "decline", _("Do not take"), _from(SUBMITTED), DECLINED, (TRIAGES,),
            (
                Ask("reason", "reason", REASON, choices=DECLINE_REASONS, public=True),
                Ask("text", "text", _("Where the reporter can turn"), public=True),
            ),
            ("stop:accept",),
        ),
        Move(
            "assign", _("Assign"), _from(ACCEPTED), ASSIGNED, (TRIAGES,),
            (Ask("to", "holder", TO), Ask("text", "text", _("Note for the holder"), required=False)),
            ("stop:dispatch", "start:stage"),
            ladder=True,
        ),
        Move("start", _("Start work"), _from(ASSIGNED), HANDLING, (HOLDER,)),
        Move(
            "hand_up", _("Hand up"), ON_THE_LADDER, ACCEPTED, (HOLDER, TRIAGES),
            (
                Ask("reason", "reason", REASON, choices=UP_REASONS),
                WHY,
                Ask("level", "level", _("To level (emergencies only)"), required=False),
            ),
            (*HANDED, "start:dispatch"),
            ladder=True,
        ),
        Move(
            "hand_back", _("Hand back"), ON_THE_LADDER, ACCEPTED, (HOLDER, DESK),
            (Ask("reason", "reason", REASON, choices=BACK_REASONS), Ask("text", "text", _("Explanation"))),
            (*HANDED, "start:dispatch"),
            ladder=True,
        ),
        Move(
            "transfer", _("Pass on"), ON_THE_LADDER, ASSIGNED, (HOLDER, TRIAGES),
            (
                Ask("to", "holder", TO),
                Ask("reason", "reason", REASON, choices=BACK_REASONS),
                Ask("text", "text", _("Explanation")),
            ),
            (*HANDED, "start:stage"),
            ladder=True,
        ),
        Move(
            "whistle", _("Whistle"), ON_THE_LADDER, ASSIGNED,
            (Grant("triage", CENTRE - {"intake"} | {"adviser"}, frozenset("S")),),
            (
                Ask("units", "units", _("Units to come")),
                Ask("lead", "unit", _("Leading unit")),
                Ask("text", "text", _("What is needed")),
            ),
            (*HANDED, "start:stage"),
            ladder=True,
        ),
        Move(
            "confirm_arrival", _("We are here"), ON_THE_LADDER | {WAITING}, SAME, (Grant("whistled"),),
            (Ask("text", "text", _("Who came, what was found"), required=False),),
        ),
        Move(
            "join", _("Call in help"), ON_THE_LADDER, SAME, (HOLDER, TRIAGES),
            (Ask("unit", "unit", UNIT), Ask("text", "text", _("Help that is needed"), required=False)),
        ),
        Move(
            "leave", _("Leave"), ON_THE_LADDER | {WAITING}, SAME, (Grant("helper"),),
            (Ask("text", "text", _("What was done"), required=False),),
        ),
        Move(
            "take_over", _("Take over"), ON_THE_LADDER | {WAITING}, HANDLING, (ABOVE,),
            (Ask("text", "text", _("Note"), required=False),),
            ("resume", *HANDED, "start:stage"),
            note=_("Only once the case is overdue."),
        ),
        Move(
            "decide_holder", _("Name the holder"), ON_THE_LADDER, DECIDED,
            (ABOVE, Grant("at_district", frozenset({"duty_lead"}), frozenset("S"))),
            (Ask("to", "holder", _("Holder")), Ask("text", "text", _("Reason of the decision"))),
            (*HANDED, "start:stage"),
            may_end_in=_from(SAME, ASSIGNED),
            note=_("After two returns; both sides are heard first. At district level two people decide the same."),
        ),
        Move(
            "pause", _("Put on hold"), _from(HANDLING), WAITING, (HOLDER,),
            (
                Ask("reason", "reason", REASON, choices=WAIT_REASONS, public=True),
                Ask("until", "date", _("Look again on")),
                Ask("text", "text", _("Explanation for the reporter"), public=True),
            ),
            ("pause",),
        ),
        Move("resume", _("Go on"), _from(WAITING), HANDLING, (HOLDER, TRIAGES, SYSTEM), (), ("resume",)),
        Move(
            "extend", _("Extend"), ON_THE_LADDER, SAME, (HOLDER, ABOVE),
            (
                Ask("grant", "choice", _("Decision"), required=False, choices=GRANT_OR_NOT),
                Ask("text", "text", REASON),
            ),
            note=_("Asked by the holder, granted one level up, once, never when overdue."),
        ),
        Move(
            "report_done", _("Report done"), _from(HANDLING), HANDLED, (HOLDER,),
            (
                Ask("closing", "closing", _("Outcome"), choices=OUTCOMES),
                Ask("closing_met", "yes", _("The closing condition is met"), required=False),
                Ask("text", "text", _("What was done"), public=True),
                Ask("photos", "photos", _("Photos: before and after"), required=False),
            ),
            ("stop:stage", "stop:contact", "start:verify", "done:promise"),
        ),
        Move(
            "verify", _("Verified"), _from(HANDLED), DECIDED, (TRIAGES,),
            (Ask("text", "text", _("How it was checked"), required=False),),
            ("stop:verify", "stop:promise", "start:confirm"),
            may_end_in=_from(SAME, CLOSED),
        ),
        Move(
            "rework", _("Back to work"), _from(HANDLED), HANDLING, (TRIAGES,),
            (Ask("text", "text", _("What is missing")),),
            ("stop:verify", "start:stage", "undone:promise"),
        ),
        Move("close", _("Close"), _from(HANDLED), CLOSED, (SYSTEM,), (), ("stop:confirm",)),
        Move(
            "refuse", _("Not solved"), _from(HANDLED), HANDLING, (REPORTER,),
            (
                Ask("reason", "reason", _("Why"), choices=REFUSE_REASONS, public=True),
                Ask("text", "text", _("What is still wrong"), public=True),
            ),
            ("stop:confirm", "start:promise", "start:stage"),
        ),
        Move(
            "rate", _("Rate"), _from(HANDLED, CLOSED), DECIDED, (REPORTER,),
            (
                Ask("rating", "rating", _("How did we do?"), required=False),
                Ask("text", "text", _("A word about it"), required=False),
            ),
            may_end_in=_from(SAME, CLOSED),
        ),
        Move(
            "reopen", _("Open again"), _from(CLOSED), HANDLING, (REPORTER, ABOVE),
            (Ask("text", "text", _("What is wrong again"), public=True),),
            ("start:promise", "start:stage"),
            note=_("Within 15 days of closing, once by the reporter; at any time by the next level."),
        ),
        Move(
            "merge", _("Join with another case"), OPEN - {HANDLED}, CLOSED, (TRIAGES,),
            (Ask("into", "number", _("Number of the other case")), Ask("text", "text", _("Note"), required=False)),
            ("freeze",),
        ),
        Move(
            "unmerge", _("Undo joining"), _from(CLOSED), DECIDED, (TRIAGES,),
            (Ask("text", "text", _("Why they are different")),),
            ("thaw",),
            may_end_in=OPEN - {HANDLED},
        ),
        Move(
            "split", _("Split off"), OPEN, SAME, (HOLDER, TRIAGES),
            (Ask("text", "text", _("The other matter")), Ask("condition", "condition", _("Filing condition"))),
        ),
        Move(
            "withdraw", _("Withdraw"), OPEN - {HANDLED}, DECIDED, (REPORTER,),
            may_end_in=_from(SAME, CLOSED),
        ),
        Move(
            "void", _("Void"), _from(SUBMITTED, ACCEPTED), CLOSED, (TRIAGES,),
            (Ask("reason", "reason", REASON, choices=VOID_REASONS), Ask("text", "text", _("Explanation"))),
        ),
        Move(
            "appeal", _("Appeal"), _from(CLOSED), SAME, (HOLDER, Grant("triage", CENTRE - {"intake"}),),
            (
                Ask("decision", "choice", _("Decision"), required=False, choices=ACCEPT_OR_NOT),
                Ask("text", "text", REASON),
            ),
            note=_("Against being counted overdue: once, after closing, two reviews by two people."),
        ),
        Move(
            "recategorise", _("Change category"), OPEN - {HANDLED}, SAME, (TRIAGES, HOLDER),
            (Ask("condition", "condition", _("Filing condition")), Ask("text", "text", REASON, required=False)),
        ),
        Move(
            "ask_reporter", _("Ask the reporter"), OPEN - {WAITING, HANDLED}, SAME, (HOLDER, TRIAGES),
            (Ask("text", "text", _("Question"), public=True),),
            ("stop:contact", "pause"),
        ),
        Move(
            "answer", _("Answer"), OPEN, SAME, (REPORTER, HOLDER, TRIAGES, SYSTEM),
            (Ask("text", "text", _("Answer"), public=True),),
            ("stop:contact",),
        ),
        Move(
            "add", ADD, OPEN, SAME, (REPORTER, PARTY, TRIAGES),
            (
                Ask("text", "text", _("What else you want to say"), required=False, public=True),
                Ask("photos", "photos", _("Photos"), required=False, public=True),
            ),
        ),
        Move(
            "correct", _("Correct"), _from(SUBMITTED), SAME, (REPORTER,),
            (Ask("text", "text", _("Text"), public=True),),
            note=_("Within five minutes after sending."),
        ),
        Move(
            "internal_note", _("Internal note"), frozenset(STATES), SAME, (PARTY, TRIAGES),
            (
                Ask("text", "text", _("Note")),
                Ask("statement", "yes", _("This is our statement on who holds it"), required=False),
            ),
        ),
    )
}
# fmt: on
REPORT_NAME = _("Report")


def grants() -> dict[str, tuple[Grant, ...]]:
    """Who takes which move, for the access table."""
    return {move.action: move.takers for move in MOVES.values()}


def moves_from(state: str) -> list[Move]:
    """The rows of the table that leave `state`, in its order."""
    return [move for move in MOVES.values() if state in move.frm]
