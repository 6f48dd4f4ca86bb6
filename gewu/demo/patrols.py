"""Patrols of the model town: plans of some communities, six weeks of rounds, what was found, and a few appointments.

By the ordinary actions, after the cases; drawn from a stream of its own.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from gewu.core import chance
from gewu.core.clock import DrivenClock
from gewu.demo.parts import Draws
from gewu.demo.traditional import names
from gewu.demo.words import PEOPLE
from gewu.domain.access.actor import Actor
from gewu.domain.areas.models import Area
from gewu.domain.patrols import actions
from gewu.domain.patrols.actions import PlanInput, VisitInput, When
from gewu.domain.patrols.models import Round
from gewu.domain.people.models import Post
from gewu.domain.people.queries import actor_for, holders, today
from gewu.domain.place.queries import calendar
from gewu.domain.privacy.contact_data import ContactInput

WEEKS = 6
# kind of community, name in both languages, kind, frequency, every, kinds of places
PLANS = (
    ("committee", ("消防通道巡查", "Fire lane patrol"), "fire_lane", "weekly", 1, ["fire_lane"]),
    ("committee", ("充电棚巡查", "Charging shed patrol"), "charging", "weekly", 1, ["charging_shed"]),
    ("", ("小场所巡查", "Small venue patrol"), "small_venue", "days", 14, ["shop", "venue"]),
    ("village", ("河塘巡查", "Pond patrol"), "water", "weekly", 1, ["water"]),
)
FOUND = ("通道被货车堵住", "灭火器过期", "护栏松动", "桶边有垃圾")
SETTLED = ("已请店主当场搬走", "已当场清理", "已当场拔掉飞线")
COMMUNITIES = 6  # with plans, the pilots among them
VISITS = 5


def fill(*, seed: int, until: datetime, hands: DrivenClock) -> int:
    """Plans from six weeks before `until`; returns how many rounds were walked, and leaves `hands` at `until`."""
    with chance.seeded(f"patrols {seed}") as rng:
        communities = list(Area.objects.filter(level="community", valid_to=None).order_by("code"))
        chosen = [communities[at] for at in sorted(rng.sample(range(len(communities)), COMMUNITIES))]
        begin = until - timedelta(weeks=WEEKS)
        for community in chosen:
            _plan(community, begin)
        walked = 0
        for week in range(WEEKS + 1):
            now = min(begin + timedelta(weeks=week), until)
            hands.set(max(now, hands.now()) if week else now)
            actions.lapse(now)
            actions.make_rounds(now)
            walked += _walk(rng, now, share=0.8 if week < WEEKS else 0.3)
        hands.set(until)
        actions.lapse(until)
        actions.make_rounds(until)
        _visits(rng, chosen, until)
    return walked


def _plan(community: Area, begin: datetime) -> None:
    director = _holder("director", community, begin)
    if director is None:
        return
    for only, (name, english), kind, frequency, every, places in PLANS:
        if only in ("", community.kind):
            given = PlanInput(
                name=name, kind=kind, area=community.code, frequency=frequency, every=every,
                starts=today(begin), place_kinds=places, names=names(name, english),
            )  # fmt: skip
            actions.make_plan(given, actor=director, now=begin)


def _walk(rng: Draws, now: datetime, *, share: float) -> int:
    walked = 0
    for row in (
        Round.objects.filter(state="open").select_related("area", "plan").order_by("due", "area__code")
    ):
        worker = _holder("worker", row.area, now) or _holder("lead", row.area, now)
        if worker is None or rng.random() > share:
            continue
        walked += 1
        for stop in row.stops.select_related("place").order_by("rank"):
            _look(rng, row, stop.place.code, worker, now)
        if rng.random() < 0.85:
            actions.close_round(row.pk, when=When(), actor=worker, now=now)
    return walked


def _look(rng: Draws, row: Round, place: str, worker: Actor, now: datetime) -> None:
    chance_of = rng.random()
    if chance_of < 0.03:
        actions.find(row.pk, place, {"text": rng.choice(FOUND)}, when=When(), actor=worker, now=now)
    elif chance_of < 0.06:
        given = {"text": rng.choice(SETTLED), "settled": True}
        actions.find(row.pk, place, given, when=When(), actor=worker, now=now)
    elif chance_of < 0.97:
        result = "unreached" if chance_of > 0.93 else "fine"
        actions.tick(row.pk, place, result, when=When(), actor=worker, now=now)


def _visits(rng: Draws, communities: list[Area], now: datetime) -> None:
    zone = calendar().zone
    for number in range(VISITS):
        community = communities[number % len(communities)]
        post = (
            Post.objects.filter(role="worker", area__parent=community, is_active=True)
            .order_by("code")
            .first()
        )
        worker = _holder("worker", post.area, now) if post else None
        if post is None or worker is None:
            continue
        day = today(now) + timedelta(days=1 + number)
        begins = datetime.combine(day, time(9 + number), tzinfo=zone)
        given = VisitInput(
            post=post.code, purpose=rng.choice(("help", "safety", "care")), begins=begins,
            ends=begins + timedelta(hours=1), where=f"{1 + number}号楼{201 + number}",
            contact=ContactInput(name=rng.choice(PEOPLE), phone=f"1380000{number:04d}"), agreed=True,
        )  # fmt: skip
        actions.agree(given, actor=worker, now=now)


def _holder(role: str, area: Area, now: datetime) -> Actor | None:
    """Who holds the first such post of an area, wearing all their hats."""
    post = Post.objects.filter(role=role, area=area, is_active=True).order_by("code").first()
    user = holders([post.pk], now=now).get(post.pk) if post else None
    return actor_for(user, now=now, strong=True) if user else None
