"""Making and ending accounts, passwords, second factors, sessions and tokens.

Accounts come before `access` in the order of packages, so whoever calls these asks `access` first
(``people.edit``, ``token.edit``). A password or secret is returned once and stored only as a hash, or sealed by the
sign-in library.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from gewu.core import chance
from gewu.core.errors import Conflict, FieldError, Invalid
from gewu.core.sentences import sentence as _
from gewu.core.text import clean
from gewu.domain.accounts import passwords, rules
from gewu.domain.accounts.models import ApiToken, User
from gewu.domain.accounts.queries import token_hash
from gewu.domain.journal import actions as journal
from gewu.domain.journal.actions import Acting

TOKEN_PREFIX = "gewu_"  # noqa: S105 - lets people and scanners recognise a token that leaked
_TOKEN_BYTES = 30
_TOTP_BYTES = 20


@dataclass(frozen=True)
class Created:
    """A new account with its first password, which is shown once."""

    user: User
    password: str


@dataclass(frozen=True)
class Issued:
    """A new token with its secret, which is shown once."""

    token: ApiToken
    secret: str


def create_user(
    username: str,
    *,
    name: str,
    phone: str = "",
    email: str = "",
    language: str = "",
    actor: Acting,
    now: datetime,
) -> Created:
    """Make an account with a generated password."""
    password = passwords.generate()
    user = User(
        username=rules.username(username),
        name=rules.name(name),
        phone=rules.phone(phone),
        email=rules.email(email),
        language=rules.language(language),
        password=make_password(password),
    )
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            journal.record("account.created", actor=actor, subject=("user", user.id), at=now, data={})
    except IntegrityError:
        message = _("This user name is taken.")
        raise Invalid.at("username", "username_taken", message) from None
    return Created(user, password)


def change_user(
    user: User,
    *,
    name: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    language: str | None = None,
    actor: Acting,
    now: datetime,
) -> User:
    """Change what is given, leave what is None. The user name stays: it is the account's code."""
    given: dict[str, str] = {}
    if name is not None:
        given["name"] = rules.name(name)
    if phone is not None:
        given["phone"] = rules.phone(phone)
    if email is not None:
        given["email"] = rules.email(email)
    if language is not None:
        given["language"] = rules.language(language)
    changed = sorted(field for field, value in given.items() if getattr(user, field) != value)
    if not changed:
        return user
    for field in changed:
        setattr(user, field, given[field])
    with transaction.atomic():
        user.save(update_fields=changed)
        journal.record(
            "account.changed", actor=actor, subject=("user", user.id), at=now, data={"fields": changed}
        )
    return user


def set_password(user: User, password: str | None = None, *, actor: Acting, now: datetime) -> str:
    """Set this password, or a generated one; every session of the user ends. Returns the password in force."""
    chosen = passwords.generate() if password is None else password
    try:
        validate_password(chosen, user)
    except ValidationError as refused:
        raise Invalid(
            [
                FieldError("password", error.code or "password_weak", " ".join(error.messages))
                for error in refused.error_list
            ]
        ) from None
    user.password = make_password(chosen)
    with transaction.atomic():
        user.save(update_fields=["password"])
        _end_sessions(user.id)
        journal.record("account.password_set", actor=actor, subject=("user", user.id), at=now, data={})
    return chosen


def deactivate(user: User, *, actor: Acting, now: datetime) -> None:
    """Close the account at once: sessions end, tokens are revoked. Posts are ended by `people`."""
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            raise Conflict(_("This account is already closed."), code="already_closed")
        ended = _end_sessions(user.id)
        revoked = ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)
        journal.record(
            "account.deactivated",
            actor=actor,
            subject=("user", user.id),
            at=now,
            data={"sessions": ended, "tokens": revoked},
        )
    user.is_active = False


def reactivate(user: User, *, actor: Acting, now: datetime) -> None:
    """Open a closed account again; its tokens stay revoked."""
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            raise Conflict(_("This account is open."), code="already_open")
        journal.record("account.reactivated", actor=actor, subject=("user", user.id), at=now, data={})
    user.is_active = True


def end_sessions(user: User, *, actor: Acting, now: datetime) -> int:
    """A lost phone: every session of the user ends with its next request."""
    with transaction.atomic():
        ended = _end_sessions(user.id)
        journal.record(
            "account.session_ended", actor=actor, subject=("user", user.id), at=now, data={"sessions": ended}
        )
    return ended


def add_totp(user: User, *, actor: Acting, now: datetime) -> str:
    """Enrol a second factor on the user's behalf, for a demo town; returns the secret for the authenticator app."""
    secret = base64.b32encode(chance.token_bytes(_TOTP_BYTES)).decode("ascii")
    try:
        with transaction.atomic():
            TOTP.activate(user, secret)
            journal.record(
                "account.factor_added",
                actor=actor,
                subject=("user", user.id),
                at=now,
                data={"factor": "totp"},
            )
    except IntegrityError:
        raise Conflict(_("This account has an authenticator app already."), code="factor_exists") from None
    return secret


def remove_factors(user: User, *, actor: Acting, now: datetime) -> int:
    """A lost authenticator: all second factors go and all sessions end; the person enrols again."""
    with transaction.atomic():
        count: int = Authenticator.objects.filter(user=user).delete()[0]
        _end_sessions(user.id)
        journal.record(
            "account.factors_removed",
            actor=actor,
            subject=("user", user.id),
            at=now,
            data={"count": count},
        )
    return count


def issue_token(
    name: str,
    *,
    scopes: Sequence[str],
    expires: datetime,
    user: User | None = None,
    client: str = "",
    actor: Acting,
    now: datetime,
) -> Issued:
    """A token for a program: acting for `user`, or under the name `client`. One of the two."""
    if (user is None) == (not client):
        message = _("A token belongs to a person or to a named program.")
        raise Invalid.at("client", "token_owner", message)
    secret = TOKEN_PREFIX + chance.token_bytes(_TOKEN_BYTES).hex()
    token = ApiToken(
        name=clean(name, max_length=80, lines=False, field="name", required=True),
        user=user,
        client=clean(client, max_length=40, lines=False, field="client"),
        hash=token_hash(secret),
        scopes=rules.scopes(list(scopes)),
        issued_at=now,
        expires=rules.token_end(expires, now=now),
    )
    with transaction.atomic():
        token.save(force_insert=True)
        journal.record(
            "token.issued",
            actor=actor,
            subject=("token", token.id),
            at=now,
            data={"user": user.id if user else None, "scopes": token.scopes, "expires": expires},
        )
    return Issued(token, secret)


def revoke_token(token: ApiToken, *, actor: Acting, now: datetime) -> None:
    """The token stops with its next request."""
    with transaction.atomic():
        if not ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now):
            raise Conflict(_("This token is already revoked."), code="already_revoked")
        journal.record("token.revoked", actor=actor, subject=("token", token.id), at=now, data={})
    token.revoked_at = now


def _end_sessions(user_id: UUID) -> int:
    engine = import_module(settings.SESSION_ENGINE)
    keys = list(UserSession.objects.filter(user_id=user_id).values_list("session_key", flat=True))
    for key in keys:
        engine.SessionStore().delete(key)
    UserSession.objects.filter(user_id=user_id).delete()
    return len(keys)
