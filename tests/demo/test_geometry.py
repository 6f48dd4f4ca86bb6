"""The model place: believable, complete, exactly covered, and the same for the same seed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest
import shapely

from gewu.core import geo
from gewu.core.clock import DrivenClock
from gewu.demo.parts import Town
from gewu.demo.town import build, feature_collection
from gewu.domain.areas import actions, queries, rules
from gewu.domain.areas.rules import Shape
from tests.areas.squares import Actor


@pytest.fixture(scope="module")
def town() -> Town:
    return build(2026)


def test_the_tree_has_the_counts_of_the_model_place(town: Town) -> None:
    levels = Counter(area.level for area in town.areas)
    assert levels == {"district": 1, "subdistrict": 1, "community": 40, "grid": 216}
    kinds = defaultdict(list)
    for community in town.of_level("community"):
        kinds[community.kind].append(community.code)
    assert kinds["committee"] == [f"321204001{number:03d}" for number in range(1, 25)]
    assert kinds["village"] == [f"321204001{number:03d}" for number in range(201, 217)]
    assert len({area.name for area in town.areas}) == len(town.areas)
    assert all(area.note == "model, not official" for area in town.areas)


def test_the_pilots_carry_their_real_names(town: Town) -> None:
    names = {area.code: (area.name, area.kind) for area in town.areas}
    assert {pilot: names[code] for pilot, code in town.pilots.items()} == {
        "xiqiao": ("西桥村", "village"),
        "tangyuan": ("唐园村", "village"),
        "zhongtian": ("中天社区", "committee"),
    }


@pytest.mark.parametrize("seed", [1, 2, 3, 2026])
def test_grids_cover_their_communities_exactly(seed: int) -> None:
    drawn = build(seed)
    shapes = [Shape(area.code, area.level, area.parent, area.geometry) for area in drawn.areas]
    checked = rules.examine(shapes)
    assert (checked.faults, checked.ignored) == ((), 0)
    rules.check_tree(shapes)
    assert all(area.geometry.geom_type == "Polygon" for area in drawn.areas)
    surface = geo.area_m2(drawn.areas[1].geometry)
    assert surface == pytest.approx(38_690_000, rel=0.005)
    assert sum(geo.area_m2(grid.geometry) for grid in drawn.of_level("grid")) == pytest.approx(
        surface, rel=1e-9
    )


def test_neighbours_share_their_corners(town: Town) -> None:
    """Every corner lies on the 1e-7 grid, and none lies on a neighbour's edge without being its corner."""
    grids = [grid.geometry for grid in town.of_level("grid")]
    corners = {tuple(corner) for grid in grids for corner in shapely.get_coordinates(grid)}
    assert all(round(value, 7) == pytest.approx(value, abs=1e-12) for corner in corners for value in corner)
    tree = shapely.STRtree(grids)
    points = shapely.points(sorted(corners))
    for point, index in zip(*tree.query(points, predicate="dwithin", distance=1e-9), strict=True):
        own = {tuple(corner) for corner in shapely.get_coordinates(grids[index])}
        assert (points[point].x, points[point].y) in own


def test_the_outline_is_no_rectangle_and_the_town_lies_in_the_middle(town: Town) -> None:
    outline = town.areas[1].geometry
    assert 0.6 < outline.area / shapely.minimum_rotated_rectangle(outline).area < 0.9
    assert shapely.centroid(outline).distance(shapely.points(120.13, 32.51)) < 0.01
    sizes = defaultdict(list)
    kind_of = {community.code: community.kind for community in town.of_level("community")}
    for grid in town.of_level("grid"):
        sizes[kind_of[grid.parent or ""]].append(geo.area_m2(grid.geometry))
    mean = {kind: sum(of_kind) / len(of_kind) for kind, of_kind in sizes.items()}
    assert mean["committee"] < mean["village"] / 3
    committees = shapely.union_all([c.geometry for c in town.of_level("community") if c.kind == "committee"])
    assert committees.geom_type == "Polygon"  # one town
    assert not shapely.intersects(committees, outline.exterior)


def test_grid_codes_run_from_west_to_east_and_north_to_south(town: Town) -> None:
    for community in town.of_level("community"):
        grids = town.grids_of(community.code)
        assert [grid.code for grid in grids] == [f"{community.code}{n:03d}" for n in range(1, len(grids) + 1)]
        first, last = (shapely.centroid(grid.geometry) for grid in (grids[0], grids[-1]))
        assert first.y > last.y or first.x < last.x


def test_every_place_lies_in_its_grid_and_the_counts_come_out(town: Town) -> None:
    grids = {grid.code: grid.geometry for grid in town.of_level("grid")}
    assert all(shapely.contains_xy(grids[place.grid], place.lon, place.lat) for place in town.places)
    assert sum(place.households for place in town.places) == 46_000
    assert sum(place.residents for place in town.places) == 138_000
    assert {place.grid for place in town.places} == set(grids)
    homes = {place.kind for place in town.places if place.households}
    assert homes == {"compound", "building_group", "village_group"}
    assert {place.kind for place in town.places} - homes >= {"fire_lane", "water", "shop", "venue"}
    per_grid = Counter(dict.fromkeys(grids, 0))
    for place in town.places:
        per_grid[place.grid] += place.households
    assert 80 < min(per_grid.values())
    assert max(per_grid.values()) < 500


def test_leads_and_workers_are_counted_by_post_and_by_person(town: Town) -> None:
    role = {post.code: post.role for post in town.posts}
    grid = {post.code: post.area for post in town.posts}
    held: dict[str, list[str]] = defaultdict(list)
    for appointment in town.appointments:
        held[appointment.person].append(appointment.post)
    persons = {
        name: {person for person, posts in held.items() if any(role[post] == name for post in posts)}
        for name in ("director", "lead", "worker")
    }
    assert {name: len(people) for name, people in persons.items()} == {
        "director": 40,
        "lead": 206,
        "worker": 524,
    }
    assert Counter(role.values())["lead"] == 216
    assert not persons["lead"] & persons["worker"]
    assert len({appointment.post for appointment in town.appointments}) == len(town.posts)  # no vacancy
    workers_in = Counter(grid[post] for post, name in role.items() if name == "worker")
    assert len(workers_in) == 216
    assert set(workers_in.values()) == {1, 2, 3, 4}
    full_time = Counter(a.full_time for a in town.appointments if role[a.post] == "worker")
    assert full_time == {True: 109, False: 415}


def test_ten_leads_hold_two_neighbouring_grids_of_one_community(town: Town) -> None:
    areas = {area.code: area for area in town.areas}
    grids: dict[str, list[str]] = defaultdict(list)
    area_of = {post.code: post.area for post in town.posts if post.role == "lead"}
    for appointment in town.appointments:
        if appointment.post in area_of:
            grids[appointment.person].append(area_of[appointment.post])
    doubles = [[areas[code] for code in codes] for codes in grids.values() if len(codes) > 1]
    assert len(doubles) == 10
    for first, second in doubles:
        assert first.parent == second.parent
        assert shapely.intersection(first.geometry, second.geometry).length > 0


def test_every_role_has_a_holder_and_officers_sit_apart(town: Town) -> None:
    by_role: dict[str, list[str | None]] = defaultdict(list)
    for post in town.posts:
        by_role[post.role].append(post.unit)
    expected = {
        *("contact", "worker", "lead", "director", "adviser", "intake", "dispatcher", "duty_lead", "handler"),
        *("unit_head", "evaluator", "supervisor", "privacy_officer", "identity_officer", "administrator"),
    }
    assert set(by_role) == expected
    assert len(set(by_role["identity_officer"])) == len(by_role["identity_officer"]) == 3
    levels = {post.level for post in town.posts if post.role == "dispatcher"}
    assert levels == {"S", "D"}


def test_units_cover_the_town(town: Town) -> None:
    kinds = Counter(unit.kind for unit in town.units)
    assert (kinds["committee"], kinds["enforcement"], kinds["property"]) == (40, 1, 12)
    assert len([unit for unit in town.units if unit.level == "D"]) >= 11
    grids = sorted(grid.code for grid in town.of_level("grid"))
    for kind in ("party_branch", "party_group"):
        assert sorted(code for unit in town.units if unit.kind == kind for code in unit.covers) == grids
    assert len([unit for unit in town.units if unit.kind == "party_committee" and unit.level == "V"]) == 40
    handlers = {post.unit for post in town.posts if post.role == "handler"}
    assert {unit.code for unit in town.units if unit.kind == "committee"} <= handlers
    assert {unit.kind for unit in town.units} <= {kind.code for kind in town.unit_kinds}


def test_everything_referred_to_is_there_and_parents_come_first(town: Town) -> None:
    areas: set[str] = set()
    for area in town.areas:
        assert area.parent is None or area.parent in areas
        areas.add(area.code)
    units: set[str] = set()
    for unit in town.units:
        assert unit.parent is None or unit.parent in units
        assert {unit.area, *unit.covers} <= areas
        units.add(unit.code)
    assert all(post.area in areas and (post.unit is None or post.unit in units) for post in town.posts)
    posts, people = {post.code for post in town.posts}, {person.username for person in town.people}
    assert {a.post for a in town.appointments} == posts
    assert {a.person for a in town.appointments} == people
    assert (len(posts), len(units), len(areas)) == (len(town.posts), len(town.units), len(town.areas))
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,40}", code) for code in posts | units | people)
    assert len({person.name for person in town.people}) == len(town.people)


def test_the_same_seed_gives_the_same_bytes(town: Town) -> None:
    again, other = build(2026), build(7)
    assert repr(_plain(again)) == repr(_plain(town))
    assert repr(_plain(other)) != repr(_plain(town))


def _plain(town: Town) -> object:
    areas = [(area.code, area.name, shapely.to_wkb(area.geometry)) for area in town.areas]
    return areas, town.places, town.units, town.posts, town.people, town.appointments


@pytest.mark.django_db
def test_the_map_can_be_imported_and_finds_every_place(town: Town, clock: DrivenClock) -> None:
    imported = actions.import_geojson(feature_collection(town), actor=Actor(), now=clock.now())
    assert (imported.faults, imported.areas) == ((), 258)
    assert imported.version is not None
    actions.put_into_force(imported.version, actor=Actor(), now=clock.now())
    located = queries.grid_map(imported.version).locate_many([(p.lon, p.lat) for p in town.places])
    assert [found.area and found.area.code for found in located] == [place.grid for place in town.places]
