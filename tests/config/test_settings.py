"""The settings and the page that explains them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gewu.config.environment import database
from gewu.config.logs import WithoutSecrets
from gewu.core.errors import Broken

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = re.compile(r"\bGEWU_[A-Z]+(?:_[A-Z]+)*\b")
OF_TESTS = {"GEWU_TEST_RUN", "GEWU_TEST_POSTGRESQL"}  # said from one process of a test run to another


def test_the_page_lists_every_setting_and_no_other() -> None:
    listed = set(NAME.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))
    read = {
        name
        for folder in ("gewu", "tests/services")
        for path in (ROOT / folder).rglob("*.py")
        for name in NAME.findall(path.read_text(encoding="utf-8"))
    }
    assert {name.removesuffix("_FILE") for name in read} - OF_TESTS == listed


def test_a_receipt_never_enters_a_log() -> None:
    import logging

    record = logging.LogRecord(
        "any", logging.ERROR, "", 0, "Failed: %s", ("/r/LT-2026-000123-7/4821093755162048",), None
    )
    assert WithoutSecrets().filter(record)
    assert record.getMessage() == "Failed: /r/…"


def test_options_of_the_address_stand_beside_our_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A search path of one's own must not take away the limit on waiting for a lock."""
    monkeypatch.setenv(
        "GEWU_DATABASE_URL", "postgresql://gewu@db/gewu?options=-c%20search_path%3Dapart&sslmode=require"
    )
    options = database("GEWU_DATABASE_URL", tmp_path / "none")["OPTIONS"]
    assert re.fullmatch(r"-c lock_timeout=\d+ -c search_path=apart", options["options"])
    assert options["sslmode"] == "require"


@pytest.mark.parametrize(("said", "times"), [("none", None), ("0", 0), ("3", 3)])
def test_the_address_says_when_plans_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, times: int | None
) -> None:
    """A PgBouncer before 1.22 gives a transaction another connection, which knows nothing of the plan."""
    monkeypatch.setenv("GEWU_DATABASE_URL", f"postgresql://gewu@db/gewu?prepare_threshold={said}")
    assert database("GEWU_DATABASE_URL", tmp_path / "none")["OPTIONS"]["prepare_threshold"] == times


@pytest.mark.parametrize("said", ["never", "-1", "1.5"])
def test_another_word_for_it_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str) -> None:
    monkeypatch.setenv("GEWU_DATABASE_URL", f"postgresql://gewu@db/gewu?prepare_threshold={said}")
    with pytest.raises(Broken, match="prepare_threshold"):
        database("GEWU_DATABASE_URL", tmp_path / "none")
