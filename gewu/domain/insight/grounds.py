"""The map in force as live pages draw it: the grids below an area, a little simplified, and the outline of each
community made of them, so that neighbours keep one common line."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

import msgspec
import shapely
from django.utils.translation import get_language

from gewu.domain.areas.geojson import read_geometry
from gewu.domain.areas.models import Area, Border, BorderVersion, Level
from gewu.domain.areas.queries import current_version, within
from gewu.domain.names import name_of

TOLERANCE = 0.00002  # degrees: two metres, less than a line on any screen is wide
_KEPT = 16  # areas and languages drawn lately
_GRID = 1e-5  # coordinates to a metre
_drawn: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
_lock = Lock()


def key_of(path: str) -> tuple[Any, ...] | None:
    """What the drawing depends on; None before a map is in force."""
    version = current_version()
    return (str(version.id), str(version.in_force_at), path, get_language()) if version else None


def draw(path: str) -> bytes:
    """GeoJSON of the grids and communities below an area. Borders never change, so each is drawn once per process."""
    key, version = key_of(path), current_version()
    if key is None or version is None:
        return msgspec.json.encode(_collection([]))
    with _lock:
        known = _drawn.get(key)
    if known is None:
        known = msgspec.json.encode(_collection(_features(version, path)))
        with _lock:
            _drawn[key] = known
            while len(_drawn) > _KEPT:
                _drawn.popitem(last=False)
    return known


def _features(version: BorderVersion, path: str) -> list[dict[str, Any]]:
    rows = Border.objects.filter(within(path, "area__path"), version=version, area__level=Level.GRID)
    borders = list(rows.select_related("area__parent").order_by("area__code"))
    if not borders:
        return []
    shapes = shapely.coverage_simplify([read_geometry(border.geometry) for border in borders], TOLERANCE)
    grids = [_feature(border.area, shape) for border, shape in zip(borders, shapes, strict=True)]
    parts: dict[Area, list[Any]] = {}
    for border, shape in zip(borders, shapes, strict=True):
        if border.area.parent:
            parts.setdefault(border.area.parent, []).append(shape)
    return grids + [_feature(parent, shapely.union_all(shapes)) for parent, shapes in parts.items()]


def _feature(area: Area, shape: Any) -> dict[str, Any]:
    inside = shape.representative_point()
    return {
        "type": "Feature",
        "properties": {
            "code": area.code,
            "level": area.level,
            "name": name_of(area),
            "label": _label(area),
            "parent": area.parent.code if area.parent else "",
            "at": [round(inside.x, 5), round(inside.y, 5)],
        },
        "geometry": shapely.geometry.mapping(shapely.set_precision(shape, _GRID, mode="pointwise")),
    }


def _label(area: Area) -> str:
    """Within its community a grid goes by what its name adds: 第2网格."""
    name, above = name_of(area), name_of(area.parent) if area.parent else ""
    return name.removeprefix(above).strip() or name if area.level == Level.GRID else name


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
