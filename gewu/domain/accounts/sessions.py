"""How long a session lasts. Pure; the pages' middleware asks on every request.

Field roles keep a session for a shift, so that nobody types a password in the rain; everyone else sits in an office,
where a screen may be left alone. Who has posts of both kinds gets the shorter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

FIELD_ROLES = frozenset({"contact", "worker", "lead", "adviser", "handler"})


@dataclass(frozen=True)
class SessionLimits:
    """`idle`: time without a request; `absolute`: time since sign-in."""

    idle: timedelta
    absolute: timedelta


FIELD = SessionLimits(idle=timedelta(hours=12), absolute=timedelta(days=7))
OFFICE = SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))


class _Wearer(Protocol):
    """An actor as far as this question goes; `people` comes after this package."""

    @property
    def roles(self) -> frozenset[str]: ...


def session_limits(actor: _Wearer) -> SessionLimits:
    """The limits for somebody with these posts; without any post the shorter ones."""
    return FIELD if actor.roles and actor.roles <= FIELD_ROLES else OFFICE


def has_ended(actor: _Wearer, *, began: datetime, seen: datetime, now: datetime) -> bool:
    """True when the session is over. A clock that went back ends nothing."""
    limits = session_limits(actor)
    return now - seen > limits.idle or now - began > limits.absolute
