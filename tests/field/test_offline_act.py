"""A move that a phone brings later: applied while the case is still where the phone saw it, else kept as a note."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gewu.core.errors import Invalid, NotFound, Refused
from gewu.domain.cases import queries
from gewu.domain.cases.actions import act
from gewu.domain.cases.actions.afield import Brought, bring
from tests.town import NOW
from tests.town_fixture import filled, town

__all__ = ["filled", "town"]
EARLIER = NOW - timedelta(hours=3)


def done(town: Any) -> dict[str, Any]:
    """What the worker reports done, with photos from before and of the result as this category demands."""
    photos = [str(town.photo().id) for _one in ("before", "after")]
    return {"closing": "solved", "closing_met": "1", "text": "已清运", "photos": photos}


@pytest.fixture
def case(town: Any) -> Any:
    """Waste in grid a1, in the hands of its worker."""
    told = town.report_case()
    lead, worker = town.actor("lead_a1"), town.actor("worker_a1")
    act("accept", told.case.number, {}, actor=lead, now=NOW)
    act("assign", told.case.number, {"to": "post:worker-a1"}, actor=lead, now=NOW)
    return act("start", told.case.number, {}, actor=worker, now=NOW)


def brought(town: Any, case: Any, given: dict[str, Any], *, version: int, who: str = "worker_a1") -> Brought:
    later = NOW + timedelta(minutes=5)
    return bring(
        "report_done",
        case.number,
        given,
        actor=town.actor(who),
        now=later,
        version=version,
        done_at=EARLIER,
    )


def last_act(case: Any, town: Any) -> Any:
    return queries.view_case(case.number, actor=town.actor("lead_a1")).story[-1]


def test_a_move_on_an_unchanged_case_is_applied_and_says_when_it_was_done(case: Any, town: Any) -> None:
    told = brought(town, case, done(town), version=case.version)
    assert (told.case.state, told.note) == ("handled", "")
    entry = last_act(case, town).entry
    assert entry.kind == "case.report_done"
    assert entry.data["done_at"] == int(EARLIER.timestamp())
    assert entry.at == NOW + timedelta(minutes=5)  # clocks count by the server's time


def test_a_case_that_moved_on_keeps_words_and_photos_as_a_note(case: Any, town: Any) -> None:
    seen = case.version
    given = done(town)
    act("transfer", case.number, {"to": "post:lead-a1", "reason": "wrong_address", "text": "转网格长"},
        actor=town.actor("worker_a1"), now=NOW)  # fmt: skip
    told = brought(town, case, given, version=seen)
    assert told.case.state == "assigned"
    assert told.note
    story = last_act(case, town)
    assert story.entry.kind == "case.internal_note"
    assert story.entry.data["as_note"] == "report_done"
    assert "已清运" in story.texts[0][1]
    assert story.texts[0][0].public is False
    assert [one.photo_id for one in story.photos] == [UUID(one) for one in given["photos"]]


def test_a_case_closed_meanwhile_keeps_the_note_too(case: Any, town: Any) -> None:
    seen = case.version
    act("report_done", case.number, done(town), actor=town.actor("worker_a1"), now=NOW)
    told = brought(town, case, done(town), version=seen)
    assert told.case.state == "handled"
    assert told.note


def test_a_move_that_was_never_theirs_is_refused(case: Any, town: Any) -> None:
    with pytest.raises(Refused):
        brought(town, case, done(town), version=case.version, who="lead_a1")


def test_what_is_wrong_in_itself_goes_back_to_its_author(case: Any, town: Any) -> None:
    with pytest.raises(Invalid):
        brought(town, case, {"closing": "solved"}, version=case.version)


def test_a_case_that_one_may_not_know_of_stays_unknown(case: Any, town: Any) -> None:
    with pytest.raises(NotFound):
        brought(town, case, done(town), version=case.version - 1, who="worker_b1")


@pytest.mark.parametrize("wrong", [timedelta(days=1), timedelta(days=-40)])
def test_a_clock_that_cannot_be_right_says_nothing(case: Any, town: Any, wrong: timedelta) -> None:
    worker = town.actor("worker_a1")
    bring(
        "report_done",
        case.number,
        done(town),
        actor=worker,
        now=NOW,
        version=case.version,
        done_at=NOW + wrong,
    )
    assert "done_at" not in last_act(case, town).entry.data
