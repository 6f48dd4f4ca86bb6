"""Signs on paper: eight on a sheet, in Chinese and English, in batches that are set within seconds.

All the signs of a town in one PDF would hold a web process for half a minute and most of a small machine's memory. So
a long list is offered as batches; each is one PDF, and the page with the others stays open.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gewu.core import limits
from gewu.core.documents import qr_svg, set_pdf
from gewu.domain.people.queries import today
from gewu.domain.place import queries as installation
from gewu.domain.places import actions, queries
from gewu.domain.places.codes import format_number
from gewu.domain.places.models import Place
from gewu.web.request import Request
from gewu.web.staff.forms import download
from gewu.web.staff.guard import post_only, staff
from gewu.web.staff.places import wanted

PDF = "application/pdf"
KEPT = ("text", "kind", "health", "area")  # what the list was narrowed to goes with each batch


@post_only("staff:places")
@staff("place.edit")
def signs(request: Request) -> HttpResponse:
    """Signs as PDF: of the places chosen, else of all of the list; a long list as batches to choose from."""
    rows, asked, day = queries.editable(request.actor), wanted(request.POST), today(request.now)
    if chosen := request.POST.getlist("code"):
        rows, asked = rows.filter(code__in=chosen), queries.Filter()
    elif "after" not in request.POST:
        batches = queries.batches(rows, asked, today=day)
        if len(batches) > 1:
            kept = [(name, request.POST[name]) for name in KEPT if request.POST.get(name)]
            return render(request, "staff/signs.html", {"batches": batches, "kept": kept, "most": limits.SIGNS})
    places = queries.to_print(rows, asked, today=day, after=request.POST.get("after", ""))
    if not places:
        messages.error(request, _("No place was chosen, so there is nothing to print."))
        return redirect("staff:places")
    made = set_pdf("signs", _data(places))
    actions.note_printed(places, actor=request.actor, now=request.now)
    return download(made, "signs.pdf", PDF)


def _data(places: list[Place]) -> dict[str, Any]:
    here = installation.installation()
    base = settings.ADDRESS.rstrip("/")
    return {
        "signs": [
            {
                "qr": qr_svg(base + reverse("resident:place", args=[one.sign])),
                "number": format_number(one.number),
                "name": one.name,
                "area": " ".join(area.name for area in (one.area.parent, one.area) if area),
            }
            for one in places
        ],
        "phone": here.phone,
        "address": (base + reverse("resident:find_place")).split("://")[-1],
        "words": _words("zh-hans"),
        "english": _words("en"),
    }


def _words(language: str) -> dict[str, str]:
    """A sign speaks to whoever stands before it, not to who prints it: both languages, always."""
    with translation.override(language):
        return {
            "scan": _("Scan: report here, and see what is reported"),
            "torn": _("Torn? Type the number at"),
            "phone": _("Service phone"),
            "urgent": _("Danger: 110 police, 119 fire, 120 ambulance first"),
        }
