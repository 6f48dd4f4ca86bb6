"""When a password alone is not enough, and how a session shows that a second factor was used.

The roles of rules.md 4 must always show one; a reveal or an export asks everybody for one (`strong` of the actor).
"""

from __future__ import annotations

from typing import Protocol

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

COMPULSORY_ROLES = frozenset(
    {"administrator", "privacy_officer", "identity_officer", "supervisor", "dispatcher", "duty_lead"}
)


class _Wearer(Protocol):
    """An actor as far as this question goes; `people` comes after this package."""

    @property
    def strong(self) -> bool: ...

    @property
    def roles(self) -> frozenset[str]: ...


def strong(request: HttpRequest) -> bool:
    """True when this session has shown a second factor, or a passkey, which is two in one."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def needs_second_factor(actor: _Wearer) -> bool:
    """True when one of the actor's posts demands a second factor and this session has shown none."""
    return not actor.strong and bool(actor.roles & COMPULSORY_ROLES)
