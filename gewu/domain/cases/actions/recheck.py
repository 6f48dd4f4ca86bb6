"""A random sample of closed cases is looked at again by somebody who had no part in them (rules.md 1).

Five in a hundred, at least one a week and community. The draw follows from a seed that is written down before, so that
anybody can repeat it: the seed is the week and the root of the sealed journal at its end.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gewu.core.errors import Conflict, Invalid, NotFound, Refused
from gewu.domain.access.actor import SYSTEM, Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.areas.models import Area
from gewu.domain.areas.queries import within
from gewu.domain.cases.models import Case, Party, ReCheck
from gewu.domain.cases.rules import RECHECK_SHARE
from gewu.domain.journal import actions as journal
from gewu.domain.journal import queries as entries
from gewu.domain.requests.work import unit_of_work

WEEK = timedelta(days=7)
CHECKED_KINDS = ("solved", "notice", "unfounded")


def draw(week_end: datetime, *, now: datetime) -> int:
    """Draw the sample of the seven days before `week_end`, community by community; a second call draws nothing new."""
    head = entries.head()
    seed = f"{week_end:%G-W%V}:{bytes(head.root).hex()[:32] if head else 'empty'}"
    drawn = 0
    for community in Area.objects.filter(level="community", valid_to=None).order_by("code"):
        drawn += _draw_in(community, seed, week_end, now)
    return drawn


def ordered_by_lot(seed: str, numbers: list[str]) -> list[str]:
    """The order of the draw: by the hash of seed and number, which nobody can choose."""
    return sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}|{number}".encode()).hexdigest())


def _draw_in(community: Area, seed: str, week_end: datetime, now: datetime) -> int:
    closed = Case.objects.filter(
        within(community.path, "scope_path"),
        closed_at__gte=week_end - WEEK,
        closed_at__lt=week_end,
        closing__in=CHECKED_KINDS,
    )
    if ReCheck.objects.filter(area_path=community.path, seed__startswith=f"{seed.partition(':')[0]}:").exists():
        return 0
    count = closed.count()
    # A case drawn in an earlier week, reopened and closed again is not drawn twice; it still counts for the share.
    cases = dict(closed.filter(recheck=None).values_list("number", "id"))
    chosen = ordered_by_lot(seed, list(cases))[: max(1, ceil(count * RECHECK_SHARE))]
    for number in chosen:
        _write(cases[number], community, seed, now)
    return len(chosen)


def _write(case_id: UUID, community: Area, seed: str, now: datetime) -> None:
    try:
        with unit_of_work(), transaction.atomic():
            ReCheck.objects.create(case_id=case_id, area_path=community.path, drawn_at=now, seed=seed)
            week, _colon, root = seed.partition(":")
            journal.record(
                "case.recheck_drawn",
                actor=SYSTEM,
                subject=("case", case_id),
                scope_path=community.path,
                at=now,
                data={"seed": root, "week": week, "area": community.code},
            )
    except IntegrityError:  # another worker drew it at this moment
        return


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
