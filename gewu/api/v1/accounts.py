"""Accounts and tokens, for the administrator. A secret stands in one answer and nowhere else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from gewu.api.endpoint import Call, endpoint
from gewu.api.v1.shapes import DoneOut, Moment, Out
from gewu.core.errors import NotFound
from gewu.domain.accounts import actions, queries
from gewu.domain.accounts.models import ApiToken, User


class AccountIn(msgspec.Struct, frozen=True):
    """A new account."""

    username: str
    name: str
    phone: str = ""
    email: str = ""
    language: str = ""


class AccountChangeIn(msgspec.Struct, frozen=True):
    """What changes; what is missing stays."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str | None = None


class AccountOut(Out, frozen=True):
    """An account. `password` only where one was just made."""

    username: str
    name: str
    phone: str = ""
    email: str = ""
    language: str = ""
    is_active: bool = True
    password: str = ""

    @classmethod
    def of(cls, user: User, password: str = "") -> AccountOut:
        return cls(
            username=user.username,
            name=user.name,
            phone=user.phone,
            email=user.email,
            language=user.language,
            is_active=user.is_active,
            password=password,
        )


class TokenIn(msgspec.Struct, frozen=True):
    """A token for a program: of a user, or under a name of its own (`client`)."""

    name: str
    scopes: list[str]
    expires: Moment
    username: str = ""
    client: str = ""


class TokenOut(Out, frozen=True):
    """A token. `secret` only in the answer that made it."""

    id: str
    name: str
    scopes: list[str]
    expires: datetime
    username: str = ""
    client: str = ""
    revoked_at: datetime | None = None
    secret: str = ""

    @classmethod
    def of(cls, token: ApiToken, secret: str = "") -> TokenOut:
        return cls(
            id=str(token.id),
            name=token.name,
            scopes=token.scopes,
            expires=token.expires,
            username=token.user.username if token.user else "",
            client=token.client,
            revoked_at=token.revoked_at,
            secret=secret,
        )


class TokensOut(Out, frozen=True):
    """Tokens, newest first."""

    items: list[TokenOut]


@endpoint("POST", "accounts", body=AccountIn, answer=AccountOut, guard="people.edit", status=201)
def create_account(call: Call[AccountIn]) -> AccountOut:
    """A new account with a generated password, shown once."""
    body = call.body
    made = actions.create_user(
        body.username,
        name=body.name,
        phone=body.phone,
        email=body.email,
        language=body.language,
        actor=call.actor,
        now=call.now,
    )
    return AccountOut.of(made.user, made.password)


@endpoint("GET", "accounts/<username>", answer=AccountOut, guard="people.edit")
def show_account(call: Call[None], username: str) -> AccountOut:
    """One account."""
    return AccountOut.of(queries.get_user(username))


@endpoint("POST", "accounts/<username>", body=AccountChangeIn, answer=AccountOut, guard="people.edit")
def change_account(call: Call[AccountChangeIn], username: str) -> AccountOut:
    """Change what is given."""
    body = call.body
    user = actions.change_user(
        queries.get_user(username),
        name=body.name,
        phone=body.phone,
        email=body.email,
        language=body.language,
        actor=call.actor,
        now=call.now,
    )
    return AccountOut.of(user)


@endpoint("POST", "accounts/<username>/password", answer=AccountOut, guard="people.edit")
def reset_password(call: Call[None], username: str) -> AccountOut:
    """A new generated password, shown once; every session of the account ends."""
    user = queries.get_user(username)
    return AccountOut.of(user, actions.set_password(user, actor=call.actor, now=call.now) or "")


@endpoint("POST", "accounts/<username>/close", answer=AccountOut, guard="people.edit")
def close_account(call: Call[None], username: str) -> AccountOut:
    """Close the account at once: sessions end, tokens are revoked."""
    actions.deactivate(queries.get_user(username), actor=call.actor, now=call.now)
    return AccountOut.of(queries.get_user(username))


@endpoint("POST", "accounts/<username>/open", answer=AccountOut, guard="people.edit")
def open_account(call: Call[None], username: str) -> AccountOut:
    """Open a closed account again; its tokens stay revoked."""
    actions.reactivate(queries.get_user(username), actor=call.actor, now=call.now)
    return AccountOut.of(queries.get_user(username))


@endpoint("POST", "accounts/<username>/sessions/end", answer=DoneOut, guard="people.edit")
def end_sessions(call: Call[None], username: str) -> DoneOut:
    """A lost phone: every session of the account ends."""
    actions.end_sessions(queries.get_user(username), actor=call.actor, now=call.now)
    return DoneOut()


@endpoint("POST", "accounts/<username>/factors/remove", answer=DoneOut, guard="people.edit")
def remove_factors(call: Call[None], username: str) -> DoneOut:
    """A lost authenticator: all second factors go, and the person enrols again."""
    actions.remove_factors(queries.get_user(username), actor=call.actor, now=call.now)
    return DoneOut()


@endpoint("GET", "tokens", answer=TokensOut, guard="token.edit", query=("limit",))
def list_tokens(call: Call[None]) -> TokensOut:
    """All tokens, without their secrets."""
    rows = ApiToken.objects.select_related("user").order_by("-issued_at", "-id")[: call.limit]
    return TokensOut(items=[TokenOut.of(row) for row in rows])


@endpoint("POST", "tokens", body=TokenIn, answer=TokenOut, guard="token.edit", status=201)
def issue_token(call: Call[TokenIn]) -> TokenOut:
    """A token for a program; its secret is shown once."""
    body = call.body
    issued = actions.issue_token(
        body.name,
        scopes=body.scopes,
        expires=body.expires,
        user=queries.get_user(body.username) if body.username else None,
        client=body.client,
        actor=call.actor,
        now=call.now,
    )
    return TokenOut.of(issued.token, issued.secret)


@endpoint("DELETE", "tokens/<uuid:token_id>", answer=DoneOut, guard="token.edit")
def revoke_token(call: Call[None], token_id: UUID) -> DoneOut:
    """The token stops with its next request."""
    token = ApiToken.objects.filter(pk=token_id).first()
    if token is None:
        raise NotFound
    actions.revoke_token(token, actor=call.actor, now=call.now)
    return DoneOut()


@endpoint("POST", "my/phone-lost", answer=DoneOut, guard="desk.arrange", keyed=False)
def report_own_phone(call: Call[None]) -> DoneOut:
    """One's own phone is gone: every session of the caller ends, and their phones forget at the next contact."""
    actions.end_sessions(User.objects.get(pk=call.actor.person), actor=call.actor, now=call.now)
    return DoneOut()
