"""Reading places: counts below an area, the place of a sign, the list of a desk, and the health of signs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from gewu.core import limits
from gewu.core.errors import Invalid, NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import may, visible
from gewu.domain.areas.queries import within
from gewu.domain.names import called
from gewu.domain.places.codes import parse_number
from gewu.domain.places.models import FormerSign, Place

NOT_SEEN_AFTER = timedelta(days=30)
NOT_SCANNED_AFTER = timedelta(days=180)
# What can be wrong with a sign or a place; the pages name them.
HEALTH = ("unreadable", "not_printed", "never_scanned", "not_seen")


@dataclass(frozen=True)
class Counts:
    """Places, households and residents below one area."""

    places: int
    households: int
    residents: int


@dataclass(frozen=True)
class Filter:
    """What a list of places is asked for; empty fields do not filter."""

    area: str = ""  # path
    kind: str = ""
    text: str = ""  # part of a name, a code, or the number on the sign
    health: str = ""  # one of HEALTH
    closed: bool = False


@dataclass(frozen=True)
class Page:
    """One page in the order of codes; `next` is the code to go on after, empty on the last page."""

    places: list[Place]
    next: str = ""


@dataclass(frozen=True)
class Batch:
    """Signs `first` to `last` of a list; `after` is what comes before it, `names` its first and last place."""

    first: int
    last: int
    after: str
    names: tuple[str, str]


def counts(path: str = "") -> Counts:
    """The sums below the area with this path; an empty path sums everything."""
    rows = Place.objects.filter(is_active=True)
    if path:
        rows = rows.filter(within(path, "area__path"))
    sums = rows.aggregate(households=Sum("households"), residents=Sum("residents"))
    return Counts(rows.count(), sums["households"] or 0, sums["residents"] or 0)


def by_sign(sign: str) -> tuple[Place, bool]:
    """The place of a QR code, and whether the code is a former one; closed places are found too."""
    rows = Place.objects.select_related("area__parent", "keeper")
    place = rows.filter(sign=sign).first()
    if place is not None:
        return place, False
    former = FormerSign.objects.filter(sign=sign).values_list("place_id", flat=True).first()
    if former is None:
        raise NotFound
    return rows.get(pk=former), True


def by_number(typed: str) -> Place:
    """The place of the number on a sign, however it was typed; a slip is refused at `number`."""
    number = parse_number(typed)
    place = Place.objects.select_related("area__parent", "keeper").filter(number=number).first()
    if place is None:
        raise NotFound
    return place


def get_place(code: str, *, actor: Actor) -> Place:
    """One place for a desk; places are no secret among staff."""
    place = Place.objects.select_related("area__parent", "keeper").filter(code=code).first()
    if place is None or not may(actor, "place.see", place):
        raise NotFound
    return place


def editable(actor: Actor, action: str = "place.edit") -> QuerySet[Place]:
    """The places this person keeps; with `place.note` those whose details they may note."""
    return Place.objects.filter(visible(actor, action, "place"))


def listed(rows: QuerySet[Place], wanted: Filter, *, today: date, after: str = "") -> Page:
    """One page of these places, in the order of codes."""
    found = rows.filter(_condition(wanted, today)).select_related("area", "keeper").order_by("code")
    if after:
        found = found.filter(code__gt=after)
    places = list(found[: limits.PAGE + 1])
    more = len(places) > limits.PAGE
    places = places[: limits.PAGE]
    return Page(places, places[-1].code if more else "")


def health_counts(rows: QuerySet[Place], *, today: date) -> dict[str, int]:
    """How many of these places have each of the troubles of `HEALTH`."""
    return {kind: rows.filter(_condition(Filter(health=kind), today)).count() for kind in HEALTH}


def batches(rows: QuerySet[Place], wanted: Filter, *, today: date) -> list[Batch]:
    """A list for printing cut into what one PDF may hold. Each begins after a place and not at a number, so that a
    batch stays what it is when the ones before it are printed and leave the list."""
    found = rows.filter(_condition(wanted, today)).order_by("area__code", "code")
    keys = list(found.values_list("area__code", "code", "name", "names")[: limits.EXPORT_ROWS])
    starts = range(0, len(keys), limits.SIGNS)
    parts = [(start, keys[start : start + limits.SIGNS]) for start in starts]
    return [
        Batch(
            start + 1,
            start + len(part),
            "/".join(keys[start - 1][:2]) if start else "",
            (called(*part[0][2:]), called(*part[-1][2:])),
        )
        for start, part in parts
    ]


def to_print(rows: QuerySet[Place], wanted: Filter, *, today: date, after: str = "") -> list[Place]:
    """The places of one batch of signs."""
    found = (
        rows.filter(_condition(wanted, today)).select_related("area__parent").order_by("area__code", "code")
    )
    if after:
        area, _slash, code = after.rpartition("/")
        found = found.filter(Q(area__code__gt=area) | Q(area__code=area, code__gt=code))
    return list(found[: limits.SIGNS])


def _condition(wanted: Filter, today: date) -> Q:
    found = Q(is_active=not wanted.closed)
    if wanted.area:
        found &= within(wanted.area, "area__path")
    if wanted.kind:
        found &= Q(kind=wanted.kind)
    if wanted.text:
        found &= _named(wanted.text.strip()[: limits.SEARCH])  # stores refuse to search for a whole book
    if wanted.health:
        found &= _trouble(wanted.health, today)
    return found


def _named(text: str) -> Q:
    named = Q(name__contains=text) | Q(code=text)
    try:
        return named | Q(number=parse_number(text))
    except Invalid:
        return named


def _trouble(kind: str, today: date) -> Q:
    """A sign never scanned counts once it hung long enough; a place never seen counts at once."""
    if kind == "unreadable":
        return Q(unreadable_on__isnull=False)
    if kind == "not_printed":
        return Q(printed_on__isnull=True)
    if kind == "never_scanned":
        return Q(scanned_on__isnull=True, printed_on__lt=today - NOT_SCANNED_AFTER)
    return Q(seen_on__isnull=True) | Q(seen_on__lt=today - NOT_SEEN_AFTER)
