"""Decisions about patrols that need no store: when a plan is due, and in which order places are walked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from gewu.core import geo

DAILY, WEEKLY, DAYS, MONTHLY = "daily", "weekly", "days", "monthly"
FREQUENCIES = (DAILY, WEEKLY, DAYS, MONTHLY)
EVERY_MOST = 92
VISIT_MOST = timedelta(hours=3)
OFFLINE_MOST = timedelta(days=31)  # how far back the phone's own time of an act is believed


class Spot(Protocol):
    """Anything with a position."""

    lon: float
    lat: float


def in_season(day: date, begins: str, ends: str) -> bool:
    """`begins`, `ends`: ``MM-DD``, both included; a season may run over the end of the year. Empty: always."""
    if not begins or not ends:
        return True
    here = f"{day:%m-%d}"
    return begins <= here <= ends if begins <= ends else here >= begins or here <= ends


def is_due(day: date, *, frequency: str, every: int, starts: date, begins: str = "", ends: str = "") -> bool:
    """Whether a round of this plan begins on `day`. Weeks and days are counted from `starts`; a month has its round on
    the day of `starts`, or on its last day when it is shorter."""
    if day < starts or not in_season(day, begins, ends):
        return False
    passed = (day - starts).days
    if frequency == DAILY:
        return True
    if frequency == WEEKLY:
        return passed % 7 == 0
    if frequency == DAYS:
        return passed % max(1, every) == 0
    last = ((day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)).day
    return day.day == min(starts.day, last)


def term_ends(day: date, frequency: str, every: int) -> date:
    """The last day on which a round that began on `day` can be walked: the day before the next one."""
    days = {DAILY: 1, WEEKLY: 7, DAYS: max(1, every), MONTHLY: 28}[frequency]
    return day + timedelta(days=days - 1)


def walking_order(spots: Sequence[Spot]) -> list[int]:
    """Indices from the first on, always to the nearest that is left: short enough, and the same each time."""
    left = list(range(len(spots)))
    order: list[int] = []
    while left:
        here = order[-1] if order else None
        nearest = left[0] if here is None else min(left, key=lambda at: (_metres(spots[here], spots[at]), at))
        order.append(nearest)
        left.remove(nearest)
    return order


def day_of(now: datetime, zone: ZoneInfo, *, done_at: datetime | None, sent_at: datetime | None) -> date:
    """The local day of something done on a phone: its own time, corrected by how far its clock was off when it sent.

    The hour is thrown away. A time that cannot be is not believed: then it was done when it came in.
    """
    if done_at is not None:
        off = now - sent_at if sent_at is not None else timedelta()
        done = done_at + off
        if now - OFFLINE_MOST <= done <= now + timedelta(minutes=5):
            return done.astimezone(zone).date()
    return now.astimezone(zone).date()


def _metres(one: Spot, other: Spot) -> float:
    return geo.distance_m((one.lon, one.lat), (other.lon, other.lat))
