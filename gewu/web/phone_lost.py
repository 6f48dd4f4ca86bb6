"""One's own phone is gone, said from another one or from an office PC.

Everybody who can sign in may say it, also without a post: it ends only what is theirs.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gewu.domain.accounts import actions as accounts
from gewu.web.request import StaffRequest


@never_cache
@require_POST
@login_required
def own(request: StaffRequest) -> HttpResponse:
    """Every session of this person ends, this one too; their phones forget at the next contact."""
    accounts.end_sessions(request.user, actor=request.actor, now=request.now)
    logout(request)  # and no more: the page token changes with it, by which the app on this device knows
    messages.success(request, _("Your phone is reported as lost. You are signed out everywhere, here too."))
    return redirect("account_login")
