"""Maps without tiles and without script: borders of our own map as a small SVG drawing.

One degree of longitude is drawn as long as it is there, north is up. Classes instead of attributes, so that colours
follow the mode of the page.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gewu.core import geo

WIDTH, HEIGHT, MARGIN = 400.0, 300.0, 10.0
Ring = list[list[float]]
Placing = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Part:
    """One area of the drawing: its name, its border as an SVG path, where its label stands, and whether it is the one
    the page is about."""

    name: str
    path: str
    x: float
    y: float
    is_subject: bool


@dataclass(frozen=True)
class Drawing:
    """What the template draws."""

    parts: list[Part]
    dots: list[tuple[float, float]]
    numbered: bool = False  # dots carry their place in the list
    width: float = WIDTH
    height: float = HEIGHT


def draw(
    borders: Iterable[tuple[str, str, bool]], dots: Iterable[tuple[float, float]] = ()
) -> Drawing | None:
    """`borders`: name, GeoJSON geometry, is it the subject; the subject fills the drawing. None without a subject."""
    read = [(name, list(_rings(json.loads(geometry))), subject) for name, geometry, subject in borders]
    subject = [point for _name, rings, is_subject in read if is_subject for ring in rings for point in ring]
    if not subject:
        return None
    place = _placing(subject)
    parts = [
        Part(name, _path(rings, place), *_middle(rings, place), is_subject=is_subject)
        for name, rings, is_subject in sorted(read, key=lambda one: one[2])  # the subject last, on top
    ]
    return Drawing(parts, [place(lon, lat) for lon, lat in dots])


def draw_around(
    dots: Collection[tuple[float, float]], borders: Iterable[tuple[str, str, bool]], *, metres: float
) -> Drawing:
    """The dots fill the drawing with so many metres around them; what of the borders passes there is drawn too."""
    of_lon, of_lat = geo.metres_per_degree(max(lat for _lon, lat in dots))
    corners = [
        [lon + side * metres / of_lon, lat + side * metres / of_lat] for lon, lat in dots for side in (-1, 1)
    ]
    place = _placing(corners)
    parts = [
        Part(
            name, _path(list(_rings(json.loads(geometry))), place), WIDTH / 2, HEIGHT - 2 * MARGIN, is_subject
        )
        for name, geometry, is_subject in sorted(borders, key=lambda one: one[2])
    ]
    return Drawing(parts, [place(lon, lat) for lon, lat in dots], numbered=True)


def _rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    coordinates = geometry["coordinates"]
    for polygon in [coordinates] if geometry["type"] == "Polygon" else coordinates:
        yield from polygon


def _placing(points: list[list[float]]) -> Placing:
    """From degrees to the drawing, the given points filling it."""
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    shorter = math.cos(math.radians((south + north) / 2))
    scale = min(
        (WIDTH - 2 * MARGIN) / max((east - west) * shorter, 1e-9),
        (HEIGHT - 2 * MARGIN) / max(north - south, 1e-9),
    )
    left = (WIDTH - (east - west) * shorter * scale) / 2
    top = (HEIGHT - (north - south) * scale) / 2

    def place(lon: float, lat: float) -> tuple[float, float]:
        return round(left + (lon - west) * shorter * scale, 1), round(top + (north - lat) * scale, 1)

    return place


def _path(rings: list[Ring], place: Placing) -> str:
    return " ".join(
        "M" + " L".join(f"{x},{y}" for x, y in (place(point[0], point[1]) for point in ring)) + " Z"
        for ring in rings
    )


def _middle(rings: list[Ring], place: Placing) -> tuple[float, float]:
    ring = max(rings, key=len)
    west, east = min(p[0] for p in ring), max(p[0] for p in ring)
    south, north = min(p[1] for p in ring), max(p[1] for p in ring)
    return place((west + east) / 2, (south + north) / 2)
