"""Point -> grid in memory: one flat, read-only map per border version.

A point on a border, or where two grids overlap in an accepted fault, belongs to the smaller code and is marked
`on_border`. A point outside every grid gets a clear answer, never the nearest grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gewu.core import geo
from gewu.domain.areas.models import Area


@dataclass(frozen=True)
class Located:
    """The grid of a point. `reason` is empty when there is one, else `outside` or `no_map`."""

    area: Area | None
    on_border: bool = False
    reason: str = ""


OUTSIDE = Located(None, reason="outside")
NO_MAP = Located(None, reason="no_map")


class GridMap:
    """The grids of one version. Nothing changes after it is made, so threads may share it."""

    def __init__(self, grids: Sequence[tuple[Area, BaseGeometry]]) -> None:
        # By code: then the smallest index among the hits is the smallest code.
        ordered = sorted(grids, key=lambda pair: pair[0].code)
        self._areas = [area for area, _geometry in ordered]
        self._geometries = np.array([geometry for _area, geometry in ordered], dtype=object)
        shapely.prepare(self._geometries)
        self._tree = shapely.STRtree(self._geometries)

    def locate(self, lon: float, lat: float) -> Located:
        """The grid of one point, in some microseconds."""
        # A border is as wide as the grid its corners are snapped to.
        point = shapely.points(lon, lat)
        hits = self._tree.query(point, predicate="dwithin", distance=geo.SNAP)
        if len(hits) == 1:
            only = int(hits[0])
            inside = shapely.contains_properly(self._geometries[only], point)
            return Located(self._areas[only], on_border=not inside)
        if len(hits) == 0:
            return OUTSIDE
        return Located(self._areas[int(hits.min())], on_border=True)

    def locate_many(self, points: Sequence[tuple[float, float]]) -> list[Located]:
        """The same answers for many points at once."""
        made = shapely.points(np.array(points, dtype=float).reshape(-1, 2))
        which, hits = self._tree.query(made, predicate="dwithin", distance=geo.SNAP)
        smallest = np.full(len(made), len(self._areas))
        np.minimum.at(smallest, which, hits)
        counts = np.bincount(which, minlength=len(made))
        out = []
        for point, index, count in zip(made, smallest, counts, strict=True):
            if count == 0:
                out.append(OUTSIDE)
                continue
            on_border = count > 1 or not shapely.contains_properly(self._geometries[index], point)
            out.append(Located(self._areas[index], on_border=bool(on_border)))
        return out
