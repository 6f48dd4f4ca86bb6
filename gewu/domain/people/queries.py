"""Who wears which hats today, who answers for a post, and lists of units and posts.

"Today" is the local day of `now`. All answers follow the same three facts: appointments in force, absences in force,
and open accounts. A person who stands in for an absent colleague wears that colleague's hats, also along a chain
(A away for B, B away for C); hats of roles that are never lent, or that one person may not combine, stay behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from gewu.core.errors import NotFound
from gewu.core.levels import LADDER
from gewu.domain.accounts.models import ApiToken, User
from gewu.domain.areas import paths
from gewu.domain.areas.queries import within
from gewu.domain.people import handover
from gewu.domain.people.actor import Actor, Hat
from gewu.domain.people.models import Absence, Appointment, Post, Unit, UnitCoverage
from gewu.domain.people.roles import ANSWERING, ROLES, clash
from gewu.domain.statements import DAY, ID, Prepared, Slot

HAT = ("post__role", "post__level", "post__area__path", "post_id", "post__unit_id")  # as `Hat` takes them


def today(now: datetime) -> date:
    """The local day of this moment."""
    return now.astimezone(timezone.get_default_timezone()).date()


def day_of(moment: datetime) -> datetime:
    """The beginning of its local day."""
    return _begins(today(moment))


def day_after(moment: datetime) -> datetime:
    """When its local day is over."""
    return _begins(today(moment) + timedelta(days=1))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())


def in_force(day: date | Slot) -> Q:
    """Rows with a period that covers this day."""
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gte=day))


def actor_for(user: User, *, now: datetime, strong: bool = False, via: str = "page") -> Actor:
    """The person as an actor: own hats first, then those of absent colleagues. Asked with each request, so that an
    appointment that has ended is felt at once: two queries for nearly everybody."""
    if not user.is_active:
        return Actor(kind="staff", user_id=user.id, via=via)
    day = today(now)
    away = _standing_in_for(user.id, day)
    hats = list(map(_hat, _OWN(user=user.id, day=day)))
    worn = {hat.role for hat in hats}
    for hat in map(_hat, _hats_on(day).filter(user_id__in=away) if away else ()):
        if ROLES[hat.role].lent and not clash({*worn, hat.role}):
            hats.append(replace(hat, stand_in=True))
            worn.add(hat.role)
    return Actor(kind="staff", user_id=user.id, hats=tuple(hats), strong=strong, via=via)


def actor_for_token(token: ApiToken, *, now: datetime) -> Actor:
    """A program as an actor: its user's hats narrowed to the token's scopes, or a client without hats.

    A token is no second factor, so hats that demand one do not count through it.
    """
    scopes = frozenset(token.scopes)
    if token.user is None:
        return Actor(kind="client", scopes=scopes, via="api")
    person = actor_for(token.user, now=now, via="api")
    return Actor(kind="staff", user_id=person.user_id, hats=person.hats, scopes=scopes, via="api")


def serving(post: Post, *, now: datetime) -> list[User]:
    """Who answers for a post today: the holder, else the stand-in, else the next level's post; a case never waits.

    Empty only for posts of oversight, which nobody else may fill, or when everything above stands empty too.
    """
    day = today(now)
    if people := _present([post], day):
        return people
    for posts in _above(post):
        if people := _present(posts, day):
            return people
    return []


def holders(post_ids: Collection[UUID], *, now: datetime) -> dict[UUID, User]:
    """Who holds each of these posts today, absent or not; vacant posts are missing."""
    rows = Appointment.objects.filter(in_force(today(now)), post_id__in=post_ids).select_related("user")
    return {row.post_id: row.user for row in rows}


@dataclass(frozen=True)
class Serving:
    """One seat of an area and who holds it today; None while it stands empty."""

    post: Post
    user: User | None


def people_of(path: str, roles: Collection[str], *, now: datetime) -> list[Serving]:
    """Who holds these roles in just this area, by role and code; two queries. For the public card of a grid."""
    posts = [post for post in posts_in(path) if post.role in roles and post.area.path == path]
    held = holders([post.pk for post in posts], now=now)
    order = {role: place for place, role in enumerate(roles)}
    posts.sort(key=lambda post: (order[post.role], post.code))
    return [Serving(post, held.get(post.pk)) for post in posts]


def posts_in(path: str, *, role: str | None = None) -> list[Post]:
    """Posts in the subtree of an area, held or vacant, in code order; with a role only those of it."""
    posts = Post.objects.filter(within(path, "area__path"), is_active=True)
    if role is not None:
        posts = posts.filter(role=role)
    return list(posts.select_related("area", "unit").order_by("code"))


def vacancies(path: str, *, now: datetime) -> list[Post]:
    """Posts in the subtree that nobody holds today."""
    held = Appointment.objects.filter(in_force(today(now)), user__is_active=True).values("post_id")
    posts = Post.objects.filter(within(path, "area__path"), is_active=True).exclude(id__in=held)
    return list(posts.select_related("area", "unit").order_by("code"))


@dataclass(frozen=True)
class Away:
    """A colleague away today and who stands in."""

    user: User
    stand_in: User | None
    ends: date | None


def away(user_ids: Collection[UUID], *, now: datetime) -> list[Away]:
    """Which of these people are away today."""
    rows = Absence.objects.filter(in_force(today(now)), user_id__in=user_ids)
    return [
        Away(row.user, row.stand_in, row.ends)
        for row in rows.select_related("user", "stand_in").order_by("user__username")
    ]


def units(*, kind: str | None = None, path: str = "") -> list[Unit]:
    """Units that belong to or cover something in the subtree, in code order."""
    found = Unit.objects.filter(is_active=True)
    if kind is not None:
        found = found.filter(kind__code=kind)
    if path:
        reach = within(path, "area__path") | Q(coverage__in=_coverage_in(path))
        found = found.filter(reach).distinct()
    return list(found.select_related("kind", "area").order_by("code"))


def get_post(code: str) -> Post:
    """The post of this code."""
    post = Post.objects.select_related("area", "unit").filter(code=code).first()
    if post is None:
        raise NotFound
    return post


def get_unit(code: str) -> Unit:
    """The unit of this code."""
    unit = Unit.objects.select_related("kind", "area").filter(code=code).first()
    if unit is None:
        raise NotFound
    return unit


def handover_pack(post: Post, *, now: datetime) -> handover.HandoverPack:
    """What somebody taking over this post today would find."""
    holder = holders([post.id], now=now).get(post.id)
    return handover.HandoverPack(
        post_id=post.id,
        on=today(now),
        outgoing=holder.id if holder else None,
        incoming=None,
        duties=post.duties,
        matters=handover.matters(post.id, now=now),
    )


def _hat(row: tuple[Any, ...]) -> Hat:
    return Hat(*row)


def _hats_on(day: date | Slot) -> QuerySet[Appointment, tuple[Any, ...]]:
    """What makes a hat of each appointment in force, in the order of posts."""
    rows = Appointment.objects.filter(in_force(day), post__is_active=True)
    return rows.order_by("post__code").values_list(*HAT)


_DAY, _USER = Slot("day", DAY), Slot("user", ID)
_OWN = Prepared(lambda: _hats_on(_DAY).filter(user_id=_USER))
_AWAY_FOR = Prepared(
    lambda: Absence.objects.filter(in_force(_DAY), stand_in_id=_USER).values_list("user_id", flat=True)
)
_STAND_INS_OF = Prepared(
    lambda: Absence.objects.filter(in_force(_DAY), user_id=_USER).values_list("stand_in_id", flat=True)
)
_HOLDERS = Prepared(
    lambda: Appointment.objects.filter(in_force(_DAY), post_id=Slot("post", ID)).values_list(
        "user_id", flat=True
    )
)
_WITH_ACCOUNT = Prepared(lambda: User.objects.filter(pk=_USER, is_active=True))


def _standing_in_for(user_id: UUID, day: date) -> set[UUID]:
    """Everybody whose chain of stand-ins leads to this user today. One query, one more for each of them."""
    found: set[UUID] = set()
    asked = [user_id]
    while asked:
        rows = set(_AWAY_FOR(user=asked.pop(), day=day)) - found - {user_id}
        asked.extend(rows)
        found |= rows
    return found


def _present(posts: Sequence[Post], day: date) -> list[User]:
    """Those who answer for these posts: holders who are here, or whoever stands in for them."""
    holders_of = [
        (user_id, ROLES[post.role].lent) for post in posts for user_id in _HOLDERS(post=post.pk, day=day)
    ]
    stand_ins = _stand_ins({user for user, _lent in holders_of}, day)
    answering: dict[UUID, None] = {}
    for user_id, lent in holders_of:
        here = _follow(user_id, stand_ins)
        if here is not None and (lent or here == user_id):
            answering[here] = None
    return [user for user_id in answering for user in _WITH_ACCOUNT(user=user_id)]


def _stand_ins(user_ids: Iterable[UUID], day: date) -> dict[UUID, UUID | None]:
    """Absent person -> stand-in, for these people and everybody along their chains."""
    found: dict[UUID, UUID | None] = {}
    asked = list(user_ids)
    while asked:
        user_id = asked.pop()
        for stand_in in _STAND_INS_OF(user=user_id, day=day):
            found[user_id] = stand_in
            if stand_in is not None and stand_in not in found:
                asked.append(stand_in)
    return found


def _follow(user_id: UUID, stand_ins: dict[UUID, UUID | None]) -> UUID | None:
    """The end of a chain of stand-ins; None when it ends in nobody or bites its tail."""
    seen: set[UUID] = set()
    here: UUID | None = user_id
    while here in stand_ins:
        if here in seen:
            return None
        seen.add(here)
        here = stand_ins[here]
    return here


def _above(post: Post) -> list[list[Post]]:
    """Who is asked next, in order: the head of the unit, then who answers on this level and each above."""
    if not ROLES[post.role].climbs:
        return []
    line = [*paths.ancestors(post.area.path), post.area.path]
    wanted = Q(area__path__in=line, role__in={role for roles in ANSWERING.values() for role in roles})
    if post.unit_id is not None:
        wanted |= Q(unit_id=post.unit_id, role="unit_head")
    known: dict[tuple[str, str], list[Post]] = defaultdict(list)
    heads: list[Post] = []
    for other in Post.objects.filter(wanted, is_active=True).exclude(pk=post.pk).order_by("code"):
        if other.role == "unit_head":
            heads.append(other)
        else:
            known[other.level, other.role].append(other)
    levels = LADDER[LADDER.index(post.level) :]
    steps = [known[level, role] for level in levels for role in ANSWERING[level]]
    return [step for step in [heads, *steps] if step]


def _coverage_in(path: str) -> QuerySet[UnitCoverage]:
    return UnitCoverage.objects.filter(within(path, "area__path"))
