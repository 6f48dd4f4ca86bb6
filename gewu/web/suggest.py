"""Suggestions about this service itself: written without an account, read again by a code (国办函〔2026〕12号)."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gewu.core.errors import GewuError, NotFound
from gewu.core.text import format_secret
from gewu.domain.requests import actions as requests
from gewu.domain.requests.caller import address_of
from gewu.domain.suggestions import actions, queries
from gewu.web import errors
from gewu.web.forms.faults import NO_FAULTS, Faults
from gewu.web.forms.photos import HOUR
from gewu.web.forms.report import new_key, read_key
from gewu.web.request import Request
from gewu.web.switches import redraw_of, redraws

WRITTEN_AN_HOUR = 20  # from one address; a whole office may stand behind it
READ_AN_HOUR = 60
SCOPE = "form:suggestion"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@redraws
def write(request: Request) -> HttpResponse:
    """The form; sent, the code. A second press gets the first code."""
    if request.method != "POST":
        return _form(request)
    now, typed = request.now, request.POST.get("text", "").replace("\x00", "")
    if redraw_of(request):
        return _form(request, typed=typed, key=read_key(request.POST.get("key", "")))
    key, body = read_key(request.POST.get("key", "")), msgspec.json.encode(typed)
    try:
        answer = requests.peek(SCOPE, key, body, now=now)
        if answer is None:
            requests.spend(f"{SCOPE}:{address_of(request)}", limit=WRITTEN_AN_HOUR, window=HOUR, now=now)
            answer = requests.once(
                SCOPE, key, body, now=now, perform=lambda: actions.write(typed, now=now).encode()
            )
    except GewuError as error:
        again = new_key() if error.code == "key_reused" else key
        shown = _form(request, Faults.of(error), errors.status_of(error), typed=typed, key=again)
        return errors.with_retry(shown, error)
    code = format_secret(answer.body.decode())
    return render(request, "resident/suggestion_code.html", {"code": code}, status=201)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@redraws
def read(request: Request) -> HttpResponse:
    """What was suggested and answered, for whoever has the code."""
    if request.method != "POST" or redraw_of(request):
        return _ask(request)
    try:
        requests.spend(f"suggestion:{address_of(request)}", limit=READ_AN_HOUR, window=HOUR, now=request.now)
        found = queries.by_code(request.POST.get("code", ""))
    except NotFound:
        return _ask(request, Faults({"code": _("No suggestion has this code. Please compare it.")}), 422)
    except GewuError as error:
        return errors.with_retry(_ask(request, Faults.of(error), errors.status_of(error)), error)
    return render(request, "resident/suggestion.html", {"found": found})


def _form(
    request: Request, faults: Faults = NO_FAULTS, status: int = 200, *, typed: str = "", key: object = None
) -> HttpResponse:
    shown = {"faults": faults, "text": typed, "key": key or new_key(), "redraws": "suggest"}
    return render(request, "resident/suggest.html", shown, status=status)


def _ask(request: Request, faults: Faults = NO_FAULTS, status: int = 200) -> HttpResponse:
    shown = {"faults": faults, "code": request.POST.get("code", ""), "redraws": "code-form"}
    return render(request, "resident/suggestion_ask.html", shown, status=status)
