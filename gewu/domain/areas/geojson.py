"""Maps at the edge: a GeoJSON FeatureCollection in, shapes out; and borders back out as GeoJSON.

Whoever hands in a file learns of every wrong feature at once, each at its place (`features[3].properties.code`).
GCJ-02 is turned into WGS 84 here and nowhere later, and only when the caller says that the file carries it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gewu.core import geo, limits
from gewu.core.errors import FieldError, Invalid
from gewu.core.punctuation import Listed
from gewu.core.sentences import sentence as _
from gewu.domain.areas.rules import RANKS, Shape

SYSTEMS = ("wgs84", "gcj02")
CODE = re.compile(r"[A-Za-z0-9._-]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z0-9]{2,8})?")


def read_shapes(data: bytes | str | Mapping[str, Any], *, system: str = "wgs84") -> list[Shape]:
    """The areas of a FeatureCollection with properties code, name, level, parent, kind and names (by language)."""
    if system not in SYSTEMS:
        raise Invalid.at("system", "unknown_system", _("The coordinates are either wgs84 or gcj02."))
    features = _features(data)
    errors: list[FieldError] = []
    shapes: list[Shape] = []
    corners = 0
    for place, feature in enumerate(features):
        try:
            shape = _shape(feature, f"features[{place}]", system)
        except Invalid as refused:
            errors.extend(refused.errors)
            continue
        shapes.append(shape)
        corners += shapely.get_num_coordinates(shape.geometry)
        if corners > limits.GEOMETRY_POINTS:
            raise Invalid.at("features", "too_large", _("The map has too many corners."))
    if errors:
        raise Invalid(errors)
    return shapes


def write_geometry(geometry: BaseGeometry) -> str:
    """The text that is stored and shown; seven places are a centimetre."""
    mapping = shapely.geometry.mapping(geometry)
    return msgspec.json.encode(
        {"type": mapping["type"], "coordinates": _rounded(mapping["coordinates"])}
    ).decode()


def read_geometry(text: str) -> BaseGeometry:
    """A geometry this program has written."""
    return shapely.from_geojson(text)


def _features(data: bytes | str | Mapping[str, Any]) -> list[Any]:
    parsed: Any = data
    if isinstance(data, (bytes, str)):
        if len(data) > limits.IMPORT_BYTES:
            raise Invalid.at("file", "too_large", _("The file is too large."))
        try:
            parsed = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Invalid.at("file", "not_json", _("The file is not readable GeoJSON.")) from None
    features = parsed.get("features") if isinstance(parsed, Mapping) else None
    if not isinstance(features, list) or parsed.get("type") != "FeatureCollection":
        raise Invalid.at("file", "not_geojson", _("The file is not a GeoJSON FeatureCollection."))
    if not features:
        raise Invalid.at("features", "empty", _("The map has no areas."))
    if len(features) > limits.IMPORT_ROWS:
        raise Invalid.at("features", "too_many", _("The map has too many areas."))
    return features


def _shape(feature: Any, at: str, system: str) -> Shape:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    if not isinstance(properties, Mapping):
        raise Invalid.at(at, "no_properties", _("An area needs properties and a geometry."))
    errors: list[FieldError] = []
    code, parent, level = properties.get("code"), properties.get("parent"), properties.get("level")
    for name, value in (("code", code), ("parent", parent)):
        if not (isinstance(value, str) and CODE.fullmatch(value)) and not (
            name == "parent" and value is None
        ):
            message = _("A code has at most 32 letters, digits, dots, dashes.")
            errors.append(FieldError(f"{at}.properties.{name}", "bad_code", message))
    if level not in RANKS:
        message = _("The level is one of: %(levels)s.", levels=Listed(RANKS))
        errors.append(FieldError(f"{at}.properties.level", "bad_level", message))
    for name, most, needed in (("name", 120, True), ("kind", 32, False)):
        value = properties.get(name, "")
        if (
            not isinstance(value, str)
            or len(value) > most
            or (needed and not value.strip())
            or "\x00" in value
        ):
            message = _("A text of at most %(most)s characters is needed here.", most=most)
            errors.append(FieldError(f"{at}.properties.{name}", "bad_text", message))
    names = properties.get("names") or {}
    if not _are_names(names):
        message = _("Names in other languages stand by language code.")
        errors.append(FieldError(f"{at}.properties.names", "bad_names", message))
    try:
        geometry, is_closed = _geometry(feature.get("geometry"), f"{at}.geometry", system)
    except Invalid as refused:
        raise Invalid([*errors, *refused.errors]) from None
    if errors:
        raise Invalid(errors)
    texts = {"name": properties["name"].strip(), "kind": properties.get("kind", "").strip()}
    return Shape(str(code), str(level), parent, geometry, names=dict(names), is_closed=is_closed, **texts)


def _are_names(names: Any) -> bool:
    return isinstance(names, Mapping) and all(
        LANGUAGE.fullmatch(str(language)) and isinstance(name, str) and 0 < len(name) <= 120
        for language, name in names.items()
    )


def _geometry(given: Any, at: str, system: str) -> tuple[BaseGeometry, bool]:
    kind = given.get("type") if isinstance(given, Mapping) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise Invalid.at(at, "not_polygon", _("A border is a Polygon or a MultiPolygon."))
    coordinates = given.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise _bad_ring(at)
    made, is_closed = [], True
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise _bad_ring(at)
        rings = [_ring(ring, at, system) for ring in polygon]
        is_closed = is_closed and all(np.array_equal(ring[0], ring[-1]) for ring in rings)
        if any(len(np.unique(ring, axis=0)) < 3 for ring in rings):
            raise _bad_ring(at)
        shell, *holes = (shapely.linearrings(ring) for ring in rings)
        made.append(shapely.polygons(shell, holes=holes or None))
    return (made[0] if len(made) == 1 else shapely.multipolygons(made)), is_closed


def _ring(ring: Any, at: str, system: str) -> Any:
    if not isinstance(ring, list) or len(ring) < 3:
        raise _bad_ring(at)
    points = []
    for point in ring:
        if not isinstance(point, list) or not 2 <= len(point) <= 4 or not all(map(_is_number, point[:2])):
            raise _bad_ring(at)
        lon, lat = geo.check_lonlat(point[0], point[1], field=at)
        points.append(geo.gcj02_to_wgs84(lon, lat) if system == "gcj02" else (lon, lat))
    return np.array(points)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _bad_ring(at: str) -> Invalid:
    return Invalid.at(at, "bad_ring", _("A ring needs at least three different corners of two numbers each."))


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates[0], float):
        return [round(coordinates[0], 7), round(coordinates[1], 7)]
    return [_rounded(inner) for inner in coordinates]
