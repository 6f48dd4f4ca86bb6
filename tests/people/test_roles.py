"""The table of roles is the one of rules.md 4."""

from __future__ import annotations

import pytest

from gewu.domain.people.roles import ROLES, clash

# code, levels, second factor, field session
TABLE = """
resident         -    -      -
contact          G    -      field
worker           G    -      field
lead             G    -      field
director         V    -      -
adviser          SD   -      field
intake           SD   -      -
dispatcher       SD   strong -
duty_lead        SD   strong -
handler          VSD  -      field
unit_head        VSD  -      -
evaluator        SD   -      -
supervisor       SD   strong -
privacy_officer  SD   strong -
identity_officer SD   strong -
administrator    SD   strong -
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


def test_there_are_sixteen_roles() -> None:
    assert list(ROLES) == [row[0] for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_role_is_as_the_table_says(row: list[str]) -> None:
    code, levels, strong, field = row
    role = ROLES[code]
    assert ("".join(role.levels) or "-") == levels
    assert (role.strong, role.field) == (strong == "strong", field == "field")
    assert set(role.names) == {"zh-hans", "zh-hant", "en"}


@pytest.mark.parametrize("other", ["supervisor", "privacy_officer", "identity_officer"])
def test_an_administrator_is_kept_apart_from_oversight(other: str) -> None:
    assert clash(["lead", "administrator", other]) == {"administrator", other}


def test_other_roles_go_together() -> None:
    assert clash(["lead", "worker", "handler", "evaluator", "administrator"]) is None
    assert clash(["supervisor", "privacy_officer", "identity_officer"]) is None
