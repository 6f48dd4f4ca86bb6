"""Finding users, tokens and sessions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from allauth.mfa.models import Authenticator

from gewu.core.errors import NotFound
from gewu.domain.accounts.models import ApiToken, User
from gewu.domain.journal import queries as journal
from gewu.domain.names import called
from gewu.domain.statements import TEXT, Prepared, Slot

LOST = frozenset({"account.session_ended", "account.deactivated"})  # a phone deletes what it keeps
ENDED = LOST | {"account.factors_removed"}  # what goes on without a session stops

_SECRET_LENGTH = 128
_TOKEN = Prepared(lambda: ApiToken.objects.select_related("user").filter(hash=Slot("hash", TEXT)))


def get_user(username: str) -> User:
    """The account of this user name."""
    user = User.objects.filter(username=username.lower()).first()
    if user is None:
        raise NotFound
    return user


def names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """How to call these people, for showing a list."""
    found = User.objects.filter(id__in=set(ids)).values_list("id", "name", "names")
    return {one: called(name, others) for one, name, others in found}


def has_second_factor(user: User) -> bool:
    """True when a second factor is enrolled, whether or not this session has shown it."""
    enrolled = Authenticator.objects.filter(user=user)
    return bool(enrolled.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def were_ended(user_id: UUID, *, since: datetime, by: frozenset[str] = ENDED) -> bool:
    """Were this person's sessions ended, or the account closed, after a moment? For what goes on without a session."""
    entries = journal.history(("user", user_id))
    return any(entry.kind in by and entry.at > since for entry in entries)


def lookup_token(secret: str, *, now: datetime) -> ApiToken | None:
    """The token of this secret while it is good: not expired, not revoked, its user's account open."""
    if len(secret) > _SECRET_LENGTH:
        return None
    token = _TOKEN.first(hash=token_hash(secret))
    if token is None or token.revoked_at is not None or token.expires <= now:
        return None
    return None if token.user and not token.user.is_active else token


def token_hash(secret: str) -> str:
    """SHA-256 is enough: the secret is 240 random bits, not something a person chose."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
