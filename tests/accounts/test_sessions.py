"""How long a session lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from gewu.domain.accounts.adapter import ClosedAdapter
from gewu.domain.accounts.sessions import FIELD, OFFICE, has_ended, session_limits
from tests.services.time import START as NOW

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Somebody:
    roles: frozenset[str]


LEAD = Somebody(frozenset({"lead", "worker"}))
CLERK = Somebody(frozenset({"lead", "intake"}))


def test_field_roles_keep_a_shift_the_office_half_an_hour() -> None:
    assert session_limits(LEAD) == FIELD
    assert session_limits(CLERK) == OFFICE
    assert session_limits(Somebody(frozenset())) == OFFICE


@pytest.mark.parametrize(
    ("who", "idle", "since", "ended"),
    [
        (LEAD, 12 * HOUR, DAY, False),
        (LEAD, 12 * HOUR + MINUTE, DAY, True),
        (LEAD, MINUTE, 7 * DAY + MINUTE, True),
        (CLERK, 30 * MINUTE, 12 * HOUR, False),
        (CLERK, 31 * MINUTE, HOUR, True),
        (CLERK, MINUTE, 12 * HOUR + MINUTE, True),
        (CLERK, -HOUR, -HOUR, False),
    ],
)
def test_a_session_ends_after_its_idle_or_whole_time(
    who: Somebody, idle: timedelta, since: timedelta, ended: bool
) -> None:
    assert has_ended(who, began=NOW - since, seen=NOW - idle, now=NOW) is ended


def test_nobody_signs_up() -> None:
    assert ClosedAdapter().is_open_for_signup(None) is False  # type: ignore[arg-type]
