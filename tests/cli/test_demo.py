"""`gewu demo`: a filled town and ways in, from nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.cli.conftest import Place, Places

pytestmark = pytest.mark.service

PASSWORD = re.compile(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}")
AGE_UNSEALED = (
    "UPDATE journal_entry SET at = '2026-01-01 00:00:00' WHERE position IS NULL"  # none, when all is sealed
)
STRONG = {"dispatcher", "duty_lead", "supervisor", "privacy_officer", "identity_officer", "administrator"}


@dataclass(frozen=True)
class Demo:
    """A place that was filled, and what was said while filling it."""

    place: Place
    said: str


@pytest.fixture(scope="module")
def demo(places: Places) -> Demo:
    return Demo(*places.made_by("demo", "--no-serve", "--cases", "40"))


def logins(said: str) -> dict[str, str]:
    """User name -> password."""
    found = re.findall(rf"^\S+  (\w+)  ({PASSWORD.pattern})$", said, re.MULTILINE)
    return {name: password for name, password, _group in found}


def test_it_fills_the_town_and_says_how_to_sign_in(demo: Demo) -> None:
    assert "40 cases" in demo.said
    assert "refused" not in demo.said
    assert "http://127.0.0.1:8000/" in demo.said
    roles = {re.sub(r"\d+$", "", name) for name in logins(demo.said)}
    assert roles >= STRONG | {"worker", "lead", "director", "handler", "intake", "unit_head", "evaluator"}


def test_handlers_of_every_level_and_three_officers_can_sign_in(demo: Demo) -> None:
    names = logins(demo.said)
    assert sum(name.startswith("handler") for name in names) == 3
    assert sum(name.startswith("identity_officer") for name in names) == 3
    assert "综合执法队处置员" in demo.said
    assert demo.said.count("passphrase") == 3


def test_a_second_factor_is_given_where_it_is_demanded(demo: Demo) -> None:
    lines = demo.said.splitlines()
    for place, line in enumerate(lines):
        if found := re.match(rf"^\S+  (\w+?)\d+  {PASSWORD.pattern}$", line):
            has = place + 1 < len(lines) and "otpauth://totp/" in lines[place + 1]
            assert has == (found[1] in STRONG), line


def test_what_was_filled_in_is_sound_and_sealed_to_the_last_login(demo: Demo) -> None:
    demo.place.sql(AGE_UNSEALED)
    said = demo.place.run("verify", "--heads", str(demo.place.heads))
    assert said.returncode == 0, said.stdout + said.stderr


def test_a_second_run_changes_nothing(demo: Demo) -> None:
    before = demo.place.told()["counts"]
    said = demo.place.done("demo", "--no-serve")
    assert "--new-logins" in said
    assert not logins(said)
    assert demo.place.told()["counts"] == before


@pytest.mark.one_store
def test_new_logins_replace_the_old_ones(demo: Demo) -> None:
    old, new = logins(demo.said), logins(demo.place.done("demo", "--no-serve", "--new-logins"))
    demo.place.sql(AGE_UNSEALED)
    assert not [one for one in demo.place.told()["findings"] if one["severity"] == "error"]
    assert new.keys() == old.keys()
    assert not set(new.values()) & set(old.values())
