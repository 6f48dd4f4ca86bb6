"""What a grid map must fulfil, decided without a database: for those who import maps and for the grid designer.

A map is a list of `Shape`s. Children cover their parent, nothing overlaps on one level, nothing sticks out, every
polygon is closed and valid, every code is there once. Edges are first snapped to 1e-7 degrees (a centimetre); what is
still wrong below 0.5 m2 is left alone and counted, below 10 m2 or narrower than 0.2 m it is a sliver, above a fault.

Each `Fault` has a name that stays the same as long as the map does, so that somebody can take responsibility for it
by name. Only faults a map can live with may be accepted: never a code that is there twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from django.utils.translation import gettext_noop
from shapely.geometry.base import BaseGeometry

from gewu.core import geo
from gewu.core.errors import FieldError, Invalid
from gewu.core.punctuation import Listed
from gewu.core.sentences import Sentence
from gewu.core.sentences import sentence as _
from gewu.domain.areas.models import Level

RANKS = tuple(Level.values)  # outermost first
TRIFLE_M2 = 0.5
SLIVER_M2 = 10.0
SLIVER_M = 0.2
KINDS = {
    "duplicate": gettext_noop("The code %(codes)s is there more than once."),
    "open": gettext_noop("The border of %(codes)s is not closed."),
    "invalid": gettext_noop("The border of %(codes)s crosses or touches itself."),
    "overlap": gettext_noop("%(codes)s overlap."),
    "overlap_sliver": gettext_noop("%(codes)s overlap in a narrow strip."),
    "gap": gettext_noop("A gap belongs to none of them: %(codes)s."),
    "gap_sliver": gettext_noop("A narrow strip belongs to none of them: %(codes)s."),
    "outside": gettext_noop("%(codes)s: the first reaches beyond the second."),
    "outside_sliver": gettext_noop("%(codes)s: the first reaches beyond the second in a narrow strip."),
}
NEVER_ACCEPTED = frozenset({"duplicate"})


@dataclass(frozen=True)
class Shape:
    """One area of a map: where it stands in the tree and its border, a Polygon or MultiPolygon in WGS 84."""

    code: str
    level: str
    parent: str | None
    geometry: BaseGeometry
    name: str = ""
    kind: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    is_closed: bool = True  # False when a ring of the source did not end where it began


@dataclass(frozen=True)
class Node:
    """An area whose border is not given but follows from the areas below it."""

    code: str
    level: str
    parent: str | None
    name: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a map: its size and one place inside it, for the map that shows it."""

    kind: str
    codes: tuple[str, ...]
    m2: float
    lon: float
    lat: float
    nth: int = 1  # several gaps can lie between the same areas: from west to east

    @property
    def name(self) -> str:
        name = ":".join((self.kind, *self.codes))
        return name if self.nth == 1 else f"{name}~{self.nth}"

    @property
    def sentence(self) -> Sentence:
        return Sentence(KINDS[self.kind], {"codes": Listed(self.codes)})


@dataclass(frozen=True)
class Checked:
    """All faults by name, how many trifles were left alone, and the map as it would be stored."""

    faults: tuple[Fault, ...]
    ignored: int
    shapes: tuple[Shape, ...]


class FaultyBorders(Invalid):
    """A map with faults nobody has accepted; one field error for each, the field being the fault's name."""

    code = "borders_faulty"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            [FieldError(fault.name, fault.kind, fault.sentence) for fault in faults],
            _("The map has faults. Repair them or accept each by its name."),
        )
        self.faults = tuple(faults)


def check_borders(shapes: Sequence[Shape]) -> list[Fault]:
    """Everything wrong with this map."""
    return list(examine(shapes).faults)


def examine(shapes: Sequence[Shape]) -> Checked:
    """Check the map in one go, so that its maker sees all faults at once and not one behind the other."""
    faults = [*_duplicates(shapes), *(fault for shape in shapes for fault in _unsound(shape))]
    usable = [replace(shape, geometry=repaired(shape.geometry)) for shape in _first_of_each(shapes)]
    pieces = [*_overlaps(usable), *_against_parents(usable)]
    faults += [piece.fault for piece in pieces if piece.fault]
    ignored = sum(piece.ignored for piece in pieces)
    return Checked(tuple(_numbered(faults)), ignored, tuple(usable))


def check_tree(shapes: Sequence[Shape]) -> None:
    """Refuse areas whose parent is missing or not exactly one level above them; the outermost have none."""
    levels = {shape.code: shape.level for shape in shapes}
    errors = []
    for shape in shapes:
        if shape.parent is None:
            continue
        if shape.parent not in levels:
            message = _("The area above, %(code)s, is not in the map.", code=shape.parent)
            errors.append(FieldError(f"{shape.code}.parent", "no_parent", message))
        elif RANKS.index(levels[shape.parent]) != RANKS.index(shape.level) - 1:
            message = _("The area above must stand exactly one level higher.")
            errors.append(FieldError(f"{shape.code}.parent", "wrong_level", message))
    if errors:
        raise Invalid(errors)


def unaccepted(faults: Iterable[Fault], accept: Collection[str]) -> list[Fault]:
    """The faults that still stand in the way."""
    return [fault for fault in faults if fault.kind in NEVER_ACCEPTED or fault.name not in accept]


def accept_all_names(faults: Iterable[Fault]) -> list[str]:
    """The list that takes responsibility for all of these faults, ready to be read and signed by a person."""
    return sorted(fault.name for fault in faults if fault.kind not in NEVER_ACCEPTED)


def read_accept_list(text: str) -> list[str]:
    """Names from a file: one on each line; what follows a # is the reason for people."""
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def repaired(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of this geometry, made valid and snapped."""
    sound = geometry if shapely.is_valid(geometry) else _polygons_only(shapely.make_valid(geometry))
    return _polygons_only(geo.snap(sound))


def build_tree_from_leaves(leaves: Sequence[Shape], above: Sequence[Node]) -> list[Shape]:
    """Give every area above the leaves the union of what lies below it.

    Areas above communities are drawn without holes: a place enclosed by their land and given to no leaf is then
    found as a gap, which a plain union would hide.
    """
    children: dict[str, list[BaseGeometry]] = defaultdict(list)
    for leaf in leaves:
        if leaf.parent is not None:
            children[leaf.parent].append(repaired(leaf.geometry))
    made: list[Shape] = []
    for node in sorted(above, key=lambda node: -RANKS.index(node.level)):
        if node.code not in children:
            raise Invalid.at(node.code, "no_children", _("No border is given for any area below it."))
        union = geo.snap(shapely.unary_union(children[node.code], grid_size=geo.SNAP))
        if node.level in (Level.DISTRICT, Level.SUBDISTRICT):
            union = _filled(union)
        if node.parent is not None:
            children[node.parent].append(union)
        made.append(Shape(node.code, node.level, node.parent, union, node.name, node.kind))
    return [*reversed(made), *leaves]


@dataclass(frozen=True)
class _Piece:
    """The outcome for one pair or one gap: at most one fault, and the trifles beside it."""

    fault: Fault | None
    ignored: int = 0


def _first_of_each(shapes: Iterable[Shape]) -> list[Shape]:
    return list({shape.code: shape for shape in reversed(list(shapes))}.values())[::-1]


def _duplicates(shapes: Iterable[Shape]) -> Iterator[Fault]:
    seen: set[str] = set()
    told: set[str] = set()
    for shape in shapes:
        if shape.code in seen and shape.code not in told:
            told.add(shape.code)
            yield _fault("duplicate", (shape.code,), geo.area_m2(shape.geometry), shape.geometry)
        seen.add(shape.code)


def _unsound(shape: Shape) -> Iterator[Fault]:
    if not shape.is_closed:
        yield _fault("open", (shape.code,), geo.area_m2(shape.geometry), shape.geometry)
    reason = str(shapely.is_valid_reason(shape.geometry))
    if reason != "Valid Geometry":
        # The reason ends in the place: "Self-intersection[120.1 32.5]".
        place = re.search(r"\[(\S+) (\S+)\]$", reason)
        m2 = geo.area_m2(repaired(shape.geometry))
        if place:
            yield Fault("invalid", (shape.code,), m2, float(place[1]), float(place[2]))
        else:
            yield _fault("invalid", (shape.code,), m2, shape.geometry)


def _overlaps(shapes: Sequence[Shape]) -> Iterator[_Piece]:
    """Every pair on one level, also below different parents."""
    for level in RANKS:
        of_level = sorted((shape for shape in shapes if shape.level == level), key=lambda shape: shape.code)
        geometries = np.array([shape.geometry for shape in of_level], dtype=object)
        if len(geometries) < 2:
            continue
        first, second = shapely.STRtree(geometries).query(geometries, predicate="intersects")
        pairs = sorted((int(a), int(b)) for a, b in zip(first, second, strict=True) if a < b)
        left, right = [a for a, _b in pairs], [b for _a, b in pairs]
        shared = shapely.intersection(geometries[left], geometries[right], grid_size=geo.SNAP)
        for (a, b), common in zip(pairs, shared, strict=True):
            yield _judge("overlap", (of_level[a].code, of_level[b].code), common)


def _against_parents(shapes: Sequence[Shape]) -> Iterator[_Piece]:
    by_code = {shape.code: shape for shape in shapes}
    children: dict[str, list[Shape]] = defaultdict(list)
    for shape in shapes:
        if shape.parent in by_code:
            children[shape.parent].append(shape)
    for code, below in sorted(children.items()):
        below.sort(key=lambda shape: shape.code)
        yield from _gaps(by_code[code], below)
        for child in below:
            beyond = shapely.difference(child.geometry, by_code[code].geometry, grid_size=geo.SNAP)
            yield _judge("outside", (child.code, code), beyond)


def _gaps(parent: Shape, children: Sequence[Shape]) -> Iterator[_Piece]:
    """Each gap for itself, named after the parent and the children around it."""
    geometries = [child.geometry for child in children]
    covered = shapely.unary_union(geometries, grid_size=geo.SNAP)
    tree = shapely.STRtree(geometries)
    for gap in _polygons(shapely.difference(parent.geometry, covered, grid_size=geo.SNAP)):
        around = sorted(int(i) for i in tree.query(gap, predicate="dwithin", distance=geo.SNAP))
        yield _judge("gap", (parent.code, *(children[i].code for i in around)), gap)


def _judge(kind: str, codes: tuple[str, ...], geometry: BaseGeometry) -> _Piece:
    """One fault for all pieces of this geometry; its place is the middle of the largest piece."""
    polygons = _polygons(geometry)
    sizes = [geo.area_m2(polygon) for polygon in polygons]
    counted = [(m2, polygon) for m2, polygon in zip(sizes, polygons, strict=True) if m2 >= TRIFLE_M2]
    ignored = len(polygons) - len(counted)
    if not counted:
        return _Piece(None, ignored)
    slim = all(m2 < SLIVER_M2 or geo.is_narrower(polygon, SLIVER_M) for m2, polygon in counted)
    largest = max(counted, key=lambda pair: pair[0])[1]
    total = sum(m2 for m2, _polygon in counted)
    return _Piece(_fault(f"{kind}_sliver" if slim else kind, codes, total, largest), ignored)


def _fault(kind: str, codes: tuple[str, ...], m2: float, where: BaseGeometry) -> Fault:
    # Also for broken borders: a point of the bare corners is always there.
    inside = shapely.point_on_surface(
        where if shapely.is_valid(where) else shapely.multipoints(shapely.get_coordinates(where))
    )
    return Fault(kind, codes, round(m2, 2), round(inside.x, 7), round(inside.y, 7))


def _numbered(faults: Iterable[Fault]) -> list[Fault]:
    out: list[Fault] = []
    seen: dict[tuple[str, tuple[str, ...]], int] = defaultdict(int)
    for fault in sorted(faults, key=lambda f: (list(KINDS).index(f.kind), f.codes, f.lon, f.lat)):
        seen[fault.kind, fault.codes] += 1
        out.append(replace(fault, nth=seen[fault.kind, fault.codes]))
    return out


def _polygons(geometry: BaseGeometry) -> list[BaseGeometry]:
    """The parts with a surface; a shared edge comes out of an intersection as lines."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def _polygons_only(geometry: BaseGeometry) -> BaseGeometry:
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    return shapely.unary_union(_polygons(geometry), grid_size=geo.SNAP)


def _filled(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.unary_union([shapely.polygons(part.exterior) for part in _polygons(geometry)])
