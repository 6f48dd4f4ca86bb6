"""Tokens for programs: who has one and for what, a new one shown once, the end of one."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gewu.core import chance
from gewu.core.errors import Invalid, NotFound
from gewu.domain.accounts import actions
from gewu.domain.accounts.models import ApiToken
from gewu.domain.accounts.queries import get_user
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, failure_of, perform_once
from gewu.web.staff.guard import post_only, staff

FIELDS = ("name", "client", "user", "scopes", "expires")


@require_http_methods(["GET", "POST"])
@staff("token.edit")
def tokens(request: Request) -> HttpResponse:
    """The list; after issuing, the secret, this once."""
    typed, failure, secret = forms.typed(request, *FIELDS), None, ""
    if request.method == "POST":
        try:
            secret = perform_once(request, typed, lambda: _issue(request, typed)).decode()
        except EXPECTED as error:
            failure = failure_of(error)
        else:
            typed = {}
    context = {
        "rows": ApiToken.objects.select_related("user").order_by("-issued_at"),
        "typed": typed,
        "failure": failure,
        "secret": secret,
        "key": chance.new_id(),
    }
    return render(request, "staff/tokens.html", context, status=failure.status if failure else 200)


@staff("token.edit")
@post_only("staff:tokens")
def revoke(request: Request, token_id: UUID) -> HttpResponse:
    """It stops with its next request."""
    token = get_object_or_404(ApiToken, pk=token_id)
    actions.revoke_token(token, actor=request.actor, now=request.now)
    messages.success(request, _("Revoked."))
    return redirect("staff:tokens")


def _issue(request: Request, typed: dict[str, str]) -> bytes:
    last = forms.day(typed["expires"], at="expires")
    if last is None:
        raise ValueError("a required day was read as none")
    user = None
    if typed["user"]:
        try:
            user = get_user(typed["user"])
        except NotFound:
            raise Invalid.at("user", "unknown", _("There is no such user name.")) from None
    end = datetime.combine(last + timedelta(days=1), time(), timezone.get_default_timezone())
    done = actions.issue_token(
        typed["name"],
        scopes=typed["scopes"].split(),
        expires=end,
        user=user,
        client=typed["client"],
        actor=request.actor,
        now=request.now,
    )
    return done.secret.encode()
