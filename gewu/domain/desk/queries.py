"""Reading a desk: the views somebody has, who else has a case open, one's own part in it, and what was told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db.models import BooleanField, F, JSONField, Q, QuerySet, Value

from gewu.domain.access.actor import Actor
from gewu.domain.access.table import NORMAL, may
from gewu.domain.cases.models import Case, Party
from gewu.domain.cases.similar import Found, Here, similar
from gewu.domain.desk.models import AlertSeen, HintPutAway, Presence, SavedView, ToldApart
from gewu.domain.names import called

ALIKE_MOST = 12


@dataclass(frozen=True)
class Beside:
    """What stands beside the cases of a list: who else has them open, and the reader's own part in each."""

    names: dict[UUID, list[str]]
    parts: dict[UUID, list[tuple[str, bool]]]  # relation, and whether it has been answered

    def others_at(self, case: Case) -> list[str]:
        return self.names.get(case.pk, [])

    def part_in(self, case: Case) -> list[tuple[str, bool]]:
        return self.parts.get(case.pk, [])


def views_of(actor: Actor) -> list[SavedView]:
    """One's own views and those shared with one's posts, by name."""
    posts = [hat.post_id for hat in actor.hats]
    return list(SavedView.objects.filter(Q(user_id=actor.person) | Q(post_id__in=posts)).order_by("name"))


def beside(case_ids: Iterable[UUID], *, actor: Actor, now: datetime) -> Beside:
    """Both for all of these cases, in one query."""
    ids = list(case_ids)
    names: dict[UUID, list[str]] = defaultdict(list)
    parts: dict[UUID, list[tuple[str, bool]]] = defaultdict(list)
    if ids:
        there = _others(ids, actor, now).values_list(
            "case_id", "user__name", "user__names", "until", _said(True)
        )
        mine = _parts(ids, actor).values_list("case_id", "relation", _none(), "answered_at", _said(False))
        for case_id, word, other, moment, is_name in there.union(mine, all=True):
            if is_name:
                names[case_id].append(called(word, other))
            else:
                parts[case_id].append((word, moment is not None))
    return Beside({one: sorted(found) for one, found in names.items()}, dict(parts))


def alerts_seen(case_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Which post has taken note of these alerts as the cases stand now."""
    rows = AlertSeen.objects.filter(case_id__in=list(case_ids), version=F("case__version"))
    found = rows.values_list("case_id", "post__title", "post__names")
    return {case_id: called(title, names) for case_id, title, names in found}


def alerts_seen_word() -> str:
    """One word for all that `alerts_seen` would say: another one as soon as a post takes note of an alert. Empty when
    none has."""
    rows = (
        AlertSeen.objects.filter(version=F("case__version"))
        .order_by("case_id")
        .values_list("case_id", "post_id")
    )
    told = "".join(one.hex for row in rows for one in row)
    return sha256(told.encode()).hexdigest()[:8] if told else ""


def others_at(case: Case, *, actor: Actor, now: datetime) -> list[str]:
    """The names of others who have this case open now."""
    found = _others([case.pk], actor, now).order_by("user__name").values_list("user__name", "user__names")
    return [called(name, names) for name, names in found]


def _others(ids: list[UUID], actor: Actor, now: datetime) -> QuerySet[Presence]:
    return Presence.objects.filter(case_id__in=ids, until__gte=now).exclude(user_id=actor.person)


def _parts(ids: list[UUID], actor: Actor) -> QuerySet[Party]:
    posts = [hat.post_id for hat in actor.hats]
    units = [hat.unit_id for hat in actor.hats if hat.unit_id]
    return Party.objects.filter(Q(post_id__in=posts) | Q(unit_id__in=units), case_id__in=ids, until=None)


def _said(is_name: bool) -> Value:
    return Value(is_name, output_field=BooleanField())


def _none() -> Value:
    return Value({}, output_field=JSONField())


def apart_from(case: Case) -> set[UUID]:
    """Cases that were told apart from this one."""
    pairs = ToldApart.objects.filter(Q(one=case) | Q(other=case)).values_list("one_id", "other_id")
    return {row for pair in pairs for row in pair if row != case.pk}


def alike(case: Case, *, actor: Actor, now: datetime) -> list[Found]:
    """Cases that may be the same matter, that this person may know of and nobody has told apart.

    None for a private case: it is joined with no ordinary one, and how far these lie would tell its place.
    """
    if case.sensitivity != NORMAL:
        return []
    apart = apart_from(case)
    found = similar(
        Here(case.lon, case.lat, case.place_id),
        now=now, of_class=case.condition.subclass.parent.code, except_for=case.pk, most=ALIKE_MOST,
    )  # fmt: skip
    return [one for one in found if one.case.pk not in apart and may(actor, "case.list", one.case)]


def hints_put_away(actor: Actor) -> set[str]:
    """The kinds of post whose hint this person needs no more."""
    return set(HintPutAway.objects.filter(user_id=actor.person).values_list("role", flat=True))
