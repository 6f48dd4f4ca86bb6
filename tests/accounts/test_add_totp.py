"""A second factor enrolled on somebody's behalf, and how a session shows that it was used."""

from __future__ import annotations

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from gewu.core import chance
from gewu.core.errors import Conflict
from gewu.domain.accounts import actions
from gewu.domain.accounts.models import User
from gewu.domain.accounts.queries import has_second_factor
from gewu.domain.accounts.second_factor import strong
from gewu.domain.people.actor import SYSTEM
from tests.services.time import START as NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return actions.create_user("ann", name="安宁", actor=SYSTEM, now=NOW).user


def test_the_secret_makes_codes_that_are_good(ann: User) -> None:
    assert not has_second_factor(ann)
    secret = actions.add_totp(ann, actor=SYSTEM, now=NOW)
    assert has_second_factor(ann)
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert Authenticator.objects.get().wrap().validate_code(code)


def test_a_demo_town_has_the_same_secret_each_time(ann: User) -> None:
    with chance.seeded(7):
        first = actions.add_totp(ann, actor=SYSTEM, now=NOW)
    actions.remove_factors(ann, actor=SYSTEM, now=NOW)
    with chance.seeded(7):
        assert actions.add_totp(ann, actor=SYSTEM, now=NOW) == first


def test_a_second_app_is_refused(ann: User) -> None:
    actions.add_totp(ann, actor=SYSTEM, now=NOW)
    with pytest.raises(Conflict):
        actions.add_totp(ann, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    ("methods", "expected"), [(["password"], False), (["password", "mfa"], True), ([], False)]
)
def test_a_session_is_strong_once_a_second_factor_was_shown(
    ann: User, methods: list[str], expected: bool
) -> None:
    request = RequestFactory().get("/")
    request.session, request.user = SessionStore(), ann
    for method in methods:
        record_authentication(request, ann, method)
    assert strong(request) is expected


def test_what_another_user_showed_does_not_count(ann: User) -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    record_authentication(request, ann, "mfa")
    request.user = actions.create_user("bob", name="鲍勃", actor=SYSTEM, now=NOW).user
    assert strong(request) is False
