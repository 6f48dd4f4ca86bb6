"""The resident calls a visit off, with the code of the slip; no reason is asked."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gewu.core.errors import NotFound
from gewu.domain.patrols.actions import call_off
from gewu.domain.requests import actions as requests
from gewu.domain.requests.caller import address_of
from gewu.web.forms.faults import NO_FAULTS, Faults
from gewu.web.forms.photos import HOUR
from gewu.web.request import Request

TRIES_AN_HOUR = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit_off(request: Request) -> HttpResponse:
    """Ask for the code; with it the visit ends."""
    if request.method != "POST":
        return _page(request)
    requests.spend(f"visit:{address_of(request)}", limit=TRIES_AN_HOUR, window=HOUR, now=request.now)
    try:
        call_off(request.POST.get("code", ""), now=request.now)
    except NotFound:
        message = _("No visit has this code. Please compare the digits, or call us.")
        return _page(request, Faults({"code": message}), 422)
    return _page(request, done=True)


def _page(
    request: Request, faults: Faults = NO_FAULTS, status: int = 200, *, done: bool = False
) -> HttpResponse:
    shown = {"faults": faults, "done": done, "code": "" if done else request.POST.get("code", "")}
    return render(request, "resident/visit_off.html", shown, status=status)
