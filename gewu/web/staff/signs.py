"""Printing signs: of places chosen, of a short list at once, of a long one as batches to choose from.

Each batch is one PDF, and the page with the others stays open.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gewu.core import limits
from gewu.domain.papers.signs import print_signs
from gewu.domain.people.queries import today
from gewu.domain.places import queries
from gewu.web.request import Request
from gewu.web.staff.forms import download
from gewu.web.staff.guard import post_only, staff
from gewu.web.staff.places import wanted

PDF = "application/pdf"
KEPT = ("text", "kind", "health", "area")  # what the list was narrowed to goes with each batch


@staff("place.edit")
@post_only("staff:places")
def signs(request: Request) -> HttpResponse:
    """Signs as PDF: of the places chosen, else of all of the list; a long list as batches to choose from."""
    rows, asked, day = queries.editable(request.actor), wanted(request.POST), today(request.now)
    if chosen := request.POST.getlist("code"):
        rows, asked = rows.filter(code__in=chosen), queries.Filter()
    elif "after" not in request.POST:
        batches = queries.batches(rows, asked, today=day)
        if len(batches) > 1:
            kept = [(name, request.POST[name]) for name in KEPT if request.POST.get(name)]
            return render(
                request, "staff/signs.html", {"batches": batches, "kept": kept, "most": limits.SIGNS}
            )
    places = queries.to_print(rows, asked, today=day, after=request.POST.get("after", ""))
    if not places:
        messages.error(request, _("No place was chosen, so there is nothing to print."))
        return redirect("staff:places")
    made = print_signs(places, actor=request.actor, now=request.now)
    return download(made, "signs.pdf", PDF)
