"""Patrols at the desk: plans and their days, any round of one's own area, what was found, places nobody was at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from msgspec import Meta

from gewu.api.endpoint import Call, endpoint
from gewu.api.v1.patrols import RoundOut
from gewu.api.v1.reports import photo_of
from gewu.api.v1.shapes import DoneOut, Out, Version
from gewu.domain.areas.queries import get_area
from gewu.domain.names import name_of
from gewu.domain.patrols import actions, queries
from gewu.domain.patrols.actions import PlanInput
from gewu.domain.patrols.models import Plan
from gewu.domain.people.queries import today

FOUND_SINCE = timedelta(days=30)
Every = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class PlanIn(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as it should be. `frequency`: daily, weekly, days (each `every`) or monthly; a season as 05-01. Without
    `places` (codes) it goes along all places of `place_kinds`."""

    name: str
    kind: str
    area: str
    frequency: str
    starts: date | None = None
    every: Every = 1
    season_from: str = ""
    season_to: str = ""
    place_kinds: list[str] = []
    places: list[str] = []

    def given(self) -> PlanInput:
        return PlanInput(**{name: getattr(self, name) for name in PlanIn.__struct_fields__})


class ChangedPlanIn(PlanIn, frozen=True, kw_only=True):
    """The same, with the version the caller saw."""

    version: Version


class WholePlanOut(Out, frozen=True, omit_defaults=False):
    """A plan and the days of its next rounds. `version` goes with a change."""

    id: UUID
    name: str
    kind: str
    area: str
    frequency: str
    every: int
    starts: date
    season_from: str
    season_to: str
    place_kinds: list[str]
    places: list[str]
    version: int
    active: bool
    days: list[date]

    @classmethod
    def of(cls, row: Plan, day: date) -> WholePlanOut:
        same = {name: getattr(row, name) for name in cls.__struct_fields__ if hasattr(row, name)}
        own = {
            "area": row.area.code,
            "places": [place.code for place in row.places.all()],
            "active": row.is_active,
            "days": queries.next_days(row, after=day) if row.is_active else [],
        }
        return cls(**(same | own))


class PlansOut(Out, frozen=True):
    """The plans of one's own area, by area and name."""

    items: list[WholePlanOut]


class DaysOut(Out, frozen=True, omit_defaults=False):
    """On which days the next rounds would begin."""

    days: list[date]


class UnseenOut(Out, frozen=True, omit_defaults=False):
    """A place on patrol and for how many days nobody was there; null: never."""

    place: str
    name: str
    area: str
    days: int | None


class CoverageOut(Out, frozen=True):
    """A page of places; hand `next` in as `after`."""

    items: list[UnseenOut]
    next: str = ""


class FindingOut(Out, frozen=True):
    """What was found at a place, by day: a case by its `number`, or settled on the spot with its words and photos."""

    id: UUID
    place: str
    on: date
    settled: bool
    number: str = ""
    text: str = ""
    photos: list[UUID] = []

    @classmethod
    def of(cls, found: queries.Found) -> FindingOut:
        row = found.row
        number = row.case.number if row.case else ""
        return cls(row.pk, row.place.code, row.on, row.settled, number, found.text, found.photos)


class FindingsOut(Out, frozen=True):
    """Newest first."""

    items: list[FindingOut]


@endpoint("GET", "patrols/plans", answer=PlansOut, guard="patrol.see")
def list_plans(call: Call[None]) -> PlansOut:
    """The plans that run in one's own area."""
    day = today(call.now)
    return PlansOut(items=[WholePlanOut.of(row, day) for row in queries.plans(call.actor)])


@endpoint("POST", "patrols/plans/preview", body=PlanIn, answer=DaysOut, guard="patrol.plan")
def preview_plan(call: Call[PlanIn]) -> DaysOut:
    """The days of a plan before it is kept."""
    draft = actions.draft_plan(call.body.given())
    return DaysOut(days=queries.next_days(draft, after=today(call.now)))


@endpoint("POST", "patrols/plans", body=PlanIn, answer=WholePlanOut, guard="patrol.plan", status=201)
def make_plan(call: Call[PlanIn]) -> WholePlanOut:
    """A new plan."""
    return _plan(call, actions.make_plan(call.body.given(), actor=call.actor, now=call.now).pk)


@endpoint("GET", "patrols/plans/<uuid:plan_id>", answer=WholePlanOut, guard="patrol.see")
def show_plan(call: Call[None], plan_id: UUID) -> WholePlanOut:
    """One plan."""
    return _plan(call, plan_id)


@endpoint(
    "POST", "patrols/plans/<uuid:plan_id>", body=ChangedPlanIn, answer=WholePlanOut, guard="patrol.plan"
)
def change_plan(call: Call[ChangedPlanIn], plan_id: UUID) -> WholePlanOut:
    """The plan becomes what is sent, from its next round on."""
    found, body = queries.get_plan(plan_id, actor=call.actor), call.body
    actions.change_plan(found, body.given(), version=body.version, actor=call.actor, now=call.now)
    return _plan(call, plan_id)


@endpoint("POST", "patrols/plans/<uuid:plan_id>/end", answer=DoneOut, guard="patrol.plan")
def end_plan(call: Call[None], plan_id: UUID) -> DoneOut:
    """No further rounds; those that have begun can still be walked."""
    actions.end_plan(queries.get_plan(plan_id, actor=call.actor), actor=call.actor, now=call.now)
    return DoneOut()


@endpoint("GET", "patrols/rounds/<uuid:round_id>", answer=RoundOut, guard="patrol.see")
def show_round(call: Call[None], round_id: UUID) -> RoundOut:
    """A round of any day, open or closed."""
    return RoundOut.of(queries.get_round(round_id, actor=call.actor))


@endpoint("GET", "patrols/rounds/<uuid:round_id>/findings", answer=FindingsOut, guard="patrol.see")
def list_findings_of_round(call: Call[None], round_id: UUID) -> FindingsOut:
    """What was found on one round."""
    found = queries.findings_of(queries.get_round(round_id, actor=call.actor))
    return FindingsOut(items=[FindingOut.of(one) for one in found])


@endpoint("GET", "patrols/findings", answer=FindingsOut, guard="patrol.see", query=("since",))
def list_findings(call: Call[None]) -> FindingsOut:
    """What was found in one's own area since a day, by default in the last month."""
    since = call.day("since") or today(call.now) - FOUND_SINCE
    return FindingsOut(items=[FindingOut.of(one) for one in queries.findings(call.actor, since=since)])


@endpoint(
    "GET", "patrols/findings/<uuid:finding_id>/photos/<uuid:photo_id>", answer="image/jpeg", guard="patrol.see",
    query=("part",),
)  # fmt: skip
def show_finding_photo(call: Call[None], finding_id: UUID, photo_id: UUID) -> HttpResponse:
    """A photo of what was settled on the spot, `part=thumb` for the small one."""
    row = queries.get_finding(finding_id, actor=call.actor)
    return photo_of(call, photo_id if photo_id.hex in row.photo_ids else None)


@endpoint(
    "GET", "patrols/coverage", answer=CoverageOut, guard="patrol.see", query=("kind", "area", "days", "after")
)
def show_coverage(call: Call[None]) -> CoverageOut:
    """Places on patrol in one's own area and for how many days nobody was there; `days`: at least so many."""
    area, day = call.word("area"), today(call.now)
    least = call.number("days", 0, most=(day - date.min).days)
    wanted = queries.Unseen(call.word("kind"), get_area(area).path if area else "", least)
    page = queries.coverage(call.actor, wanted, on=day, after=call.word("after"))
    rows = [UnseenOut(one.place.code, name_of(one.place), one.place.area.code, one.days) for one in page.rows]
    return CoverageOut(items=rows, next=page.next)


def _plan(call: Call[Any], plan_id: UUID) -> WholePlanOut:
    return WholePlanOut.of(queries.get_plan(plan_id, actor=call.actor), today(call.now))
