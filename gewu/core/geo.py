"""Places on the earth: surface, distance, narrowness, snapping, and the Chinese map offset.

For border checks and maps. Coordinates are WGS 84 longitude and latitude in degrees, in this order (as GeoJSON
has it). Surface comes from the Lambert cylindrical equal-area projection on the ellipsoid (rules.md section 7),
so the surfaces of children sum up to that of their parent; lengths come from the ellipsoid's local scale.
GCJ-02 is the offset that maps published in China carry; it is undone by iteration.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gewu.core.errors import Invalid
from gewu.core.sentences import Sentence
from gewu.core.sentences import sentence as _

Point = tuple[float, float]  # longitude, latitude

SNAP = 1e-7  # degrees, about a centimetre
A = 6_378_137.0  # WGS 84, semi-major axis in metres
F = 1 / 298.257223563  # flattening
_E2 = F * (2 - F)
_E = math.sqrt(_E2)


def check_lonlat(lon: object, lat: object, *, field: str = "place") -> Point:
    """A pair of numbers that can be a place; both fields are told when both are wrong."""
    errors = [
        *_faults(lon, 180, f"{field}.lon", _("The longitude lies between -180 and 180.")),
        *_faults(lat, 90, f"{field}.lat", _("The latitude lies between -90 and 90.")),
    ]
    if errors:
        raise Invalid([error for fault in errors for error in fault.errors])
    return float(lon), float(lat)  # type: ignore[arg-type]  # both were found to be numbers


def metres_per_degree(lat: float) -> tuple[float, float]:
    """How long one degree of longitude and one of latitude are at this latitude."""
    phi = math.radians(lat)
    w2 = 1 - _E2 * math.sin(phi) ** 2
    east = A / math.sqrt(w2) * math.cos(phi)
    north = A * (1 - _E2) / w2**1.5
    return math.radians(east), math.radians(north)


def distance_m(a: Point, b: Point) -> float:
    """Metres between two places: within 0.1 % up to 50 km outside the polar caps, rougher beyond."""
    east, north = metres_per_degree((a[1] + b[1]) / 2)
    turn = (b[0] - a[0] + 180) % 360 - 180
    return math.hypot(turn * east, (b[1] - a[1]) * north)


def area_m2(geometry: BaseGeometry) -> float:
    """Surface in square metres; lines and points have none."""
    return float(shapely.area(shapely.transform(geometry, _equal_area)))


def width_m(geometry: BaseGeometry) -> float:
    """The width of the widest part in metres: the diameter of the largest circle inside.

    A long gap with one wide bay is as wide as the bay, so it does not pass for a sliver. Good to a
    millimetre, or a ten-thousandth where that is more.
    """
    flat = _flat(geometry)
    low, high = 0.0, math.sqrt(shapely.area(flat) / math.pi)
    while high - low > 0.0005:
        middle = (low + high) / 2
        if _survives(flat, middle):
            low = middle
        else:
            high = middle
    return low + high


def is_narrower(geometry: BaseGeometry, metres: float) -> bool:
    """Is even the widest part narrower than this? Cheaper than `width_m`."""
    return not _survives(_flat(geometry), metres / 2)


def snap(geometry: BaseGeometry, grid: float = SNAP) -> BaseGeometry:
    """Put every corner on the grid, so that borders drawn twice become the same border; stays valid."""
    return shapely.set_precision(geometry, grid)


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """The place as maps published in China draw it; outside China nothing changes."""
    if not in_offset_box(lon, lat):
        return lon, lat
    east, north = _gcj_offset(lon, lat)
    return lon + east, lat + north


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """Undo the offset, to far below 0.1 m.

    The offset changes by some 1 % over its own length, so each round of asking "what would have been drawn
    here?" leaves about a hundredth of the error.
    """
    if not in_offset_box(lon, lat):
        return lon, lat
    guess_lon, guess_lat = lon, lat
    for _round in range(10):
        east, north = _gcj_offset(guess_lon, guess_lat)
        off_lon, off_lat = lon - guess_lon - east, lat - guess_lat - north
        guess_lon, guess_lat = guess_lon + off_lon, guess_lat + off_lat
        if abs(off_lon) < 1e-10 and abs(off_lat) < 1e-10:
            break
    return guess_lon, guess_lat


def in_offset_box(lon: float, lat: float) -> bool:
    """Is the place in the box within which the offset is applied?"""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def _faults(value: object, most: float, field: str, message: Sentence) -> list[Invalid]:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and -most <= value <= most:  # type: ignore[operator]  # NaN fails here too
        return []
    return [Invalid.at(field, "out_of_range" if number else "not_number", message)]


def _equal_area(lonlat: Any) -> Any:
    """Lambert cylindrical equal-area: x = a λ, y = a q(φ) / 2 with the authalic q of the ellipsoid."""
    sine = np.sin(np.radians(lonlat[:, 1]))
    q = (1 - _E2) * (sine / (1 - _E2 * sine**2) + np.arctanh(_E * sine) / _E)
    # East is counted from the geometry itself: smaller numbers lose fewer digits in products.
    x = A * np.radians(lonlat[:, 0] - lonlat[:1, 0])
    return np.column_stack((x, A * q / 2))


def _flat(geometry: BaseGeometry) -> BaseGeometry:
    """A plane in metres around the geometry's middle, true to shape over a few kilometres."""
    west, south, east, north = shapely.bounds(geometry)
    middle_lon, middle_lat = (west + east) / 2, (south + north) / 2
    scale = metres_per_degree(middle_lat)
    return shapely.transform(geometry, lambda lonlat: (lonlat - (middle_lon, middle_lat)) * scale)


def _survives(flat: BaseGeometry, depth: float) -> bool:
    """Is anything left after taking `depth` away along all edges?"""
    return not shapely.is_empty(shapely.buffer(flat, -depth))


# The published constants of the offset: the Krasovsky ellipsoid and three wave trains for each direction.
_GCJ_A = 6_378_245.0
_GCJ_E2 = 0.006_693_421_622_965_943


def _gcj_offset(lon: float, lat: float) -> Point:
    """The offset in degrees at a place."""
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    common = 20 * math.sin(6 * math.pi * x) + 20 * math.sin(2 * math.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (
        (common + _waves(y, 20, 40) + 160 * math.sin(math.pi * y / 12) + 320 * math.sin(math.pi * y / 30))
        * 2
        / 3
    )
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (
        (common + _waves(x, 20, 40) + 150 * math.sin(math.pi * x / 12) + 300 * math.sin(math.pi * x / 30))
        * 2
        / 3
    )
    phi = math.radians(lat)
    w2 = 1 - _GCJ_E2 * math.sin(phi) ** 2
    metres_east = _GCJ_A / math.sqrt(w2) * math.cos(phi)
    metres_north = _GCJ_A * (1 - _GCJ_E2) / w2**1.5
    return math.degrees(east / metres_east), math.degrees(north / metres_north)


def _waves(along: float, first: float, second: float) -> float:
    return first * math.sin(math.pi * along) + second * math.sin(math.pi * along / 3)
