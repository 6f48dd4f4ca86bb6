"""Second looks at closed cases, drawn by lot, by somebody who had no part in them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gewu.core import limits
from gewu.domain.cases import queries
from gewu.domain.cases.actions import recheck
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, failure_of
from gewu.web.staff.guard import staff
from gewu.web.staff.nav import WORKS_ON_CASES


@require_http_methods(["GET", "POST"])
@staff("case.recheck")
def rechecks(request: Request) -> HttpResponse:
    """What was drawn and not yet looked at again; the answer is right or wrong."""
    failure = None
    typed = forms.typed(request, "number", "result")
    if request.method == "POST":
        try:
            recheck.answer(typed["number"], typed["result"], actor=request.actor, now=request.now)
        except EXPECTED as error:
            failure = failure_of(error)
        else:
            messages.success(request, _("Noted."))
            return redirect("staff:rechecks")
    context = {
        "rows": queries.rechecks(request.actor, limit=limits.PAGE),
        "links": bool(request.actor.roles & WORKS_ON_CASES),
        "typed": typed,
        "failure": failure,
    }
    return render(request, "staff/rechecks.html", context, status=failure.status if failure else 200)
