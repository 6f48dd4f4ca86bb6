"""Doing something once however often it is asked for."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from gewu.core import chance
from gewu.core.errors import Broken, InProgress, Invalid
from gewu.domain.journal import actions as journal
from gewu.domain.journal.models import Cursor
from gewu.domain.requests import actions
from gewu.domain.requests.actions import Answer
from gewu.domain.requests.models import ClientKey
from tests.requests.threads import run_at_once
from tests.services.time import START

KEY = UUID("01900000-0000-7000-8000-000000000001")
SECRET = b"receipt 4821 0937 5516 2048"


class Act:
    """Something that must happen once: it moves a cursor by one and counts its calls."""

    def __init__(self, answer: bytes = SECRET) -> None:
        self.answer = answer
        self.calls = 0

    def __call__(self) -> bytes:
        self.calls += 1
        at = Cursor.objects.filter(name="acts").values_list("position", flat=True).first() or 0
        journal.move_cursor("acts", at, at + 1)
        return self.answer


def times_done() -> int:
    return Cursor.objects.filter(name="acts").values_list("position", flat=True).first() or 0


def once(
    act: Act, key: UUID | None = KEY, body: bytes = b"body", scope: str = "phone:1", **words: Any
) -> Answer:
    return actions.once(scope, key, body, now=words.get("now", START), perform=act)


@pytest.mark.django_db
def test_a_repeat_gets_the_first_answer() -> None:
    act = Act()
    assert once(act) == Answer(SECRET, repeated=False)
    assert once(Act(b"other")) == Answer(SECRET, repeated=True)
    assert (act.calls, times_done()) == (1, 1)


@pytest.mark.django_db
def test_without_a_key_it_is_performed_each_time() -> None:
    act = Act()
    assert [once(act, key=None).repeated for _ in range(2)] == [False, False]
    assert act.calls == 2
    assert not ClientKey.objects.exists()


@pytest.mark.django_db
def test_each_scope_and_key_is_a_request_of_its_own() -> None:
    act = Act()
    once(act)
    once(act, scope="phone:2")
    once(act, key=chance.new_id())
    assert act.calls == 3


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused() -> None:
    once(Act())
    act = Act()
    with pytest.raises(Invalid) as caught:
        once(act, body=b"other")
    assert caught.value.code == "key_reused"
    assert caught.value.errors[0].code == "key_reused"
    assert act.calls == 0
    with pytest.raises(Invalid):
        actions.peek("phone:1", KEY, b"other", now=START)


@pytest.mark.django_db
def test_a_failure_is_not_kept_and_undoes_everything() -> None:
    def fail() -> bytes:
        Act()()
        raise Broken("no")

    with pytest.raises(Broken):
        actions.once("phone:1", KEY, b"body", now=START, perform=fail)
    assert (times_done(), ClientKey.objects.count()) == (0, 0)
    assert not once(Act()).repeated


@pytest.mark.django_db
def test_an_answer_is_found_without_performing(django_assert_num_queries: Any) -> None:
    assert actions.peek("phone:1", KEY, b"body", now=START) is None
    once(Act())
    with django_assert_num_queries(1):
        assert actions.peek("phone:1", KEY, b"body", now=START) == Answer(SECRET, repeated=True)
    with django_assert_num_queries(0):
        assert actions.peek("phone:1", None, b"body", now=START) is None


@pytest.mark.django_db
def test_after_thirty_days_the_key_is_free_again() -> None:
    once(Act())
    almost, after = START + timedelta(days=30, microseconds=-1), START + timedelta(days=30)
    assert once(Act(), now=almost).repeated
    assert actions.peek("phone:1", KEY, b"body", now=after) is None
    assert once(Act(b"new"), now=after) == Answer(b"new", repeated=False)
    assert once(Act(), now=after) == Answer(b"new", repeated=True)
    assert ClientKey.objects.count() == 1


@pytest.mark.django_db
def test_the_database_alone_opens_nothing() -> None:
    once(Act())
    row = ClientKey.objects.get()
    stored = b"".join(bytes(value) for value in (row.key_hash, row.body_hash, row.answer or b""))
    assert all(hidden not in stored for hidden in (SECRET, KEY.bytes, KEY.hex.encode(), b"body", b"phone"))
    assert SECRET.decode() not in repr(Answer(SECRET, repeated=False))


@pytest.mark.django_db
def test_a_changed_answer_is_noticed() -> None:
    once(Act())
    sealed = bytes(ClientKey.objects.get().answer or b"")
    ClientKey.objects.update(answer=sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(Broken):
        once(Act())


@pytest.mark.django_db
def test_it_works_inside_an_open_transaction() -> None:
    with transaction.atomic():
        assert not once(Act()).repeated
        assert once(Act()).repeated
    assert ClientKey.objects.count() == 1


@pytest.mark.django_db
def test_the_transaction_around_it_takes_the_answer_back_too() -> None:
    with pytest.raises(Broken), transaction.atomic():
        once(Act())
        raise Broken("after")
    assert not once(Act()).repeated


@pytest.mark.django_db
def test_an_act_that_asks_for_itself_is_in_progress() -> None:
    with pytest.raises(InProgress):
        actions.once("s", KEY, b"b", now=START, perform=lambda: once(Act(), body=b"b", scope="s").body)
    assert not ClientKey.objects.exists()


@pytest.mark.django_db
def test_sweeping_removes_what_is_over() -> None:
    once(Act())
    once(Act(), key=chance.new_id(), now=START + timedelta(days=1))
    actions.spend("b", limit=5, window=timedelta(minutes=15), now=START)
    assert actions.sweep(START) == 0
    assert actions.sweep(START + timedelta(days=30)) == 2
    assert ClientKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_perform_once() -> None:
    act, answers = Act(), []
    run_at_once([lambda: answers.append(once(act))] * 16)
    assert (act.calls, times_done()) == (1, 1)
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * 15
    assert {answer.body for answer in answers} == {SECRET}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_repeat_of_a_running_request_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "RUNNING_WAIT", "100ms")
    begun, asked = threading.Event(), threading.Event()

    def slowly() -> bytes:
        begun.set()
        asked.wait(timeout=20)
        return SECRET

    def first() -> None:
        assert actions.once("phone:1", KEY, b"body", now=START, perform=slowly) == Answer(SECRET, False)

    def second() -> None:
        begun.wait(timeout=20)
        try:
            with pytest.raises(InProgress) as caught:
                once(Act())
            assert caught.value.facts["retry_after"] == timedelta(seconds=2)
        finally:
            asked.set()

    run_at_once([first, second])
    assert once(Act()) == Answer(SECRET, repeated=True)
    assert connection.vendor == "postgresql"
