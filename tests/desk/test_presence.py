"""Who has a case open is known for a minute, to others at the same case, and then to nobody."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest

from gewu.core.errors import Refused
from gewu.domain.desk import queries
from gewu.domain.desk.actions import look_at, look_away, sweep, tell_apart
from gewu.domain.desk.models import Presence
from gewu.domain.journal.models import Entry


def test_others_at_the_case_are_named_for_a_minute(town: ModuleType) -> None:
    case, lead, director = town.report_case().case, town.actor("lead_a1"), town.actor("director_a")
    entries = Entry.objects.count()
    for _window in range(2):
        look_at(case, actor=lead, now=town.NOW)
    assert queries.others_at(case, actor=director, now=town.NOW) == ["Lead A1"]
    assert queries.others_at(case, actor=lead, now=town.NOW) == []
    later = town.NOW + timedelta(seconds=61)
    assert queries.others_at(case, actor=director, now=later) == []
    look_at(town.report_case().case, actor=director, now=later)
    assert Presence.objects.filter(user__username="lead_a1").count() == 0  # forgotten, not kept
    assert Entry.objects.filter(kind__startswith="desk").count() == 0
    assert Entry.objects.count() == entries + 1  # the second report alone


def test_two_that_were_told_apart_know_it_from_both_sides(town: ModuleType) -> None:
    one, other = town.report_case().case, town.report_case().case
    lead = town.actor("lead_a1")
    tell_apart(one, other, actor=lead)
    tell_apart(other, one, actor=lead)
    assert queries.apart_from(one) == {other.pk}
    assert queries.apart_from(other) == {one.pk}


def test_only_who_could_join_them_tells_them_apart(town: ModuleType) -> None:
    one, other = town.report_case().case, town.report_case().case
    with pytest.raises(Refused):
        tell_apart(one, other, actor=town.actor("worker_a1"))
    assert queries.apart_from(one) == set()


def test_who_leaves_is_forgotten_at_once_and_the_rest_each_minute(town: ModuleType) -> None:
    case, lead = town.report_case().case, town.actor("lead_a1")
    look_at(case, actor=lead, now=town.NOW)
    look_away(case, actor=lead)
    assert not Presence.objects.exists()
    look_at(case, actor=lead, now=town.NOW)
    assert sweep(town.NOW + timedelta(seconds=61)) == 1
    assert not Presence.objects.exists()
