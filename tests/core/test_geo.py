"""Surfaces, distances and offsets against published values and independent sums."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from gewu.core import geo
from gewu.core.errors import Invalid

MIDDLE = (120.15, 32.5)


def metre_box(width: float, height: float, lon: float = MIDDLE[0], lat: float = MIDDLE[1]) -> Polygon:
    east, north = geo.metres_per_degree(lat)
    return box(lon, lat, lon + width / east, lat + height / north)


def metre_shape(*corners: tuple[float, float]) -> Polygon:
    east, north = geo.metres_per_degree(MIDDLE[1])
    return Polygon([(MIDDLE[0] + x / east, MIDDLE[1] + y / north) for x, y in corners])


def cell_by_integration(south: float, north: float, width: float) -> float:
    """Surface between two parallels by adding thin strips: radius of the parallel times length along the meridian."""
    a, b = 6_378_137.0, 6_356_752.314_245_179
    strips = 2000
    total = 0.0
    for strip in range(strips):
        phi = math.radians(south + (north - south) * (strip + 0.5) / strips)
        c2, s2 = math.cos(phi) ** 2, math.sin(phi) ** 2
        parallel = a * a * math.cos(phi) / math.sqrt(a * a * c2 + b * b * s2)
        meridian = (a * b) ** 2 / (a * a * c2 + b * b * s2) ** 1.5
        total += parallel * meridian * math.radians((north - south) / strips)
    return total * math.radians(width)


def vincenty(a: geo.Point, b: geo.Point) -> float:
    """Vincenty's inverse formula, which is good to a millimetre on such lengths."""
    f, major = 1 / 298.257223563, 6_378_137.0
    minor = major * (1 - f)
    u1, u2 = (math.atan((1 - f) * math.tan(math.radians(p[1]))) for p in (a, b))
    wide = lam = math.radians(b[0] - a[0])
    for _ in range(100):
        sin_sigma = math.hypot(
            math.cos(u2) * math.sin(lam),
            math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(lam),
        )
        if sin_sigma == 0:
            return 0.0
        cos_sigma = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(lam)
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = math.cos(u1) * math.cos(u2) * math.sin(lam) / sin_sigma
        cos2 = 1 - sin_alpha**2
        mid = cos_sigma - 2 * math.sin(u1) * math.sin(u2) / cos2 if cos2 else 0.0
        c = f / 16 * cos2 * (4 + f * (4 - 3 * cos2))
        turn = sigma + c * sin_sigma * (mid + c * cos_sigma * (2 * mid**2 - 1))
        lam, before = wide + (1 - c) * f * sin_alpha * turn, lam
        if abs(lam - before) < 1e-13:
            break
    k = cos2 * (major**2 - minor**2) / minor**2
    big_a = 1 + k / 16384 * (4096 + k * (-768 + k * (320 - 175 * k)))
    big_b = k / 1024 * (256 + k * (-128 + k * (74 - 47 * k)))
    inner = cos_sigma * (2 * mid**2 - 1) - big_b / 6 * mid * (4 * sin_sigma**2 - 3) * (4 * mid**2 - 3)
    return minor * big_a * (sigma - big_b * sin_sigma * (mid + big_b / 4 * inner))


# --- surface


def test_the_whole_earth_has_its_published_surface() -> None:
    assert geo.area_m2(box(-180, -90, 180, 90)) / 1e6 == pytest.approx(510_065_621.724, abs=0.001)


@pytest.mark.parametrize("south", [-90, -45, -1, 0, 22, 32, 53, 89])
def test_a_cell_of_one_degree_agrees_with_adding_thin_strips(south: int) -> None:
    expected = cell_by_integration(south, south + 1, 1)
    assert geo.area_m2(box(120, south, 121, south + 1)) == pytest.approx(expected, rel=1e-6)


def test_a_small_cell_agrees_too() -> None:
    expected = cell_by_integration(32.5, 32.504, 0.004)
    assert geo.area_m2(box(120.15, 32.5, 120.154, 32.504)) == pytest.approx(expected, rel=1e-6)


def test_parts_sum_up_to_the_whole() -> None:
    whole = box(120, 32, 120.2, 32.2)
    cuts = [120 + 0.2 * n / 17 for n in range(18)]
    parts = [box(a, 32, b, 32.2) for a, b in pairwise(cuts)]
    assert sum(map(geo.area_m2, parts)) == pytest.approx(geo.area_m2(whole), rel=1e-12)


def test_holes_are_left_out_and_several_parts_added() -> None:
    whole, hole = metre_box(1000, 1000), metre_box(100, 100)
    assert geo.area_m2(whole.difference(hole)) == pytest.approx(geo.area_m2(whole) - geo.area_m2(hole))
    apart = metre_box(1000, 1000, lon=121)
    both = shapely.union_all([whole, apart])
    assert geo.area_m2(both) == pytest.approx(geo.area_m2(whole) + geo.area_m2(apart), rel=1e-9)


def test_half_a_square_metre_can_be_told() -> None:
    assert geo.area_m2(metre_box(1, 0.5)) == pytest.approx(0.5, rel=1e-3)


def test_points_lines_and_nothing_have_no_surface() -> None:
    for nothing in (shapely.Point(120, 32), shapely.LineString([(120, 32), (121, 33)]), Polygon()):
        assert geo.area_m2(nothing) == 0


# --- distance


def test_a_degree_has_its_published_length() -> None:
    assert geo.metres_per_degree(0) == pytest.approx((111_319.491, 110_574.276), abs=0.01)
    assert geo.metres_per_degree(45) == pytest.approx((78_846.835, 111_131.778), abs=0.01)


@settings(max_examples=300)
@given(
    st.floats(-179, 179),
    st.floats(-75, 75),
    st.floats(0, 50_000),
    st.floats(0, 2 * math.pi),
)
def test_distances_agree_with_the_geodesic(lon: float, lat: float, metres: float, way: float) -> None:
    east, north = geo.metres_per_degree(lat)
    there = (lon + metres * math.sin(way) / east, lat + metres * math.cos(way) / north)
    expected = vincenty((lon, lat), there)
    assert geo.distance_m((lon, lat), there) == pytest.approx(expected, rel=1e-3, abs=0.001)


def test_the_short_way_crosses_the_date_line() -> None:
    assert geo.distance_m((179.95, 10), (-179.95, 10)) == pytest.approx(
        vincenty((0, 10), (0.1, 10)), rel=1e-4
    )
    assert geo.distance_m(MIDDLE, MIDDLE) == 0


# --- width


@pytest.mark.parametrize(("width", "length"), [(0.05, 400), (0.19, 50), (0.3, 700), (12, 15), (80, 900)])
def test_a_strip_is_as_wide_as_it_is(width: float, length: float) -> None:
    strip = metre_box(width, length)
    assert geo.width_m(strip) == pytest.approx(width, abs=0.002, rel=1e-4)
    assert not geo.is_narrower(strip, width * 0.95)
    assert geo.is_narrower(strip, width * 1.05)


def test_a_sliver_with_a_wide_bay_is_no_sliver() -> None:
    bay = metre_shape((0, 0), (500, 0), (500, 6), (494, 6), (494, 0.1), (0, 0.1))
    assert not geo.is_narrower(bay, 0.2)
    assert geo.width_m(bay) > 5.9


def test_a_bent_and_a_pointed_sliver_are_slivers() -> None:
    bent = metre_shape((0, 0), (100, 0), (100, 100), (99.9, 100), (99.9, 0.1), (0, 0.1))
    pointed = metre_shape((0, 0), (300, 0), (150, 0.19))
    assert geo.is_narrower(bent, 0.2)
    assert geo.is_narrower(pointed, 0.2)


# --- snapping


def test_corners_go_to_the_grid() -> None:
    snapped = geo.snap(Polygon([(120.00000004, 32), (120.00100006, 32), (120.001, 32.00100001)]))
    for lon, lat in shapely.get_coordinates(snapped):
        assert (round(lon * 1e7) / 1e7, round(lat * 1e7) / 1e7) == pytest.approx((lon, lat), abs=1e-13)


def test_the_same_border_drawn_twice_becomes_one() -> None:
    left = box(120, 32, 120.01, 32.01)
    right = box(120.01 + 3e-9, 32, 120.02, 32.01)
    assert geo.snap(left).intersection(geo.snap(right)).area == 0
    assert geo.snap(left).union(geo.snap(right)).geom_type == "Polygon"
    assert geo.snap(geo.snap(left)).equals(geo.snap(left))


# --- the offset of Chinese maps


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        # Shanghai, Shenzhen and Beijing in the vectors public converters are tested with.
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_the_offset_is_the_published_one(wgs: geo.Point, gcj: geo.Point) -> None:
    assert geo.distance_m(geo.wgs84_to_gcj02(*wgs), gcj) < 0.001
    assert geo.distance_m(geo.gcj02_to_wgs84(*gcj), wgs) < 0.001


@settings(max_examples=500)
@given(st.floats(73.5, 135), st.floats(4, 53.5))
def test_the_offset_is_undone_to_a_millimetre(lon: float, lat: float) -> None:
    drawn = geo.wgs84_to_gcj02(lon, lat)
    assert 10 < geo.distance_m((lon, lat), drawn) < 2000
    assert geo.distance_m(geo.gcj02_to_wgs84(*drawn), (lon, lat)) < 0.001


@pytest.mark.parametrize("place", [(-71.06, 42.36), (139.7, 35.7), (2.35, 48.86), (151.2, -33.9), (0.0, 0.0)])
def test_outside_china_nothing_changes(place: geo.Point) -> None:
    assert geo.wgs84_to_gcj02(*place) == place
    assert geo.gcj02_to_wgs84(*place) == place


# --- coordinates


def test_a_place_is_two_numbers() -> None:
    assert geo.check_lonlat(120, 32.5) == (120.0, 32.5)
    assert geo.check_lonlat(-180, 90) == (-180.0, 90.0)


@pytest.mark.parametrize(
    ("lon", "lat", "errors"),
    [
        (181, 0, [("place.lon", "out_of_range")]),
        (0, -90.1, [("place.lat", "out_of_range")]),
        (math.nan, math.inf, [("place.lon", "out_of_range"), ("place.lat", "out_of_range")]),
        (10**400, 0, [("place.lon", "out_of_range")]),
        ("120", 32, [("place.lon", "not_number")]),
        (True, None, [("place.lon", "not_number"), ("place.lat", "not_number")]),
    ],
)
def test_other_pairs_are_refused_field_by_field(
    lon: object, lat: object, errors: list[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as caught:
        geo.check_lonlat(lon, lat)
    assert [(error.field, error.code) for error in caught.value.errors] == errors
