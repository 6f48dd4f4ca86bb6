"""Making and changing plans. Rounds that have begun keep their places; a change counts from the next round on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from gewu.core.errors import Conflict, FieldError, Invalid
from gewu.core.text import clean
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.areas.models import Area, Level
from gewu.domain.areas.queries import within
from gewu.domain.journal import actions as journal
from gewu.domain.patrols import rules
from gewu.domain.patrols.kinds import KINDS
from gewu.domain.patrols.models import Plan
from gewu.domain.places.kinds import KINDS as PLACE_KINDS
from gewu.domain.places.models import Place
from gewu.domain.requests.work import unit_of_work

SEASON = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
NAME_MOST = 80


@dataclass(frozen=True)
class PlanInput:
    """A plan as it was typed. Without `places` (codes) it goes along all places of `place_kinds`."""

    name: str
    kind: str
    area: str  # code of a grid or community
    frequency: str
    starts: date | None
    every: int = 1
    season_from: str = ""
    season_to: str = ""
    place_kinds: Sequence[str] = ()
    places: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def make_plan(given: PlanInput, *, actor: Actor, now: datetime) -> Plan:
    """A new plan; every wrong field is told at once."""
    values, places = _checked(given)
    plan = Plan(**values)
    check_allowed(may(actor, "patrol.plan", plan))
    with unit_of_work():
        plan.save(force_insert=True)
        plan.places.set(places)
        _record(plan, len(places), actor, now)
    return plan


def draft_plan(given: PlanInput) -> Plan:
    """The plan as it would be, kept nowhere: to look at its days before it is."""
    values, _places = _checked(given)
    return Plan(**values)


def change_plan(plan: Plan, given: PlanInput, *, version: int, actor: Actor, now: datetime) -> Plan:
    """Change it, if nobody else did since `version` was read."""
    check_allowed(may(actor, "patrol.plan", plan))
    values, places = _checked(given)
    check_allowed(may(actor, "patrol.plan", Plan(**values)))
    with unit_of_work():
        if not Plan.objects.filter(pk=plan.pk, version=version, is_active=True).update(
            **values, version=version + 1
        ):
            raise Conflict(
                _("Somebody else has changed this plan. What you typed is still here."), code="version"
            )
        plan.refresh_from_db()
        plan.places.set(places)
        _record(plan, len(places), actor, now)
    return plan


def end_plan(plan: Plan, *, actor: Actor, now: datetime) -> None:
    """No further rounds; those that have begun can still be walked."""
    check_allowed(may(actor, "patrol.plan", plan))
    with unit_of_work():
        if Plan.objects.filter(pk=plan.pk, is_active=True).update(is_active=False, version=plan.version + 1):
            data = {"version": plan.version + 1}
            journal.record("patrol.ended", actor=actor, subject=("patrol", plan.pk), at=now, data=data)


def _record(plan: Plan, places: int, actor: Actor, now: datetime) -> None:
    """All of this version but its name, which is free text; `places` says how many were chosen by hand."""
    season = f"{plan.season_from}/{plan.season_to}" if plan.season_from else ""
    data = {
        "kind": plan.kind, "area": plan.area.code, "frequency": plan.frequency, "every": plan.every,
        "starts": plan.starts.isoformat(), "season": season, "place_kinds": list(plan.place_kinds), "places": places,
        "version": plan.version,
    }  # fmt: skip
    journal.record("patrol.planned", actor=actor, subject=("patrol", plan.pk), at=now, data=data)


def _checked(given: PlanInput) -> tuple[dict[str, Any], list[Place]]:
    """The plan's columns and its places, or every fault."""
    faults: list[FieldError] = []
    found: dict[str, Any] = {"every": given.every, "place_kinds": sorted(set(given.place_kinds))}
    places: list[Place] = []
    if given.names:
        found["names"] = dict(given.names)

    def settle(name: str, how: Any) -> None:
        try:
            found[name] = how()
        except Invalid as error:
            faults.extend(error.errors)

    settle("name", lambda: clean(given.name, max_length=NAME_MOST, lines=False, field="name", required=True))
    settle("kind", lambda: _one_of(given.kind, KINDS, "kind"))
    settle("frequency", lambda: _one_of(given.frequency, rules.FREQUENCIES, "frequency"))
    settle("area", lambda: _area(given.area))
    settle("starts", lambda: _required(given.starts, "starts"))
    settle("season_from", lambda: _season(given.season_from, given.season_to, "season_from"))
    settle("season_to", lambda: _season(given.season_to, given.season_from, "season_to"))
    if not 1 <= given.every <= rules.EVERY_MOST:
        message = _("Please write a number from 1 to %(most)s.") % {"most": rules.EVERY_MOST}
        faults.append(FieldError("every", "range", message))
    if any(kind not in PLACE_KINDS for kind in given.place_kinds):
        faults.append(FieldError("place_kinds", "unknown", _("This kind of place is not known.")))
    if not given.place_kinds and not given.places:
        faults.append(
            FieldError("place_kinds", "required", _("Please choose kinds of places, or single places."))
        )
    if given.places and "area" in found:
        here = within(found["area"].path, "area__path")
        places = list(Place.objects.filter(here, code__in=given.places, is_active=True))
        if len(places) != len(set(given.places)):
            faults.append(FieldError("places", "unknown", _("One of these places is not in this area.")))
    if faults:
        raise Invalid(faults)
    return found, places


def _one_of(value: str, known: Any, field: str) -> str:
    if value not in known:
        raise Invalid.at(field, "choice", _("Please choose one of the list."))
    return value


def _required(value: date | None, field: str) -> date:
    if value is None:
        raise Invalid.at(field, "required", _("Please fill this in."))
    return value


def _area(code: str) -> Area:
    area = Area.objects.filter(code=code, valid_to=None).first()
    if area is None:
        raise Invalid.at("area", "unknown", _("This area is not known."))
    if area.level not in (Level.GRID, Level.COMMUNITY):
        raise Invalid.at(
            "area", "level", _("A plan is for a grid, or for all grids of a village or community.")
        )
    return area


def _season(value: str, other: str, field: str) -> str:
    if not value and not other:
        return ""
    if not SEASON.fullmatch(value):
        raise Invalid.at(field, "season", _("Please write month and day like 05-20, at both ends."))
    return value
