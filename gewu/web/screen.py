"""A wall screen: the command screen goes on for a shift on a device where nobody is signed in.

Somebody who may see the command screen leaves it on a wall; that ends their own session on the device and leaves a
signed pass behind. The pass opens the big screen and what it asks for, nothing else: no queue, case, text or act.
It ends after LASTS, with its giver's post or account, when their sessions are ended, and when somebody signs in there
(docs/adr/0018-wall-screen.md).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from gewu.domain.access.actor import Actor
from gewu.domain.accounts.models import User
from gewu.domain.accounts.queries import were_ended
from gewu.domain.people.queries import actor_for

COOKIE, SALT = "gewu_screen", "gewu.screen"
LASTS = timedelta(hours=12)


def give(response: HttpResponse, actor: Actor, *, now: datetime) -> None:
    """Leave a pass of this person on the device; whether a second factor was shown goes with it."""
    value = signing.dumps([actor.person.hex, int(now.timestamp()), actor.strong], salt=SALT)
    response.set_cookie(
        COOKIE, value, max_age=LASTS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def actor_of(request: HttpRequest, *, now: datetime) -> Actor | None:
    """On whose behalf this device shows the screen, while its pass is good."""
    try:
        person, since, strong = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return None
    given = datetime.fromtimestamp(since, UTC)
    user = User.objects.filter(pk=UUID(person), is_active=True).first()
    if user is None or not given <= now < given + LASTS or were_ended(user.pk, since=given):
        return None
    return actor_for(user, now=now, strong=strong)
