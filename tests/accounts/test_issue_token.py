"""Tokens for programs: shown once, kept as a hash, never for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gewu.core.errors import Conflict, Invalid
from gewu.domain.accounts import actions
from gewu.domain.accounts.models import ApiToken
from gewu.domain.accounts.queries import lookup_token
from gewu.domain.journal.models import Entry
from gewu.domain.people.actor import SYSTEM
from tests.services.time import START as NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


def issue(**given: object) -> actions.Issued:
    fields = {"scopes": ["case:read"], "expires": LATER, "client": "hotline", **given}
    return actions.issue_token("Hotline", **fields, actor=SYSTEM, now=NOW)  # type: ignore[arg-type]


def test_a_token_is_found_by_its_secret_alone() -> None:
    issued = issue(scopes=["case:write", "case:read"])
    assert lookup_token(issued.secret, now=NOW) == issued.token
    assert issued.token.scopes == ["case:read", "case:write"]
    assert issued.secret not in str(ApiToken.objects.values().get())
    assert issued.secret not in str(Entry.objects.values().get())


@pytest.mark.parametrize("secret", ["", "gewu_0", "x" * 10_000, "\ud800"])
def test_nonsense_finds_nothing(secret: str) -> None:
    issue()
    assert lookup_token(secret, now=NOW) is None


def test_a_token_ends_by_itself_and_by_hand() -> None:
    issued = issue()
    assert lookup_token(issued.secret, now=LATER) is None
    actions.revoke_token(issued.token, actor=SYSTEM, now=NOW)
    assert lookup_token(issued.secret, now=NOW) is None
    with pytest.raises(Conflict):
        actions.revoke_token(issued.token, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"expires": NOW}, "expires"),
        ({"expires": NOW + timedelta(days=401)}, "expires"),
        ({"client": ""}, "client"),
    ],
)
def test_what_a_token_must_say(given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as error:
        issue(**given)
    assert error.value.errors[0].field == field
