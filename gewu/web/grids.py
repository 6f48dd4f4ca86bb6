"""“Which grid am I in, and who serves me?”: the finder, and the public card of each grid (posted as the law asks)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gewu.core import geo
from gewu.core.documents import qr_svg, set_pdf
from gewu.core.errors import Invalid, NotFound
from gewu.domain.areas import queries as areas
from gewu.domain.areas.models import Area, Level
from gewu.domain.people.queries import people_of
from gewu.domain.people.roles import name as role_name
from gewu.domain.place import queries as installation
from gewu.web.forms.faults import NO_FAULTS, Faults
from gewu.web.outline import draw
from gewu.web.report import communities
from gewu.web.request import Request
from gewu.web.words import duties, name_of

SHOWN_ROLES = ("lead", "worker")


@never_cache
@require_safe
def find(request: Request) -> HttpResponse:
    """By position, or from the list. The position is used for this one look and kept nowhere."""
    if code := request.GET.get("area", ""):
        return redirect("resident:grid", code=_grid(code).code)
    faults = NO_FAULTS
    if request.GET.get("lon") or request.GET.get("lat"):
        try:
            return redirect("resident:grid", code=_located(request).code)
        except Invalid as error:
            # The list stands for the position, which has no field of its own here.
            faults = Faults({"area": str(error.errors[0].message)})
    shown = {"communities": communities(request), "faults": faults}
    return render(request, "resident/grids.html", shown, status=422 if faults else 200)


@require_safe
def card(request: Request, code: str) -> HttpResponse:
    """Who serves this grid, and where it lies."""
    grid = _grid(code)
    around = areas.neighbourhood(grid)
    shown = {
        "grid": grid,
        "people": people_of(grid.path, SHOWN_ROLES, now=request.now),
        "drawing": draw((area.name, border, area.pk == grid.pk) for area, border in around),
    }
    return render(request, "resident/grid.html", shown)


@require_safe
def poster(request: Request, code: str) -> HttpResponse:
    """The card on paper, A4, with a code that opens it."""
    grid = _grid(code)
    response = HttpResponse(set_pdf("poster", _poster_data(request, grid)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{grid.code}.pdf"'
    return response


def _poster_data(request: Request, grid: Area) -> dict[str, Any]:
    place = installation.installation()
    address = settings.ADDRESS.rstrip("/") + reverse("resident:grid", args=[grid.code])
    return {
        "place": name_of(place),
        "community": name_of(grid.parent),
        "grid": name_of(grid),
        "code": grid.code,
        "people": [
            {
                "role": role_name(one.post.role),
                "name": one.user.name if one.user else _("vacant at present"),
                "duties": duties(one.post),
            }
            for one in people_of(grid.path, SHOWN_ROLES, now=request.now)
        ],
        "phone": place.phone,
        "supervision": place.supervision_phone,
        "qr": qr_svg(address),
        "address": address.split("://")[-1],
        "model": place.is_model,
        "words": {
            "phone": _("Service phone"),
            "supervision": _("Supervision"),
            "scan": _("Scan to report, to follow a matter, or to see who serves you"),
            "urgent": _("Danger: 110 police, 119 fire, 120 ambulance first"),
            "model": _("Model, not official"),
        },
    }


def _grid(code: str) -> Area:
    area = areas.get_area(code)
    if area.level not in (Level.GRID, Level.MICROGRID):
        raise NotFound
    return area


def _located(request: Request) -> Area:
    """The grid of a position in the query; outside every grid is said, never guessed."""
    try:
        lon, lat = float(request.GET.get("lon", "")), float(request.GET.get("lat", ""))
    except ValueError:
        raise Invalid.at("lon", "number", _("Please write the position in degrees, like 120.135.")) from None
    lon, lat = geo.check_lonlat(lon, lat)
    found = areas.locate(lon, lat).area
    if found is None:
        message = _("This position lies in none of our grids. Please call 12345, or choose from the list.")
        raise Invalid.at("area", "outside", message)
    return found
