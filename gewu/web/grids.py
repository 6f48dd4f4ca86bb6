"""“Which grid am I in, and who serves me?”: the finder, and the public card of each grid (posted as the law asks)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gewu.core import geo
from gewu.core.errors import Invalid
from gewu.domain.areas import queries as areas
from gewu.domain.areas.models import Area
from gewu.domain.names import name_of
from gewu.domain.papers import grids as cards
from gewu.web.forms.faults import NO_FAULTS, Faults
from gewu.web.outline import draw
from gewu.web.report import communities
from gewu.web.request import Request


@never_cache
@require_safe
def find(request: Request) -> HttpResponse:
    """By position, or from the list. The position is used for this one look and kept nowhere."""
    if code := request.GET.get("area", ""):
        return redirect("resident:grid", code=cards.get_grid(code).code)
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
    grid = cards.get_grid(code)
    around = areas.neighbourhood(grid)
    shown = {
        "grid": grid,
        "people": cards.who_serves(grid, now=request.now),
        "drawing": draw((name_of(area), border, area.pk == grid.pk) for area, border in around),
    }
    return render(request, "resident/grid.html", shown)


@require_safe
def poster(request: Request, code: str) -> HttpResponse:
    """The card on paper, A4, with a code that opens it."""
    grid = cards.get_grid(code)
    response = HttpResponse(cards.poster(grid, now=request.now), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{grid.code}.pdf"'
    return response


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
