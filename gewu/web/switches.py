"""Language and print size, chosen by the reader: a form in the header, a cookie for a year, back to the same page.

Both are exempt from the CSRF check: they change nothing but the look of pages, and public pages need no token for them.

Where a page holds a form (`redraws` in its context is the form's id) the buttons send that form instead, with `redraw`,
and its view draws it again as it was typed: half a report is not lost to larger letters.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

PRINT_COOKIE = "gewu_print"
LARGE, STANDARD = "large", "standard"
YEAR = 365 * 24 * 3600

View = Callable[..., HttpResponse]


@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Read the pages in another language; unknown ones change nothing."""
    back = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        _keep(back, settings.LANGUAGE_COOKIE_NAME, chosen)
    return back


@csrf_exempt
@require_POST
def set_print_size(request: HttpRequest) -> HttpResponse:
    """Large print or standard."""
    back = _back(request)
    _keep(back, PRINT_COOKIE, LARGE if request.POST.get("size") == LARGE else STANDARD)
    return back


def redraws(view: View) -> View:
    """For a view whose form can be drawn again: what the header's buttons ask for already holds for this answer."""

    @wraps(view)
    def drawing(request: Any, *args: Any, **parts: Any) -> HttpResponse:
        kind, _colon, chosen = redraw_of(request).partition(":")
        if kind == "language" and chosen in dict(settings.LANGUAGES):
            with translation.override(chosen):
                answer = view(request, *args, **parts)
            answer["Content-Language"] = chosen
            _keep(answer, settings.LANGUAGE_COOKIE_NAME, chosen)
            return answer
        if kind != "size" or chosen not in (LARGE, STANDARD):
            return view(request, *args, **parts)
        request.COOKIES[PRINT_COOKIE] = chosen
        answer = view(request, *args, **parts)
        _keep(answer, PRINT_COOKIE, chosen)
        return answer

    return drawing


def redraw_of(request: HttpRequest) -> str:
    """Why a form is to be drawn again without being taken in; empty when it is sent in earnest."""
    return request.POST.get("redraw", "") if request.method == "POST" else ""


def is_large(request: HttpRequest) -> bool:
    """Has this reader chosen large print?"""
    return request.COOKIES.get(PRINT_COOKIE) == LARGE


def _keep(response: HttpResponse, name: str, value: str) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)


def _back(request: HttpRequest) -> HttpResponse:
    """Only to a page of this installation: a form elsewhere must not send readers on through us."""
    to = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(
        to, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(to if own else "/")
    response.status_code = 303
    return response
