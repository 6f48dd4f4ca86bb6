"""Who calls: a program with a token, a reporter with a receipt, a signed-in person, or anyone (who may report).

    Authorization: Bearer TOKEN                      staff or a client program; scopes limit it
    Authorization: Receipt LT-2026-000123-7:SECRET   the reporter of one case; each use spends one of five tries
    Authorization: Receipt PASS                      the same for an hour, with the pass that POST receipts gives
    a signed-in session                              staff, with the same CSRF token as a form

`Gewu-User` beside a session says whose it must be (a percent-encoded name): what one person left on a device is never
done for another who has signed in there since, nor for nobody.
A token is no second factor: posts that demand one act through a session.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext_lazy as _

from gewu.api.errors import Unknown
from gewu.core.errors import Invalid, NotFound, Refused
from gewu.domain.access.actor import ANYONE, Actor
from gewu.domain.accounts.queries import lookup_token
from gewu.domain.cases.queries import actor_for_number, actor_for_receipt
from gewu.domain.people.queries import actor_for_token
from gewu.domain.privacy import receipts
from gewu.domain.requests.caller import address_of


def actor_of(request: HttpRequest, *, now: datetime) -> Actor:
    """The caller; without an Authorization header and a session anyone."""
    header = request.headers.get("Authorization", "")
    scheme, _sep, value = header.partition(" ")
    if not header:
        return _session(request)
    if scheme == "Bearer":
        token = lookup_token(value.strip(), now=now)
        if token is None:
            raise Unknown(_("This token is not known, or it has ended."))
        return actor_for_token(token, now=now)
    if scheme == "Receipt":
        return _reporter(value.strip(), request, now)
    raise Unknown(_("This kind of sign-in is not known."))


def _session(request: HttpRequest) -> Actor:
    """The person the pages know already (`request.actor`), when the call carries the session's CSRF token."""
    actor: Actor = getattr(request, "actor", ANYONE)
    meant = request.headers.get("Gewu-User")
    if meant is not None and (actor.kind != "staff" or unquote(meant) != request.user.get_username()):
        raise Unknown(_("Somebody else is signed in now, or nobody. Please sign in again."))
    if actor.kind != "staff":
        return ANYONE
    if _CsrfCheck(lambda _request: HttpResponse()).process_view(request, None, (), {}):  # type: ignore[arg-type]
        raise Refused(_("The CSRF token is missing or belongs to another session."), code="csrf")
    return actor


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, run here because a call with a token needs none."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _reporter(value: str, request: HttpRequest, now: datetime) -> Actor:
    number, colon, secret = value.partition(":")
    try:
        if colon:
            return actor_for_receipt(receipts.check(number, secret, address=address_of(request), now=now))
        held = receipts.number_in(value, now=now)
        if held is not None:
            return actor_for_number(held)
    except Invalid as error:
        raise Unknown(error.errors[0].message) from None
    except NotFound as error:
        raise Unknown(error.message) from None
    raise Unknown(_("This pass has run out. Please use the receipt again."))
