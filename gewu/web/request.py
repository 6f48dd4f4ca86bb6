"""A page's request as `middleware` hands it on; for annotations."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from gewu.domain.access.actor import Actor
from gewu.domain.accounts.models import User


class Request(HttpRequest):
    """With the one moment the page speaks of, and who asks for it."""

    now: datetime
    actor: Actor
    is_wall: bool  # a wall screen's: nobody is signed in, and nothing but the big screen opens


class StaffRequest(Request):
    """Of somebody who is signed in, as the guard of the staff pages hands it on."""

    user: User
