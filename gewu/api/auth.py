"""Who calls: a program with a token, a reporter with a receipt, or anyone (who may report).

    Authorization: Bearer TOKEN                      staff or a client program; scopes limit it
    Authorization: Receipt LT-2026-000123-7:SECRET   the reporter of one case
    a signed-in session                              staff, with the same CSRF token as a form

A token is no second factor: posts that demand one act through a session.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext_lazy as _

from gewu.core.errors import GewuError, Invalid, NotFound
from gewu.domain.access.actor import ANYONE, Actor
from gewu.domain.accounts.queries import lookup_token
from gewu.domain.accounts.second_factor import strong
from gewu.domain.cases.queries import actor_for_receipt
from gewu.domain.people.queries import actor_for, actor_for_token
from gewu.domain.privacy import receipts


class Unknown(GewuError):
    """The caller says who they are, and it is not so."""

    code = "unauthorized"


def actor_of(request: HttpRequest, *, now: datetime) -> Actor:
    """The caller; without an Authorization header anyone."""
    header = request.headers.get("Authorization", "")
    scheme, _sep, value = header.partition(" ")
    if not header:
        return _session(request, now)
    if scheme == "Bearer":
        token = lookup_token(value.strip(), now=now)
        if token is None:
            raise Unknown(_("This token is not known, or it has ended."))
        return actor_for_token(token, now=now)
    if scheme == "Receipt":
        return _reporter(value, request, now)
    raise Unknown(_("This kind of sign-in is not known."))


def _session(request: HttpRequest, now: datetime) -> Actor:
    user = request.user
    if not user.is_authenticated:
        return ANYONE
    if refused := _CsrfCheck(lambda _request: HttpResponse()).process_view(request, None, (), {}):  # type: ignore[arg-type]
        raise Unknown(str(refused))
    return actor_for(user, now=now, strong=strong(request))


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, run here because a call with a token needs none."""

    def _reject(self, request: HttpRequest, reason: str) -> str:  # type: ignore[override]
        return reason


def _reporter(value: str, request: HttpRequest, now: datetime) -> Actor:
    number, _sep, secret = value.partition(":")
    try:
        return actor_for_receipt(receipts.check(number, secret, address=address_of(request), now=now))
    except (Invalid, NotFound) as error:
        raise Unknown(error.message) from None


def address_of(request: HttpRequest) -> str:
    """The caller's address as the server sees it; a declared proxy has put the real one there."""
    return request.META.get("REMOTE_ADDR", "")
