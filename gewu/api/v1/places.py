"""Places: the list of one's own area with the health of signs, one place, and what is changed of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from gewu.api.endpoint import Call, endpoint
from gewu.api.v1.shapes import Out
from gewu.core.errors import Invalid
from gewu.domain.areas.queries import get_area
from gewu.domain.people.queries import today
from gewu.domain.places import actions, queries
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
        given = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("code", "active")}
        return PlaceInput(code=code, is_active=self.active, **given)


class NewPlaceIn(KeptPlaceIn, frozen=True, kw_only=True):
    """A place that is not there yet, with the code lists name it by."""

    code: str


class AttributesIn(msgspec.Struct, frozen=True):
    """All details of the place; a detail that is left out is taken away."""

    attributes: dict[str, Any]


class KeptPlaceOut(Out, frozen=True, omit_defaults=False):
    """A place. `sign` is the code of its QR, `number` stands beside it; of scans only the last day is known."""

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
    health, area = call.word("health"), call.word("area")
    if health and health not in queries.HEALTH:
        raise Invalid.at("health", "unknown", ", ".join(queries.HEALTH))
    wanted = queries.Filter(
        area=get_area(area).path if area else "",
        kind=call.word("kind"),
        text=call.word("text"),
        health=health,
        closed=call.flag("closed"),
    )
    rows = queries.editable(call.actor, "place.note")
    page = queries.listed(rows, wanted, today=today(call.now), after=call.word("after"))
    return PlacesOut(items=[KeptPlaceOut.of(row) for row in page.places], next=page.next)


@endpoint("POST", "places", body=NewPlaceIn, answer=KeptPlaceOut, guard="place.edit", status=201, fields=SPOT)
def add_place(call: Call[NewPlaceIn]) -> KeptPlaceOut:
    """A new place; it gets its sign at once."""
    row = actions.add_place(call.body.place(call.body.code), actor=call.actor, now=call.now)
    return _read(call, row.code)


@endpoint("GET", "places/<code>", answer=KeptPlaceOut, guard="place.note")
def show_place(call: Call[None], code: str) -> KeptPlaceOut:
    """One place."""
    return _read(call, code)


@endpoint("POST", "places/<code>", body=KeptPlaceIn, answer=KeptPlaceOut, guard="place.edit", fields=SPOT)
def change_place(call: Call[KeptPlaceIn], code: str) -> KeptPlaceOut:
    """The place becomes what is sent; `active` false closes it."""
    actions.change_place(call.body.place(code), actor=call.actor, now=call.now)
    return _read(call, code)


@endpoint("POST", "places/<code>/attributes", body=AttributesIn, answer=KeptPlaceOut, guard="place.note")
def note_place(call: Call[AttributesIn], code: str) -> KeptPlaceOut:
    """What a worker saw on the spot."""
    found = queries.get_place(code, actor=call.actor)
    actions.note_attributes(found, call.body.attributes, actor=call.actor, now=call.now)
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


def _read(call: Call[Any], code: str) -> KeptPlaceOut:
    return KeptPlaceOut.of(queries.get_place(code, actor=call.actor))
