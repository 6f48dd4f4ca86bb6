"""The model place as pure data: a function of its seed, the same bytes for the same seed.

Real are only the names Luotang, Xiqiao, Tangyuan and Zhongtian and the subdistrict's code; borders, codes below the
subdistrict, all other names, places and people are invented and marked as a model. The district is drawn no larger
than the subdistrict, because nothing else of it is modelled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import shapely

from gewu.core import chance
from gewu.demo import facilities, geometry, names, staff, traditional, units
from gewu.demo.geometry import CommunityShape, TownShape
from gewu.demo.parts import Draws, Town, TownArea, TownPlace

DISTRICT, SUBDISTRICT = "321204", "321204001"
HOUSEHOLDS, RESIDENTS = 46_000, 138_000
SEED = 2026


def build(seed: int = SEED) -> Town:
    """The whole place that follows from this seed."""
    with chance.seeded(seed) as rng:
        shape = geometry.draw(rng)
        pilots, called = _named(shape)
        areas = _areas(shape, called)
        by_code = {area.code: area for area in areas}
        communities = [area for area in areas if area.level == "community"]
        grids = {
            community.code: [area for area in areas if area.parent == community.code]
            for community in communities
        }
        places = _places(rng, communities, grids)
        households = dict.fromkeys(by_code, 0)
        for place in places:
            households[place.grid] += place.households
        of_town = units.all_units(by_code[DISTRICT], by_code[SUBDISTRICT], communities, grids, pilots)
        roster = staff.fill(
            rng,
            areas=by_code,
            communities=communities,
            grids=grids,
            units=of_town,
            households=households,
            pilots=pilots,
        )
    return Town(
        seed=seed,
        areas=tuple(areas),
        places=(*places, *facilities.all_facilities(seed, communities, grids, of_town)),
        unit_kinds=units.KINDS,
        units=tuple(of_town),
        posts=tuple(roster.posts),
        people=tuple(roster.people),
        appointments=tuple(roster.appointments),
        pilots=dict(pilots),
    )


def feature_collection(town: Town) -> dict[str, object]:
    """The map as it is imported."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "code": area.code,
                    "name": area.name,
                    "names": traditional.names(area.name, area.name_en),
                    "level": area.level,
                    "parent": area.parent,
                    "kind": area.kind,
                },
                "geometry": _geojson(shapely.geometry.mapping(area.geometry)),
            }
            for area in town.areas
        ],
    }


def _geojson(mapping: Mapping[str, object]) -> dict[str, object]:
    def lists(value: object) -> object:
        return [lists(inner) for inner in value] if isinstance(value, (tuple, list)) else value

    return {"type": mapping["type"], "coordinates": lists(mapping["coordinates"])}


def _named(shape: TownShape) -> tuple[dict[str, str], list[tuple[str, names.Pair]]]:
    """(pilots, code and name of each community in the order of the map).

    Xiqiao, the west bridge, is the westernmost village, Tangyuan the easternmost; Zhongtian lies in the very middle.
    """
    committees = [c for c in shape.communities if not c.is_village]
    villages = [c for c in shape.communities if c.is_village]
    middle = shapely.points(geometry.CENTRE)
    zhongtian = min(committees, key=lambda c: shapely.distance(shapely.centroid(c.geometry), middle))
    by_lon = sorted(villages, key=lambda c: shapely.centroid(c.geometry).x)
    real = {id(zhongtian): names.ZHONGTIAN, id(by_lon[0]): names.XIQIAO, id(by_lon[-1]): names.TANGYUAN}
    called = [
        *_codes_and_names(committees, 1, iter(names.COMMITTEES), real),
        *_codes_and_names(villages, 201, iter(names.VILLAGES), real),
    ]
    codes = {pair: code for code, pair in called}
    pilots = {pair[1].lower(): codes[pair] for pair in (names.XIQIAO, names.TANGYUAN, names.ZHONGTIAN)}
    return pilots, called


def _codes_and_names(
    communities: Sequence[CommunityShape], first: int, invented: object, real: Mapping[int, names.Pair]
) -> list[tuple[str, names.Pair]]:
    return [
        (f"{SUBDISTRICT}{number:03d}", real.get(id(community)) or next(invented))  # type: ignore[call-overload]
        for number, community in enumerate(communities, start=first)
    ]


def _areas(shape: TownShape, called: Sequence[tuple[str, names.Pair]]) -> list[TownArea]:
    out = [
        TownArea(DISTRICT, "district", "district", *names.DISTRICT, None, shape.outline),
        TownArea(SUBDISTRICT, "subdistrict", "subdistrict", *names.SUBDISTRICT, DISTRICT, shape.outline),
    ]
    grids = []
    for community, (code, (name, english)) in zip(shape.communities, called, strict=True):
        kind = "village" if community.is_village else "committee"
        full, latin = (
            (f"{name}村", f"{english} Village")
            if kind == "village"
            else (
                f"{name}社区",
                f"{english} Community",
            )
        )
        out.append(TownArea(code, "community", kind, full, latin, SUBDISTRICT, community.geometry))
        for number, grid in enumerate(community.grids, start=1):
            called_grid = (f"{full}第{number}网格", f"{english} Grid {number}")
            grids.append(TownArea(f"{code}{number:03d}", "grid", "grid", *called_grid, code, grid))
    return [*out, *grids]


def _places(
    rng: Draws, communities: Sequence[TownArea], grids: Mapping[str, Sequence[TownArea]]
) -> list[TownPlace]:
    """Compounds and building groups in the town, groups in the villages; counts come out exactly."""
    seats = [
        (community, grid, number)
        for community in communities
        for grid in grids[community.code]
        for number in range(1, rng.choice((2, 3, 3, 4)) + 1)
    ]
    numbers_in: dict[str, int] = {}
    for _community, grid, number in seats:
        numbers_in[grid.code] = number
    weight_of = {
        grid.code: (1.15 if community.kind == "committee" else 0.8) * rng.uniform(0.8, 1.2)
        for community in communities
        for grid in grids[community.code]
    }
    weights = [weight_of[grid.code] / numbers_in[grid.code] * rng.uniform(0.7, 1.3) for _c, grid, _n in seats]
    households = geometry.apportion(HOUSEHOLDS, weights, least=12)
    residents = geometry.apportion(RESIDENTS, [number * rng.uniform(0.93, 1.07) for number in households])
    places = []
    for (community, grid, number), homes, heads in zip(seats, households, residents, strict=True):
        lon, lat = geometry.point_inside(rng, grid.geometry)
        kind, (name, english) = _place_name(rng, community, grid, number)
        code = f"P{grid.code}{number:02d}"
        places.append(TownPlace(code, kind, name, grid.code, lon, lat, homes, heads, name_en=english))
    return places


def _place_name(rng: Draws, community: TownArea, grid: TownArea, number: int) -> tuple[str, names.Pair]:
    if community.kind == "village":
        return "village_group", (f"{grid.name}{number}组", f"{grid.name_en} Group {number}")
    if rng.random() < 0.6:
        (name, english), part = rng.choice(names.COMPOUNDS), f"{int(grid.code[-3:])}-{number}"
        return "compound", (f"{name}小区{part}期", f"{english} Estate {part}")
    return "building_group", (f"{grid.name}{number}号楼组", f"{grid.name_en} Building Group {number}")
