"""The command screen's numbers: each as long as the list behind it, in a dozen statements."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from gewu.core.clock import DrivenClock
from gewu.core.levels import LADDER
from gewu.domain.areas import queries as areas
from gewu.domain.cases import queries as cases
from gewu.domain.cases.actions import timers
from gewu.domain.cases.marks import ALERTS, CLOCKS, MARKS
from gewu.domain.insight.board import Board, board
from tests.town_fixture import filled, town

__all__ = ["filled", "town"]


@pytest.fixture
def busy(town: ModuleType, clock: DrivenClock) -> ModuleType:
    """Cases in every state and on every level; a week goes by, and the timers tell what it did to them."""
    town.report_case(at="b2")
    for state in (town.ACCEPTED, town.ASSIGNED, town.HANDLING, town.WAITING, town.HANDLED, town.CLOSED):
        town.walk_to(state)
    for level in "VSD":
        town.at_level(level)
    town.report_case(town.DISPUTE, at="b1")
    town.report_case(at=None)
    for hours in (3, 30, 24 * 7):
        while timers.fire_due(town.NOW + timedelta(hours=hours)):
            pass
        timers.find_still(town.NOW + timedelta(hours=hours))
    return town


def screen(who: ModuleType, name: str = "duty_lead", **more: Any) -> Board:
    top = areas.get_area("community_a" if name.startswith("director") else who.SUBDISTRICT)
    return board(who.actor(name), top, now=who.NOW, **more)


def behind(who: ModuleType, name: str = "duty_lead", **wanted: Any) -> int:
    area = "community_a" if name.startswith("director") else who.SUBDISTRICT
    return cases.count_open(who.actor(name), cases.Filter(area=area, **wanted))


@pytest.mark.parametrize("name", ["duty_lead", "director_a"])
def test_each_number_is_as_long_as_the_list_behind_it(busy: ModuleType, name: str) -> None:
    now = screen(busy, name)
    assert now.whole.open == behind(busy, name)
    assert now.whole.new == behind(busy, name, state="submitted")
    for code in ALERTS:
        assert now.alert_counts[code] == behind(busy, name, mark=code), code
    for (level, code), count in now.clocks.items():
        assert count == behind(busy, name, mark=code, level=level), (level, code)
    for code, count in now.by_class.items():
        assert count.open == behind(busy, name, category=code)
    assert sum(place.count.open for place in now.places) == now.whole.open
    assert now.whole.overdue
    assert now.alert_counts["stuck"] + now.alert_counts["untouched"]


def test_every_open_case_stands_under_exactly_one_clock(busy: ModuleType) -> None:
    now = screen(busy)
    assert set(now.clocks) == {(level, code) for level in LADDER for code in CLOCKS}
    assert sum(now.clocks.values()) == now.whole.open


def test_the_gravest_come_first_and_among_them_the_oldest(busy: ModuleType) -> None:
    found = [(-ALERTS[alert.marks[0]].severity, alert.since) for alert in screen(busy).alerts]
    assert found == sorted(found)
    assert all(alert.marks[0] in MARKS for alert in screen(busy).alerts)


def test_grids_stand_in_code_order_until_a_reader_sorts(busy: ModuleType) -> None:
    assert [place.area.code for place in screen(busy).places if place.area.level == "grid"] == [
        "a1",
        "a2",
        "b1",
        "b2",
    ]
    by_open = [place.count.open for place in screen(busy, sort="open").places]
    assert by_open == sorted(by_open, reverse=True)


def test_a_director_counts_the_own_community_only(busy: ModuleType) -> None:
    assert {place.area.code for place in screen(busy, "director_a").places} >= {"a1", "a2"}
    assert not {place.area.code for place in screen(busy, "director_a").places} & {"b1", "b2"}


def test_what_moved_between_levels_can_be_listed(busy: ModuleType) -> None:
    assert behind(busy, open=None, moved="G:up") == 3
    assert behind(busy, open=None, moved="V:up") == 2
    assert behind(busy, open=None, moved="V:down") == 0
    day = busy.NOW.date()
    assert behind(busy, open=None, moved="G:up", until=day - timedelta(days=1)) == 0


def test_the_number_of_statements_does_not_grow(busy: ModuleType, django_assert_max_num_queries: Any) -> None:
    actor, top = busy.actor("duty_lead"), areas.get_area(busy.SUBDISTRICT)
    with django_assert_max_num_queries(14):
        board(actor, top, now=busy.NOW)
