"""When a new border takes effect, open cases follow it; `filed_area` stays as it was, for statistics (rules.md 7).

A case with a position goes where the map puts it; one without goes with its area, or to the area above when its own
has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gewu.domain.access.actor import Actor
from gewu.domain.areas import actions as maps
from gewu.domain.areas import paths
from gewu.domain.areas import queries as areas
from gewu.domain.areas.models import Area, BorderVersion
from gewu.domain.cases.actions.asks import Holder
from gewu.domain.cases.actions.step import Step
from gewu.domain.cases.lookups import NAMED
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import first_holder, serving
from gewu.domain.requests.work import unit_of_work


@dataclass(frozen=True)
class Change:
    """One open case that a new border puts into another area."""

    case: Case
    to: Area


def preview(version: BorderVersion) -> list[Change]:
    """The open cases that `version` puts elsewhere."""
    return list(_changes(version))


def take_effect(version: BorderVersion, *, actor: Actor, now: datetime) -> tuple[BorderVersion, int]:
    """The map decides from now on, and the open cases follow it: both or neither."""
    with unit_of_work():
        in_force = maps.put_into_force(version, actor=actor, now=now)
        return in_force, move_cases(in_force, actor=actor, now=now)


def move_cases(version: BorderVersion, *, actor: Actor, now: datetime) -> int:
    """Give these cases their new scope, each by its own journalled act; who does not serve the new place lets go."""
    placing = _Placing(version)
    moved = 0
    for change in preview(version):
        with unit_of_work():
            # Somebody may have acted since: read again, and held until this is written.
            rows = Case.objects.select_for_update(of=("self",)).select_related(*NAMED)
            case = rows.prefetch_related("parties").get(pk=change.case.pk)
            to = placing.area_of(case) if case.is_open else None
            if to is not None:
                _move(Change(case, to), version, actor, now)
                moved += 1
    return moved


class _Placing:
    """Where a map puts a case: by its position, else into the lowest area above it that is still there."""

    def __init__(self, version: BorderVersion) -> None:
        self.version = version
        current = areas.current_version()
        drawn = Area.objects.filter(borders__version=version)
        ended = Area.objects.filter(borders__version=current).exclude(pk__in=drawn.values("pk"))
        there = Area.objects.filter(Q(valid_to=None) | Q(pk__in=drawn.values("pk")))
        self.there = {area.path: area for area in there.exclude(pk__in=ended.values("pk"))}

    def area_of(self, case: Case) -> Area | None:
        """Another area than the present one; None where it stays."""
        found = None
        if case.lon is not None and case.lat is not None:
            found = areas.locate(case.lon, case.lat, version=self.version).area
        path = case.scope_path
        if found is None and path not in self.there:
            still = [self.there[above] for above in paths.ancestors(path) if above in self.there]
            found = still[-1] if still else None
        return found if found is not None and found.path != path else None


def _changes(version: BorderVersion) -> Iterator[Change]:
    placing = _Placing(version)
    open_cases = Case.objects.filter(is_open=True).select_related(*NAMED).order_by("number")
    for case in open_cases.iterator(chunk_size=1000):
        if (area := placing.area_of(case)) is not None:
            yield Change(case, area)


def _move(change: Change, version: BorderVersion, actor: Actor, now: datetime) -> None:
    case = change.case
    step = Step(case, "case.moved_border", actor, now)
    case.scope_path = change.to.path
    if not _serves(case):
        post, unit = first_holder(case, case.level)
        step.hold(Holder(post, unit, case.level) if post or unit else None, level=case.level)
    step.data |= {"version_to": version.number}
    step.finish()


def _serves(case: Case) -> bool:
    """Whoever holds the case serves the place where it lies now; nobody holds one that waits with a triage."""
    if case.holder_post is not None:
        return case.scope_path.startswith(case.holder_post.area.path)
    return case.holder_unit is None or serving(case.scope_path).filter(pk=case.holder_unit.pk).exists()
