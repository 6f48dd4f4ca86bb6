"""Why a case stands before somebody: said in its row, so that nobody has to guess what is asked of them.

Decided from the case's own row, the reader's posts and their part in it; the first reason is the one that asks for
something, the last ones only explain. Words are short, because they stand in a row of one line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import pgettext_lazy

from gewu.core import levels
from gewu.domain.access.actor import Actor, Hat
from gewu.domain.access.table import TRIAGE
from gewu.domain.cases.by_day import is_over
from gewu.domain.cases.models import Case
from gewu.domain.cases.relations import RELATIONS, holds
from gewu.domain.cases.rules import RETURNS_TO_DECIDE
from gewu.domain.cases.workflow import ACCEPTED, HANDLED, ON_THE_LADDER, SUBMITTED, WAITING

WHY: dict[str, Any] = {
    "decide": pgettext_lazy("why in the queue", "Returned twice: name the holder"),
    "extension": pgettext_lazy("why in the queue", "Asks for more time"),
    "appeal": pgettext_lazy("why in the queue", "Appeal to decide"),
    "take_over": pgettext_lazy("why in the queue", "Overdue one level below"),
    "arrive": pgettext_lazy("why in the queue", "You were whistled: say that you are there"),
    "heard": pgettext_lazy("why in the queue", "Your statement is asked for"),
    "accept": pgettext_lazy("why in the queue", "To accept"),
    "assign": pgettext_lazy("why in the queue", "To assign"),
    "verify": pgettext_lazy("why in the queue", "To check"),
    "late": pgettext_lazy("why in the queue", "A step is late"),
    "held": pgettext_lazy("why in the queue", "Held by you"),
    "held_unit": pgettext_lazy("why in the queue", "Held by your unit"),
    "asked": pgettext_lazy("why in the queue", "The reporter was asked"),
    "confirming": pgettext_lazy("why in the queue", "The reporter is to confirm"),
    "waiting": pgettext_lazy("why in the queue", "On hold"),
    "helps": pgettext_lazy("why in the queue", "You help"),
    "whistled": pgettext_lazy("why in the queue", "You were whistled"),
    "held_before": pgettext_lazy("why in the queue", "You held it before"),
    "overdue": pgettext_lazy("why in the queue", "Overdue"),
    "category": pgettext_lazy("why in the queue", "Your department's category"),
    "area": pgettext_lazy("why in the queue", "In your area"),
    "entered": pgettext_lazy("why in the queue", "You entered it"),
}


def why(case: Case, actor: Actor, parts: Collection[tuple[str, bool]] = (), *, now: datetime) -> list[str]:
    """Codes of `WHY`, the most pressing first; never empty. `parts` are the reader's own: relation, answered."""
    found = {code for hat in actor.hats for code in _for_hat(case, hat)}
    found |= {_PARTS[relation, answered] for relation, answered in parts if (relation, answered) in _PARTS}
    if case.overdue_at is not None:
        found.add("overdue")
    elif case.is_open and is_over(case, case.due_at, now) and not is_resting(case):
        found.add("late")
    found |= set(_pauses(case))
    if not found:
        found.add("entered")
    told = [code for code in WHY if code in found]
    # What only explains is left out where something is asked.
    return [code for code in told if code not in _EXPLAINS] or told[:1]


_PARTS = {
    ("whistled", False): "arrive",
    ("whistled", True): "whistled",
    ("heard", False): "heard",
    ("helper", False): "helps",
    ("helper", True): "helps",
    ("held", False): "held_before",
}
_EXPLAINS = {"overdue", "area", "category", "held_before", "entered"}


def _for_hat(case: Case, hat: Hat) -> Iterator[str]:
    if holds(hat, case):
        yield "held" if case.holder_post_id == hat.post_id else "held_unit"
    if RELATIONS["area"].check(hat, case):
        yield "area"
    elif RELATIONS["category"].check(hat, case):
        yield "category"
    if hat.role not in TRIAGE:
        return
    if hat.role != "lead" and RELATIONS["above"].check(hat, case):
        yield from _from_above(case)
    if RELATIONS["desk"].check(hat, case):
        yield from {SUBMITTED: ("accept",), ACCEPTED: ("assign",)}.get(case.state, ())
    if _to_check(case, hat) and RELATIONS["triage"].check(hat, case):
        yield "verify"


def _to_check(case: Case, hat: Hat) -> bool:
    return case.state == HANDLED and case.verified_at is None and case.level == hat.level


def _from_above(case: Case) -> Iterator[str]:
    """What waits for the next level: it decides, grants, or may take over."""
    if case.returns >= RETURNS_TO_DECIDE and case.state in ON_THE_LADDER:
        yield "decide"
    if case.extension == "asked":
        yield "extension"
    if case.appeal in {"asked", "reviewed"}:
        yield "appeal"
    if case.is_open and case.overdue_at is not None and case.level != levels.DISTRICT:
        yield "take_over"


def _pauses(case: Case) -> Iterator[str]:
    if case.state == WAITING:
        yield "waiting"
    if case.asked_at is not None:
        yield "asked"
    if case.state == HANDLED and case.verified_at is not None:
        yield "confirming"


def is_resting(case: Case) -> bool:
    """Its own clocks stand still: it waits for a day, or for its reporter."""
    return case.is_open and any(_pauses(case))
