"""What stands in the model town besides homes: fire lanes, water, sheds, shops and venues, with keepers and details.

Drawn from a stream of its own, so that streets and people stay what they are whatever is added here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gewu.core import chance
from gewu.demo import geometry, names
from gewu.demo.parts import Draws, TownArea, TownPlace, TownUnit

# kind: name in both languages, share of grids that have one, only in villages / only in the town / both.
KINDS: dict[str, tuple[names.Pair, float, str]] = {
    "fire_lane": (("{grid}消防通道", "{grid} Fire Lane"), 0.55, "committee"),
    "charging_shed": (("{grid}电动车充电棚", "{grid} Charging Shed"), 0.5, "committee"),
    "shop": (("{grid}便民超市", "{grid} Corner Shop"), 0.45, ""),
    "waste_point": (("{grid}垃圾投放点", "{grid} Waste Point"), 0.8, ""),
    "water": (("{grid}河塘", "{grid} Pond"), 0.5, "village"),
    "manhole": (("{grid}路口窨井盖", "{grid} Manhole Cover"), 0.3, ""),
}
VENUE: names.Pair = ("{community}新时代文明实践站", "{community} Civility Practice Station")
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
            called = (
                VENUE[0].format(community=community.name),
                VENUE[1].format(community=community.name_en),
            )
            places.append(_one(rng, first, "venue", called, keeper, 50))
            for grid in grids[community.code]:
                for number, (kind, ((name, english), share, only)) in enumerate(KINDS.items(), start=51):
                    if rng.random() < share and only in ("", community.kind):
                        called = (name.format(grid=grid.name), english.format(grid=grid.name_en))
                        places.append(_one(rng, grid, kind, called, keeper, number))
    return places


def _one(rng: Draws, grid: TownArea, kind: str, called: names.Pair, keeper: str, number: int) -> TownPlace:
    lon, lat = geometry.point_inside(rng, grid.geometry)
    return TownPlace(
        f"P{grid.code}{number:02d}", kind, called[0], grid.code, lon, lat, 0, 0, keeper, _details(rng, kind),
        is_active=rng.random() >= CLOSED, name_en=called[1],
    )  # fmt: skip


def _details(rng: Draws, kind: str) -> dict[str, object]:
    if kind in ("shop", "charging_shed"):
        return {"extinguishers": rng.choice((1, 2, 2, 4))}
    if kind in ("fire_lane", "water"):
        return {"length_m": rng.choice((40, 60, 90, 120))}
    return {"step_free": True} if kind == "venue" else {}
