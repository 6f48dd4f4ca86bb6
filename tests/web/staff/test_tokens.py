"""Tokens are shown once and end at once."""

from __future__ import annotations

import re
from types import ModuleType

from gewu.core.clock import DrivenClock
from gewu.domain.accounts.models import ApiToken
from gewu.domain.accounts.queries import lookup_token
from tests.web.pages import form
from tests.web.staff.pages import client_of, text_of

GIVEN = {"name": "Hotline", "client": "hotline", "scopes": "case:read case:write", "expires": "2026-12-31"}


def test_a_token_is_shown_once_and_revoked(desk: ModuleType, clock: DrivenClock) -> None:
    client = client_of("administrator")
    fields = form(client.get("/staff/tokens"), "") | GIVEN
    found = re.search(r"<code>(gewu_\w+)</code>", text_of(client.post("/staff/tokens", fields)))
    assert found
    assert lookup_token(found[1], now=clock.now()) is not None
    assert found[1] not in text_of(client.get("/staff/tokens"))
    client.post(f"/staff/tokens/{ApiToken.objects.get().pk}/revoke")
    assert lookup_token(found[1], now=clock.now()) is None


def test_a_second_sending_makes_no_second_token(desk: ModuleType) -> None:
    client = client_of("administrator")
    fields = form(client.get("/staff/tokens"), "") | GIVEN
    first, second = client.post("/staff/tokens", fields), client.post("/staff/tokens", fields)
    assert ApiToken.objects.count() == 1
    assert re.findall("gewu_[0-9a-f]+", text_of(first)) == re.findall("gewu_[0-9a-f]+", text_of(second))


def test_a_token_without_an_end_is_refused(desk: ModuleType) -> None:
    client = client_of("administrator")
    fields = form(client.get("/staff/tokens"), "") | GIVEN | {"expires": ""}
    answer = client.post("/staff/tokens", fields)
    assert answer.status_code == 422
    assert 'value="Hotline"' in text_of(answer)
