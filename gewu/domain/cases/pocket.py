"""What a phone takes along: the open cases its reader may see, next deadline first, whole enough to work offline.

The same gate as every list (`case.list`), the same rule for texts (`case.read`); of private ones only those held.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from gewu.core import limits
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import NORMAL, may
from gewu.domain.cases import lookups, queries
from gewu.domain.cases.by_day import hides_hours, told
from gewu.domain.cases.models import Case
from gewu.domain.cases.workflow import Move
from gewu.domain.privacy import texts


@dataclass(frozen=True)
class Taken:
    """One case as it lies in the pocket."""

    case: Case
    readable: bool
    mine: bool
    text: str
    place: str
    moves: list[Move]


def take_along(actor: Actor, *, limit: int = limits.PAGE) -> list[Taken]:
    """Own cases first, then those of the own area; a fixed number of queries however many there are."""
    rows = Case.objects.filter(is_open=True).order_by("due_at", "id")
    held = _whole(queries.held(rows, actor)[:limit])
    known = {case.pk for case in held}
    next_ones = queries.first(rows, actor, most=limit, open_only=True)
    others = [case for case in _whole(next_ones) if case.pk not in known]
    found = [*held, *others][:limit]
    open_to_read = [case for case in found if case.sensitivity == NORMAL or case.pk in known]
    readable = {case.pk for case in open_to_read if may(actor, "case.read", case)}
    read = [case for case in found if case.pk in readable]
    words = texts.read([one for case in read for one in (case.text_id, case.place_text_id)])
    taken = [
        Taken(
            case=case,
            readable=case.pk in readable,
            mine=case.pk in known,
            text=words.get(case.text_id, ""),
            place=words.get(case.place_text_id, "") if case.place_text_id else "",
            moves=queries.moves_for(case, actor),
        )
        for case in found
    ]
    for case in filter(hides_hours, found):
        told(case)
    return taken


def _whole(rows: QuerySet[Case]) -> list[Case]:
    """With all that the moves ask and the phone shows."""
    rows = queries.picked(rows).select_related(*lookups.WHOLE)
    return list(rows.prefetch_related("parties__unit", "parties__post"))
