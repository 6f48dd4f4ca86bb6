"""Acts that a phone did without network and brings later.

Meanwhile the case may have moved on: somebody else took it, it was closed, two returns wait for a decision. Such an act
is kept as an internal note with its words and photos, never dropped and never applied (rules.md 3); the answer says
so. Only what is wrong in itself, or a case that may no longer be known of, goes back to its author.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gewu.core import limits
from gewu.core.errors import Conflict, NotFound, Refused
from gewu.core.punctuation import named
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.cases import queries, rules
from gewu.domain.cases.actions import act, asks
from gewu.domain.cases.actions.step import Step
from gewu.domain.cases.models import Case
from gewu.domain.cases.workflow import MOVES, Ask, Move
from gewu.domain.requests.work import unit_of_work

MOVED_ON = frozenset({"version", "wrong_state", "to_be_decided", "decided", "not_yours"})
WORDS = frozenset({"text", "reason", "choice", "closing"})


@dataclass(frozen=True)
class Brought:
    """What became of the act. `note` is the sentence that says why it was not applied; empty when it was."""

    case: Case
    note: str = ""


def bring(
    move_code: str,
    number: str,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    version: int | None,
    done_at: datetime | None,
) -> Brought:
    """Do the move if the case is still where the phone saw it, else keep it as a note."""
    move = MOVES.get(move_code)
    if move is None:
        raise NotFound
    try:
        with unit_of_work():  # what a late conflict has begun is undone before the note is written
            return Brought(
                act(move_code, number, given, actor=actor, now=now, version=version, done_at=done_at)
            )
    except (Conflict, Refused) as error:
        if error.code not in MOVED_ON:
            raise
        case = queries.get_case(number, actor=actor)
        if version == case.version:  # nothing has moved: the act was never theirs to do
            raise
        return Brought(_keep_as_note(move, case, given, actor=actor, now=now, done_at=done_at), str(error))


def _keep_as_note(
    move: Move, case: Case, given: Mapping[str, Any], *, actor: Actor, now: datetime, done_at: datetime | None
) -> Case:
    """For who may read the case: who cannot read it never saw it, and has nothing to add to it."""
    verdict = may(actor, "case.read", case)
    check_allowed(verdict)
    acting = actor.wearing(verdict.hat.post_id) if verdict.hat else actor
    with unit_of_work():
        step = Step(case, "case.internal_note", acting, now)
        step.data |= {"as_note": move.code, **rules.done_earlier(done_at, now)}
        step.say("note", _in_words(move, given))
        photos = given.get("photos")
        step.show(asks.photos_named(photos, "photos") if photos else None, "before")
        step.finish()
    return case


def _in_words(move: Move, given: Mapping[str, Any]) -> str:
    """The act as its author would have told it: its name, and each answer beside its question."""
    lines = [_("Done without network, not applied: %(move)s") % {"move": move.name}]
    for ask in move.asks:
        value = given.get(ask.name)
        if ask.kind in WORDS and isinstance(value, str) and value.strip():
            lines.append(named(ask.label, _said(ask, value)))
    return asks.clean("\n".join(lines)[: limits.TEXT], "text")


def _said(ask: Ask, value: str) -> str:
    return str((ask.choices or {}).get(value, value))
