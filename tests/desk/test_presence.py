"""Who has a case open is known for a minute, to others at the same case, and then to nobody."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

from gewu.domain.desk import queries
from gewu.domain.desk.actions import look_at, tell_apart
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
    tell_apart(one, other)
    tell_apart(other, one)
    assert queries.apart_from(one) == {other.pk}
    assert queries.apart_from(other) == {one.pk}
