"""When a plan is due, in which order places are walked, on which day something was done, and when nobody rings."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Model
from hypothesis import given
from hypothesis import strategies as st

from gewu.domain.patrols.kinds import KINDS, PURPOSES
from gewu.domain.patrols.models import Late, Plan, Round, Stop, Visit
from gewu.domain.patrols.rules import (
    FREQUENCIES,
    day_of,
    in_season,
    is_due,
    term_ends,
    walking_order,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 10, 1, tzinfo=UTC)  # 9:00 in Shanghai


@dataclass(frozen=True)
class At:
    lon: float
    lat: float


def days(frequency: str, *, starts: date, every: int = 1, **season: str) -> list[str]:
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    return [
        f"{day:%m-%d}"
        for day in year
        if is_due(day, frequency=frequency, every=every, starts=starts, **season)
    ]


def test_weeks_and_days_are_counted_from_the_first() -> None:
    assert days("weekly", starts=date(2026, 3, 10))[:3] == ["03-10", "03-17", "03-24"]
    assert days("days", starts=date(2026, 3, 10), every=10)[:3] == ["03-10", "03-20", "03-30"]
    assert len(days("daily", starts=date(2026, 12, 30))) == 2


def test_a_month_without_that_day_has_its_round_on_its_last() -> None:
    assert days("monthly", starts=date(2026, 1, 31))[:4] == ["01-31", "02-28", "03-31", "04-30"]


def test_a_season_may_run_over_new_year() -> None:
    assert in_season(date(2026, 12, 31), "11-15", "02-20")
    assert in_season(date(2026, 2, 20), "11-15", "02-20")
    assert not in_season(date(2026, 2, 21), "11-15", "02-20")
    assert days("daily", starts=date(2026, 1, 1), begins="05-20", ends="05-22") == ["05-20", "05-21", "05-22"]


@given(st.sampled_from(["daily", "weekly", "days"]), st.integers(1, 60), st.integers(0, 400))
def test_one_round_ends_before_the_next_begins(frequency: str, every: int, later: int) -> None:
    starts = date(2026, 1, 1)
    due = [
        day
        for n in range(later, later + 130)
        if is_due(day := starts + timedelta(days=n), frequency=frequency, every=every, starts=starts)
    ]
    for one, following in itertools.pairwise(due):
        assert term_ends(one, frequency, every) == following - timedelta(days=1)


def test_the_walk_goes_to_the_nearest_place_that_is_left() -> None:
    assert walking_order([At(120, 32.0), At(120, 32.03), At(120, 32.01)]) == [0, 2, 1]
    assert walking_order([]) == []


@pytest.mark.parametrize(
    ("done", "sent", "day"),
    [
        (NOW - timedelta(hours=10), NOW, "2026-03-09"),
        # The phone believes it is a day later than it is; what it says is put right by that.
        (NOW + timedelta(days=1, hours=-10), NOW + timedelta(days=1), "2026-03-09"),
        (NOW + timedelta(days=400), NOW, "2026-03-10"),  # cannot be: then it was done when it came in
        (None, None, "2026-03-10"),
    ],
)
def test_the_day_is_that_of_doing_by_a_clock_put_right(
    done: datetime | None, sent: datetime | None, day: str
) -> None:
    assert day_of(NOW, SHANGHAI, done_at=done, sent_at=sent).isoformat() == day


@pytest.mark.parametrize(
    ("model", "column", "words"),
    [
        (Stop, "result", ("fine", "finding", "unreached")), (Late, "result", ("fine", "unreached")),
        (Round, "state", ("open", "closed", "lapsed")), (Visit, "state", ("agreed", "cancelled", "done")),
        (Plan, "kind", tuple(KINDS)), (Plan, "frequency", FREQUENCIES), (Visit, "purpose", tuple(PURPOSES)),
    ],
)  # fmt: skip
def test_every_word_fits_its_column(model: type[Model], column: str, words: tuple[str, ...]) -> None:
    """SQLite does not mind; PostgreSQL refuses the row."""
    assert max(map(len, words)) <= model._meta.get_field(column).max_length
