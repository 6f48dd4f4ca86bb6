"""Who may open a staff page: signed in, and holding a post for which the access table says yes.

Each view names its action; the tests of access read it from the view. What somebody may not know of is "not found",
a missing second factor leads to the page where it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from gewu.core.errors import NotFound
from gewu.domain.access.table import may
from gewu.domain.accounts.queries import has_second_factor
from gewu.web import screen
from gewu.web.request import StaffRequest

View = Callable[..., HttpResponse]


def staff(
    action: str, *, strong: bool = False, kept: bool = False, on_wall: bool = False
) -> Callable[[View], View]:
    """Let a view in only for those who may do `action` at all; rows are judged again by the domain.

    `strong` asks everybody for a second factor first, as before an export (rules.md 4). `kept`: the browser may keep
    the answer, as the view says; it holds nothing but the map. `on_wall`: a device with the pass of a wall screen is
    let in too, on behalf of who left it there.
    """

    def take(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **parts: Any) -> HttpResponse:
            request.is_wall = False
            if not request.user.is_authenticated:
                passed = screen.actor_of(request, now=request.now) if on_wall else None
                if passed is None:
                    return redirect_to_login(request.get_full_path())
                request.actor, request.is_wall = passed, True
            verdict = may(request.actor, action)
            if not verdict and verdict.reason != "second_factor":
                raise NotFound
            if not verdict or (strong and not request.actor.strong):
                return _to_second_factor(request)
            return view(request, *args, **parts)

        answering = guarded if kept else never_cache(guarded)
        answering.guard = action  # type: ignore[attr-defined]
        return answering

    return take


def _to_second_factor(request: StaffRequest) -> HttpResponse:
    """To where it is shown, or set up first, and then back here."""
    name = "mfa_reauthenticate" if has_second_factor(request.user) else "mfa_activate_totp"
    return redirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
