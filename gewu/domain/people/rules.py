"""Periods, overlaps and what may not meet in one person; decided from values, without a database.

A period is whole local days, first and last day included; no last day means until further notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gewu.core.errors import FieldError, Invalid
from gewu.core.levels import LADDER
from gewu.core.punctuation import Listed
from gewu.core.sentences import sentence as _
from gewu.core.text import clean
from gewu.domain.people import roles

ABSENCE_REASONS = ("away", "leave", "training", "other")

# Codes end in the journal, which takes no text, and in XLSX files, which people type.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}", re.ASCII)
_OPEN = date.max

# Where a role is rooted in one kind of area, a post elsewhere is a slip of the pen.
_AREA_LEVELS = {
    "contact": ("grid", "microgrid"),
    "worker": ("grid",),
    "lead": ("grid",),
    "director": ("community",),
}


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    starts: date
    ends: date | None = None

    def overlaps(self, other: Period) -> bool:
        return self.starts <= (other.ends or _OPEN) and other.starts <= (self.ends or _OPEN)

    def covers(self, day: date) -> bool:
        return self.starts <= day <= (self.ends or _OPEN)


@dataclass(frozen=True)
class Holding:
    """Somebody holds a post of this role for a period. `post` and `user` are keys of any kind."""

    post: Any
    user: Any
    role: str
    period: Period


def period(starts: date, ends: date | None, *, field: str = "ends") -> Period:
    """A period in order."""
    if ends is not None and ends < starts:
        raise Invalid.at(field, "ends_before_start", _("The last day lies before the first."))
    return Period(starts, ends)


def code(typed: object, *, field: str = "code") -> str:
    """A stable code: Latin letters, digits and a few signs."""
    text = clean(typed, max_length=40, lines=False, field=field, required=True)
    if not _CODE.fullmatch(text):
        message = _("A code has up to 40 letters a-z, digits, dots or hyphens.")
        raise Invalid.at(field, "code_malformed", message)
    return text


def level(typed: str, *, field: str = "level") -> str:
    """G, V, S or D."""
    if typed not in LADDER:
        message = _("The level is G, V, S or D.")
        raise Invalid.at(field, "level_unknown", message)
    return typed


def post_level(role: str, typed: str) -> str:
    """The level of a post: the one given if the role stands there, else the role's usual one."""
    known = roles.ROLES.get(role)
    if known is None or not known.levels:
        raise Invalid.at("role", "role_unknown", _("There is no post of this role."))
    if not typed:
        return known.level
    if typed not in known.levels:
        message = _("A post of this role stands on level %(levels)s.", levels=Listed(known.levels))
        raise Invalid.at("level", "level_of_role", message)
    return typed


def check_area(role: str, area_level: str) -> None:
    """Grid posts belong to grids, directors to communities."""
    allowed = _AREA_LEVELS.get(role)
    if allowed is not None and area_level not in allowed:
        raise Invalid.at("area", "area_of_role", _("A post of this role does not belong to such an area."))


def reason(typed: str) -> str:
    """Why somebody is away, as coarse as can be: illness is nobody's business here."""
    if typed not in ABSENCE_REASONS:
        raise Invalid.at("reason_code", "reason_unknown", _("Choose a reason from the list."))
    return typed


def check_seat(new: Holding, held: Iterable[Holding]) -> FieldError | None:
    """A seat has one holder on any day."""
    taken = any(other.post == new.post and other.period.overlaps(new.period) for other in held)
    if taken:
        message = _("Somebody holds this post in these days. End that appointment first.")
        return FieldError("post", "post_taken", message)
    return None


def check_roles(new: Holding, held: Iterable[Holding]) -> FieldError | None:
    """What rules.md 4 keeps apart stays apart on every day."""
    together = {other.role for other in held if other.user == new.user and other.period.overlaps(new.period)}
    if clash := roles.clash({*together, new.role}) if new.role not in together else None:
        message = _("One person may not hold %(first)s and %(second)s.", **_names(clash))
        return FieldError("user", "roles_incompatible", message)
    return None


def overlapping(wanted: Period, others: Sequence[Period]) -> bool:
    """True when `wanted` meets one of the others."""
    return any(wanted.overlaps(other) for other in others)


def _names(pair: frozenset[str]) -> dict[str, object]:
    first, second = sorted(pair)
    return {"first": roles.ROLES[first].name, "second": roles.ROLES[second].name}
