"""Making an installation."""

from __future__ import annotations

from tests.cli.conftest import Place


def test_init_makes_folders_and_keys_for_the_owner_alone(empty_place: Place) -> None:
    place = empty_place
    place.done("init")
    keys = sorted(path.name for path in (place.data / "keys").iterdir())
    assert {"data.ring", "receipt.key", "session.key", "heads.key"} <= set(keys)
    for path in (place.data, place.data / "keys", *(place.data / "keys").iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_second_init_changes_no_key(place: Place) -> None:
    before = {path.name: path.read_bytes() for path in (place.data / "keys").iterdir()}
    place.done("init")
    assert {path.name: path.read_bytes() for path in (place.data / "keys").iterdir()} == before


def test_init_with_code_and_name_opens_it_with_the_catalogue(place: Place) -> None:
    assert "not opened yet" in place.done("init")
    assert "not opened yet" not in place.done("init", "--code", "321204001", "--name", "罗塘街道")
    assert sum(place.told()["counts"]["catalogue"].values()) > 100


def test_a_code_without_a_name_is_refused(place: Place) -> None:
    said = place.run("init", "--code", "321204001")
    assert said.returncode == 1
    assert "both --code and --name" in said.stderr
