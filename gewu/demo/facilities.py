"""What stands in the model town besides homes: fire lanes, water, sheds, shops and venues, with keepers and details.

Drawn from a stream of its own, so that streets and people stay what they are whatever is added here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gewu.core import chance
from gewu.demo import geometry
from gewu.demo.parts import Draws, TownArea, TownPlace, TownUnit

# kind: name, share of grids that have one, only in villages / only in the town / both.
KINDS: dict[str, tuple[str, float, str]] = {
    "fire_lane": ("{grid}消防通道", 0.55, "committee"),
    "charging_shed": ("{grid}电动车充电棚", 0.5, "committee"),
    "shop": ("{grid}便民超市", 0.45, ""),
    "waste_point": ("{grid}垃圾投放点", 0.8, ""),
    "water": ("{grid}河塘", 0.5, "village"),
    "manhole": ("{grid}路口窨井盖", 0.3, ""),
}
VENUE = "{community}新时代文明实践站"
CLOSED = 0.03  # of what stands here; its signs still hang


def all_facilities(
    seed: int,
    communities: Sequence[TownArea],
    grids: Mapping[str, Sequence[TownArea]],
    units: Sequence[TownUnit],
) -> list[TownPlace]:
    """In the order of grids; each community has one venue, in its first grid."""
    keepers = {unit.area: unit.code for unit in units if unit.kind in ("committee", "property") and unit.area}
    places: list[TownPlace] = []
    with chance.seeded(f"facilities {seed}") as rng:
        for community in communities:
            keeper = keepers.get(community.code, "")
            first = grids[community.code][0]
            places.append(_one(rng, first, "venue", VENUE.format(community=community.name), keeper, 50))
            for grid in grids[community.code]:
                for number, (kind, (name, share, only)) in enumerate(KINDS.items(), start=51):
                    if rng.random() < share and only in ("", community.kind):
                        places.append(_one(rng, grid, kind, name.format(grid=grid.name), keeper, number))
    return places


def _one(rng: Draws, grid: TownArea, kind: str, name: str, keeper: str, number: int) -> TownPlace:
    lon, lat = geometry.point_inside(rng, grid.geometry)
    return TownPlace(
        f"P{grid.code}{number:02d}", kind, name, grid.code, lon, lat, 0, 0, keeper, _details(rng, kind),
        is_active=rng.random() >= CLOSED,
    )  # fmt: skip


def _details(rng: Draws, kind: str) -> dict[str, object]:
    if kind in ("shop", "charging_shed"):
        return {"extinguishers": rng.choice((1, 2, 2, 4))}
    if kind in ("fire_lane", "water"):
        return {"length_m": rng.choice((40, 60, 90, 120))}
    return {"step_free": True} if kind == "venue" else {}
