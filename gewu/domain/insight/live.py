"""What has changed since a page last looked: the cases concerned, as far as this person may list them.

A page holds a `Token`: the last sealed position it has seen, and the entries it has seen before they were sealed. So a
change shows at once and does not wait for the worker; and one that is sealed later is not told twice. That a post has
taken note of an alert stands in no journal (rules.md 6); the token holds one word for all of them. It is also the
answer's ETag: when nothing is new, the page gets 304 and two statements were spent on it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q

from gewu.domain.access.actor import Actor
from gewu.domain.access.table import NORMAL, visible
from gewu.domain.areas.facts import BORDERS_IN_FORCE
from gewu.domain.areas.models import Area, Level
from gewu.domain.areas.queries import within
from gewu.domain.cases.clocks import NOTHING_DUE
from gewu.domain.cases.models import Case
from gewu.domain.cases.relations import below
from gewu.domain.desk.queries import alerts_seen_word
from gewu.domain.figures.actions import SEGMENT
from gewu.domain.journal import queries as journal

MOST = 150  # entries told one by one; after more than these a page reads everything anew
_TAIL = 12  # hex digits of an entry's id: enough to tell a few hundred apart
_TOKEN = re.compile(r"(\d{1,18})(?:~((?:[0-9a-f]{12})*)(?:~([0-9a-f]{8}))?)?")
_MOVES_BORDERS = frozenset({BORDERS_IN_FORCE, "case.moved_border"})

_FIELDS = (
    "number", "scope_path", "is_open", "state", "level", "condition__subclass__code", "due_at", "overdue_at", "lon",
    "lat", "sensitivity",
)  # fmt: skip


@dataclass(frozen=True)
class Token:
    """How far a page has read."""

    position: int
    ahead: frozenset[str] = frozenset()
    seen: str = ""  # `desk.queries.alerts_seen_word`

    @classmethod
    def parse(cls, text: str) -> Token | None:
        """None for what is no token: the page then reads everything anew."""
        found = _TOKEN.fullmatch(text)
        if found is None:
            return None
        tails = found[2] or ""
        ahead = frozenset(tails[at : at + _TAIL] for at in range(0, len(tails), _TAIL))
        return cls(int(found[1]), ahead, found[3] or "")

    def __str__(self) -> str:
        return f"{self.position}~{''.join(sorted(self.ahead))}" + (f"~{self.seen}" if self.seen else "")


class CaseRow(msgspec.Struct, array_like=True, frozen=True):
    """A case as the map and live lists know it: what triage may see of any case, and no word of its text.

    `lon` and `lat` are given for ordinary cases only; of private ones the grid is all that is shown.
    """

    number: str
    area: str  # code of the grid, or of the area above when no grid is known
    is_open: bool
    state: str
    level: str
    subclass: str
    due: int | None  # seconds since 1970; None when no deadline runs
    overdue: bool
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Changes:
    """`everything`: too much has happened to tell it case by case. `seen`: other alerts are taken note of than were."""

    token: Token
    rows: list[CaseRow]
    everything: bool = False
    seen: bool = False


def token_now() -> Token:
    """Where a page stands that reads everything right after this."""
    return replace(_now(), seen=alerts_seen_word())


def changes(actor: Actor, seen: Token | None) -> Changes | None:
    """What is new after `seen`; None when nothing is."""
    if seen is None:
        return Changes(token_now(), [], everything=True)
    news = journal.news(seen.position, MOST + 1)
    new = [one for one in news if _tail(one.id) not in seen.ahead]
    word = alerts_seen_word()
    if not new and word == seen.seen:
        return None
    if len(new) > MOST or any(one.kind in _MOVES_BORDERS for one in new):
        return Changes(token_now(), [], everything=True)
    token = replace(_token(seen.position, news), seen=word)
    ids = {one.subject_id for one in new if one.subject_kind == "case"}
    return Changes(token, rows(actor, ids) if ids else [], seen=word != seen.seen)


def moved_on(seen: Token | None) -> Token | None:
    """Where a page stands that reads a list of its own anew after this; None when nothing has happened to it since.
    Whether an alert is taken note of is no matter of lists."""
    if seen is None:
        return _now()
    news = journal.news(seen.position, MOST + 1)
    if all(_tail(one.id) in seen.ahead for one in news):
        return None
    return _now() if len(news) > MOST else _token(seen.position, news)


def rows(actor: Actor, ids: Collection[UUID] | None = None, *, path: str = "") -> list[CaseRow]:
    """These cases, or all open ones below an area, as far as this person may list them."""
    found = Case.objects.filter(visible(actor, "case.list", "case", open_only=ids is None))
    found = found.filter(Q(pk__in=ids) if ids is not None else below(path) & Q(is_open=True))
    codes = codes_by_path(path)
    return [_row(codes, values) for values in found.values(*_FIELDS)]


def codes_by_path(path: str = "") -> dict[str, str]:
    """Area codes by path, grids and what lies above; micro-grids belong to their grid."""
    areas = Area.objects.filter(within(path), valid_to=None).exclude(level=Level.MICROGRID)
    return dict(areas.values_list("path", "code"))


def known_area(codes: dict[str, str], path: str) -> str:
    """The code of the smallest known area that holds `path`."""
    while path and path not in codes:
        path = path[:-SEGMENT]
    return codes.get(path, "")


def _row(codes: dict[str, str], values: dict[str, Any]) -> CaseRow:
    due, exact = values["due_at"], values["sensitivity"] == NORMAL and values["lon"] is not None
    return CaseRow(
        number=values["number"],
        area=known_area(codes, values["scope_path"]),
        is_open=values["is_open"],
        state=values["state"],
        level=values["level"],
        subclass=values["condition__subclass__code"],
        due=int(due.timestamp()) if due < NOTHING_DUE else None,
        overdue=values["overdue_at"] is not None,
        lon=round(values["lon"], 6) if exact else None,
        lat=round(values["lat"], 6) if exact else None,
    )


def _now() -> Token:
    position = journal.last_position()
    return _token(position, journal.news(position, MOST + 1))


def _token(position: int, news: Iterable[journal.News]) -> Token:
    news = list(news)
    sealed = max((one.position for one in news if one.position), default=position)
    return Token(sealed, frozenset(_tail(one.id) for one in news if one.position is None))


def _tail(entry_id: UUID) -> str:
    return entry_id.hex[-_TAIL:]
