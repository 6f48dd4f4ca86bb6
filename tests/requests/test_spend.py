"""Limits on tries: exact, also when many ask at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from gewu.core.errors import TooMany
from gewu.domain.requests import actions
from gewu.domain.requests.models import Throttle
from tests.requests.threads import run_at_once
from tests.services.time import START

WINDOW = timedelta(minutes=15)


def spend(bucket: str = "receipt:1:address", *, limit: int = 5, now: Any = START) -> bool:
    """True when the try was let through."""
    try:
        actions.spend(bucket, limit=limit, window=WINDOW, now=now)
    except TooMany:
        return False
    return True


@pytest.mark.django_db
def test_as_many_tries_as_the_limit_says() -> None:
    assert [spend() for _ in range(8)] == [True] * 5 + [False] * 3


@pytest.mark.django_db
def test_the_error_says_when_to_come_back() -> None:
    spend(limit=1)
    with pytest.raises(TooMany) as caught:
        actions.spend("receipt:1:address", limit=1, window=WINDOW, now=START + timedelta(minutes=5))
    assert caught.value.retry_after == timedelta(minutes=10)


@pytest.mark.django_db
def test_a_new_window_begins_when_the_old_one_is_over() -> None:
    assert [spend(limit=1), spend(limit=1)] == [True, False]
    assert not spend(limit=1, now=START + WINDOW - timedelta(microseconds=1))
    assert spend(limit=1, now=START + WINDOW)
    assert not spend(limit=1, now=START + WINDOW)


@pytest.mark.django_db
def test_each_bucket_counts_for_itself() -> None:
    assert [spend(limit=1), spend("other", limit=1)] == [True, True]


@pytest.mark.django_db
def test_hammering_does_not_count_on_for_ever() -> None:
    for _ in range(20):
        spend()
    assert Throttle.objects.get().spent == 6


@pytest.mark.django_db
def test_the_bucket_is_not_stored() -> None:
    spend("receipt:1:203.0.113.7")
    assert b"203" not in bytes(Throttle.objects.get().bucket_hash)


@pytest.mark.django_db(transaction=True)
def test_counting_inside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        spend()


@pytest.mark.django_db(transaction=True)
def test_64_at_once_are_counted_as_64() -> None:
    passed: list[bool] = []
    run_at_once([lambda: passed.append(spend(limit=10))] * 64)
    assert (len(passed), sum(passed)) == (64, 10)
