"""The command line as a whole."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Place
from tests.services import gewu


def test_help_names_every_command(tmp_path: Path) -> None:
    said = gewu.run(tmp_path / "data", "--help")
    assert said.returncode == 0
    for command in ("init", "serve", "worker", "import", "export", "verify", "backup", "restore", "doctor"):
        assert f"\n    {command} " in said.stdout


def test_a_wrong_word_is_wrong_use_and_leaves_nothing(tmp_path: Path) -> None:
    for words in (("dance",), ("verify", "--loud"), ()):
        assert gewu.run(tmp_path / "data", *words).returncode == 2
    assert not (tmp_path / "data").exists()


def test_a_slip_in_the_folder_begins_no_installation(tmp_path: Path) -> None:
    said = gewu.run(tmp_path / "dota", "verify")
    assert said.returncode == 1
    assert "There is no installation" in said.stderr
    assert not (tmp_path / "dota").exists()


def test_nonsense_in_a_setting_is_one_sentence(empty_place: Place) -> None:
    said = empty_place.run("init", GEWU_HTTPS="maybe")
    assert said.returncode == 1
    assert said.stderr == "gewu: GEWU_HTTPS='maybe' is neither yes nor no.\n"


def test_a_fault_of_the_program_shows_no_traceback(place: Place) -> None:
    said = place.run("init", GEWU_LOG_LEVEL="LOUD")
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
