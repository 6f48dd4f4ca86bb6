"""The workbook of units, posts and people with everything there is in it, as the import takes it again.

For operators who correct much at once: take it out, change it, try it, bring it in. Who is gone stays out:
posts that were closed, appointments that have ended, accounts without access.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from gewu.core import tables
from gewu.core.tables import Cell
from gewu.domain.accounts.models import User
from gewu.domain.people.models import Appointment, Post, Unit
from gewu.domain.people.workbook import SHEETS


def filled(*, on: date) -> bytes:
    """Headings in the reader's language; codes as they are stored."""
    rows = {"units": _units(), "posts": _posts(), "people": _people(on)}
    return tables.write_workbook(
        {
            str(sheet.label): [[str(column.label) for column in sheet.columns], *rows[sheet.code]]
            for sheet in SHEETS
        }
    )


def _units() -> Iterator[Sequence[Cell]]:
    units = Unit.objects.select_related("kind", "parent", "area").prefetch_related("coverage__area")
    for unit in units.order_by("code"):
        covers = " ".join(sorted(one.area.code for one in unit.coverage.all()))
        parent, area = _code(unit.parent), _code(unit.area)
        yield unit.code, unit.kind.code, unit.level, unit.name, parent, area, covers or None, unit.is_active


def _posts() -> Iterator[Sequence[Cell]]:
    posts = Post.objects.filter(is_active=True).select_related("area", "unit").order_by("code")
    for post in posts:
        yield (
            post.code,
            post.role,
            post.area.code,
            _code(post.unit),
            post.level,
            post.title,
            post.duties or None,
        )


def _people(on: date) -> Iterator[Sequence[Cell]]:
    """One row for each seat, and one for whoever holds none."""
    seats: dict[UUID, list[Appointment]] = defaultdict(list)
    held = Appointment.objects.filter(Q(ends=None) | Q(ends__gte=on), post__is_active=True)
    for one in held.select_related("post").order_by("post__code", "starts"):
        seats[one.user_id].append(one)
    for user in User.objects.filter(is_active=True).order_by("username"):
        person = (user.username, user.name, user.phone or None, user.email or None, user.language)
        for one in seats.get(user.pk, ()):
            yield *person, one.post.code, one.starts, one.ends, one.full_time
        if user.pk not in seats:
            yield *person, None, None, None, None


def _code(row: Any) -> str | None:
    return row.code if row else None
