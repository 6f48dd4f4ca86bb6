"""What is known here already: cases that may be the same matter as one somebody is about to report, or holds now.

One function answers for residents (before they type), for the page of a place and for staff who look for duplicates.
Near means: the same place, or within 50 m; the same class of the catalogue; open, or closed within 14 days
(rules of frontend.md 3 and domain-facts A2.8). Only ordinary cases are found, and only what is public of them is
given: never a text, a photo, a name or an exact position. Likeness of meaning can join here later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from gewu.core import geo
from gewu.domain.access.table import NORMAL
from gewu.domain.cases.models import Case

NEAR_M = 50.0
CLOSED_WITHIN = timedelta(days=14)
SHOWN = 3
LOOKED_AT = 200  # of the newest in the box: a crowded spot must not cost more than that


@dataclass(frozen=True)
class Here:
    """Where something is: a place of ours, a position (WGS 84), or both."""

    lon: float | None = None
    lat: float | None = None
    place_id: UUID | None = None

    @property
    def known(self) -> bool:
        return self.place_id is not None or (self.lon is not None and self.lat is not None)


@dataclass(frozen=True)
class Found:
    """One case that may be the same. `metres` is None when it is of the same place."""

    case: Case
    metres: int | None


def similar(
    here: Here, *, now: datetime, of_class: str = "", except_for: UUID | None = None, most: int = SHOWN
) -> list[Found]:
    """The likeliest first: of the same place, then the nearest, then the newest. One query.

    `of_class` is the code of a class; empty, every class counts.
    """
    if not here.known:
        return []
    rows = (
        Case.objects.filter(_near(here), sensitivity=NORMAL)
        .filter(Q(is_open=True) | Q(closed_at__gte=now - CLOSED_WITHIN))
        .exclude(closing="merged")
        .exclude(state="declined")
        .select_related("condition__subclass__parent", "filed_area", "place")
    )
    if of_class:
        rows = rows.filter(condition__subclass__parent__code=of_class)
    if except_for is not None:
        rows = rows.exclude(pk=except_for)
    found = [_found(case, here) for case in rows.order_by("-filed_at")[:LOOKED_AT]]
    near = [one for one in found if one.metres is None or one.metres <= NEAR_M]
    near.sort(key=lambda one: (-1 if one.metres is None else one.metres, -one.case.filed_at.timestamp()))
    return near[:most]


def open_here(place_id: UUID, *, now: datetime, most: int = 10) -> list[Case]:
    """Open ordinary cases of one place, newest first: what the page of its sign shows."""
    rows = Case.objects.filter(place_id=place_id, is_open=True, sensitivity=NORMAL)
    return list(rows.select_related("condition__subclass", "filed_area").order_by("-filed_at")[:most])


def _near(here: Here) -> Q:
    """The same place, or a box around the position that the circle fits into."""
    found = Q()
    if here.place_id is not None:
        found |= Q(place_id=here.place_id)
    if here.lon is not None and here.lat is not None:
        of_lon, of_lat = geo.metres_per_degree(here.lat)
        up, across = NEAR_M / of_lat, NEAR_M / max(1.0, of_lon)
        found |= Q(
            lat__range=(here.lat - up, here.lat + up), lon__range=(here.lon - across, here.lon + across)
        )
    return found


def _found(case: Case, here: Here) -> Found:
    if here.place_id is not None and case.place_id == here.place_id:
        return Found(case, None)
    if here.lon is None or here.lat is None or case.lon is None or case.lat is None:
        return Found(case, 0)
    return Found(case, round(geo.distance_m((here.lon, here.lat), (case.lon, case.lat))))
