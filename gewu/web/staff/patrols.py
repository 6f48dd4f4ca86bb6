"""Patrols at the desk: today's rounds, plans, coverage of places, what was found; and rounds on paper for those without
a phone. Nothing here says who walked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gewu.core import chance
from gewu.domain.access.table import may
from gewu.domain.areas.models import Level
from gewu.domain.areas.queries import tree
from gewu.domain.patrols import actions, queries, rules
from gewu.domain.patrols.actions import PlanInput, When
from gewu.domain.patrols.kinds import KINDS
from gewu.domain.patrols.models import Plan
from gewu.domain.people.queries import today
from gewu.domain.places.kinds import KINDS as PLACE_KINDS
from gewu.domain.privacy import texts
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, perform_once
from gewu.web.staff.guard import staff
from gewu.web.words import in_language

TYPED = ("name", "kind", "area", "frequency", "every", "starts", "season_from", "season_to", "places", "version")
FREQUENCIES: dict[str, Any] = {
    "daily": pgettext_lazy("frequency", "Each day"),
    "weekly": pgettext_lazy("frequency", "Each week"),
    "days": pgettext_lazy("frequency", "Each so many days"),
    "monthly": pgettext_lazy("frequency", "Each month"),
}
RESULTS: dict[str, Any] = {
    "fine": pgettext_lazy("patrol result", "Fine"),
    "finding": pgettext_lazy("patrol result", "Finding"),
    "unreached": pgettext_lazy("patrol result", "Could not be reached"),
    "": pgettext_lazy("patrol result", "not yet"),
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
@staff("patrol.see")
def walk(request: Request, round_id: UUID) -> HttpResponse:
    """One round: a checklist to print, and the place to enter a round walked on paper."""
    row = queries.get_round(round_id, actor=request.actor)
    if request.method == "POST":
        return _enter(request, row)
    return _walk_page(request, row)


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
            kept = actions.change_plan(
                found, given, version=version, actor=request.actor, now=request.now
            ).pk
    except EXPECTED as error:
        return _plan_page(request, found, typed, kinds, failure_of(error))
    messages.success(request, _("Kept."))
    return redirect("staff:patrol_plan", plan_id=kept)


@require_POST
@staff("patrol.plan")
def end(request: Request, plan_id: UUID) -> HttpResponse:
    """No further rounds."""
    actions.end_plan(queries.get_plan(plan_id, actor=request.actor), actor=request.actor, now=request.now)
    messages.success(request, _("The plan has ended. Rounds that have begun can still be walked."))
    return redirect("staff:patrols")


@require_GET
@staff("patrol.see")
def coverage(request: Request) -> HttpResponse:
    """For how many days nobody was at a place; and what was found in the last month."""
    kind = request.GET.get("kind", "")
    day = today(request.now)
    found = queries.findings(request.actor, since=day - FOUND_SINCE)
    words = texts.read([row.text_id for row in found if row.settled])
    context = {
        "rows": queries.coverage(request.actor, on=day, kind=kind),
        "kinds": [(code, one.name) for code, one in KINDS.items()],
        "kind": kind,
        "findings": [(row, words.get(row.text_id, "")) for row in found],
    }
    return render(request, "staff/patrol_coverage.html", context)


def _enter(request: Request, row: Any) -> HttpResponse:
    """What stands on the paper: a result for each place; findings are entered as reports of their own."""
    late = False
    for stop in row.stops.all():
        result = request.POST.get(f"result-{stop.pk}", "")
        if result in ("fine", "unreached") and result != stop.result:
            # The act of this paper and no other: a second click changes and keeps nothing twice.
            when = When(uuid5(stop.pk, result))
            told = actions.tick(row.pk, stop.place.code, result, when=when, actor=request.actor, now=request.now)
            late = late or bool(told["kept"])
    if request.POST.get("close") and not late:
        told = actions.close_round(row.pk, when=When(), actor=request.actor, now=request.now)
        late = bool(told["kept"])
    if late:
        messages.warning(request, _("The round was over already. What you entered is kept as a note."))
        return redirect("staff:patrol_round", round_id=row.pk)
    if request.POST.get("close"):
        messages.success(request, _("The round is closed."))
        return redirect("staff:patrols")
    messages.success(request, _("Kept."))
    return redirect("staff:patrol_round", round_id=row.pk)


def _walk_page(request: Request, row: Any) -> HttpResponse:
    kind = KINDS[row.plan.kind]
    context = {
        "walk": row,
        "kind": kind,
        "stops": row.stops.all(),
        "results": RESULTS,
        "may_walk": row.state == "open" and may(request.actor, "patrol.walk", row),
    }
    return render(request, "staff/patrol_round.html", context)


def _plan_page(
    request: Request,
    found: Plan | None,
    typed: dict[str, str],
    kinds: list[str],
    failure: Failure | None = None,
    *,
    days: list[date] | None = None,
) -> HttpResponse:
    paths = {hat.area_path for hat in request.actor.hats}
    context = {
        "plan": found,
        "typed": typed,
        "chosen": kinds,
        "failure": failure,
        "key": chance.new_id(),
        "kinds": [(code, one.name) for code, one in KINDS.items()],
        "place_kinds": [(code, one.name) for code, one in PLACE_KINDS.items()],
        "frequencies": FREQUENCIES.items(),
        "areas": [
            (branch.area.code, in_language(branch.area.names) if branch.area.names else branch.area.name)
            for branch in tree(on=today(request.now), deepest=Level.GRID)
            if branch.area.level in (Level.COMMUNITY, Level.GRID)
            and any(branch.area.path.startswith(path) for path in paths)
        ],
        "previewed": days is not None,
        "days": days if days is not None else _days(request, found) if found and found.is_active else [],
    }
    return render(request, "staff/patrol_plan.html", context, status=failure.status if failure else 200)


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
