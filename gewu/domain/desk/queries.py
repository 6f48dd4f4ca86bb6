"""Reading a desk: the views somebody has, who else has a case open, and what was told apart."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from gewu.domain.access.actor import Actor
from gewu.domain.cases.models import Case
from gewu.domain.desk.models import HintPutAway, Presence, SavedView, ToldApart


def views_of(actor: Actor) -> list[SavedView]:
    """One's own views and those shared with one's posts, by name."""
    posts = [hat.post_id for hat in actor.hats]
    return list(SavedView.objects.filter(Q(user_id=actor.person) | Q(post_id__in=posts)).order_by("name"))


def others_at(case: Case, *, actor: Actor, now: datetime) -> list[str]:
    """The names of others who have this case open now."""
    rows = Presence.objects.filter(case=case, until__gte=now).exclude(user_id=actor.person)
    return list(rows.order_by("user__name").values_list("user__name", flat=True))


def apart_from(case: Case) -> set[UUID]:
    """Cases that were told apart from this one."""
    pairs = ToldApart.objects.filter(Q(one=case) | Q(other=case)).values_list("one_id", "other_id")
    return {row for pair in pairs for row in pair if row != case.pk}


def hints_put_away(actor: Actor) -> set[str]:
    """The kinds of post whose hint this person needs no more."""
    return set(HintPutAway.objects.filter(user_id=actor.person).values_list("role", flat=True))
