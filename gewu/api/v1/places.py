"""Places: the list of one's own area with the health of signs, one place, and what is changed of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _

from gewu.api.endpoint import Call, endpoint
from gewu.api.files import PDF, XLSX, download
from gewu.api.v1.shapes import Out, Version
from gewu.core import limits
from gewu.core.errors import Invalid
from gewu.domain.areas.queries import get_area
from gewu.domain.papers.signs import print_signs
from gewu.domain.people.queries import today
from gewu.domain.places import actions, queries, table
from gewu.domain.places.actions import PlaceInput
from gewu.domain.places.models import Place

SPOT = {"place.lon": "lon", "place.lat": "lat"}


class KeptPlaceIn(msgspec.Struct, frozen=True, kw_only=True):
    """A place as it should be; without `area`, the position decides the grid. `keeper`: code of a unit."""

    kind: str
    name: str
    lon: float
    lat: float
    area: str = ""
    households: int = 0
    residents: int = 0
    keeper: str = ""
    attributes: dict[str, Any] = {}
    active: bool = True

    def place(self, code: str) -> PlaceInput:
        given = {name: getattr(self, name) for name in KeptPlaceIn.__struct_fields__ if name != "active"}
        return PlaceInput(code=code, is_active=self.active, **given)


class ChangedPlaceIn(KeptPlaceIn, frozen=True, kw_only=True):
    """The same, with the version the caller saw."""

    version: Version


class NewPlaceIn(KeptPlaceIn, frozen=True, kw_only=True):
    """A place that is not there yet, with the code lists name it by."""

    code: str


class AttributesIn(msgspec.Struct, frozen=True):
    """All details of the place, with the version the caller saw; a detail that is left out is taken away."""

    attributes: dict[str, Any]
    version: Version


class KeptPlaceOut(Out, frozen=True, omit_defaults=False):
    """A place. `sign` is the code of its QR, `number` stands beside it; of scans only the last day is known.

    `version` goes with a change.
    """

    code: str
    kind: str
    name: str
    area: str
    lon: float
    lat: float
    households: int
    residents: int
    keeper: str
    attributes: dict[str, Any]
    active: bool
    version: int
    sign: str
    number: str
    scanned_on: date | None
    unreadable_on: date | None
    printed_on: date | None
    seen_on: date | None

    @classmethod
    def of(cls, row: Place) -> KeptPlaceOut:
        same = {name: getattr(row, name) for name in cls.__struct_fields__ if hasattr(row, name)}
        keeper = row.keeper.code if row.keeper else ""
        return cls(**(same | {"area": row.area.code, "keeper": keeper, "active": row.is_active}))


class ImportedOut(Out, frozen=True, omit_defaults=False):
    """How many places are new, changed or the same."""

    created: int
    changed: int
    same: int
    dry_run: bool


class BatchOut(Out, frozen=True, omit_defaults=False):
    """Signs `first` to `last` of a list, and the names of its first and last place."""

    first: int
    last: int
    after: str
    names: list[str]


class BatchesOut(Out, frozen=True):
    """The batches of a list, in its order."""

    items: list[BatchOut]


class SignsIn(msgspec.Struct, frozen=True):
    """Which signs: of these `codes`, else of a list as `GET places` narrows it, the batch that comes after `after`."""

    codes: list[str] = []
    area: str = ""
    kind: str = ""
    text: str = ""
    health: str = ""
    after: str = ""


class PlacesOut(Out, frozen=True):
    """Places in the order of their codes; `next` is the `after` of the next page."""

    items: list[KeptPlaceOut]
    next: str = ""


@endpoint(
    "GET",
    "places",
    answer=PlacesOut,
    guard="place.note",
    query=("area", "kind", "text", "health", "closed", "after"),
)
def list_places(call: Call[None]) -> PlacesOut:
    """The places of one's own area. `health`: unreadable, not_printed, never_scanned or not_seen."""
    rows = queries.editable(call.actor, "place.note")
    wanted = _wanted(call, closed=call.flag("closed"))
    page = queries.listed(rows, wanted, today=today(call.now), after=call.word("after"))
    return PlacesOut(items=[KeptPlaceOut.of(row) for row in page.places], next=page.next)


@endpoint("GET", "places/workbook", answer=XLSX, guard="place.edit")
def places_template(call: Call[None]) -> HttpResponse:
    """An empty workbook for a list of places."""
    return download(table.template(), "places.xlsx", XLSX)


@endpoint("POST", "places/workbook", answer=ImportedOut, guard="place.edit", raw=True, query=("dry_run",))
def import_places(call: Call[None]) -> ImportedOut:
    """A list from a workbook, a CSV or GeoJSON: all or nothing. A fault stands at `/places/3/name`: the fourth row."""
    dry_run = call.flag("dry_run")
    given = table.read(call.file(limits.IMPORT_BYTES))
    done = actions.set_up(given, actor=call.actor, now=call.now, dry_run=dry_run)
    return ImportedOut(created=done.created, changed=done.changed, same=done.same, dry_run=dry_run)


@endpoint(
    "GET", "places/signs", answer=BatchesOut, guard="place.edit", query=("area", "kind", "text", "health")
)
def list_batches(call: Call[None]) -> BatchesOut:
    """A list cut into what one PDF may hold; `after` names the batch to `POST places/signs`."""
    rows, day = queries.editable(call.actor), today(call.now)
    return BatchesOut(
        items=[
            BatchOut(first=one.first, last=one.last, after=one.after, names=list(one.names))
            for one in queries.batches(rows, _wanted(call, closed=False), today=day)
        ]
    )


@endpoint("POST", "places/signs", body=SignsIn, answer=PDF, guard="place.edit", keyed=False)
def print_places(call: Call[SignsIn]) -> HttpResponse:
    """Signs on paper, at most 200; they count as printed and leave the reprint list."""
    body, rows = call.body, queries.editable(call.actor)
    wanted = queries.Filter()
    if body.codes:
        rows = rows.filter(code__in=body.codes[: limits.SIGNS])
    else:
        wanted = _filter(body.area, body.kind, body.text, body.health)
    found = queries.to_print(rows, wanted, today=today(call.now), after=body.after)
    if not found:
        raise Invalid.at("codes", "none", _("No place was chosen, so there is nothing to print."))
    return download(print_signs(found, actor=call.actor, now=call.now), "signs.pdf", PDF)


@endpoint("POST", "places", body=NewPlaceIn, answer=KeptPlaceOut, guard="place.edit", status=201, fields=SPOT)
def add_place(call: Call[NewPlaceIn]) -> KeptPlaceOut:
    """A new place; it gets its sign at once."""
    row = actions.add_place(call.body.place(call.body.code), actor=call.actor, now=call.now)
    return _read(call, row.code)


@endpoint("GET", "places/<code>", answer=KeptPlaceOut, guard="place.note")
def show_place(call: Call[None], code: str) -> KeptPlaceOut:
    """One place."""
    return _read(call, code)


@endpoint("POST", "places/<code>", body=ChangedPlaceIn, answer=KeptPlaceOut, guard="place.edit", fields=SPOT)
def change_place(call: Call[ChangedPlaceIn], code: str) -> KeptPlaceOut:
    """The place becomes what is sent; `active` false closes it."""
    actions.change_place(call.body.place(code), version=call.body.version, actor=call.actor, now=call.now)
    return _read(call, code)


@endpoint("POST", "places/<code>/attributes", body=AttributesIn, answer=KeptPlaceOut, guard="place.note")
def note_place(call: Call[AttributesIn], code: str) -> KeptPlaceOut:
    """What a worker saw on the spot."""
    found = queries.get_place(code, actor=call.actor)
    body = call.body
    actions.note_attributes(found, body.attributes, version=body.version, actor=call.actor, now=call.now)
    return _read(call, code)


@endpoint("POST", "places/<code>/unreadable", answer=KeptPlaceOut, guard="place.note")
def call_sign_unreadable(call: Call[None], code: str) -> KeptPlaceOut:
    """The sign cannot be read; it stands on the reprint list."""
    actions.say_unreadable(queries.get_place(code, actor=call.actor), now=call.now)
    return _read(call, code)


@endpoint("POST", "places/<code>/renew", answer=KeptPlaceOut, guard="place.edit")
def renew_sign(call: Call[None], code: str) -> KeptPlaceOut:
    """Another code and number; the old code still leads to the place."""
    actions.renew_sign(queries.get_place(code, actor=call.actor), actor=call.actor, now=call.now)
    return _read(call, code)


def _wanted(call: Call[Any], *, closed: bool) -> queries.Filter:
    return _filter(
        call.word("area"), call.word("kind"), call.word("text"), call.word("health"), closed=closed
    )


def _filter(area: str, kind: str, text: str, health: str, *, closed: bool = False) -> queries.Filter:
    if health and health not in queries.HEALTH:
        raise Invalid.at("health", "unknown", ", ".join(queries.HEALTH))
    return queries.Filter(get_area(area).path if area else "", kind, text, health, closed)


def _read(call: Call[Any], code: str) -> KeptPlaceOut:
    return KeptPlaceOut.of(queries.get_place(code, actor=call.actor))
