"""The model place's map, drawn from a seed: outline, 40 communities, 216 grids.

Nothing here is a real border. A town with small, dense communities lies in the middle, villages around it. Everything
is drawn on a plane in metres and bent a little, so that borders look walked rather than ruled. All borders together
are then noded and snapped as one set of lines, and the grids are the faces between these lines: neighbours share
their corners exactly, and parents are unions of their children, so the map has no fault by construction.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gewu.core import geo
from gewu.demo.parts import Draws

CENTRE = (120.13, 32.51)
SURFACE_M2 = 38_690_000.0
TOWN_RADIUS_M = 1_750.0
COMMITTEES, VILLAGES, GRIDS = 24, 16, 216
_ROUNDS = 14  # of moving each seed to the middle of its cell
_WAVES = ((1_900.0, 95.0), (830.0, 28.0))  # length and height of the bends, in metres


@dataclass(frozen=True)
class CommunityShape:
    """One community; its grids in the order of their codes."""

    is_village: bool
    geometry: BaseGeometry
    grids: tuple[BaseGeometry, ...]


@dataclass(frozen=True)
class TownShape:
    """The whole map; committees first, then villages, each in the order of their codes."""

    outline: BaseGeometry
    communities: tuple[CommunityShape, ...]


def draw(rng: Draws) -> TownShape:
    """The map that follows from this generator."""
    outline = _outline(rng)
    seeds = _community_seeds(rng, outline)
    villages = [math.hypot(*seed) > TOWN_RADIUS_M for seed in seeds]
    cells = _cells(seeds, outline)
    sizes = _grid_numbers(rng, villages, cells)
    grids: list[tuple[int, BaseGeometry]] = []
    for owner, (cell, number) in enumerate(zip(cells, sizes, strict=True)):
        grids.extend((owner, grid) for grid in _split(rng, cell, number))
    faces = _faces([grid for _owner, grid in grids], rng)
    owned: dict[int, list[BaseGeometry]] = {owner: [] for owner in range(len(cells))}
    for (owner, _grid), face in zip(grids, faces, strict=True):
        owned[owner].append(face)
    made = [
        CommunityShape(villages[owner], union(faces_of), tuple(in_reading_order(faces_of, lambda face: face)))
        for owner, faces_of in owned.items()
    ]
    committees = [community for community in made if not community.is_village]
    around = [community for community in made if community.is_village]
    ordered = [
        community
        for group in (committees, around)
        for community in in_reading_order(group, lambda community: community.geometry)
    ]
    return TownShape(union([community.geometry for community in ordered]), tuple(ordered))


def union(geometries: Iterable[BaseGeometry]) -> BaseGeometry:
    """Together, in one canonical form: the same corners always give the same bytes."""
    return shapely.normalize(shapely.unary_union(list(geometries), grid_size=geo.SNAP))


def in_reading_order(items: Sequence[Any], geometry: Callable[[Any], BaseGeometry]) -> list[Any]:
    """Rows from north to south, within a row from west to east; a row is as high as a usual member."""
    middles = [shapely.centroid(geometry(item)) for item in items]
    north = max(middle.y for middle in middles)
    height = math.sqrt(sum(geometry(item).area for item in items) / len(items))
    order = sorted(
        range(len(items)), key=lambda i: (int((north - middles[i].y) / height), middles[i].x, middles[i].y)
    )
    return [items[i] for i in order]


def point_inside(rng: Draws, geometry: BaseGeometry) -> tuple[float, float]:
    """A place well inside, at least some ten metres from the border where there is room."""
    core = shapely.buffer(geometry, -1.2e-4)
    if core.is_empty:
        core = geometry
    west, south, east, north = core.bounds
    for _try in range(200):
        lon, lat = round(rng.uniform(west, east), 6), round(rng.uniform(south, north), 6)
        if shapely.contains_xy(core, lon, lat):
            return lon, lat
    middle = shapely.point_on_surface(core)
    return round(middle.x, 6), round(middle.y, 6)


def _outline(rng: Draws) -> BaseGeometry:
    """A round with bays and headlands, in metres around the centre; its surface is set right at the end."""
    waves = [(k, rng.uniform(0.25, 1.0) * 0.16 / k, rng.uniform(0, math.tau)) for k in range(2, 8)]
    corners = []
    for step in range(96):
        angle = math.tau * step / 96
        stretch = 1 + sum(height * math.sin(k * angle + phase) for k, height, phase in waves)
        corners.append((3_700 * stretch * math.cos(angle), 3_350 * stretch * math.sin(angle)))
    return shapely.polygons(corners)


def _community_seeds(rng: Draws, outline: BaseGeometry) -> list[tuple[float, float]]:
    """Middles of the communities: a dense round town, and villages spread over the rest."""
    town = shapely.buffer(shapely.points(0, 0), TOWN_RADIUS_M)
    fields = shapely.difference(outline, town)
    committees = _spread(rng, town, COMMITTEES)
    villages = _spread(rng, fields, VILLAGES)
    # A middle of a bent strip may lie outside it; villages stay out of the town.
    return [*committees, *(_pushed_out(seed, TOWN_RADIUS_M * 1.12) for seed in villages)]


def _pushed_out(seed: tuple[float, float], least: float) -> tuple[float, float]:
    far = math.hypot(*seed)
    return seed if far > least else (seed[0] * least / far, seed[1] * least / far)


def _spread(rng: Draws, area: BaseGeometry, number: int) -> list[tuple[float, float]]:
    """Points spread evenly, yet not on a lattice."""
    west, south, east, north = area.bounds
    points: list[tuple[float, float]] = []
    while len(points) < number:
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        if shapely.contains_xy(area, x, y):
            points.append((x, y))
    for _round in range(_ROUNDS):
        middles = [shapely.centroid(cell) for cell in _cells(points, area)]
        points = [(middle.x, middle.y) for middle in middles]
    return points


def _cells(points: Sequence[tuple[float, float]], area: BaseGeometry) -> list[BaseGeometry]:
    """What lies nearest to each point, within the area; in the order of the points."""
    made = shapely.multipoints(points)
    collection = shapely.voronoi_polygons(made, extend_to=shapely.envelope(area).buffer(5_000), ordered=True)
    return [shapely.intersection(cell, area) for cell in shapely.get_parts(collection)]


def _grid_numbers(rng: Draws, villages: Sequence[bool], cells: Sequence[BaseGeometry]) -> list[int]:
    """How many grids each community has: three to nine, by its size within its group, 216 together."""
    town_m2 = sum(cell.area for cell, village in zip(cells, villages, strict=True) if not village)
    rest_m2 = sum(cell.area for cell in cells) - town_m2
    weights = [
        (0.35 + 0.65 * cell.area * (VILLAGES / rest_m2 if village else COMMITTEES / town_m2))
        * (72 / VILLAGES if village else 144 / COMMITTEES)
        * rng.uniform(0.6, 1.5)
        for cell, village in zip(cells, villages, strict=True)
    ]
    return apportion(GRIDS, weights, least=3)


def apportion(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """Whole numbers in the proportion of the weights, together exactly `total` (largest remainders)."""
    free = total - least * len(weights)
    shares = [free * weight / sum(weights) for weight in weights]
    parts = [math.floor(share) for share in shares]
    by_rest = sorted(range(len(weights)), key=lambda i: (parts[i] - shares[i], i))
    for i in by_rest[: free - sum(parts)]:
        parts[i] += 1
    return [part + least for part in parts]


def _split(rng: Draws, cell: BaseGeometry, number: int) -> list[BaseGeometry]:
    """The grids of one community: compact, of one piece each."""
    return _cells(_spread(rng, cell, number), cell)


def _faces(grids: Sequence[BaseGeometry], rng: Draws) -> list[BaseGeometry]:
    """The grids on the earth, in the same order, cut from one common set of lines."""
    lines = shapely.unary_union([shapely.boundary(grid) for grid in grids], grid_size=0.01)
    bend = _bend(rng)
    bent = shapely.transform(shapely.segmentize(lines, 90.0), bend)
    inside = [shapely.transform(shapely.point_on_surface(grid), bend) for grid in grids]
    scale = 1.0
    for _round in range(3):
        faces = _polygonized(bent, scale)
        scale *= math.sqrt(SURFACE_M2 / sum(geo.area_m2(face) for face in faces))
    faces = _polygonized(bent, scale)
    tree = shapely.STRtree(faces)
    on_earth = [_to_earth(point, scale) for point in inside]
    found = [tree.query(point, predicate="within") for point in on_earth]
    chosen = [int(hits[0]) for hits in found if len(hits) == 1]
    if sorted(chosen) != list(range(len(grids))):
        raise ValueError("the seed draws a map whose grids are not of one piece; take another seed")
    return [shapely.normalize(faces[i]) for i in chosen]


def _polygonized(lines: BaseGeometry, scale: float) -> list[BaseGeometry]:
    noded = shapely.unary_union(_to_earth(lines, scale), grid_size=geo.SNAP)
    return list(shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded)))))


def _to_earth(geometry: BaseGeometry, scale: float) -> BaseGeometry:
    east, north = geo.metres_per_degree(CENTRE[1])
    factor = (scale / east, scale / north)
    return shapely.transform(geometry, lambda xy: np.asarray(xy) * factor + CENTRE)


def _bend(rng: Draws) -> Callable[[Any], Any]:
    """A gentle distortion of the plane; its slope stays far below one, so nothing can fold."""
    waves = [
        (length, height, *(rng.uniform(0, math.tau) for _phase in range(2))) for length, height in _WAVES
    ]

    def bend(xy: Any) -> Any:
        x, y = xy[:, 0], xy[:, 1]
        east, north = np.zeros_like(x), np.zeros_like(y)
        for length, height, first, second in waves:
            east = east + height * np.sin(math.tau * y / length + first)
            north = north + height * np.sin(math.tau * x / length + second)
        return np.column_stack((x + east, y + north))

    return bend
