"""Reading the tree and the maps: subtrees, ancestors, lists, the grid of a point, borders as GeoJSON."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Q, QuerySet

from gewu.core import geo
from gewu.core.errors import Broken, NotFound
from gewu.domain.areas import paths
from gewu.domain.areas.geojson import read_geometry
from gewu.domain.areas.maps import NO_MAP, GridMap, Located
from gewu.domain.areas.models import Area, Border, BorderVersion, Level
from gewu.domain.areas.rules import Shape
from gewu.domain.place import queries as place
from gewu.domain.statements import Written

_WHICH_MAP = Written("SELECT id, in_force_at FROM areas_borderversion WHERE state = %s")
_MAPS_KEPT = 4  # in force, the one before, one being prepared, and one to compare with
_maps: OrderedDict[tuple[UUID, datetime | None], GridMap] = OrderedDict()
_in_force: dict[tuple[str, str], GridMap] = {}  # the one in use, by what the store says of the map in force
_maps_lock = Lock()


def within(path: str, field: str = "path") -> Q:
    """Rows whose `field` lies in the subtree of `path`, the root of the subtree with it; "" is everything."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": path + paths.END})


def current_version() -> BorderVersion | None:
    """The map in force."""
    return BorderVersion.objects.filter(state=BorderVersion.State.IN_FORCE).first()


def get_version(number: int) -> BorderVersion:
    """A map by its number, also a past one."""
    version = BorderVersion.objects.filter(number=number).first()
    if version is None:
        raise NotFound
    return version


def locate(lon: float, lat: float, *, version: BorderVersion | None = None) -> Located:
    """The grid of a point, by the map in force or by another one."""
    lon, lat = geo.check_lonlat(lon, lat)
    known = grid_map(version) if version else _map_in_force()
    return known.locate(lon, lat) if known else NO_MAP


def _map_in_force() -> GridMap | None:
    """Which map is in force is asked each time, in plain SQL; the map itself is in memory."""
    with connection.cursor() as cursor:
        cursor.execute(_WHICH_MAP, [BorderVersion.State.IN_FORCE])
        found = cursor.fetchone()
    if found is None:
        return None
    key = (str(found[0]), str(found[1]))
    with _maps_lock:
        known = _in_force.get(key)
    if known is None and (version := current_version()):
        known = grid_map(version)
        with _maps_lock:
            _in_force.clear()
            _in_force[key] = known
    return known


def grid_map(version: BorderVersion) -> GridMap:
    """The map in memory; borders never change, so it is made once per process."""
    # Areas may be renamed when a map comes into force: then it is read anew.
    key = (version.id, version.in_force_at)
    with _maps_lock:
        known = _maps.get(key)
        if known:
            _maps.move_to_end(key)
            return known
    borders = Border.objects.filter(version=version, area__level=Level.GRID).select_related("area")
    made = GridMap([(border.area, read_geometry(border.geometry)) for border in borders.iterator()])
    with _maps_lock:
        _maps[key] = made
        while len(_maps) > _MAPS_KEPT:
            _maps.popitem(last=False)
    return made


@dataclass(frozen=True)
class Move:
    """A point that two maps put into different grids; None: outside every grid."""

    key: Hashable
    before: Area | None
    after: Area | None


def moves_between(
    old: BorderVersion, new: BorderVersion, points: Iterable[tuple[Hashable, float, float]]
) -> list[Move]:
    """Which of these (key, lon, lat) would change their grid."""
    given = list(points)
    places = [(lon, lat) for _key, lon, lat in given]
    befores, afters = grid_map(old).locate_many(places), grid_map(new).locate_many(places)
    return [
        Move(key, before.area, after.area)
        for (key, _lon, _lat), before, after in zip(given, befores, afters, strict=True)
        if (before.area and before.area.id) != (after.area and after.area.id)
    ]


def get_area(code: str) -> Area:
    """The valid area of this code."""
    area = Area.objects.filter(code=code, valid_to=None).first()
    if area is None:
        raise NotFound
    return area


def root() -> Area:
    """The area of the whole installation: the one its code names, else the top of the tree."""
    code = place.installation().code
    found = Area.objects.filter(Q(code=code) | Q(parent=None), valid_to=None).order_by("path")
    area = next((one for one in found if one.code == code), None) or found.first()
    if area is None:
        raise Broken("This installation has no areas yet. Import its map first.", code="no_areas")
    return area


def valid_on(day: date) -> Q:
    """Areas that exist on this day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def ancestors(area: Area) -> list[Area]:
    """The areas above, root first."""
    return list(Area.objects.filter(path__in=paths.ancestors(area.path)).order_by("path"))


def children(area: Area | None, *, on: date) -> QuerySet[Area]:
    """The areas right below (None: the roots), in code order."""
    return Area.objects.filter(valid_on(on), parent=area).order_by("code")


@dataclass(frozen=True)
class Branch:
    """An area in a listing of the tree; `depth` is 0 for the first."""

    area: Area
    depth: int


def grid_of(area: Area) -> Area:
    """The grid of a micro-grid; every other area itself."""
    return area.parent if area.level == Level.MICROGRID and area.parent is not None else area


def tree(*, on: date, under: Area | None = None, deepest: str = Level.MICROGRID) -> list[Branch]:
    """The whole subtree, each area before its children, siblings in code order; one query."""
    levels = Level.values[: Level.values.index(deepest) + 1]
    areas = Area.objects.filter(within(under.path if under else ""), valid_on(on), level__in=levels)
    by_path = {area.path: area for area in areas}
    top = paths.depth(under.path) if under else 0

    def order(area: Area) -> list[str]:
        above = [by_path[path].code for path in paths.ancestors(area.path) if path in by_path]
        return [*above, area.code]

    return [Branch(area, paths.depth(area.path) - top) for area in sorted(by_path.values(), key=order)]


def shapes_of(version: BorderVersion) -> list[Shape]:
    """A stored map as it was checked, outermost areas first."""
    borders = Border.objects.filter(version=version).select_related("area__parent").order_by("area__path")
    return [
        Shape(
            code=border.area.code,
            level=border.area.level,
            parent=border.area.parent.code if border.area.parent else None,
            geometry=read_geometry(border.geometry),
            name=border.name,
            kind=border.kind,
            names=border.names,
        )
        for border in borders
    ]


def feature_collection(
    version: BorderVersion, *, under: Area | None = None, levels: Sequence[str] = tuple(Level.values)
) -> dict[str, Any]:
    """The map, or a part of it, as GeoJSON that can be imported again."""
    borders = Border.objects.filter(
        within(under.path if under else "", "area__path"), version=version, area__level__in=levels
    ).select_related("area__parent")
    return {"type": "FeatureCollection", "features": [_feature(b) for b in borders.order_by("area__path")]}


def areas_at(area_paths: Collection[str]) -> list[Area]:
    """The areas at just these paths, in code order."""
    return list(Area.objects.filter(path__in=area_paths, valid_to=None).order_by("code"))


def neighbourhood(area: Area) -> list[tuple[Area, str]]:
    """An area and its siblings with their borders in the map in force (GeoJSON), for a drawing of where it lies."""
    borders = Border.objects.filter(
        version__state=BorderVersion.State.IN_FORCE, area__parent=area.parent_id, area__valid_to=None
    ).select_related("area")
    return [(border.area, border.geometry) for border in borders.order_by("area__code")]


def _feature(border: Border) -> dict[str, Any]:
    properties = {
        "code": border.area.code,
        "name": border.name,
        "level": border.area.level,
        "parent": border.area.parent.code if border.area.parent else None,
        "kind": border.kind,
        "names": border.names,
        "surface_m2": round(border.surface_m2, 1),
    }
    geometry = msgspec.Raw(border.geometry.encode())
    return {"type": "Feature", "properties": properties, "geometry": msgspec.json.decode(geometry)}
