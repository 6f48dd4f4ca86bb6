"""Bringing places in: the second time changes only what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from gewu.core import chance, geo, limits
from gewu.core.errors import FieldError, Invalid
from gewu.core.text import clean
from gewu.domain.access.actor import Actor
from gewu.domain.areas.models import Area
from gewu.domain.journal import actions as journal
from gewu.domain.places.models import Place
from gewu.domain.requests.work import unit_of_work

COLUMNS = ("kind", "name", "area_id", "lon", "lat", "households", "residents")
CHUNK = 500


@dataclass(frozen=True)
class PlaceInput:
    """One place, found again by its code; `area` is the code of the grid it lies in."""

    code: str
    kind: str
    name: str
    area: str
    lon: float
    lat: float
    households: int = 0
    residents: int = 0


def set_up(places: Sequence[PlaceInput], *, actor: Actor, now: datetime) -> tuple[int, int]:
    """Write all places or none; returns how many were made and how many changed."""
    areas = dict(Area.objects.filter(valid_to=None).values_list("code", "id"))
    known = {place.code: place for place in Place.objects.all()}
    rows, faults = [], []
    for number, given in enumerate(places):
        try:
            rows.append(_settled(given, areas, known.get(given.code)))
        except Invalid as error:
            faults += [
                FieldError(f"places.{number}.{one.field}", one.code, one.message) for one in error.errors
            ]
    if faults:
        raise Invalid(faults)
    new = [row for row in rows if row._state.adding]
    changed = [row for row in rows if not row._state.adding and row.differs]
    with unit_of_work():
        Place.objects.bulk_create(new, CHUNK)
        Place.objects.bulk_update(changed, COLUMNS, CHUNK)
        data = {"created": len(new), "changed": len(changed)}
        journal.record("places.set_up", actor=actor, subject=("batch", chance.new_id()), at=now, data=data)
    return len(new), len(changed)


def _settled(given: PlaceInput, areas: dict[str, object], known: Place | None) -> Place:
    if given.area not in areas:
        raise Invalid.at("area", "unknown", _("This area is not known."))
    if given.households < 0 or given.residents < 0:
        raise Invalid.at("households", "range", _("This cannot be below zero."))
    geo.check_lonlat(given.lon, given.lat, field="place")
    values = asdict(given) | {
        "name": clean(given.name, max_length=limits.ADDRESS, lines=False, field="name", required=True),
        "area_id": areas[given.area],
    }
    del values["area"]
    row = known or Place(code=given.code)
    row.differs = any(getattr(row, name) != values[name] for name in COLUMNS)
    for name in COLUMNS:
        setattr(row, name, values[name])
    return row
