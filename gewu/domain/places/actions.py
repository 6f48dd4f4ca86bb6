"""Everything that writes places: bringing lists in, a single place by hand, its sign, and the last days kept of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from gewu.core import chance, geo, limits
from gewu.core.errors import Conflict, FieldError, Invalid, NotFound
from gewu.core.text import clean
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.areas.models import Area, Level
from gewu.domain.areas.queries import locate
from gewu.domain.journal import actions as journal
from gewu.domain.people.models import Unit
from gewu.domain.people.queries import today
from gewu.domain.places import codes
from gewu.domain.places.kinds import check_attributes, kind_named
from gewu.domain.places.models import FormerSign, Place
from gewu.domain.requests.work import unit_of_work

COLUMNS = (
    "kind",
    "name",
    "names",
    "area_id",
    "lon",
    "lat",
    "households",
    "residents",
    "keeper_id",
    "attributes",
    "is_active",
)
CHUNK = 500
COUNT_MOST = 100_000


@dataclass(frozen=True)
class PlaceInput:
    """One place, found again by its code.

    `area` is the code of the grid it lies in; empty, it is found from the position (WGS 84). `keeper` is a unit's code.
    """

    code: str
    kind: str
    name: str
    area: str
    lon: float
    lat: float
    households: int = 0
    residents: int = 0
    keeper: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    is_active: bool = True
    names: Mapping[str, str] | None = None  # in other languages; None: what is there stays


@dataclass(frozen=True)
class Changes:
    """What bringing a list in did, or would do."""

    created: int
    changed: int
    same: int


def set_up(places: Sequence[PlaceInput], *, actor: Actor, now: datetime, dry_run: bool = False) -> Changes:
    """Write all places or none; the second time changes only what differs.

    Raises `Invalid` with `places.<row>.<field>` for every wrong field of every row.
    """
    known = _known(places)
    _check_may(actor, list(known.rows.values()))  # where they lie now; and below, where they would lie
    settled = _settled_all(places, known)
    new = [row for row in settled if row.pk not in known.before]
    changed = [row for row in settled if row.pk in known.before and known.before[row.pk] != _values(row)]
    _check_may(actor, settled)
    if not dry_run:
        _give_signs(new)
        with unit_of_work():
            Place.objects.bulk_create(new, CHUNK)
            for row in changed:
                row.version = F("version") + 1  # somebody may have changed it since it was read
            Place.objects.bulk_update(changed, [*COLUMNS, "version"], CHUNK)
            data = {"created": len(new), "changed": len(changed)}
            subject = ("batch", chance.new_id())
            journal.record("places.set_up", actor=actor, subject=subject, at=now, data=data)
    return Changes(len(new), len(changed), len(settled) - len(new) - len(changed))


def add_place(given: PlaceInput, *, actor: Actor, now: datetime) -> Place:
    """A new place with its sign; a code that is taken is refused."""
    if Place.objects.filter(code=given.code).exists():
        raise Invalid.at("code", "taken", _("There is a place with this code."))
    row = _one(given, _known([given]))
    _check_may(actor, [row])
    _give_signs([row])
    with unit_of_work():
        row.save(force_insert=True)
        data = {"code": row.code, "kind": row.kind, "area": row.area.code}
        journal.record("place.added", actor=actor, subject=("place", row.pk), at=now, data=data)
    return row


def change_place(given: PlaceInput, *, version: int, actor: Actor, now: datetime) -> Place:
    """Take over what differs, if nobody changed the place since `version` was read; it is found by its code."""
    known = _known([given])
    if given.code not in known.rows:
        raise NotFound
    _check_may(actor, [known.rows[given.code]])  # where it lies now; and below, where it would lie
    row = _one(given, known)
    _check_may(actor, [row])
    before, after = known.before[row.pk], _values(row)
    fields = sorted(name for name in COLUMNS if before[name] != after[name])
    if fields:
        with unit_of_work():
            _write(row, fields, version)
            _record_change(row, fields, actor=actor, now=now)
    return row


def note_attributes(
    place: Place, given: Mapping[str, Any], *, version: int, actor: Actor, now: datetime
) -> None:
    """What a worker saw on the spot: the details of this kind of place, and nothing else."""
    check_allowed(may(actor, "place.note", place))
    settled = check_attributes(kind_named(place.kind), given)
    if settled == place.attributes:
        return
    place.attributes = settled
    with unit_of_work():
        _write(place, ["attributes"], version)
        _record_change(place, ["attributes"], actor=actor, now=now)


def renew_sign(place: Place, *, actor: Actor, now: datetime) -> Place:
    """Another code and number. The old code leads to the place, so that nobody stands before a dead sign."""
    check_allowed(may(actor, "place.edit", place))
    old = place.sign
    _give_signs([place])
    with unit_of_work():
        if not Place.objects.filter(pk=place.pk, sign=old).update(
            sign=place.sign, number=place.number, printed_on=None, unreadable_on=None
        ):
            place.refresh_from_db()
            return place  # somebody has just done the same
        FormerSign.objects.create(sign=old, place=place, replaced_on=today(now))
        data = {"code": place.code}
        journal.record("place.sign_renewed", actor=actor, subject=("place", place.pk), at=now, data=data)
    return place


def note_scan(place: Place, *, now: datetime) -> None:
    """The sign was scanned today. Written once a day, whoever comes how often."""
    _keep_day([place.pk], "scanned_on", today(now))


def say_unreadable(place: Place, *, now: datetime) -> None:
    """Somebody says the sign cannot be read; it stands on the reprint list until it is printed again."""
    _keep_day([place.pk], "unreadable_on", today(now))


def seen(place_ids: Collection[UUID], on: date) -> None:
    """A patrol was there on this day; an earlier day than the one known changes nothing."""
    _keep_day(place_ids, "seen_on", on)


def note_printed(places: Sequence[Place], *, actor: Actor, now: datetime) -> None:
    """Signs of these places were printed; they leave the reprint list."""
    with unit_of_work():
        for start in range(0, len(places), CHUNK):
            ids = [place.pk for place in places[start : start + CHUNK]]
            Place.objects.filter(pk__in=ids).update(printed_on=today(now), unreadable_on=None)
        subject = ("batch", chance.new_id())
        journal.record("places.printed", actor=actor, subject=subject, at=now, data={"count": len(places)})


@dataclass
class _Known:
    """What the rows given are compared with: one query for each table."""

    rows: dict[str, Place]
    before: dict[UUID, dict[str, Any]]
    areas: dict[str, Area]
    units: dict[str, UUID]


def _known(places: Sequence[PlaceInput]) -> _Known:
    wanted = {given.code for given in places}
    rows: dict[str, Place] = {}
    names = sorted(wanted)
    for start in range(0, len(names), CHUNK):
        found = Place.objects.select_related("area").filter(code__in=names[start : start + CHUNK])
        rows |= {place.code: place for place in found}
    keepers = {given.keeper for given in places if given.keeper}
    return _Known(
        rows=rows,
        before={place.pk: _values(place) for place in rows.values()},
        areas={area.code: area for area in Area.objects.filter(valid_to=None)},
        units=dict(Unit.objects.filter(code__in=keepers).values_list("code", "pk")),
    )


def _values(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in COLUMNS}


def _settled_all(places: Sequence[PlaceInput], known: _Known) -> list[Place]:
    """Every row settled, or every fault of every row."""
    rows, faults, codes_seen = [], [], set()
    for number, given in enumerate(places):
        try:
            if given.code in codes_seen:
                raise Invalid.at("code", "twice", _("This code stands in the list twice."))
            codes_seen.add(given.code)
            rows.append(_one(given, known))
        except Invalid as error:
            faults += [
                FieldError(f"places.{number}.{one.field}", one.code, one.message) for one in error.errors
            ]
    if faults:
        raise Invalid(faults)
    return rows


def _one(given: PlaceInput, known: _Known) -> Place:
    """The row as it would be, with every fault of its fields at once."""
    faults: list[FieldError] = []
    values: dict[str, Any] = {"is_active": given.is_active}
    if given.names is not None:
        values["names"] = dict(given.names)

    def settle(name: str, how: Any) -> None:
        try:
            values[name] = how()
        except Invalid as error:
            faults.extend(error.errors)

    settle("code", lambda: clean(given.code, max_length=40, lines=False, field="code", required=True))
    settle(
        "name", lambda: clean(given.name, max_length=limits.ADDRESS, lines=False, field="name", required=True)
    )
    settle("kind", lambda: kind_named(given.kind).code)
    settle("position", lambda: geo.check_lonlat(given.lon, given.lat, field="place"))
    settle("households", lambda: _count(given.households, "households"))
    settle("residents", lambda: _count(given.residents, "residents"))
    settle("keeper_id", lambda: _keeper(given.keeper, known))
    if "kind" in values:
        settle("attributes", lambda: check_attributes(kind_named(given.kind), given.attributes))
    if "position" in values:
        settle("area", lambda: _area(given, known))
    if faults:
        raise Invalid(faults)
    del values["position"]
    row = known.rows.get(given.code) or Place()
    for name, value in (values | {"lon": given.lon, "lat": given.lat}).items():
        setattr(row, name, value)
    return row


def _area(given: PlaceInput, known: _Known) -> Area:
    """The grid that was named, else the one the position lies in."""
    code = given.area
    if not code:
        found = locate(given.lon, given.lat).area
        if found is None:
            raise Invalid.at("place.lon", "outside", _("This position lies in none of our grids."))
        code = found.code
    area = known.areas.get(code)
    if area is None:
        raise Invalid.at("area", "unknown", _("This area is not known."))
    if area.level not in (Level.GRID, Level.MICROGRID):
        raise Invalid.at("area", "not_a_grid", _("A place belongs to a grid, not to a larger area."))
    return area


def _keeper(code: str, known: _Known) -> UUID | None:
    if code and code not in known.units:
        raise Invalid.at("keeper", "unknown", _("This unit is not known."))
    return known.units[code] if code else None


def _count(value: int, name: str) -> int:
    if not isinstance(value, int) or not 0 <= value <= COUNT_MOST:
        message = _("Please write a number from 0 to %(most)s.") % {"most": COUNT_MOST}
        raise Invalid.at(name, "range", message)
    return value


def _write(row: Place, fields: Sequence[str], version: int) -> None:
    """The version that was on the screen decides: of two people the second is told, and nothing of theirs is kept."""
    row.version = version + 1
    values = {name: getattr(row, name) for name in (*fields, "version")}
    if not Place.objects.filter(pk=row.pk, version=version).update(**values):
        raise Conflict(
            _("Somebody else has changed this place. What you typed is still here."), code="version"
        )


def _check_may(actor: Actor, rows: Sequence[Place]) -> None:
    for row in rows:
        check_allowed(may(actor, "place.edit", row))


def _give_signs(rows: Sequence[Place]) -> None:
    taken = set(Place.objects.values_list("number", flat=True))
    for row in rows:
        row.sign = codes.new_code()
        row.number = codes.new_number(taken.__contains__)
        taken.add(row.number)


def _keep_day(ids: Collection[UUID], column: str, day: date) -> None:
    """The later of the two days; no row is written when nothing would change."""
    earlier = Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lt": day})
    Place.objects.filter(earlier, pk__in=list(ids)).update(**{column: day})


def _record_change(place: Place, fields: Sequence[str], *, actor: Actor, now: datetime) -> None:
    data = {"code": place.code, "fields": [name.removesuffix("_id") for name in fields]}
    journal.record("place.changed", actor=actor, subject=("place", place.pk), at=now, data=data)
