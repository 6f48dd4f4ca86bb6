"""When a new border takes effect, open cases follow it; `filed_area` stays as it was, for statistics (rules.md 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gewu.domain.access.actor import Actor
from gewu.domain.areas import actions as maps
from gewu.domain.areas import queries as areas
from gewu.domain.areas.models import Area, BorderVersion
from gewu.domain.cases.actions.asks import Holder
from gewu.domain.cases.actions.step import Step
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import JOINED, first_holder
from gewu.domain.requests.work import unit_of_work


@dataclass(frozen=True)
class Change:
    """One open case that a new border puts into another area."""

    case: Case
    to: Area


def preview(version: BorderVersion) -> list[Change]:
    """The open cases with a position that `version` locates elsewhere."""
    return list(_changes(version))


def take_effect(version: BorderVersion, *, actor: Actor, now: datetime) -> tuple[BorderVersion, int]:
    """The map decides from now on, and the open cases follow it: both or neither."""
    with unit_of_work():
        in_force = maps.put_into_force(version, actor=actor, now=now)
        return in_force, move_cases(in_force, actor=actor, now=now)


def move_cases(version: BorderVersion, *, actor: Actor, now: datetime) -> int:
    """Give these cases their new scope, each by its own journalled act; a grid's post is replaced by the new grid's."""
    changes = preview(version)
    for change in changes:
        with unit_of_work():
            _move(change, version, actor, now)
    return len(changes)


def _changes(version: BorderVersion) -> Iterator[Change]:
    open_cases = (
        Case.objects.filter(is_open=True, lon__isnull=False).select_related(*JOINED).order_by("number")
    )
    for case in open_cases.iterator(chunk_size=1000):
        if case.lon is None or case.lat is None:
            continue
        found = areas.locate(case.lon, case.lat, version=version)
        if found.area is not None and found.area.path != case.scope_path:
            yield Change(case, found.area)


def _move(change: Change, version: BorderVersion, actor: Actor, now: datetime) -> None:
    case = change.case
    step = Step(case, "case.moved_border", actor, now)
    case.scope_path = change.to.path
    holder = case.holder_post
    if holder is not None and not change.to.path.startswith(holder.area.path):
        post, unit = first_holder(case, case.level)
        step.hold(Holder(post, unit, case.level) if post or unit else None, level=case.level)
    step.data |= {"version_to": version.number}
    step.finish()
