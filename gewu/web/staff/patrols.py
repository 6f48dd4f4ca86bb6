"""Patrols at the desk: today's rounds, plans and their versions, coverage of places, what was found. Nothing here says
who walked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from gewu.core import chance
from gewu.core.punctuation import listed
from gewu.domain.access.table import may
from gewu.domain.areas.models import Area, Level
from gewu.domain.areas.queries import tree
from gewu.domain.names import name_of
from gewu.domain.patrols import actions, queries, rules
from gewu.domain.patrols.actions import PlanInput
from gewu.domain.patrols.kinds import KINDS
from gewu.domain.patrols.models import Plan
from gewu.domain.people.queries import today
from gewu.domain.places.kinds import KINDS as PLACE_KINDS
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, perform_once
from gewu.web.staff.guard import post_only, staff

TYPED = (
    "name",
    "kind",
    "area",
    "frequency",
    "every",
    "starts",
    "season_from",
    "season_to",
    "places",
    "version",
)
FREQUENCIES: dict[str, Any] = {
    "daily": pgettext_lazy("frequency", "Each day"),
    "weekly": pgettext_lazy("frequency", "Each week"),
    "days": pgettext_lazy("frequency", "Each so many days"),
    "monthly": pgettext_lazy("frequency", "Each month"),
}
UNSEEN: dict[str, Any] = {
    "7": pgettext_lazy("not seen", "for a week"),
    "30": pgettext_lazy("not seen", "for 30 days"),
    "90": pgettext_lazy("not seen", "for 90 days"),
}
# What a version's record tells, in this order.
HISTORY: dict[str, Any] = {
    "kind": pgettext_lazy("plan", "Kind"),
    "area": pgettext_lazy("plan", "Area code"),
    "frequency": pgettext_lazy("plan", "How often"),
    "every": pgettext_lazy("plan", "Days between"),
    "starts": pgettext_lazy("plan", "First round"),
    "season": pgettext_lazy("plan", "Season"),
    "place_kinds": pgettext_lazy("plan", "Along these kinds of places"),
    "places": pgettext_lazy("plan", "Places chosen by hand"),
}
FOUND_SINCE = timedelta(days=30)


@require_GET
@staff("patrol.see")
def overview(request: Request) -> HttpResponse:
    """Today's rounds of the own area, and the plans they come from."""
    rounds = queries.rounds_today(request.actor, now=request.now)
    context = {
        "rounds": [(row, len(row.stops.all()), queries.left(row.stops.all())) for row in rounds],
        "plans": queries.plans(request.actor),
        "frequencies": FREQUENCIES,
        "kinds": KINDS,
        "may_plan": may(request.actor, "patrol.plan"),
    }
    return render(request, "staff/patrols.html", context)


@require_http_methods(["GET", "POST"])
@staff("patrol.plan")
def plan(request: Request, plan_id: UUID | None = None) -> HttpResponse:
    """A plan, new or to be changed, with the days of its next rounds."""
    found = queries.get_plan(plan_id, actor=request.actor) if plan_id else None
    if request.method == "GET":
        return _plan_page(request, found, _as_typed(found) if found else _empty(request), _kinds_of(found))
    typed, kinds = forms.typed(request, *TYPED), request.POST.getlist("place_kinds")
    try:
        given = _given(typed, kinds)
        if request.POST.get("do") == "preview":
            return _plan_page(request, found, typed, kinds, days=_days(request, actions.draft_plan(given)))
        if found is None:
            found_id = perform_once(
                request,
                [typed, kinds],
                lambda: actions.make_plan(given, actor=request.actor, now=request.now).pk.bytes,
            )
            kept = UUID(bytes=found_id)
        else:
            version = forms.number(typed["version"], at="version")
            kept = actions.change_plan(found, given, version=version, actor=request.actor, now=request.now).pk
    except EXPECTED as error:
        return _plan_page(request, found, typed, kinds, failure_of(error))
    messages.success(request, _("Kept."))
    return redirect("staff:patrol_plan", plan_id=kept)


@staff("patrol.plan")
@post_only("staff:patrol_plan", "plan_id")
def end(request: Request, plan_id: UUID) -> HttpResponse:
    """No further rounds."""
    actions.end_plan(queries.get_plan(plan_id, actor=request.actor), actor=request.actor, now=request.now)
    messages.success(request, _("The plan has ended. Rounds that have begun can still be walked."))
    return redirect("staff:patrols")


@require_GET
@staff("patrol.see")
def coverage(request: Request) -> HttpResponse:
    """For how many days nobody was at a place; and what was found in the last month."""
    asked = {name: request.GET.get(name, "") for name in ("kind", "area", "days")}
    day = today(request.now)
    areas = _areas(request)
    below = next((area.path for area, _name in areas if area.code == asked["area"]), "")
    wanted = queries.Unseen(asked["kind"], below, int(asked["days"]) if asked["days"] in UNSEEN else 0)
    context = {
        "page": queries.coverage(request.actor, wanted, on=day, after=request.GET.get("after", "")),
        "asked": asked,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "kinds": [(code, one.name) for code, one in KINDS.items()],
        "areas": [(area.code, name) for area, name in areas],
        "unseen": UNSEEN.items(),
        "findings": queries.findings(request.actor, since=day - FOUND_SINCE),
    }
    return render(request, "staff/patrol_coverage.html", context)


def _plan_page(
    request: Request,
    found: Plan | None,
    typed: dict[str, str],
    kinds: list[str],
    failure: Failure | None = None,
    *,
    days: list[date] | None = None,
) -> HttpResponse:
    context = {
        "plan": found,
        "typed": typed,
        "chosen": kinds,
        "failure": failure,
        "key": chance.new_id(),
        "kinds": [(code, one.name) for code, one in KINDS.items()],
        "place_kinds": [(code, one.name) for code, one in PLACE_KINDS.items()],
        "frequencies": FREQUENCIES.items(),
        "areas": [(area.code, name) for area, name in _areas(request)],
        "history": _history(found) if found else [],
        "previewed": days is not None,
        "days": days if days is not None else _days(request, found) if found and found.is_active else [],
    }
    return render(request, "staff/patrol_plan.html", context, status=failure.status if failure else 200)


def _areas(request: Request) -> list[tuple[Area, str]]:
    """Villages, communities and grids of the reader's own area, with their names."""
    paths = {hat.area_path for hat in request.actor.hats}
    return [
        (branch.area, name_of(branch.area))
        for branch in tree(on=today(request.now), deepest=Level.GRID)
        if branch.area.level in (Level.COMMUNITY, Level.GRID)
        and any(branch.area.path.startswith(path) for path in paths)
    ]


def _history(plan: Plan) -> list[tuple[date, Any, list[tuple[Any, str, str]]]]:
    """The versions, the newest first: day, number (none: the plan was ended), and what became different."""
    told: list[tuple[date, Any, list[tuple[Any, str, str]]]] = []
    before: dict[str, str] = {}
    for day, data in queries.plan_history(plan):
        shown = {name: _shown(name, data[name]) for name in HISTORY if data.get(name)}
        changes = [
            (label, before.get(name, ""), shown.get(name, ""))
            for name, label in HISTORY.items()
            if "kind" in data and before.get(name, "") != shown.get(name, "")
        ]
        told.append((day, data["version"] if "kind" in data else None, changes))
        before = shown or before
    return told[::-1]


def _shown(name: str, value: Any) -> str:
    """A value of the record in words."""
    if name == "kind":
        return str(KINDS[value].name) if value in KINDS else str(value)
    if name == "frequency":
        return str(FREQUENCIES.get(value, value))
    if name == "place_kinds":
        return listed(PLACE_KINDS[one].name for one in value if one in PLACE_KINDS)
    return str(value)


def _days(request: Request, plan: Plan) -> list[date]:
    return queries.next_days(plan, after=today(request.now))


def _given(typed: dict[str, str], kinds: list[str]) -> PlanInput:
    return PlanInput(
        name=typed["name"],
        kind=typed["kind"],
        area=typed["area"],
        frequency=typed["frequency"],
        every=forms.number(typed["every"] or "1", at="every"),
        starts=forms.day(typed["starts"], at="starts", required=False),
        season_from=typed["season_from"],
        season_to=typed["season_to"],
        place_kinds=kinds,
        places=typed["places"].replace(",", " ").replace("，", " ").split(),
    )


def _empty(request: Request) -> dict[str, str]:
    empty = dict.fromkeys(TYPED, "")
    return empty | {"frequency": rules.WEEKLY, "every": "7", "starts": today(request.now).isoformat()}


def _as_typed(plan: Plan) -> dict[str, str]:
    return {
        "name": plan.name,
        "kind": plan.kind,
        "area": plan.area.code,
        "frequency": plan.frequency,
        "every": str(plan.every),
        "starts": plan.starts.isoformat(),
        "season_from": plan.season_from,
        "season_to": plan.season_to,
        "places": " ".join(place.code for place in plan.places.all()),
        "version": str(plan.version),
    }


def _kinds_of(plan: Plan | None) -> list[str]:
    return list(plan.place_kinds) if plan else []
