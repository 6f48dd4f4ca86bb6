"""What doctor counts and finds."""

from __future__ import annotations

from tests.cli.conftest import Place

FAR = "2999-01-01 00:00:00"


def test_it_counts_and_warns_in_an_empty_place(place: Place) -> None:
    told = place.told()
    counts = told["counts"]
    assert (counts["area_km2"], counts["households"], counts["residents"]) == (0.0, 0, 0)
    assert {"areas", "posts", "persons", "units", "catalogue", "cases"} <= set(counts)
    codes = [one["code"] for one in told["findings"]]
    assert {"not_opened", "no_backup", "no_email"} <= set(codes)
    assert place.run("doctor").returncode == 1


def test_an_opened_place_with_a_backup_has_no_error(opened_place: Place) -> None:
    opened_place.done("backup")
    said = opened_place.done("doctor")
    assert "no_backup" not in said
    assert "not_opened" not in said


def test_secrets_are_said_to_be_set_and_no_more(place: Place) -> None:
    said = place.run("doctor", GEWU_EMAIL_URL="mailto://clerk:hidden-word@mail.example")
    assert "hidden-word" not in said.stdout + said.stderr
    assert "no_email" not in said.stdout


def _unsealed(place: Place) -> dict[str, str]:
    """What doctor says of the seal: severity by code."""
    return {
        one["code"]: one["severity"] for one in place.told()["findings"] if one["code"].startswith("unsealed")
    }


def test_a_seal_that_stands_still_is_an_error_and_one_that_catches_up_is_not(opened_place: Place) -> None:
    place = opened_place
    place.sql("UPDATE journal_entry SET at = '2026-01-01 00:00:00', position = NULL")
    assert _unsealed(place) == {"unsealed": "error"}, "nobody runs"
    place.sql(f"INSERT INTO journal_lease VALUES ('journal', 'desk:7', '{FAR}', 1)")
    assert _unsealed(place) == {"unsealed": "error"}, "somebody runs and seals nothing"
    place.sql(f"INSERT INTO journal_head (size, root, at) VALUES (1, x'00', '{FAR}')")
    assert _unsealed(place) == {"unsealed_behind": "warning"}
    place.sql("UPDATE journal_lease SET name = 'filling'")
    assert _unsealed(place) == {"unsealed_filling": "note"}
