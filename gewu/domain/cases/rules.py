"""Decisions about a case that need no table of their own: values in, values out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from gewu.core import levels
from gewu.domain.access.table import CONFIDENTIAL, NORMAL, PRIVATE
from gewu.domain.cases.workflow import ASSIGNED, HANDLING, OUTCOMES, WAITING, Ask, Move
from gewu.domain.catalogue.rules import ClosingNeeds, closing_needs

if TYPE_CHECKING:
    from gewu.domain.cases.models import Case, Report

RETURNS_TO_DECIDE = 2
REOPEN_WITHIN = timedelta(days=15)
CORRECT_WITHIN = timedelta(minutes=5)
RECHECK_SHARE = 0.05
PHONE_LOOKBACK = timedelta(days=90)
# A case that lies in a community without a known grid starts with the community.
LOWEST_BY_AREA = {"microgrid": "G", "grid": "G", "community": "V", "subdistrict": "S", "district": "D"}
HANDLED_AS = frozenset(
    {"solved", "notice", "unfounded"}
)  # kinds of closing that can be rated and opened again
_STRICTNESS = (NORMAL, PRIVATE, CONFIDENTIAL)
KEPT_AFIELD = timedelta(days=30)  # how long a phone may have been without network


def sensitivity_of(condition: Any) -> str:
    """What a filing condition says about who may read."""
    if condition.confidential:
        return CONFIDENTIAL
    return PRIVATE if condition.private else NORMAL


def stricter(one: str, other: str) -> str:
    """The stricter of two sensitivities: nothing becomes public by a change of category."""
    return max(one, other, key=_STRICTNESS.index)


def start_level(condition: Any, area_level: str) -> str:
    """The level of the condition, or the lowest one that the known place has."""
    lowest = LOWEST_BY_AREA[area_level]
    named: str = condition.level or levels.GRID
    return lowest if levels.is_higher(lowest, than=named) else named


def blocked_by_returns(case: Case, move: Move) -> bool:
    """After two returns only a decision moves the case on the ladder; a holder so named can only hand up."""
    if not move.ladder:
        return False
    if case.returns >= RETURNS_TO_DECIDE:
        return True
    return (
        case.decided
        and move.code in {"hand_back", "transfer"}
        and case.state in {ASSIGNED, HANDLING, WAITING}
    )


def may_reopen(case: Case, *, by_reporter: bool, now: datetime) -> bool:
    """Once by the reporter within 15 days; the next level at any time. Withdrawn and joined cases stay ended."""
    if case.closing not in HANDLED_AS or case.confirmation == "":
        return False
    if not by_reporter:
        return True
    return (
        not case.reopened_by_reporter and case.closed_at is not None and now <= case.closed_at + REOPEN_WITHIN
    )


def may_correct(tie: Report, now: datetime) -> bool:
    return now <= tie.filed_at + CORRECT_WITHIN


def used_up(tie: Report, case: Case, code: str) -> str:
    """Why this receipt no longer takes this move of a reporter, as a code; empty while it does.

    Each reporter has one answer in each round, and puts right only the words that came with the own report.
    """
    if tie.withdrawn_at is not None:
        return "withdrawn"
    if code == "correct" and (tie.joined or tie.case_id != case.pk):
        return "not_yours"
    if code in {"rate", "refuse"} and case.is_open and case.verified_at is not None and tie.answer:
        return "answered"
    return "already_rated" if code == "rate" and not case.is_open and tie.rating is not None else ""


def needs_of(case: Case) -> ClosingNeeds:
    """What reporting this case done asks for: its condition's evidence, and none by photo once it is private."""
    return closing_needs(case.condition, private=case.sensitivity != NORMAL)


def photos_wanted(case: Case) -> str:
    """What reporting this case done as solved asks for, said before anybody begins; empty where no photo is asked."""
    needs = needs_of(case)
    if needs.before and needs.after:
        return _("Photos from before and of the result. One that came with the report counts as from before.")
    if needs.before:
        return _("A photo from before. One that came with the report counts.")
    return _("A photo of the result.") if needs.after else ""


def hint_of(ask: Ask, move: Move, case: Case) -> str:
    """What helps to fill in one field of a move on this case."""
    if (move.code, ask.kind) == ("report_done", "photos"):
        return photos_wanted(case)
    return str(ask.hint)


def outcomes(case: Case) -> dict[str, Any]:
    """The outcomes its holder may report: by notice only where the condition says so."""
    return {code: words for code, words in OUTCOMES.items() if code != "notice" or needs_of(case).by_notice}


def level_after_refusal(level: str) -> str:
    """One level up; at the district it stays and the supervisor is told."""
    return levels.above(level) or level


def confirmation_of(answers: list[str]) -> str:
    """What all reporters together said: nobody to ask, everybody solved, or silence somewhere."""
    if not answers:
        return "none"
    return "confirmed" if all(answer == "solved" for answer in answers) else "unconfirmed"


def possible_now(case: Case, move: Move, *, by_reporter: bool) -> bool:
    """Moves that the table allows from this state but that make no sense now are not offered as buttons.

    Their functions refuse them too, with words; this only keeps pages from offering what would be refused.
    """
    checks: dict[str, bool] = {
        "take_over": case.overdue_at is not None,
        "decide_holder": case.returns >= RETURNS_TO_DECIDE,
        "verify": case.verified_at is None,
        "rework": case.verified_at is None,
        "close": False,
        "refuse": case.verified_at is not None,
        "rate": case.verified_at is not None or (not case.is_open and case.closing in HANDLED_AS),
        "unmerge": case.merged_into_id is not None,
        "appeal": case.overdue_at is not None and case.appeal in {"", "asked", "reviewed"},
        "answer": not by_reporter or case.asked_at is not None,
        "ask_reporter": case.asked_at is None,
    }
    return checks.get(move.code, True)


def done_earlier(done_at: datetime | None, now: datetime) -> dict[str, int]:
    """What the journal says of an act done without network: its second, if that is a believable one before `now`.

    The phone corrects its clock by what it measured at its last contact; what still lies ahead, or further back than a
    client key is kept, is a wrong clock and says nothing.
    """
    if done_at is None or done_at.tzinfo is None or not now - KEPT_AFIELD <= done_at < now:
        return {}
    return {"done_at": int(done_at.timestamp())}
