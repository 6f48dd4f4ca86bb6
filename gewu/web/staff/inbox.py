"""The notices of whoever reads: what happened to the cases of their posts."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gewu.core.errors import NotFound
from gewu.domain.notify import actions, queries
from gewu.web.request import StaffRequest
from gewu.web.staff.guard import staff


@require_http_methods(["GET", "POST"])
@staff("area.see")
def inbox(request: StaffRequest) -> HttpResponse:
    """Newest first; "all read" marks those that were on the page, not what has come since."""
    if request.method == "POST":
        try:
            ids = [UUID(found) for found in request.POST.getlist("id")]
        except ValueError:
            raise NotFound from None
        actions.mark_seen(request.user, ids)
        return redirect("staff:inbox")
    notices = queries.inbox(request.user, now=request.now)
    return render(
        request, "staff/inbox.html", {"notices": notices, "unseen": any(not one.seen for one in notices)}
    )
