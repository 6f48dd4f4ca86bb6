"""Reading places: counts below an area."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from gewu.domain.areas.queries import within
from gewu.domain.places.models import Place


@dataclass(frozen=True)
class Counts:
    """Places, households and residents below one area."""

    places: int
    households: int
    residents: int


def counts(path: str = "") -> Counts:
    """The sums below the area with this path; an empty path sums everything."""
    rows = Place.objects.filter(is_active=True)
    if path:
        rows = rows.filter(within(path, "area__path"))
    sums = rows.aggregate(households=Sum("households"), residents=Sum("residents"))
    return Counts(rows.count(), sums["households"] or 0, sums["residents"] or 0)
