"""A random sample of closed cases is looked at again by somebody who had no part in them (rules.md 1).

Five in a hundred, at least one a week and community. The draw follows from a seed that is written down before, so that
anybody can repeat it: the seed is the week and the root of the sealed journal at its end.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.utils.translation import gettext as _

from gewu.core.errors import Conflict, Invalid, NotFound, Refused
from gewu.domain.access.actor import SYSTEM, Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.areas.models import Area
from gewu.domain.cases.models import COMMUNITY_PATH, Case, Party, ReCheck
from gewu.domain.cases.rules import RECHECK_SHARE
from gewu.domain.journal import actions as journal
from gewu.domain.journal import queries as entries
from gewu.domain.requests.work import unit_of_work

WEEK = timedelta(days=7)
CHECKED_KINDS = ("solved", "notice", "unfounded")


def draw(week_end: datetime, *, now: datetime) -> int:
    """Draw the sample of the seven days before `week_end`, community by community; a second call draws nothing new.

    All or nothing: a draw that was broken off is made again as a whole. What was filed above the communities, where
    nobody knew the place, is drawn from as one more.
    """
    head, week = entries.head(), f"{week_end:%G-W%V}"
    seed = f"{week}:{bytes(head.root).hex()[:32] if head else 'empty'}"
    with unit_of_work():
        if ReCheck.objects.filter(seed__startswith=f"{week}:").exists():
            return 0
        chosen = [one for some in _closed_in_week(week_end).values() for one in _drawn_from(some, seed)]
        for one in chosen:
            _write(one, seed, now)
    return len(chosen)


def ordered_by_lot(seed: str, numbers: list[str]) -> list[str]:
    """The order of the draw: by the hash of seed and number, which nobody can choose."""
    return sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}|{number}".encode()).hexdigest())


@dataclass(frozen=True)
class _Closed:
    """A case closed in the week. Drawn in an earlier week, reopened and closed again, it is not drawn twice."""

    number: str
    case_id: UUID
    community: str  # path
    drawn_before: bool


def _closed_in_week(week_end: datetime) -> dict[str, list[_Closed]]:
    """By the path of the community, also of one that has ended since."""
    closed = Case.objects.filter(
        is_open=False, closed_at__gte=week_end - WEEK, closed_at__lt=week_end, closing__in=CHECKED_KINDS
    )
    found: dict[str, list[_Closed]] = {}
    for number, case_id, path, drawn in closed.values_list("number", "id", "scope_path", "recheck"):
        community = path[:COMMUNITY_PATH]
        found.setdefault(community, []).append(_Closed(number, case_id, community, drawn is not None))
    return found


def _drawn_from(closed: list[_Closed], seed: str) -> list[_Closed]:
    """The share is one of all; chosen from are those not drawn before."""
    cases = {one.number: one for one in closed if not one.drawn_before}
    share = max(1, ceil(len(closed) * RECHECK_SHARE))
    return [cases[number] for number in ordered_by_lot(seed, list(cases))[:share]]


def _write(drawn: _Closed, seed: str, now: datetime) -> None:
    ReCheck.objects.create(case_id=drawn.case_id, area_path=drawn.community, drawn_at=now, seed=seed)
    week, _colon, root = seed.partition(":")
    area = Area.objects.filter(path=drawn.community).values_list("code", flat=True).first()
    journal.record(
        "case.recheck_drawn",
        actor=SYSTEM,
        subject=("case", drawn.case_id),
        scope_path=drawn.community,
        at=now,
        data={"seed": root, "week": week, "area": area or ""},
    )


def answer(number: str, result: str, *, actor: Actor, now: datetime) -> ReCheck:
    """What the second look found; not by anybody who held or helped."""
    recheck = ReCheck.objects.select_related("case").filter(case__number=number).first()
    if recheck is None:
        raise NotFound
    verdict = may(actor, "case.recheck", recheck.case)
    check_allowed(verdict)
    if result not in {"right", "wrong"}:
        raise Invalid.at("result", "choice", _("Please choose one of the list."))
    if _had_a_part(recheck.case, actor):
        raise Refused(_("Somebody who had no part in the case looks at it again."), code="had_a_part")
    with unit_of_work():
        changed = ReCheck.objects.filter(pk=recheck.pk, result="").update(result=result, done_at=now)
        if not changed:
            raise Conflict(_("This case was already looked at again."), code="rechecked")
        journal.record(
            "case.rechecked",
            actor=actor,
            subject=("case", recheck.case_id),
            scope_path=recheck.case.scope_path,
            at=now,
            data={"result": result},
        )
    recheck.refresh_from_db()
    return recheck


def _had_a_part(case: Case, actor: Actor) -> bool:
    """Held, helped, was whistled, or did any act on it."""
    mine = {hat.post_id for hat in actor.hats}
    units = {hat.unit_id for hat in actor.hats if hat.unit_id}
    if case.holder_post_id in mine or case.holder_unit_id in units:
        return True
    if any(p.post_id in mine or p.unit_id in units for p in Party.objects.filter(case=case)):
        return True
    return any(
        entry.actor_id == actor.user_id for entry in entries.history(("case", case.pk)) if entry.actor_id
    )
