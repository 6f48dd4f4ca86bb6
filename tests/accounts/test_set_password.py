"""Passwords are long, not common, not the words of the place."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session

from gewu.core.errors import Invalid
from gewu.domain.accounts import actions
from gewu.domain.accounts.models import User
from gewu.domain.people.actor import SYSTEM
from tests.services.time import START as NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return actions.create_user("ann", name="安宁", actor=SYSTEM, now=NOW).user


@pytest.mark.parametrize(
    "password", ["green kettle 91 sings", "罗塘的早晨有很多鸟在唱歌", "luotang-green-kettle-91"]
)
def test_a_good_password_is_taken(ann: User, password: str) -> None:
    assert actions.set_password(ann, password, actor=SYSTEM, now=NOW) == password
    assert User.objects.get().check_password(password)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short one", "password_too_short"),
        ("1q2w3e4r5t6y", "password_too_common"),
        ("luotang12345", "password_local_word"),
        ("LuoTang-GEWU-2026", "password_local_word"),
        ("罗塘街道网格2026abcd", "password_local_word"),
    ],
)
def test_a_weak_password_is_refused_and_the_old_one_stays(ann: User, password: str, code: str) -> None:
    before = User.objects.get().password
    with pytest.raises(Invalid) as error:
        actions.set_password(ann, password, actor=SYSTEM, now=NOW)
    assert code in {one.code for one in error.value.errors}
    assert User.objects.get().password == before


def test_without_one_a_password_is_generated(ann: User) -> None:
    password = actions.set_password(ann, actor=SYSTEM, now=NOW)
    assert User.objects.get().check_password(password)


def test_all_sessions_end(ann: User, client: object) -> None:
    client.force_login(ann)  # type: ignore[attr-defined]
    assert Session.objects.count() == 1
    from allauth.usersessions.models import UserSession

    key = Session.objects.get().session_key
    UserSession.objects.create(user=ann, ip="127.0.0.1", session_key=key, user_agent="test")
    actions.set_password(ann, actor=SYSTEM, now=NOW)
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()
