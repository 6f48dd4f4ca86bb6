"""Somebody who calls the API: anyone, a person with a session, a program with a token, a reporter with a receipt."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from gewu.domain.access.actor import SYSTEM
from gewu.domain.accounts.actions import issue_token
from gewu.domain.accounts.models import User
from gewu.domain.cases.actions import Reported
from tests.services.time import START

V1 = "/api/v1/"


class Caller:
    """A test client that speaks JSON. `strong` says whether the session has shown a second factor."""

    def __init__(self, headers: dict[str, str] | None = None, client: Client | None = None) -> None:
        self.headers = {"Accept-Language": "en"} | (headers or {})
        self.client = client or Client()

    def as_(self, username: str, *, strong: bool = True) -> Caller:
        """The same door with somebody's session."""
        client = Client()
        user = User.objects.get(username=username)
        client.force_login(user)
        if strong:
            session = client.session
            session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "type": "totp"}]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
        return Caller(self.headers, client)

    def with_token(self, *scopes: str, user: str = "", client: str = "") -> Caller:
        """A program that acts for `user`, or under a name of its own."""
        person = User.objects.get(username=user) if user else None
        issued = issue_token(
            "test",
            scopes=list(scopes),
            expires=START + timedelta(days=30),
            user=person,
            client=client,
            actor=SYSTEM,
            now=START,
        )
        return Caller(self.headers | {"Authorization": f"Bearer {issued.secret}"})

    def with_receipt(self, told: Reported) -> Caller:
        """Whoever holds this receipt."""
        return Caller(self.headers | {"Authorization": f"Receipt {told.report.number}:{told.secret}"})

    def with_headers(self, **headers: str) -> Caller:
        """Further headers, named with underscores."""
        return Caller(
            self.headers | {name.replace("_", "-"): value for name, value in headers.items()}, self.client
        )

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(V1 + path, query, headers=self.headers)

    def post(
        self, path: str, body: Any = None, *, key: str | None = None, method: str = "POST"
    ) -> HttpResponse:
        """A JSON body; `key` is the idempotency key, by default none."""
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        data = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        return self.client.generic(method, V1 + path, data, content_type="application/json", headers=headers)

    def delete(self, path: str) -> HttpResponse:
        return self.post(path, method="DELETE")

    def upload(self, path: str, data: bytes, kind: str = "application/octet-stream") -> HttpResponse:
        """The body is a file."""
        return self.client.generic("POST", V1 + path, data, content_type=kind, headers=self.headers)


def new_key() -> str:
    """A client's own key for one act."""
    return str(uuid4())
