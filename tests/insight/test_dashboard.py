"""The dashboard of a centre: two statements, however many cases there are."""

from __future__ import annotations

from typing import Any

from gewu.domain.areas.models import Area
from gewu.domain.figures import actions as figures
from gewu.domain.insight import queries
from tests.figures.entries import closed, filed, happened
from tests.services.time import START

GRID, TOWN = "001001001001", "001001"


def test_now_today_and_the_last_thirty_days(areas: dict[str, Area]) -> None:
    filed(GRID)
    filed(GRID)
    happened("accept", grid=GRID, **{"from": "submitted", "to": "accepted", "level_to": "G"})
    closed(GRID)
    for folded in (False, True):
        board = queries.dashboard(TOWN, now=START)
        assert (board.open, board.overdue, board.open_by_level["G"]) == (1, 0, 1), folded
        assert (board.today["reported"], board.today["closed"]) == (2, 1)
        assert board.series[-1] == (START.date(), 2, 1)
        assert len(board.series) == 30
        assert board.shares["solved"].value == 1
        assert board.shares["satisfied"].value is None
        figures.fold()


def test_it_asks_twice(areas: dict[str, Area], django_assert_num_queries: Any) -> None:
    filed(GRID)
    with django_assert_num_queries(2):
        queries.dashboard(TOWN, now=START)


def test_another_town_sees_nothing_of_it(areas: dict[str, Area]) -> None:
    filed(GRID)
    assert queries.dashboard("001001002", now=START).open == 0
