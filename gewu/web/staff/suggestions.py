"""The desk for suggestions about this service: oldest first, each answered once."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gewu.core.errors import NotFound
from gewu.domain.suggestions import actions, queries
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, failure_of
from gewu.web.staff.guard import staff


@require_http_methods(["GET", "POST"])
@staff("suggestion.answer")
def suggestions(request: Request) -> HttpResponse:
    """Those that wait, and those answered last. What was typed stays when it could not be taken."""
    failure = None
    typed = forms.typed(request, "suggestion", "text")
    if request.method == "POST":
        try:
            actions.answer(_id(typed["suggestion"]), typed["text"], actor=request.actor, now=request.now)
        except EXPECTED as error:
            failure = failure_of(error)
        else:
            messages.success(request, _("Answered."))
            return redirect("staff:suggestions")
    context = {
        "open": queries.for_desk(request.actor),
        "answered": queries.for_desk(request.actor, answered=True),
        "typed": typed,
        "failure": failure,
    }
    return render(request, "staff/suggestions.html", context, status=failure.status if failure else 200)


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise NotFound from None
