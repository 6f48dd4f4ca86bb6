"""The only code that writes cases. `report` takes one in, `act` does every other move of the workflow table.

Pages, the API, imports, the worker and the replay call these same two functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from gewu.core.errors import NotFound, Refused
from gewu.core.sentences import sentence as _
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.cases import lookups, queries, rules
from gewu.domain.cases.actions import asks, ladder, outcome, story
from gewu.domain.cases.actions.intake import Reported, ReportInput, join_report, report
from gewu.domain.cases.actions.step import Step, check_state, check_version
from gewu.domain.cases.models import Case, Report
from gewu.domain.cases.workflow import MOVES, Move
from gewu.domain.requests.work import unit_of_work

EFFECTS: dict[str, Callable[[Step], None]] = {
    "accept": ladder.accept,
    "decline": outcome.decline,
    "assign": ladder.assign,
    "start": outcome.start,
    "hand_up": ladder.hand_up,
    "hand_back": ladder.hand_back,
    "transfer": ladder.transfer,
    "whistle": ladder.whistle,
    "confirm_arrival": ladder.confirm_arrival,
    "join": ladder.join,
    "leave": ladder.leave,
    "take_over": ladder.take_over,
    "decide_holder": ladder.decide_holder,
    "pause": outcome.pause,
    "resume": outcome.resume,
    "extend": outcome.extend,
    "report_done": outcome.report_done,
    "verify": outcome.verify,
    "rework": outcome.rework,
    "close": outcome.close,
    "refuse": outcome.refuse,
    "rate": outcome.rate,
    "reopen": outcome.reopen,
    "merge": story.merge,
    "unmerge": story.unmerge,
    "split": story.split,
    "withdraw": outcome.withdraw,
    "void": outcome.void,
    "appeal": outcome.appeal,
    "recategorise": story.recategorise,
    "ask_reporter": story.ask_reporter,
    "answer": story.answer,
    "add": story.add,
    "correct": story.correct,
    "internal_note": story.internal_note,
}
USED_UP = {
    "withdrawn": gettext_lazy("You have already withdrawn this report."),
    "not_yours": gettext_lazy("Only who reported it first can change these words. You can add your own."),
    "answered": gettext_lazy(
        "You have already answered. If something is different now, you can still add it."
    ),
    "already_rated": gettext_lazy("This case is already rated."),
}


def act(
    move_code: str,
    number: str,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    done_at: datetime | None = None,
) -> Case:
    """Do one move on one case.

    `version` is the one the actor saw; another one is a Conflict that says what the case is now. Raises NotFound for a
    case the actor may not know of, Refused for a move that is not theirs or not possible now, Invalid for its input.
    `done_at` is when a phone without network did it: shown beside, never counted by a clock.
    """
    move = MOVES.get(move_code)
    if move is None:
        raise NotFound
    case = queries.get_case_to_act(number, actor=actor)
    verdict = may(actor, move.action, case)
    check_allowed(verdict)
    check_version(case, version)
    check_state(move, case)
    check_returns(move, case)
    tie = _tie_of(actor)
    check_tie(move, case, tie)
    read = asks.read(move, given, case, now=now)
    acting = actor.wearing(verdict.hat.post_id) if verdict.hat else actor
    with unit_of_work():
        step = Step(case, move.action, acting, now, read, tie)
        step.data |= rules.done_earlier(done_at, now)
        EFFECTS[move.code](step)
        step.board.obey(_clock_words(move, step))
        step.finish()
    return case


def check_returns(move: Move, case: Case) -> None:
    """After two returns only a decision helps; a named holder can only hand up."""
    if not rules.blocked_by_returns(case, move):
        return
    if case.returns >= rules.RETURNS_TO_DECIDE:
        raise Refused(_("Returned twice: the next level up now names the holder."), code="to_be_decided")
    raise Refused(_("You were named as holder. You can only hand the case up."), code="decided")


def check_tie(move: Move, case: Case, tie: Report | None) -> None:
    """A reporter acts by one receipt: what is withdrawn, answered or another's words is left alone."""
    code = rules.used_up(tie, case, move.code) if tie else ""
    if code:
        raise Refused(USED_UP[code], code=code)


def _tie_of(actor: Actor) -> Report | None:
    return lookups.report(actor.report_id) if actor.report_id else None


def _clock_words(move: Move, step: Step) -> tuple[str, ...]:
    """The words of the table, less those that have no meaning for this act."""
    words = move.clocks
    if move.code == "accept" and not outcome.asked(step):
        words = tuple(word for word in words if word != "start:contact")  # nobody waits to hear from us
    if not step.case.is_open:
        words = tuple(word for word in words if not word.startswith("start:"))
    if move.code == "decide_holder" and step.data.get("decision") == "proposed":
        words = ()
    if move.code == "answer" and step.actor.kind != "staff":
        words = ()
    return words


__all__ = ["EFFECTS", "ReportInput", "Reported", "act", "join_report", "report"]
