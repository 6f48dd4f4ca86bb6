"""One way to open a transaction; a busy or full store becomes an answer a person understands."""

from __future__ import annotations

import sqlite3
import threading
from datetime import timedelta
from typing import Any

import psycopg.errors
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from gewu.core.errors import Broken, Unavailable
from gewu.domain.journal.models import Cursor
from gewu.domain.requests import work
from gewu.domain.requests.work import retry_after, translated, unit_of_work
from tests.requests.threads import run_at_once


@pytest.mark.django_db
def test_all_or_nothing() -> None:
    with unit_of_work():
        Cursor.objects.create(name="kept")
    with pytest.raises(Broken), unit_of_work():
        Cursor.objects.create(name="gone")
        raise Broken("no")
    assert list(Cursor.objects.values_list("name", flat=True)) == ["kept"]


@pytest.mark.django_db
def test_a_unit_may_stand_in_another() -> None:
    with unit_of_work():
        with pytest.raises(Broken), unit_of_work():
            Cursor.objects.create(name="inner")
            raise Broken("no")
        Cursor.objects.create(name="outer")
    assert list(Cursor.objects.values_list("name", flat=True)) == ["outer"]


@pytest.mark.django_db(transaction=True)
def test_a_durable_unit_may_not() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), unit_of_work(durable=True):
        pass


@pytest.mark.django_db
def test_other_errors_of_the_store_pass_through() -> None:
    Cursor.objects.create(name="one")
    with pytest.raises(IntegrityError), unit_of_work():
        Cursor.objects.create(name="one")
    with pytest.raises(DatabaseError), unit_of_work(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")


@pytest.mark.django_db(transaction=True)
def test_a_failed_unit_leaves_the_next_one_its_turn() -> None:
    def fail() -> None:
        with pytest.raises(Broken), unit_of_work():
            raise Broken("no")

    run_at_once([fail])
    with unit_of_work():
        Cursor.objects.create(name="next")
    assert Cursor.objects.count() == 1


def sqlite_error(code: int) -> OperationalError:
    error = OperationalError("said by the store")
    error.__cause__ = cause = sqlite3.OperationalError("said by the store")
    cause.sqlite_errorcode = code
    return error


def postgresql_error(kind: type[psycopg.Error]) -> OperationalError:
    error = OperationalError("said by the store")
    error.__cause__ = kind("said by the store")
    return error


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (sqlite_error(sqlite3.SQLITE_BUSY), 5),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), 5),
        (sqlite_error(sqlite3.SQLITE_FULL), 60),
        (sqlite_error(sqlite3.SQLITE_IOERR_WRITE), 60),
        (postgresql_error(psycopg.errors.LockNotAvailable), 5),
        (postgresql_error(psycopg.errors.SerializationFailure), 5),
        (postgresql_error(psycopg.errors.DeadlockDetected), 5),
        (postgresql_error(psycopg.errors.AdminShutdown), 5),
        (postgresql_error(psycopg.errors.ConnectionFailure), 5),
        (postgresql_error(psycopg.OperationalError), 5),  # lost without a code
        (postgresql_error(psycopg.errors.DiskFull), 60),
    ],
)
def test_busy_full_and_gone_say_when_to_come_back(error: OperationalError, seconds: int) -> None:
    with pytest.raises(Unavailable) as caught, translated():
        raise error
    assert caught.value.retry_after == timedelta(seconds=seconds)
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [sqlite_error(sqlite3.SQLITE_CORRUPT), sqlite_error(sqlite3.SQLITE_READONLY), sqlite_error(sqlite3.SQLITE_ERROR),
     postgresql_error(psycopg.errors.UndefinedTable), postgresql_error(psycopg.errors.UniqueViolation)],
)  # fmt: skip
def test_what_does_not_pass_by_waiting_is_left_as_it_is(error: OperationalError) -> None:
    assert retry_after(error) is None
    with pytest.raises(OperationalError), translated():
        raise error


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "holding", [unit_of_work, transaction.atomic], ids=["in this process", "from another one"]
)
def test_a_store_locked_for_too_long_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, settings: Any, holding: Any
) -> None:
    Cursor.objects.create(name="held")
    monkeypatch.setattr(work, "LOCK_WAIT", "100ms")
    monkeypatch.setattr(work, "TURN_WAIT", timedelta(milliseconds=100))
    held, tried = threading.Event(), threading.Event()

    def holder() -> None:
        with holding():
            Cursor.objects.filter(name="held").update(position=1)
            held.set()
            tried.wait(timeout=20)

    def loser() -> None:
        held.wait(timeout=20)
        try:
            impatient()
            with pytest.raises(Unavailable), unit_of_work():
                Cursor.objects.filter(name="held").update(position=2)
        finally:
            tried.set()

    run_at_once([holder, loser])
    assert Cursor.objects.get().position == 1


def impatient() -> None:
    """SQLite waits as the connection says; PostgreSQL as the unit of work says."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 100")
