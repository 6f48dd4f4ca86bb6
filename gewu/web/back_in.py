"""The way to sign in, or to a second factor, from wherever somebody stands: what was typed waits meanwhile."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from gewu.domain.accounts.queries import has_second_factor
from gewu.web.kept import is_staff_form, send_again
from gewu.web.request import Request


def to_sign_in(request: Request) -> HttpResponse:
    """Nobody is signed in, or no longer."""
    way = redirect_to_login(request.get_full_path())
    return _keeping(request, "session", way["Location"]) or way


def to_second_factor(request: Request) -> HttpResponse:
    """To where it is shown, or set up first, and then back here."""
    name = "mfa_reauthenticate" if has_second_factor(request.user) else "mfa_activate_totp"  # type: ignore[arg-type]
    way = f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}"
    return _keeping(request, "factor", way) or redirect(way)


def _keeping(request: Request, why: str, way: str) -> HttpResponse | None:
    """The page that holds what was sent, with the way beside it; None when nothing was sent that can be held."""
    return send_again(request, why, way=way) if is_staff_form(request) else None
