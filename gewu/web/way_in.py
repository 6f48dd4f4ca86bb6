"""The way back to one's own report with the receipt.

The secret never stays in an address: the QR code carries it behind `#`, the address without script is exchanged at once
for a cookie of one hour. That address never enters a log, whatever goes wrong (see `config.logs`).
"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gewu.core.errors import GewuError, NotFound
from gewu.domain.cases import asking, queries
from gewu.domain.privacy import receipts
from gewu.domain.requests.caller import address_of
from gewu.web import errors, track
from gewu.web.forms.faults import Faults
from gewu.web.receipt import COOKIE, ask_page, hint, kept_in, with_cookie
from gewu.web.request import Request
from gewu.web.switches import redraw_of, redraws


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@redraws
def ask(request: Request) -> HttpResponse:
    """Number and secret, typed or filled in from the QR code."""
    if request.method != "POST":
        said = next((code for code in ("wrong", "ended", "over") if code in request.GET), "")
        return ask_page(request, hint(said))
    if redraw_of(request):  # in another size or language: nothing is tried
        return ask_page(request)
    number, secret = (request.POST.get(name, "") for name in ("number", "secret"))
    try:
        found = _check(request, number, secret)
    except GewuError as error:
        status = 422 if isinstance(error, NotFound) else errors.status_of(error)
        faults = Faults.of(error, at="secret" if isinstance(error, NotFound) else "form")
        return errors.with_retry(ask_page(request, faults, status), error)
    if kept_in(request):
        return with_cookie(track.page_with_kept(request, found), found, request)
    return with_cookie(_see(redirect("resident:track")), found, request)


@never_cache
@require_safe
def exchange(request: Request, number: str, secret: str) -> HttpResponse:
    """The receipt's address for phones without script: a cookie for it, and away from this address."""
    try:
        found = _check(request, number, secret)
    except GewuError:  # a refusal here would leave the secret in the address bar
        return redirect(f"{reverse('resident:receipt')}?wrong")
    return with_cookie(redirect("resident:track"), found, request)


@never_cache
@require_safe
def asked(request: Request, word: str) -> HttpResponse:
    """The link in the message "is it solved?". Opening it answers nothing: mail programs open links too."""
    try:
        found = asking.number_asked(word, now=request.now)
    except NotFound:
        return redirect(f"{reverse('resident:receipt')}?over")
    return with_cookie(redirect(f"{reverse('resident:track')}#solved"), found, request)


@require_POST
def close(request: Request) -> HttpResponse:
    """Done: the next person at this screen sees nothing."""
    response = redirect(f"{reverse('resident:start')}?closed")
    response.delete_cookie(COOKIE, samesite="Lax")
    return _see(response)


def _check(request: Request, number: str, secret: str) -> str:
    """The number of the receipt, in its one form."""
    now = request.now
    report_id = receipts.check(number, secret, address=address_of(request), now=now)
    return queries.tie_of(queries.actor_for_receipt(report_id)).number


def _see(response: HttpResponseRedirect) -> HttpResponseRedirect:
    response.status_code = 303
    return response
