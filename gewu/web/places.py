"""The page behind a sign: what this place is, who looks after it, what is reported here, and a tile to report more.

Scanned by whoever stands before it, without an account or script. Of a scan only the day is kept. A torn sign works by
its number; a sign that was replaced leads on to its place.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gewu.core.errors import Invalid, NotFound
from gewu.domain.cases.similar import open_here
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.places import actions, queries
from gewu.domain.places.codes import format_number
from gewu.domain.places.kinds import KINDS
from gewu.domain.requests import actions as requests
from gewu.domain.requests.caller import address_of
from gewu.web.forms.faults import NO_FAULTS, Faults
from gewu.web.forms.photos import HOUR
from gewu.web.request import Request

TRIES_AN_HOUR = 60  # numbers somebody may type; a whole office may stand behind one address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: Request) -> HttpResponse:
    """The number of a torn sign, typed."""
    if request.method != "POST":
        return _find_page(request)
    requests.spend(f"sign:{address_of(request)}", limit=TRIES_AN_HOUR, window=HOUR, now=request.now)
    try:
        place = queries.by_number(request.POST.get("number", ""))
    except Invalid as error:
        return _find_page(request, Faults.of(error), 422)
    except NotFound:
        message = _("No sign has this number. Please compare it once more.")
        return _find_page(request, Faults({"number": message}), 422)
    if request.POST.get("unreadable") == "1":
        actions.say_unreadable(place, now=request.now)
    return redirect("resident:place", sign=place.sign)


@never_cache
@require_safe
def show(request: Request, sign: str) -> HttpResponse:
    """One place."""
    try:
        place, former = queries.by_sign(sign)
    except NotFound:
        message = _("This code leads nowhere. Please type the number that stands beside it.")
        return _find_page(request, Faults({"number": message}), 404)
    if former:
        return redirect("resident:place", sign=place.sign)
    actions.note_scan(place, now=request.now)
    kind = KINDS.get(place.kind)
    details = [
        (attribute, place.attributes[attribute.code])
        for attribute in (kind.attributes if kind else ())
        if attribute.code in place.attributes
    ]
    shown = {
        "at": place,
        "kind": kind,
        "details": details,
        "number": format_number(place.number),
        "cases": open_here(place.pk, now=request.now) if place.is_active else [],
        "tiles": catalogue.tiles(),
        "thanked": "thanks" in request.GET,
    }
    return render(request, "resident/place.html", shown)


@never_cache
@require_POST
def unreadable(request: Request, sign: str) -> HttpResponse:
    """“This sign is damaged”, said by whoever stands before it."""
    requests.spend(f"sign:{address_of(request)}", limit=TRIES_AN_HOUR, window=HOUR, now=request.now)
    place, _former = queries.by_sign(sign)
    actions.say_unreadable(place, now=request.now)
    answer = redirect("resident:place", sign=place.sign)
    answer["Location"] += "?thanks"
    return answer


def _find_page(request: Request, faults: Faults = NO_FAULTS, status: int = 200) -> HttpResponse:
    shown = {"faults": faults, "number": request.POST.get("number", "")}
    return render(request, "resident/find_place.html", shown, status=status)
