"""A small place: one district, one subdistrict, two communities with two grids each; people with one-letter roles."""

from __future__ import annotations

from datetime import date
from typing import Any

from gewu.domain.accounts.models import User
from gewu.domain.areas.models import Area
from gewu.domain.people import actions
from gewu.domain.people.actor import SYSTEM
from gewu.domain.people.models import Appointment, Post
from gewu.domain.people.queries import get_post
from tests.services.time import START as NOW

TODAY = date(2026, 3, 10)  # the local day of NOW
BEFORE, AFTER = date(2026, 3, 9), date(2026, 3, 11)
LONG_AGO = date(2025, 1, 1)

AREAS = (
    ("district", "district", "001"),
    ("town", "subdistrict", "001001"),
    ("left", "community", "001001001"),
    ("left1", "grid", "001001001001"),
    ("left2", "grid", "001001001002"),
    ("right", "community", "001001002"),
    ("right1", "grid", "001001002001"),
    ("right2", "grid", "001001002002"),
)


def areas() -> dict[str, Area]:
    """The tree, by code."""
    made: dict[str, Area] = {}
    by_path: dict[str, Area] = {}
    for code, level, path in AREAS:
        area = Area(
            code=code, level=level, name=code, path=path, parent=by_path.get(path[:-3]), valid_from=LONG_AGO
        )
        area.save()
        made[code] = by_path[path] = area
    return made


def user(username: str, **fields: Any) -> User:
    """Somebody with an account and no post."""
    return User.objects.create(username=username, name=fields.pop("name", username.title()), **fields)


def post(role: str, area: str, *, code: str = "", **fields: Any) -> Post:
    """A seat, by default with the code ``role-area``."""
    return actions.create_post(
        code or f"{role}-{area}",
        role=role,
        area=Area.objects.get(code=area),
        title=role,
        actor=SYSTEM,
        now=NOW,
        **fields,
    )


def appoint(
    who: User, where: Post | str, *, starts: date = LONG_AGO, ends: date | None = None
) -> Appointment:
    """`who` holds the seat."""
    seat = get_post(where) if isinstance(where, str) else where
    return actions.appoint(seat, who, starts=starts, ends=ends, actor=SYSTEM, now=NOW)


def away(who: User, stand_in: User | None = None, *, starts: date = TODAY, ends: date | None = TODAY) -> None:
    """`who` is away today."""
    actions.report_absence(who, starts=starts, ends=ends, stand_in=stand_in, actor=SYSTEM, now=NOW)


def town() -> dict[str, User]:
    """A lead and a worker in left1, a director over left, a duty lead and a dispatcher over town, by role."""
    areas()
    people = {}
    for role, area in (
        ("worker", "left1"),
        ("lead", "left1"),
        ("director", "left"),
        ("duty_lead", "town"),
        ("dispatcher", "town"),
    ):
        people[role] = user(role)
        appoint(people[role], post(role, area))
    return people
