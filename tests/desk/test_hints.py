"""First-run hints: put away for good per person and kind of post, and called back all at once."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.core.errors import NotFound
from gewu.domain.desk import queries
from gewu.domain.desk.actions import call_hints_back, put_hint_away


def test_a_hint_stays_away_for_this_person_until_called_back(town: ModuleType) -> None:
    lead, other = town.actor("lead_a1"), town.actor("lead_a2")
    put_hint_away("lead", actor=lead)
    put_hint_away("lead", actor=lead)  # pressed twice
    assert queries.hints_put_away(lead) == {"lead"}
    assert queries.hints_put_away(other) == set()
    call_hints_back(actor=lead)
    assert queries.hints_put_away(lead) == set()


def test_only_the_hint_of_a_post_one_has_can_be_put_away(town: ModuleType) -> None:
    for role in ("director", "no such post"):
        with pytest.raises(NotFound):
            put_hint_away(role, actor=town.actor("lead_a1"))
