"""How much of everything there is. Counts of posts and their appointments, never of what a person did."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum

from gewu.domain.areas import queries as areas
from gewu.domain.areas.models import Area, Border, Level
from gewu.domain.cases.models import Case
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.people.models import Appointment, Post, Unit
from gewu.domain.people.queries import in_force, today
from gewu.domain.places import queries as places


def all_counts(now: datetime) -> dict[str, Any]:
    """Everything `doctor` counts."""
    living = places.counts()
    return {
        "areas": _areas(now),
        "area_km2": _surface(),
        "places": living.places,
        "households": living.households,
        "residents": living.residents,
        "posts": _posts(now),
        "persons": _persons(now),
        "units": _by(Unit.objects.filter(is_active=True), "kind__code"),
        "catalogue": catalogue.level_counts(),
        "cases": _by(Case.objects.all(), "state"),
    }


def _areas(now: datetime) -> dict[str, int]:
    found = dict(
        Area.objects.filter(areas.valid_on(today(now))).values_list("level").annotate(Count("id")).order_by()
    )
    return {level: found[level] for level in Level.values if level in found}


def _surface() -> float:
    """Of the outermost areas the map in force draws, in square kilometres."""
    version = areas.current_version()
    if version is None:
        return 0.0
    borders = Border.objects.filter(version=version)
    for level in Level.values:
        if m2 := borders.filter(area__level=level).aggregate(sum=Sum("surface_m2"))["sum"]:
            return round(m2 / 1e6, 2)
    return 0.0


def _posts(now: datetime) -> dict[str, dict[str, int]]:
    """Posts by role, how many of them are held today, and by full-time or part-time appointments."""
    told: dict[str, dict[str, int]] = defaultdict(
        lambda: {"posts": 0, "held": 0, "full_time": 0, "part_time": 0}
    )
    for role, number in (
        Post.objects.filter(is_active=True).values_list("role").annotate(Count("id")).order_by("role")
    ):
        told[role]["posts"] = number
    held = _held(now).values_list("post__role", "full_time").annotate(Count("id")).order_by()
    for role, full_time, number in held:
        told[role]["held"] += number
        told[role]["full_time" if full_time else "part_time"] += number
    return dict(told)


def _persons(now: datetime) -> dict[str, int]:
    """Different persons who hold a post today, by role; who holds two posts of a role counts once."""
    rows = _held(now).values_list("post__role").annotate(Count("user", distinct=True)).order_by("post__role")
    return {**dict(rows), "all": _held(now).values("user").distinct().count()}


def _held(now: datetime) -> Any:
    return Appointment.objects.filter(in_force(today(now)), Q(post__is_active=True), Q(user__is_active=True))


def _by(rows: Any, field: str) -> dict[str, int]:
    return dict(rows.values_list(field).annotate(Count("id")).order_by(field))
