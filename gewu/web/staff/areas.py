"""The administrator's map: the tree of areas, bringing in a new map, and putting it into force with its open cases."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gewu.core import chance
from gewu.domain.areas import actions, queries
from gewu.domain.areas.models import BorderVersion
from gewu.domain.cases.actions import borders
from gewu.domain.people.queries import today
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, file_of, perform_once
from gewu.web.staff.guard import post_only, staff

FIELDS = ("system", "takes_effect", "within")


@require_GET
@staff("area.edit")
def tree(request: Request) -> HttpResponse:
    """Areas down to the community; a community opens its grids. And every version of the map."""
    under = request.GET.get("under", "")
    area = queries.get_area(under) if under else None
    deepest = "microgrid" if area is not None and area.level == "community" else "community"
    context = {
        "area": area,
        "above": queries.ancestors(area) if area else [],
        "branches": queries.tree(on=today(request.now), under=area, deepest=deepest),
        "versions": BorderVersion.objects.order_by("-number"),
    }
    return render(request, "staff/areas.html", context)


@require_http_methods(["GET", "POST"])
@staff("area.edit")
def bring_in(request: Request) -> HttpResponse:
    """A map from GeoJSON: looked at first, then kept as a prepared version."""
    typed = forms.typed(request, *FIELDS)
    if request.method == "GET":
        return _import_page(request, {**typed, "system": "wgs84"})
    accept, dry_run = request.POST.getlist("accept"), request.POST.get("do") != "import"
    try:
        data = file_of(request)
        takes_effect = forms.day(typed["takes_effect"], at="takes_effect", required=False)
        if dry_run:
            found = _bring_in(request, data, typed, accept, takes_effect, dry_run=True)
            return _import_page(request, typed, found=found, accept=accept)
        body = [typed, accept, sha256(data).hexdigest()]
        number = perform_once(
            request,
            body,
            lambda: str(
                _version(_bring_in(request, data, typed, accept, takes_effect, dry_run=False))
            ).encode(),
        )
    except EXPECTED as error:
        faults = getattr(error, "faults", ())
        return _import_page(request, typed, accept=accept, faults=faults, failure=failure_of(error))
    messages.success(request, _("Kept as map %(number)s, not yet in force.") % {"number": number.decode()})
    return redirect("staff:map", number=int(number))


@require_GET
@staff("area.edit")
def show(request: Request, number: int) -> HttpResponse:
    """One version; a prepared one with the open cases it would move."""
    return _map_page(request, queries.get_version(number))


@staff("area.edit")
@post_only("staff:map", "number")
def put_into_force(request: Request, number: int) -> HttpResponse:
    """Map and open cases change together, or neither does."""
    version = queries.get_version(number)
    try:
        _in_force, moved = borders.take_effect(version, actor=request.actor, now=request.now)
    except EXPECTED as error:
        return _map_page(request, queries.get_version(number), failure_of(error))
    messages.success(request, _("In force. Open cases moved: %(count)s.") % {"count": moved})
    return redirect("staff:map", number=number)


@staff("area.edit")
@post_only("staff:map", "number")
def discard(request: Request, number: int) -> HttpResponse:
    """Throw a prepared map away."""
    version = queries.get_version(number)
    try:
        actions.discard(version, actor=request.actor, now=request.now)
    except EXPECTED as error:
        return _map_page(request, version, failure_of(error))
    messages.success(request, _("Thrown away."))
    return redirect("staff:areas")


def _bring_in(
    request: Request,
    data: bytes,
    typed: dict[str, str],
    accept: list[str],
    takes_effect: date | None,
    *,
    dry_run: bool,
) -> actions.Imported:
    return actions.import_geojson(
        data,
        system=typed["system"],
        accept=accept,
        actor=request.actor,
        now=request.now,
        dry_run=dry_run,
        takes_effect=takes_effect,
        within=typed["within"] or None,
    )


def _version(done: actions.Imported) -> int:
    if done.version is None:
        raise ValueError("an import that was no dry run made no version")
    return done.version.number


def _import_page(
    request: Request,
    typed: dict[str, str],
    *,
    found: actions.Imported | None = None,
    faults: object = (),
    accept: list[str] | None = None,
    failure: Failure | None = None,
) -> HttpResponse:
    context = {
        "typed": typed,
        "found": found,
        "faults": found.faults if found else faults,
        "accept": accept or [],
        "failure": failure,
        "systems": (("wgs84", "WGS 84 (CGCS2000)"), ("gcj02", "GCJ-02")),
        "key": chance.new_id(),
    }
    return render(request, "staff/map_import.html", context, status=failure.status if failure else 200)


def _map_page(request: Request, version: BorderVersion, failure: Failure | None = None) -> HttpResponse:
    prepared = version.state == BorderVersion.State.PREPARED
    context = {
        "version": version,
        "prepared": prepared,
        "changes": borders.preview(version) if prepared else [],
        "failure": failure,
    }
    return render(request, "staff/map.html", context, status=failure.status if failure else 200)
