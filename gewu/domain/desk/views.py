"""The views of the queue: those everybody has, which one a post begins with, and a filter from what was chosen.

A view is a filter with a name. Saved ones keep the same words as the address of the page, so that a link, a saved view
and a form say the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from gewu.core import levels
from gewu.core.errors import Invalid
from gewu.core.text import read_day
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import TRIAGE
from gewu.domain.cases.queries import Filter

SOON = timedelta(days=1)
DUE = "due"
# What a form or a link may narrow a view with.
FIELDS = ("state", "level", "category", "area", "closing", "confirmation", "mark", "moved", "since", "until")
_DAYS = {"since", "until"}


@dataclass(frozen=True)
class View:
    """One of the views everybody has. `soon`: only what ends within a day or has ended."""

    code: str
    name: Any
    filter: Filter = field(default_factory=Filter)
    soon: bool = False
    roles: frozenset[str] | None = None
    counted: bool = True

    def at(self, now: datetime) -> Filter:
        """Its filter as of now."""
        return replace(self.filter, due_before=now + SOON) if self.soon else self.filter

    def open_to(self, actor: Actor) -> bool:
        return self.roles is None or bool(self.roles & actor.roles)


VIEWS: dict[str, View] = {
    view.code: view
    for view in (
        View(DUE, pgettext_lazy("queue", "About to run out"), soon=True),
        View("mine", pgettext_lazy("queue", "Held by me"), Filter(mine=True)),
        View("desk", pgettext_lazy("queue", "To accept or assign"), Filter(desk=True), roles=TRIAGE),
        View("check", pgettext_lazy("queue", "To check"), Filter(state="handled")),
        View("overdue", pgettext_lazy("queue", "Overdue"), Filter(overdue=True)),
        View("rest", pgettext_lazy("queue", "Resting"), Filter(resting=True)),
        View("open", pgettext_lazy("queue", "All open")),
        View("closed", pgettext_lazy("queue", "Closed"), Filter(open=False, order="filed"), counted=False),
        View("all", pgettext_lazy("queue", "All"), Filter(open=None, order="filed"), counted=False),
    )
}
# Whose day begins elsewhere than with what is about to run out; the first role of somebody with several decides.
_BEGINS = {
    "dispatcher": "desk",
    "intake": "desk",
    "duty_lead": "overdue",
    "handler": "mine",
    "unit_head": "mine",
    "worker": "mine",
}


def landing(actor: Actor) -> str:
    """The view this post begins with. A department begins with what it holds, its dispatcher too."""
    for hat in actor.hats:
        if hat.role in _BEGINS:
            return "mine" if hat.level == levels.DISTRICT else _BEGINS[hat.role]
    return DUE


def views_of(actor: Actor) -> list[View]:
    """Those open to this person, in their order."""
    return [view for view in VIEWS.values() if view.open_to(actor)]


def filter_of(query: Mapping[str, str], *, now: datetime) -> Filter:
    """The filter that an address or a saved view asks for; unknown words are left out, a malformed day is named."""
    view = VIEWS.get(query.get("view", DUE), VIEWS[DUE])
    given = {name: query.get(name, "").strip() for name in FIELDS}
    narrowed: dict[str, Any] = {
        name: _day(value, name) if name in _DAYS else value for name, value in given.items() if value
    }
    found = view.at(now)
    # A view's own word goes before the form's: "to check" stays "to check".
    return replace(found, **{name: value for name, value in narrowed.items() if not getattr(found, name)})


def narrowing(query: Mapping[str, str]) -> dict[str, str]:
    """What is worth keeping of an address: its view and what narrows it."""
    kept = {name: query[name].strip() for name in FIELDS if query.get(name, "").strip()}
    return {"view": query["view"], **kept} if query.get("view") in VIEWS else kept


def _day(text: str, name: str) -> date:
    try:
        return read_day(text)
    except ValueError:
        raise Invalid.at(name, "day_malformed", _("Please give a day like 2026-03-01.")) from None
