"""Accounts are made by others, with a password that is shown once."""

from __future__ import annotations

import pytest
from django.test import Client

from gewu.core.errors import Conflict, Invalid
from gewu.domain.accounts import actions, passwords
from gewu.domain.accounts.models import ApiToken, User
from gewu.domain.accounts.queries import get_user, lookup_token
from gewu.domain.journal.models import Entry
from gewu.domain.people.actor import SYSTEM
from tests.services.time import START as NOW

pytestmark = pytest.mark.django_db


def make(username: str = "ann", **fields: str) -> actions.Created:
    return actions.create_user(username, **{"name": "安宁", **fields}, actor=SYSTEM, now=NOW)


def refused(**fields: str) -> tuple[str, str]:
    with pytest.raises(Invalid) as error:
        make(**fields)
    return error.value.errors[0].field, error.value.errors[0].code


def test_a_new_account_signs_in_with_the_generated_password() -> None:
    created = make("Ann.1", phone="138 0013 8000")
    assert get_user("ANN.1") == created.user
    assert (created.user.username, created.user.phone, created.user.email) == ("ann.1", "13800138000", "")
    assert created.user.check_password(created.password)
    assert Client().login(username="ann.1", password=created.password)


def test_the_entry_holds_no_name_and_no_password() -> None:
    created = make()
    entry = Entry.objects.get()
    assert (entry.kind, entry.subject_id, entry.data) == ("account.created", created.user.id, {})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"username": "安宁"}, ("username", "username_malformed")),
        ({"username": ""}, ("username", "required")),
        ({"name": " "}, ("name", "required")),
        ({"phone": "12"}, ("phone", "phone_malformed")),
        ({"email": "nowhere"}, ("email", "email_malformed")),
        ({"language": "la"}, ("language", "language_unknown")),
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, str], expected: tuple[str, str]) -> None:
    assert refused(**fields) == expected
    assert not User.objects.exists()


def test_a_user_name_is_taken_once_whatever_its_letters() -> None:
    make("ann")
    assert refused(username="ANN") == ("username", "username_taken")


def test_changing_writes_the_fields_not_the_values() -> None:
    user = make().user
    actions.change_user(user, name="安妮", phone="", actor=SYSTEM, now=NOW)
    assert User.objects.get().name == "安妮"
    assert Entry.objects.get(kind="account.changed").data == {"fields": ["name"]}
    actions.change_user(user, name="安妮", actor=SYSTEM, now=NOW)
    assert Entry.objects.filter(kind="account.changed").count() == 1


def test_deactivating_ends_sessions_and_tokens_at_once() -> None:
    created = make()
    client = Client()
    client.force_login(created.user)
    issued = actions.issue_token(
        "robot",
        scopes=["case:read"],
        expires=NOW.replace(month=5),
        user=created.user,
        actor=SYSTEM,
        now=NOW,
    )
    actions.deactivate(created.user, actor=SYSTEM, now=NOW)
    assert lookup_token(issued.secret, now=NOW) is None
    assert ApiToken.objects.get().revoked_at == NOW
    assert not Client().login(username="ann", password=created.password)
    with pytest.raises(Conflict):
        actions.deactivate(created.user, actor=SYSTEM, now=NOW)
    actions.reactivate(created.user, actor=SYSTEM, now=NOW)
    assert Client().login(username="ann", password=created.password)


def test_generated_passwords_differ_and_avoid_signs_that_look_alike() -> None:
    some = {passwords.generate() for _ in range(50)}
    assert len(some) == 50
    assert all(len(one) == 23 and not set(one) & set("01lOoI") for one in some)
