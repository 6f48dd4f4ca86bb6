"""What has changed since a page last looked: at once, once, and only what this person may list."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from gewu.domain.cases.models import Case
from gewu.domain.desk import actions as desk
from gewu.domain.insight import live
from gewu.domain.journal import actions as journal
from tests.town_fixture import filled, town

__all__ = ["filled", "town"]


def seal() -> None:
    lease = journal.take_lease(journal.SEALER, "test", now=cast().NOW, seconds=60)
    assert lease is not None
    journal.seal(now=cast().NOW, fence=lease.fence)


def cast() -> ModuleType:
    from tests import town as module

    return module


def test_a_change_is_told_before_it_is_sealed_and_only_once(town: ModuleType) -> None:
    lead = town.actor("lead_a1")
    seen = live.token_now()
    assert live.changes(lead, seen) is None
    told = town.report_case()
    found = live.changes(lead, seen)
    assert found is not None
    assert [(row.number, row.area, row.state) for row in found.rows] == [
        (told.case.number, "a1", "submitted")
    ]
    assert live.changes(lead, found.token) is None
    seal()
    assert live.changes(lead, found.token) is None  # the seal is no news
    town.do("accept", told, "lead_a1")
    later = live.changes(lead, found.token)
    assert later is not None
    assert [row.state for row in later.rows] == ["accepted"]


def test_a_token_survives_its_way_through_an_address(town: ModuleType) -> None:
    town.report_case()
    token = live.token_now()
    assert live.Token.parse(str(token)) == token


@pytest.mark.parametrize("text", ["", "x", "12~zz", "1~0123", "-1~", "9" * 40])
def test_what_is_no_token_reads_everything_anew(town: ModuleType, text: str) -> None:
    found = live.changes(town.actor("lead_a1"), live.Token.parse(text))
    assert found is not None
    assert found.everything


def test_what_happens_elsewhere_is_not_told(town: ModuleType) -> None:
    seen = live.token_now()
    town.report_case(at="b1")
    found = live.changes(town.actor("lead_a1"), seen)
    assert found is not None
    assert found.rows == []


def test_a_private_case_has_a_grid_and_no_point(town: ModuleType) -> None:
    told = town.report_case(town.DISPUTE)
    row = next(row for row in live.rows(town.actor("duty_lead")) if row.number == told.case.number)
    assert (row.area, row.lon, row.lat) == ("a1", None, None)


def test_closed_cases_are_told_once_more_so_that_they_can_go(town: ModuleType) -> None:
    told = town.walk_to("verified")
    seen = live.token_now()
    town.do("rate", told, town.reporter(told))
    found = live.changes(town.actor("lead_a1"), seen)
    assert found is not None
    assert [row.is_open for row in found.rows] == [False]


def test_too_much_to_tell_is_read_anew(town: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST", 3)
    seen = live.token_now()
    for _ in range(2):
        town.walk_to("assigned")
    found = live.changes(town.actor("lead_a1"), seen)
    assert found is not None
    assert found.everything
    assert live.changes(town.actor("lead_a1"), found.token) is None


def test_asking_costs_two_statements(town: ModuleType, django_assert_num_queries: Any) -> None:
    lead, seen = town.actor("lead_a1"), live.token_now()
    with django_assert_num_queries(2):
        assert live.changes(lead, seen) is None


def test_that_an_alert_is_taken_note_of_is_news_and_only_once(town: ModuleType) -> None:
    told = town.walk_to("handling")
    lead, case = town.actor("duty_lead"), Case.objects.get(pk=told.case.pk)
    seen = live.token_now()
    desk.say_seen(case, actor=town.actor("duty_lead"))
    found = live.changes(lead, seen)
    assert found is not None
    assert (found.seen, found.rows, found.everything) == (True, [], False)
    assert live.Token.parse(str(found.token)) == found.token == live.token_now()
    assert live.changes(lead, found.token) is None
    desk.say_seen(case, actor=town.actor("duty_lead"))
    assert live.changes(lead, found.token) is None, "the same post once more"
    desk.say_seen(case, actor=town.actor("director_a"))
    by_another = live.changes(lead, found.token)
    assert by_another is not None
    assert by_another.seen
    assert live.moved_on(found.token) is None, "lists are not touched by it"


def test_what_is_swept_after_its_case_moved_on_is_no_news_of_its_own(town: ModuleType) -> None:
    told = town.walk_to("handling")
    desk.say_seen(Case.objects.get(pk=told.case.pk), actor=town.actor("duty_lead"))
    town.do("internal_note", told, "worker_a1", text="到场")
    seen = live.token_now()
    desk.sweep(town.NOW)
    assert live.changes(town.actor("duty_lead"), seen) is None
