"""A page's request as `middleware` hands it on; for annotations."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from gewu.domain.access.actor import Actor
from gewu.domain.accounts.models import User


def count_in(text: str) -> int | None:
    """A whole number of an address or hidden field; None when it is none, or larger than any we give out."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


class Request(HttpRequest):
    """With the one moment the page speaks of, and who asks for it."""

    now: datetime
    actor: Actor
    is_wall: bool  # a wall screen's: nobody is signed in, and nothing but the big screen opens


class StaffRequest(Request):
    """Of somebody who is signed in, as the guard of the staff pages hands it on."""

    user: User
