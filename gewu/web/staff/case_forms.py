"""The form of one move: the fields the table asks for, but only those that make sense for this case and person.

A field may also depend on another one (`when`): the script shows it once that one says so, without script it is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gewu.core.levels import is_higher
from gewu.domain.access.actor import Actor
from gewu.domain.cases import queries
from gewu.domain.cases.models import Case
from gewu.domain.cases.relations import holds
from gewu.domain.cases.rules import RETURNS_TO_DECIDE, hint_of, outcomes
from gewu.domain.cases.workflow import LEVELS, Ask, Move
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.names import name_of
from gewu.domain.people.models import Unit
from gewu.web.request import Request

WHEN = {("report_done", "closing_met"): "closing=solved"}


@dataclass
class FormField:
    """One thing a move asks for, as the page draws it: value as typed, error, choices, and what it depends on."""

    ask: Ask
    id: str
    value: Any = ""
    error: str = ""
    choices: list[tuple[str, list[tuple[str, str]]]] | list[tuple[str, str]] | None = None
    when: str = ""
    hint: str = ""


@dataclass
class MoveForm:
    """One move with its fields; only the one somebody has opened is drawn, the others are links to it."""

    move: Move
    fields: list[FormField]


def move_form(
    move: Move,
    case: Case,
    typed: dict[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    actor: Actor,
) -> MoveForm:
    """The fields that this move asks of this person for this case."""
    fields = [
        FormField(
            ask=ask,
            id=f"{move.code}-{ask.name}",
            value=(typed or {}).get(ask.name, ""),
            error=(errors or {}).get(ask.name, ""),
            choices=_choices(ask, case),
            when=WHEN.get((move.code, ask.name), ""),
            hint=hint_of(ask, move, case),
        )
        for ask in move.asks
        if is_asked(ask, move, case, actor) or (errors or {}).get(ask.name)
    ]
    return MoveForm(move, fields)


def is_asked(ask: Ask, move: Move, case: Case, actor: Actor) -> bool:
    """Whether this field makes sense for this case and person; the action itself judges again."""
    held = any(holds(hat, case) for hat in actor.hats)
    return {
        ("hand_up", "level"): case.emergency,
        ("internal_note", "statement"): case.returns >= RETURNS_TO_DECIDE,
        ("extend", "grant"): case.extension == "asked" and not held,
        ("appeal", "decision"): case.appeal in {"asked", "reviewed"},
    }.get((move.code, ask.name), True)


def typed_of(request: Request, move: Move) -> dict[str, Any]:
    """What was typed, by field: lists where several may be chosen."""
    return {
        ask.name: request.POST.getlist(ask.name) if ask.kind == "units" else request.POST.get(ask.name, "")
        for ask in move.asks
        if ask.kind != "photos"
    }


def _choices(ask: Ask, case: Case) -> Any:
    if ask.kind == "closing":
        return [(code, str(words)) for code, words in outcomes(case).items()]
    if ask.choices is not None:
        return [(code, str(words)) for code, words in ask.choices.items()]
    if ask.kind == "holder":
        return queries.holders_offered(case)
    if ask.kind in {"unit", "units"}:
        units = Unit.objects.filter(is_active=True, level__in=["V", "S", "D"]).order_by("level", "code")
        return [(unit.code, name_of(unit)) for unit in units]
    if ask.kind == "condition":
        return catalogue.tree()
    if ask.kind == "level":
        return [(code, str(words)) for code, words in LEVELS.items() if is_higher(code, than=case.level)]
    return None
