"""Verifying: 0 only when everything holds, else what is broken and where."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Place, Places


@pytest.fixture(scope="module")
def sealed(places: Places) -> Place:
    """An opened installation whose entries are sealed and published."""
    place = places.opened()
    place.done("backup")
    return place


def test_a_sound_history_ends_with_zero(sealed: Place) -> None:
    assert "History and figures hold." in sealed.done("verify")
    assert "History and figures hold." in sealed.done("verify", "--figures")


def test_without_a_witness_it_says_what_is_not_excluded(sealed: Place) -> None:
    (sealed.data.parent / "no-heads").mkdir()
    said = sealed.done("verify", "--heads", str(sealed.data.parent / "no-heads"))
    assert "roll-back not excluded" in said


def test_a_changed_entry_is_found_and_named(sealed: Place) -> None:
    sealed.sql("UPDATE journal_entry SET kind = 'calendar.days_set' WHERE position = 1")
    try:
        said = sealed.run("verify", "--json")
        told = json.loads(said.stdout)
        assert (said.returncode, told["sound"]) == (1, False)
        faults = {one["code"]: one["where"] for one in told["findings"] if one["severity"] == "fault"}
        assert "position 1" in faults["entry_changed"]
    finally:
        sealed.sql("UPDATE journal_entry SET kind = 'installation.opened' WHERE position = 1")


def test_a_folder_that_is_not_there_is_a_slip_not_a_witness(sealed: Place) -> None:
    said = sealed.run("verify", "--heads", "/there/is/no/such/folder")
    assert said.returncode == 1
    assert "is not there" in said.stderr
