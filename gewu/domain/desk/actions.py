"""What a clerk arranges for themselves. None of it is an act on a case, so none of it is journalled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext as _

from gewu.core.errors import Invalid, NotFound
from gewu.core.text import clean
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.cases.models import Case
from gewu.domain.desk.models import AlertSeen, HintPutAway, Presence, SavedView, ToldApart
from gewu.domain.desk.views import narrowing
from gewu.domain.people.roles import ROLES
from gewu.domain.requests.work import unit_of_work

LOOKS_FOR = timedelta(seconds=60)
NAME_MOST, VIEWS_MOST = 40, 20


def save_view(name: str, filters: Mapping[str, str], *, share: bool, actor: Actor) -> SavedView:
    """Keep a filter; the same name again replaces it. Shared, everybody on the first of one's posts sees it."""
    name = clean(name, max_length=NAME_MOST, lines=False, field="name", required=True)
    kept = narrowing(filters)
    post = actor.hats[0].post_id if share and actor.hats else None
    mine = SavedView.objects.filter(user_id=actor.person)
    with unit_of_work():
        if mine.exclude(name=name).count() >= VIEWS_MOST:
            message = _("At most %(most)s views. Please take one away first.") % {"most": VIEWS_MOST}
            raise Invalid.at("name", "too_many", message)
        view, _made = SavedView.objects.update_or_create(
            user_id=actor.person, name=name, defaults={"filters": kept, "post_id": post}
        )
    return view


def drop_view(view_id: UUID, *, actor: Actor) -> None:
    """Take one of one's own views away."""
    if not SavedView.objects.filter(pk=view_id, user_id=actor.person).delete()[0]:
        raise NotFound


def look_at(case: Case, *, actor: Actor, now: datetime) -> None:
    """Say for a minute that one has this case open; what is over is forgotten at once."""
    until = now + LOOKS_FOR
    with unit_of_work():
        sweep(now)
        if not Presence.objects.filter(case=case, user_id=actor.person).update(until=until):
            try:
                with unit_of_work():
                    Presence.objects.create(case=case, user_id=actor.person, until=until)
            except IntegrityError:
                return  # another window of the same person was quicker


def look_away(case: Case, *, actor: Actor) -> None:
    """The page was left; others need not wait for the minute to end."""
    Presence.objects.filter(case=case, user_id=actor.person).delete()


def sweep(now: datetime) -> int:
    """Nobody is remembered to have looked, and no alert to have been seen once its case has moved on: each minute, and
    whenever somebody looks."""
    AlertSeen.objects.exclude(version=F("case__version")).delete()
    return int(Presence.objects.filter(until__lt=now).delete()[0])


def say_seen(case: Case, *, actor: Actor) -> None:
    """One's post has taken note of this alert, so that two do not call the same place."""
    verdict = may(actor, "command.see")
    check_allowed(verdict)
    if verdict.hat is None:  # the program itself reads no screen
        return
    with unit_of_work():
        AlertSeen.objects.update_or_create(
            case=case, defaults={"post_id": verdict.hat.post_id, "version": case.version}
        )


def tell_apart(one: Case, other: Case, *, actor: Actor) -> None:
    """These two are different matters; they are not offered to each other again. Said by who could have joined one."""
    if not may(actor, "case.merge", other):
        check_allowed(may(actor, "case.merge", one))
    first, second = sorted((one, other), key=lambda case: case.pk)
    with unit_of_work():
        ToldApart.objects.get_or_create(one=first, other=second)


def put_hint_away(role: str, *, actor: Actor) -> None:
    """Show the hint of one of one's own kinds of post no more."""
    if role not in ROLES or role not in actor.roles:
        raise NotFound
    with unit_of_work():
        HintPutAway.objects.get_or_create(user_id=actor.person, role=role)


def call_hints_back(*, actor: Actor) -> None:
    """Show all hints again."""
    with unit_of_work():
        HintPutAway.objects.filter(user_id=actor.person).delete()
