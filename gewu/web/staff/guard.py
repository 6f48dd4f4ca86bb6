"""Who may open a staff page: signed in, and holding a post for which the access table says yes.

Each view names its action; the tests of access read it from the view. What somebody may not know of is "not found",
a missing second factor leads to the page where it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gewu.core.errors import NotFound
from gewu.domain.access.table import may
from gewu.web import screen
from gewu.web.back_in import to_second_factor, to_sign_in
from gewu.web.request import StaffRequest

View = Callable[..., HttpResponse]


def staff(
    action: str, *, strong: bool = False, kept: bool = False, on_wall: bool = False
) -> Callable[[View], View]:
    """Let a view in only for those who may do `action` at all; rows are judged again by the domain.

    `strong` asks everybody for a second factor first, where the grant of `action` does not ask itself. `kept`: the
    browser may keep the answer, as the view says; it holds nothing but the map. `on_wall`: a device with the pass of a
    wall screen is let in too, on behalf of who left it there.
    """

    def take(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **parts: Any) -> HttpResponse:
            request.is_wall = False
            if not request.user.is_authenticated:
                passed = screen.actor_of(request, now=request.now) if on_wall else None
                if passed is None:
                    return to_sign_in(request)
                request.actor, request.is_wall = passed, True
            verdict = may(request.actor, action)
            if not verdict and verdict.reason != "second_factor":
                raise NotFound
            if not verdict or (strong and not request.actor.strong):
                return to_second_factor(request)
            return view(request, *args, **parts)

        answering = guarded if kept else never_cache(guarded)
        answering.guard = action  # type: ignore[attr-defined]
        return answering

    return take


def post_only(page: str, *kept: str, do: str = "") -> Callable[[View], View]:
    """For a view that only acts, below `staff`, so that nobody learns more by opening than by sending.

    Its address opened (a reload, a bookmark, the way back from signing in) leads to `page`, which takes the parts
    `kept` of this address; `do` names the part that says which form stands open there.
    """

    def take(view: View) -> View:
        @wraps(view)
        def acting(request: StaffRequest, *args: Any, **parts: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return require_POST(view)(request, *args, **parts)
            address = reverse(page, kwargs={name: parts[name] for name in kept})
            return redirect(f"{address}?{urlencode({'do': parts[do]})}" if do else address)

        return acting

    return take
