"""The photos of a private case, for the few minutes after it was opened with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from gewu.core.errors import NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.cases import opened, queries
from gewu.domain.privacy.models import Look
from tests.town import DISPUTE, NOW, actor, fresh, photo, report_case

HERE = "session-of-the-duty-lead"


def test_the_word_opens_for_ten_minutes(town: ModuleType) -> None:
    lead = actor("duty_lead")
    word = opened.word_for("LT-1", actor=lead, session=HERE, now=NOW)
    assert opened.holds(word, "LT-1", actor=lead, session=HERE, now=NOW + timedelta(minutes=10))
    assert not opened.holds(
        word, "LT-1", actor=lead, session=HERE, now=NOW + timedelta(minutes=10, seconds=1)
    )


@pytest.mark.parametrize(
    "other",
    [
        {"number": "LT-2"},
        {"session": "another"},
        {"session": None},
        {"actor": "dispatcher"},
        {"actor": Actor(kind="client")},
        {"word": "x"},
        {"word": "9" * 30 + ".x"},
        {"word": ""},
    ],
)
def test_and_for_nothing_else(town: ModuleType, other: dict[str, Any]) -> None:
    lead = actor("duty_lead")
    given = {
        "word": opened.word_for("LT-1", actor=lead, session=HERE, now=NOW), "number": "LT-1", "actor": lead,
        "session": HERE, "now": NOW,
    } | other  # fmt: skip
    given["actor"] = actor(given["actor"]) if isinstance(given["actor"], str) else given["actor"]
    assert not opened.holds(**given)


def test_a_later_end_is_not_believed(town: ModuleType) -> None:
    lead = actor("duty_lead")
    until, _dot, signature = opened.word_for("LT-1", actor=lead, session=HERE, now=NOW).partition(".")
    assert not opened.holds(f"{int(until) + 600}.{signature}", "LT-1", actor=lead, session=HERE, now=NOW)


def test_without_a_session_there_is_no_word(town: ModuleType) -> None:
    assert opened.word_for("LT-1", actor=actor("duty_lead"), session=None, now=NOW) == ""


def test_the_post_must_still_be_one_that_may_open_it(town: ModuleType) -> None:
    shot = photo()
    number = fresh(report_case(DISPUTE, photos=(str(shot.pk),))).number
    lead = actor("duty_lead")
    word = opened.word_for(number, actor=lead, session=HERE, now=NOW)
    assert queries.get_photo(number, shot.pk, actor=lead, now=NOW, word=word, session=HERE) == shot.pk
    moved_on = replace(lead, hats=actor("dispatcher").hats)
    with pytest.raises(NotFound):
        queries.get_photo(number, shot.pk, actor=moved_on, now=NOW, word=word, session=HERE)
    assert not Look.objects.exists(), "opening the case is the look; this is none of its own"
