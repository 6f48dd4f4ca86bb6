"""Areas and their borders: the tree, the grid of a point, maps out and in, a new map put into force."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from django.http import HttpResponse

from gewu.api.endpoint import ANYONE, Call, endpoint
from gewu.api.v1.shapes import DoneOut, Out
from gewu.core import geo, limits
from gewu.core.errors import Invalid
from gewu.domain.areas import actions, queries
from gewu.domain.areas.models import Area, BorderVersion
from gewu.domain.cases.actions import borders

GEOJSON = "application/geo+json"
SYSTEMS = ("wgs84", "gcj02")


class AreaOut(Out, frozen=True):
    """One area: district, subdistrict, community, grid or unit grid. `depth` below the first of the list."""

    code: str
    level: str
    name: str
    names: dict[str, str] = {}
    kind: str = ""
    depth: int = 0

    @classmethod
    def of(cls, area: Area, depth: int = 0) -> AreaOut:
        return cls(
            code=area.code, level=area.level, name=area.name, names=area.names, kind=area.kind, depth=depth
        )


class AreasOut(Out, frozen=True):
    """Areas, each before those below it, in the order of codes."""

    items: list[AreaOut]


class PlaceOut(Out, frozen=True):
    """The grid of a point with the areas above it, outermost first. `reason`: why there is none."""

    areas: list[AreaOut]
    on_border: bool = False
    reason: str = ""


class VersionOut(Out, frozen=True):
    """One whole map."""

    number: int
    state: str
    takes_effect: date
    ignored: int = 0
    accepted: list[str] = []

    @classmethod
    def of(cls, row: BorderVersion) -> VersionOut:
        return cls(
            number=row.number,
            state=row.state,
            takes_effect=row.takes_effect,
            ignored=row.ignored,
            accepted=list(row.accepted),
        )


class VersionsOut(Out, frozen=True):
    """Maps, newest first."""

    items: list[VersionOut]


class FaultOut(Out, frozen=True):
    """One thing wrong with a map. Its name goes into `accept` when somebody takes responsibility for it."""

    name: str
    kind: str
    codes: list[str]
    m2: float
    lon: float
    lat: float
    sentence: str


class ImportOut(Out, frozen=True):
    """What an import did, or in a dry run would do."""

    faults: list[FaultOut]
    areas: int
    ignored: int
    version: VersionOut | None = None
    added: list[str] = []
    gone: list[str] = []


class MovesOut(Out, frozen=True):
    """How many open cases a map would move, by the area they would move to."""

    count: int
    areas: dict[str, int]


class ForceOut(Out, frozen=True):
    """The map now in force, and how many open cases moved with it."""

    version: VersionOut
    moved: int


class AcceptIn(msgspec.Struct, frozen=True):
    """Nothing more to say than that it shall take effect."""


@endpoint("GET", "areas", answer=AreasOut, guard=ANYONE, query=("under",))
def list_areas(call: Call[None]) -> AreasOut:
    """The tree, or the part below one area."""
    code = call.word("under")
    under = queries.get_area(code) if code else None
    branches = queries.tree(on=call.now.date(), under=under)
    return AreasOut(items=[AreaOut.of(branch.area, branch.depth) for branch in branches])


@endpoint("GET", "locate", answer=PlaceOut, guard=ANYONE, query=("lon", "lat", "system"))
def locate(call: Call[None]) -> PlaceOut:
    """The grid of a point, in WGS 84 or GCJ-02 degrees."""
    found = queries.locate(*position(call))
    line = [*queries.ancestors(found.area), found.area] if found.area else []
    return PlaceOut(
        areas=[AreaOut.of(area, depth) for depth, area in enumerate(line)],
        on_border=found.on_border,
        reason=found.reason,
    )


@endpoint("GET", "borders", answer=VersionsOut, guard="area.see")
def list_borders(call: Call[None]) -> VersionsOut:
    """All maps: prepared, in force and past."""
    rows = BorderVersion.objects.order_by("-number")[: limits.PAGE_MOST]
    return VersionsOut(items=[VersionOut.of(row) for row in rows])


@endpoint("GET", "borders/current", answer=GEOJSON, guard=ANYONE, query=("under",))
def current_borders(call: Call[None]) -> HttpResponse:
    """The map in force, or the part below one area, as GeoJSON."""
    version = queries.current_version()
    return (
        _geojson(call, version)
        if version
        else HttpResponse(b'{"type":"FeatureCollection","features":[]}', content_type=GEOJSON)
    )


@endpoint("GET", "borders/<int:number>", answer=GEOJSON, guard="area.see", query=("under",))
def show_borders(call: Call[None], number: int) -> HttpResponse:
    """One map as GeoJSON that can be imported again."""
    return _geojson(call, _version(number))


@endpoint(
    "POST",
    "borders",
    answer=ImportOut,
    guard="area.edit",
    raw=True,
    query=("system", "dry_run", "accept", "takes_effect", "within"),
)
def import_borders(call: Call[None]) -> ImportOut:
    """Check a GeoJSON map and keep it as a prepared version; with `dry_run=1` only name its faults."""
    done = actions.import_geojson(
        call.file(limits.IMPORT_BYTES),
        system=_system(call),
        accept=[name for name in call.request.GET.get("accept", "").split(",") if name],
        actor=call.actor,
        now=call.now,
        dry_run=call.flag("dry_run"),
        takes_effect=call.day("takes_effect"),
        within=call.word("within") or None,
    )
    return ImportOut(
        faults=[
            FaultOut(
                name=fault.name,
                kind=fault.kind,
                codes=list(fault.codes),
                m2=fault.m2,
                lon=fault.lon,
                lat=fault.lat,
                sentence=str(fault.sentence),
            )
            for fault in done.faults
        ],
        areas=done.areas,
        ignored=done.ignored,
        version=VersionOut.of(done.version) if done.version else None,
        added=list(done.added),
        gone=list(done.gone),
    )


@endpoint("GET", "borders/<int:number>/moves", answer=MovesOut, guard="area.edit")
def preview_borders(call: Call[None], number: int) -> MovesOut:
    """How many open cases this map would move; which ones the administrator does not see."""
    areas: dict[str, int] = {}
    for change in borders.preview(_version(number)):
        areas[change.to.code] = areas.get(change.to.code, 0) + 1
    return MovesOut(count=sum(areas.values()), areas=areas)


@endpoint("POST", "borders/<int:number>/force", body=AcceptIn, answer=ForceOut, guard="area.edit")
def put_into_force(call: Call[AcceptIn], number: int) -> ForceOut:
    """Let this map decide from now on; open cases follow it in the same transaction."""
    version, moved = borders.take_effect(_version(number), actor=call.actor, now=call.now)
    return ForceOut(version=VersionOut.of(version), moved=moved)


@endpoint("DELETE", "borders/<int:number>", answer=DoneOut, guard="area.edit")
def discard_borders(call: Call[None], number: int) -> DoneOut:
    """Throw away a map that was never in force."""
    actions.discard(_version(number), actor=call.actor, now=call.now)
    return DoneOut()


def _version(number: int) -> BorderVersion:
    return queries.get_version(min(number, limits.WHOLE_NUMBER))


def position(call: Call[Any]) -> geo.Point:
    """`lon` and `lat` of the question, in WGS 84 whatever `system` they came in."""
    lon, lat = geo.check_lonlat(call.degrees("lon"), call.degrees("lat"), field="place")
    return geo.gcj02_to_wgs84(lon, lat) if _system(call) == "gcj02" else (lon, lat)


def _system(call: Call[Any]) -> str:
    system = call.word("system", "wgs84")
    if system not in SYSTEMS:
        raise Invalid.at("system", "choice", "wgs84, gcj02")
    return system


def _geojson(call: Call[None], version: BorderVersion) -> HttpResponse:
    code = call.word("under")
    found = queries.feature_collection(version, under=queries.get_area(code) if code else None)
    return HttpResponse(msgspec.json.encode(found), content_type=GEOJSON)
