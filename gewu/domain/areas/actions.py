"""Maps come in as prepared versions, and one of them is put into force on its day.

An import is whole or not at all: it refuses while a fault stands that nobody has accepted by name. Areas keep their
place in the tree for good; a code that would need another parent has to be a new code, because paths and all that
hangs on them (cases, posts) do not move. Whether the actor may do this is asked by the entrance, before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone

from gewu.core import geo
from gewu.core.errors import Conflict, FieldError, Invalid, Refused
from gewu.core.sentences import sentence as _
from gewu.domain.areas import facts, paths, queries, rules
from gewu.domain.areas.geojson import read_shapes, write_geometry
from gewu.domain.areas.models import Area, Border, BorderVersion
from gewu.domain.areas.rules import Fault, Shape
from gewu.domain.journal import actions as journal
from gewu.domain.place import queries as place


@dataclass(frozen=True)
class Imported:
    """What an import did, or in a dry run would do. Codes are sorted."""

    version: BorderVersion | None
    faults: tuple[Fault, ...]
    unaccepted: tuple[Fault, ...]
    ignored: int
    added: tuple[str, ...]
    gone: tuple[str, ...]
    areas: int


def import_geojson(
    data: bytes | str | Mapping[str, Any],
    *,
    system: str = "wgs84",
    accept: Collection[str] = (),
    actor: Any,
    now: datetime,
    dry_run: bool = False,
    takes_effect: date | None = None,
    within: str | None = None,
) -> Imported:
    """Check a map and keep it as a new prepared version; the first one makes the areas.

    `accept` holds names of faults (a mapping may give the reasons as values). With `within` the file holds only what
    lies below the area of that code, and everything else is taken over from the map in force.
    """
    return import_shapes(
        read_shapes(data, system=system),
        accept=accept,
        actor=actor,
        now=now,
        dry_run=dry_run,
        takes_effect=takes_effect,
        within=within,
    )


def import_shapes(
    shapes: Sequence[Shape],
    *,
    accept: Collection[str] = (),
    actor: Any,
    now: datetime,
    dry_run: bool = False,
    takes_effect: date | None = None,
    within: str | None = None,
) -> Imported:
    """The same for a map that was made here, by the grid designer or for the model place."""
    current = queries.current_version()
    if within is not None:
        shapes = [*_kept(within, current), *shapes]
    rules.check_tree(shapes)
    checked = rules.examine(shapes)
    unaccepted = tuple(rules.unaccepted(checked.faults, accept))
    if unaccepted and not dry_run:
        raise rules.FaultyBorders(unaccepted)
    _check_parents(checked.shapes)
    before = _codes(current)
    after = {shape.code for shape in checked.shapes}
    result = Imported(
        version=None,
        faults=checked.faults,
        unaccepted=unaccepted,
        ignored=checked.ignored,
        added=tuple(sorted(after - before)),
        gone=tuple(sorted(before - after)),
        areas=len(after),
    )
    if dry_run:
        return result
    return _store(
        checked.shapes, result, actor=actor, now=now, day=takes_effect or _local_day(now), within=within
    )


def put_into_force(version: BorderVersion, *, actor: Any, now: datetime) -> BorderVersion:
    """Let this map decide from now on. Open cases are moved by the caller (cases), in the same transaction."""
    if version.takes_effect > _local_day(now):
        raise Refused(_("The map takes effect on %(day)s.", day=version.takes_effect), code="not_yet")
    try:
        with transaction.atomic():
            return _put_into_force(version, actor=actor, now=now)
    except IntegrityError:
        raise _was_first() from None


def discard(version: BorderVersion, *, actor: Any, now: datetime) -> None:
    """Throw away a prepared map, and with it the areas that only this map knows: they never existed."""
    try:
        with transaction.atomic():
            only_here = Area.objects.filter(borders__version=version).exclude(
                id__in=Border.objects.exclude(version=version).values("area_id")
            )
            lone = list(only_here.values_list("id", "level"))
            if not BorderVersion.objects.filter(id=version.id, state=BorderVersion.State.PREPARED).delete()[
                0
            ]:
                raise Refused(
                    _("Only a map that was never in force can be thrown away."), code="not_prepared"
                )
            for level in reversed(rules.RANKS):
                Area.objects.filter(id__in=[area for area, of_level in lone if of_level == level]).delete()
            journal.record(
                facts.BORDERS_DISCARDED,
                actor=actor,
                subject=("border_version", version.id),
                at=now,
                data={"number": version.number, "areas": len(lone)},
            )
    except ProtectedError:
        raise Refused(_("Posts or places already stand in areas of this map."), code="in_use") from None


def _put_into_force(version: BorderVersion, *, actor: Any, now: datetime) -> BorderVersion:
    states = BorderVersion.State
    current = queries.current_version()
    if current and current.number >= version.number:
        raise Refused(_("A later map is already in force."), code="superseded")
    if current:
        left = BorderVersion.objects.filter(id=current.id, state=states.IN_FORCE)
        if not left.update(state=states.PAST, past_at=now):
            raise _was_first()
    taken = BorderVersion.objects.filter(id=version.id, state=states.PREPARED)
    if not taken.update(state=states.IN_FORCE, in_force_at=now):
        raise _was_first()
    version.refresh_from_db()
    borders = list(Border.objects.filter(version=version).select_related("area"))
    _take_over_names(borders)
    ended = Area.objects.none()
    if current:
        lost = Border.objects.filter(version=current).exclude(area__in=[border.area_id for border in borders])
        ended = Area.objects.filter(id__in=lost.values("area_id"), valid_to=None)
    ended_count = ended.update(valid_to=version.takes_effect)
    journal.record(
        facts.BORDERS_IN_FORCE,
        actor=actor,
        subject=("border_version", version.id),
        at=now,
        data={
            "number": version.number,
            "replaced": current.number if current else 0,
            "areas": len(borders),
            "ended": ended_count,
        },
    )
    return version


def _kept(within: str, current: BorderVersion | None) -> list[Shape]:
    """The map in force without what lies below this area."""
    if current is None:
        raise Invalid.at("within", "no_map", _("There is no map in force to take the rest from."))
    top = queries.get_area(within)
    below = Border.objects.filter(queries.within(top.path, "area__path"), version=current).exclude(area=top)
    replaced = set(below.values_list("area__code", flat=True))
    return [shape for shape in queries.shapes_of(current) if shape.code not in replaced]


def _check_parents(shapes: Iterable[Shape]) -> None:
    """A code that is known keeps its place in the tree."""
    known = {
        area.code: (area.level, area.parent.code if area.parent else None)
        for area in Area.objects.filter(valid_to=None).select_related("parent")
    }
    errors = [
        FieldError(
            f"{shape.code}.parent",
            "code_moved",
            _("%(code)s already stands elsewhere in the tree. Give a new code.", code=shape.code),
        )
        for shape in shapes
        if shape.code in known and known[shape.code] != (shape.level, shape.parent)
    ]
    if errors:
        raise Invalid(errors)


def _codes(version: BorderVersion | None) -> set[str]:
    return (
        set(Border.objects.filter(version=version).values_list("area__code", flat=True)) if version else set()
    )


def _store(
    shapes: Sequence[Shape], result: Imported, *, actor: Any, now: datetime, day: date, within: str | None
) -> Imported:
    try:
        with transaction.atomic():
            number = (BorderVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
            version = BorderVersion.objects.create(
                number=number,
                takes_effect=day,
                accepted=rules.accept_all_names(result.faults),
                ignored=result.ignored,
            )
            areas = _make_areas(shapes, day)
            Border.objects.bulk_create(
                [
                    Border(
                        area=areas[shape.code],
                        version=version,
                        name=shape.name,
                        kind=shape.kind,
                        names=dict(shape.names),
                        geometry=write_geometry(shape.geometry),
                        surface_m2=geo.area_m2(shape.geometry),
                    )
                    for shape in shapes
                ],
                batch_size=500,
            )
            journal.record(
                facts.BORDERS_IMPORTED,
                actor=actor,
                subject=("border_version", version.id),
                at=now,
                data={
                    "number": number,
                    "areas": result.areas,
                    "added": len(result.added),
                    "gone": len(result.gone),
                    "accepted": len(result.faults),
                    "ignored": result.ignored,
                    "within": within or "",
                },
            )
    except IntegrityError:
        # Two imports at once took the same number, code or key of the tree.
        raise _was_first() from None
    return Imported(**{**vars(result), "version": version})


def _make_areas(shapes: Sequence[Shape], day: date) -> dict[str, Area]:
    """The areas of this map by code; those not known yet get the next keys below their parents."""
    areas = {area.code: area for area in Area.objects.filter(valid_to=None)}
    new = sorted(
        (shape for shape in shapes if shape.code not in areas),
        key=lambda shape: (rules.RANKS.index(shape.level), shape.code),
    )
    next_key = _next_keys() if new else {}
    for shape in new:
        parent = areas[shape.parent] if shape.parent else None
        above = parent.path if parent else ""
        key = next_key.get(above, 0)
        next_key[above] = key + 1
        areas[shape.code] = Area(
            code=shape.code,
            level=shape.level,
            kind=shape.kind,
            name=shape.name,
            names=dict(shape.names),
            parent=parent,
            path=above + paths.segment(key),
            valid_from=day,
        )
    Area.objects.bulk_create([areas[shape.code] for shape in new], batch_size=500)
    return areas


def _next_keys() -> dict[str, int]:
    """Per path the key of its next child; ended areas keep theirs for good."""
    highest: dict[str, int] = {}
    for path in Area.objects.values_list("path", flat=True):
        above = path[: -paths.WIDTH]
        highest[above] = max(highest.get(above, 0), paths.number(path) + 1)
    return highest


def _take_over_names(borders: Iterable[Border]) -> None:
    changed = []
    for border in borders:
        area = border.area
        if (area.name, area.kind, area.names) != (border.name, border.kind, border.names):
            area.name, area.kind, area.names = border.name, border.kind, border.names
            changed.append(area)
    Area.objects.bulk_update(changed, ["name", "kind", "names"], batch_size=500)


def _local_day(now: datetime) -> date:
    """The day at the installation; a first map may come before it is opened, then by the program's own zone."""
    zone = place.calendar().zone if place.is_open() else timezone.get_default_timezone()
    return now.astimezone(zone).date()


def _was_first() -> Conflict:
    return Conflict(_("Somebody else changed the map meanwhile. Please look again."), code="map_changed")
