"""Settings that would lose, betray or invent data are found before anything is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.db import connection

from gewu.config import checks


def ids(found: list[CheckMessage]) -> list[str]:
    return [str(one.id) for one in found]


@pytest.mark.django_db
def test_the_store_of_the_program_is_safe() -> None:
    assert checks.check_store(None, databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("pragma", "code"),
    [
        ("synchronous=NORMAL", "gewu.E001"),
        ("synchronous=OFF", "gewu.E001"),
        ("foreign_keys=OFF", "gewu.E003"),
        ("secure_delete=OFF", "gewu.E004"),
    ],
)
def test_what_is_in_force_counts_not_what_a_file_says(pragma: str, code: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("speaks about SQLite")
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
    try:
        assert ids(checks.check_store(None, databases=["default"])) == [code]
    finally:
        connection.close()  # the next connection is as the settings say


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_postgresql_without_waiting_for_the_disk_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        try:
            assert ids(checks.check_store(None, databases=["default"])) == ["gewu.E006"]
        finally:
            cursor.execute("RESET synchronous_commit")


def test_the_witness_stands_outside(data_dir: Path, settings: Any) -> None:
    settings.HEADS = data_dir / "heads"
    assert "gewu.E011" in ids(checks.check_folders(None))
    settings.HEADS = data_dir.parent / "heads"
    assert ids(checks.check_folders(None)) == []


def test_keys_do_not_lie_with_the_backups(data_dir: Path, settings: Any) -> None:
    settings.HEADS = data_dir.parent / "heads"
    settings.KEYS = settings.BACKUPS / "keys"
    assert ids(checks.check_folders(None)) == ["gewu.E012"]


def test_a_restore_that_was_broken_off_is_no_installation(data_dir: Path, settings: Any) -> None:
    settings.HEADS = data_dir.parent / "heads"
    checks.restoring(data_dir).touch()
    assert ids(checks.check_folders(None)) == ["gewu.E014"]


def test_a_key_others_may_read_is_named(data_dir: Path, settings: Any) -> None:
    settings.KEYS.mkdir(mode=0o700)
    key = settings.KEYS / "receipt.key"
    key.touch(mode=0o600)
    assert checks.check_keys(None) == []
    key.chmod(0o640)
    found = checks.check_keys(None)
    assert ids(found) == ["gewu.E020"]
    assert str(key) in str(found[0].msg)


@pytest.mark.parametrize(
    ("hosts", "https", "debug", "expected"),
    [
        (["127.0.0.1"], False, True, []),
        (["grid.example"], True, False, []),
        (["grid.example"], False, False, ["gewu.E031"]),
        (["*"], False, False, ["gewu.E031"]),
        (["grid.example"], True, True, ["gewu.E030"]),
    ],
)
def test_who_may_reach_us_and_how(
    hosts: list[str], https: bool, debug: bool, expected: list[str], settings: Any
) -> None:
    settings.ALLOWED_HOSTS, settings.HTTPS, settings.DEBUG = hosts, https, debug
    settings.ADDRESS = "https://grid.example"
    assert ids(checks.check_addresses(None)) == expected
