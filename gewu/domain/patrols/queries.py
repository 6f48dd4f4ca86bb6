"""Reading patrols: today's rounds of one's own area, plans, coverage of places, visits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from gewu.core import limits
from gewu.core.errors import NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import may, visible
from gewu.domain.areas.queries import within
from gewu.domain.journal import queries as journal
from gewu.domain.patrols import rules
from gewu.domain.patrols.models import Finding, Late, Plan, Round, Stop, Visit
from gewu.domain.people.queries import today
from gewu.domain.places.models import Place
from gewu.domain.privacy import rowkeys, texts

DAYS_SHOWN = 14
UNMARKED = timedelta(days=2)  # how long a visit can still be marked as done


@dataclass(frozen=True)
class Coverage:
    """One place of a patrol and for how many days nobody was there; None: never."""

    place: Place
    days: int | None


@dataclass(frozen=True)
class CoveragePage:
    """One page; `next` is what to go on after, empty on the last."""

    rows: list[Coverage]
    next: str = ""


@dataclass(frozen=True)
class Unseen:
    """Which places: of a kind of patrol, below an area's path, not seen for at least so many days."""

    kind: str = ""
    area: str = ""
    days: int = 0


@dataclass(frozen=True)
class Found:
    """One finding; of what was settled on the spot also the words and the photos that are still kept."""

    row: Finding
    text: str = ""
    photos: list[UUID] = field(default_factory=list)


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


def plan_history(plan: Plan) -> list[tuple[date, Mapping[str, Any]]]:
    """Each version that was kept, the oldest first, and the end: the day and what stood in it. Who did it is asked of
    nobody."""
    return [(today(entry.at), entry.data) for entry in journal.history(("patrol", plan.pk))]


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


def coverage(actor: Actor, wanted: Unseen, *, on: date, after: str = "") -> CoveragePage:
    """Places on patrol in the actor's area, in the order of codes, with the days since they were seen.

    A property of places: who walks, and how often, is asked of nobody.
    """
    rounds = Round.objects.filter(visible(actor, "patrol.see", "patrol"), due__gte=on - timedelta(days=92))
    if wanted.kind:
        rounds = rounds.filter(plan__kind=wanted.kind)
    stops = Stop.objects.filter(round__in=rounds).values("place_id")
    rows: QuerySet[Place] = Place.objects.filter(pk__in=stops, is_active=True).select_related("area")
    if wanted.area:
        rows = rows.filter(within(wanted.area, "area__path"))
    if wanted.days:
        rows = rows.filter(Q(seen_on=None) | Q(seen_on__lte=on - timedelta(days=wanted.days)))
    if after:
        area, _sep, code = after.rpartition("/")
        rows = rows.filter(Q(area__code__gt=area) | Q(area__code=area, code__gt=code))
    found = list(rows.order_by("area__code", "code")[: limits.PAGE + 1])
    shown = found[: limits.PAGE]
    last = shown[-1] if len(found) > limits.PAGE else None
    return CoveragePage(
        [Coverage(place, (on - place.seen_on).days if place.seen_on else None) for place in shown],
        f"{last.area.code}/{last.code}" if last else "",
    )


def findings(actor: Actor, *, since: date) -> list[Found]:
    """What was found in the actor's area, newest first: four queries."""
    rounds = Round.objects.filter(visible(actor, "patrol.see", "patrol"))
    rows = Finding.objects.filter(round__in=rounds, on__gte=since)
    return _told(rows.order_by("-on", "-id")[: limits.PAGE_MOST])


def findings_of(row: Round) -> list[Found]:
    """What was found on one round, by place."""
    return _told(Finding.objects.filter(round=row).order_by("place__code", "on", "id"))


def get_finding(finding_id: UUID, *, actor: Actor) -> Finding:
    """One thing that was found."""
    row = Finding.objects.select_related("round__area").filter(pk=finding_id).first()
    if row is None or not may(actor, "patrol.see", row.round):
        raise NotFound
    return row


def _told(rows: QuerySet[Finding]) -> list[Found]:
    """With the words and photos of what was settled on the spot; a case keeps its own. What was erased is left out."""
    found = list(rows.select_related("place", "case", "round__plan"))
    settled = [row for row in found if row.settled]
    words = texts.read([row.text_id for row in settled])
    photos = rowkeys.of([UUID(one) for row in settled for one in row.photo_ids])
    return [
        Found(row, words.get(row.text_id, ""), [one for one in map(UUID, row.photo_ids) if one in photos])
        if row.settled
        else Found(row)
        for row in found
    ]


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
