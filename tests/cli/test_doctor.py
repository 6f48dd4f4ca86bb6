"""What doctor counts and finds."""

from __future__ import annotations

from tests.cli.conftest import Place


def test_it_counts_and_warns_in_an_empty_place(place: Place) -> None:
    told = place.told()
    counts = told["counts"]
    assert (counts["area_km2"], counts["households"], counts["residents"]) == (0.0, 0, 0)
    assert {"areas", "posts", "persons", "units", "catalogue", "cases"} <= set(counts)
    codes = [one["code"] for one in told["findings"]]
    assert {"not_opened", "no_backup", "no_email"} <= set(codes)
    assert place.run("doctor").returncode == 1


def test_an_opened_place_with_a_backup_has_no_error(place: Place) -> None:
    place.done("init", "--code", "321204001", "--name", "罗塘街道")
    place.done("backup")
    said = place.done("doctor")
    assert "no_backup" not in said
    assert "not_opened" not in said


def test_secrets_are_said_to_be_set_and_no_more(place: Place) -> None:
    said = place.run("doctor", GEWU_EMAIL_URL="mailto://clerk:hidden-word@mail.example")
    assert "hidden-word" not in said.stdout + said.stderr
    assert "no_email" not in said.stdout


def test_an_entry_nobody_seals_is_an_error(place: Place) -> None:
    place.done("init", "--code", "321204001", "--name", "罗塘街道")
    place.sql("UPDATE journal_entry SET at = '2026-01-01 00:00:00' WHERE position IS NULL")
    found = {one["code"]: one["severity"] for one in place.told()["findings"]}
    assert found["unsealed"] == "error"
