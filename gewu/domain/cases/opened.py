"""The photos of a private case that was opened with a reason: shown for a few minutes by a signed word.

Opening the case is the look that is written down. Its photos come one by one, each by an address of its own; the word
in these addresses says that this person has opened this case in this session just now. Nothing of it is stored.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

from gewu.core import crypto
from gewu.domain.access.actor import Actor
from gewu.domain.privacy import keys

OPEN_FOR = timedelta(minutes=10)


def word_for(number: str, *, actor: Actor, session: str | None, now: datetime) -> str:
    """What goes with the addresses of the photos; empty without a session it could be bound to."""
    if actor.user_id is None or not session:
        return ""
    until = int((now + OPEN_FOR).timestamp())
    return f"{until}.{_signed(number, actor, session, until)}"


def holds(word: str, number: str, *, actor: Actor, session: str | None, now: datetime) -> bool:
    """Whether this person has opened this case in this session within the last minutes."""
    until, _dot, signature = word.partition(".")
    if (
        actor.user_id is None
        or not session
        or not (until.isascii() and until.isdecimal() and len(until) < 12)
    ):
        return False
    signed = _signed(number, actor, session, int(until))
    return crypto.same(signature.encode(), signed.encode()) and now <= datetime.fromtimestamp(
        int(until), tz=UTC
    )


def _signed(number: str, actor: Actor, session: str, until: int) -> str:
    person = actor.user_id.hex if actor.user_id else ""
    made = crypto.mac(keys.secret("cookie"), "opened", number, person, session, str(until))
    return urlsafe_b64encode(made).decode().rstrip("=")
