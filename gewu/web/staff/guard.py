"""Who may open a staff page: signed in, and holding a post for which the access table says yes.

Each view names its action; the tests of access read it from the view. What somebody may not know of is "not found",
a missing second factor leads to the page where it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from gewu.core.errors import NotFound
from gewu.domain.access.table import may

View = Callable[..., HttpResponse]


def staff(action: str) -> Callable[[View], View]:
    """Let a view in only for those who may do `action` at all; rows are judged again by the domain."""

    def take(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            verdict = may(request.actor, action)
            if verdict.reason == "second_factor":
                return redirect("mfa_index")
            if not verdict:
                raise NotFound
            return view(request, *args, **parts)

        guarded.guard = action  # type: ignore[attr-defined]
        return guarded

    return take
