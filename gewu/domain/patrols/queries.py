"""Reading patrols: today's rounds of one's own area, plans, coverage of places, visits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from gewu.core import limits
from gewu.core.errors import NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import may, visible
from gewu.domain.patrols import rules
from gewu.domain.patrols.models import Finding, Late, Plan, Round, Stop, Visit
from gewu.domain.people.queries import today
from gewu.domain.places.models import Place

DAYS_SHOWN = 14
UNMARKED = timedelta(days=2)  # how long a visit can still be marked as done


@dataclass(frozen=True)
class Coverage:
    """One place of a patrol and for how many days nobody was there; None: never."""

    place: Place
    days: int | None


def rounds_today(actor: Actor, *, now: datetime) -> list[Round]:
    """Open rounds of the actor's area with their stops in walking order: three queries."""
    stops = Stop.objects.select_related("place").order_by("rank")
    rows = Round.objects.filter(visible(actor, "patrol.walk", "patrol"), state="open", due__lte=today(now))
    found = rows.select_related("plan", "area").prefetch_related(Prefetch("stops", stops))
    return list(found.order_by("due", "area__code", "id")[: limits.PAGE_MOST])


def get_round(round_id: UUID, *, actor: Actor) -> Round:
    """One round with its stops and what came too late for them."""
    stops = Stop.objects.select_related("place").order_by("rank")
    late = Late.objects.select_related("place").order_by("place__code", "on", "result")
    found = Round.objects.select_related("plan", "area").prefetch_related(
        Prefetch("stops", stops), Prefetch("late", late)
    )
    row = found.filter(pk=round_id).first()
    if row is None or not may(actor, "patrol.see", row):
        raise NotFound
    return row


def plans(actor: Actor) -> list[Plan]:
    """Plans of the actor's area, by area and name."""
    rows = Plan.objects.filter(visible(actor, "patrol.see", "patrol"), is_active=True).select_related("area")
    return list(rows.order_by("area__code", "name"))


def get_plan(plan_id: UUID, *, actor: Actor) -> Plan:
    plan = Plan.objects.select_related("area").prefetch_related("places").filter(pk=plan_id).first()
    if plan is None or not may(actor, "patrol.see", plan):
        raise NotFound
    return plan


def next_days(plan: Plan, *, after: date, count: int = 5) -> list[date]:
    """The days on which the next rounds begin, looking two years ahead."""
    found: list[date] = []
    day = max(after, plan.starts)
    while len(found) < count and day <= after + timedelta(days=730):
        if rules.is_due(
            day, frequency=plan.frequency, every=plan.every, starts=plan.starts,
            begins=plan.season_from, ends=plan.season_to,
        ):  # fmt: skip
            found.append(day)
        day += timedelta(days=1)
    return found


def coverage(actor: Actor, *, on: date, kind: str = "") -> list[Coverage]:
    """Places on patrol in the actor's area, in the order of codes, with the days since they were seen.

    A property of places: who walks, and how often, is asked of nobody.
    """
    rounds = Round.objects.filter(visible(actor, "patrol.see", "patrol"), due__gte=on - timedelta(days=92))
    if kind:
        rounds = rounds.filter(plan__kind=kind)
    stops = Stop.objects.filter(round__in=rounds).values("place_id")
    places: QuerySet[Place] = Place.objects.filter(pk__in=stops, is_active=True).select_related("area")
    return [
        Coverage(place, (on - place.seen_on).days if place.seen_on else None)
        for place in places.order_by("area__code", "code")
    ]


def findings(actor: Actor, *, since: date) -> list[Finding]:
    """What was found in the actor's area, newest first."""
    rounds = Round.objects.filter(visible(actor, "patrol.see", "patrol"))
    rows = Finding.objects.filter(round__in=rounds, on__gte=since).select_related("place", "case", "round__plan")
    return list(rows.order_by("-on", "-id")[: limits.PAGE_MOST])


def visits(actor: Actor, *, now: datetime) -> list[Visit]:
    """Appointments of the next days in the actor's area, and those just over that nobody marked yet."""
    rows = Visit.objects.filter(visible(actor, "visit.see", "visit"), state="agreed")
    until = now + timedelta(days=DAYS_SHOWN)
    rows = rows.filter(begins__lte=until, ends__gte=now - UNMARKED)
    return list(rows.select_related("area", "post").order_by("begins"))


def get_visit(visit_id: UUID, *, actor: Actor) -> Visit:
    """One appointment, also one that lies further ahead than the list shows."""
    row = Visit.objects.select_related("area", "post").filter(pk=visit_id).first()
    if row is None or not may(actor, "visit.see", row):
        raise NotFound
    return row


def left(stops: Iterable[Stop]) -> int:
    """How many places nobody has been to yet."""
    return sum(not stop.result for stop in stops)
