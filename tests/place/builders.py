"""The installation of these tests and who may change it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from gewu.domain.access.actor import SYSTEM, Actor, Hat
from gewu.domain.place import actions
from gewu.domain.place.models import Installation
from gewu.domain.place.rules import DayInput
from tests.services.time import START

ADMINISTRATOR = Actor(
    kind="staff", user_id=UUID(int=1), hats=(Hat("administrator", "S", "000", UUID(int=2)),), strong=True
)
ADMINISTRATOR_ONE_FACTOR = Actor(kind="staff", user_id=UUID(int=1), hats=ADMINISTRATOR.hats)
LEAD = Actor(kind="staff", user_id=UUID(int=3), hats=(Hat("lead", "G", "000000", UUID(int=4)),), strong=True)


def opened(*, now: datetime = START, **facts: Any) -> Installation:
    """Luotang, opened."""
    given = {"code": "321204001", "name": "罗塘街道", "names": {"en": "Luotang"}, "actor": SYSTEM, "now": now}
    return actions.open_installation(**(given | facts))


def off(*days: date, note: str = "") -> list[DayInput]:
    return [DayInput(day, False, note) for day in days]


def on(*days: date, note: str = "") -> list[DayInput]:
    return [DayInput(day, True, note) for day in days]
