"""A second look at closed cases: five in a hundred, at least one a week and community, by somebody without a part."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from gewu.core.errors import Refused
from gewu.domain.areas.models import Area
from gewu.domain.cases.actions import recheck
from gewu.domain.cases.actions.recheck import draw
from gewu.domain.cases.models import Case, ReCheck
from tests.town import NOW, actor, do, reporter, walk_to

WEEK = timedelta(days=7)
SUNDAY = NOW + timedelta(days=5)


def closed() -> str:
    """A case of community A, solved and confirmed on the first day."""
    told = walk_to("verified")
    do("rate", told, reporter(told))
    return told.case.number


def test_at_least_one_a_week_and_community(town: ModuleType) -> None:
    numbers = [closed() for _ in range(3)]
    assert draw(SUNDAY, now=SUNDAY) == 1
    assert ReCheck.objects.get().case.number in numbers


def test_a_second_draw_of_the_week_draws_nothing(town: ModuleType) -> None:
    closed(), closed()
    draw(SUNDAY, now=SUNDAY)
    assert draw(SUNDAY, now=SUNDAY + timedelta(hours=1)) == 0


def test_a_case_drawn_before_and_closed_anew_does_not_spare_the_others(town: ModuleType) -> None:
    again = closed()
    draw(SUNDAY, now=SUNDAY)
    other = closed()
    Case.objects.filter(number__in=[again, other]).update(closed_at=SUNDAY + timedelta(days=2))
    assert draw(SUNDAY + WEEK, now=SUNDAY + WEEK) == 1
    assert set(ReCheck.objects.values_list("case__number", flat=True)) == {again, other}


def test_where_nobody_knew_the_place_something_is_drawn_too(town: ModuleType) -> None:
    known = closed()
    unknown = closed()
    Case.objects.filter(number=unknown).update(scope_path=Area.objects.get(level="subdistrict").path)
    assert draw(SUNDAY, now=SUNDAY) == 2
    assert set(ReCheck.objects.values_list("case__number", flat=True)) == {known, unknown}


def test_a_draw_broken_off_is_made_again_as_a_whole(
    town: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [closed() for _ in range(2)]
    other = Area.objects.get(code="community_b").path
    Case.objects.filter(number=whole[0]).update(scope_path=other)
    real, written = recheck._write, []

    def breaks_off(*given: Any) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(real(*given))

    monkeypatch.setattr(recheck, "_write", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        draw(SUNDAY, now=SUNDAY)
    monkeypatch.setattr(recheck, "_write", real)
    assert draw(SUNDAY, now=SUNDAY) == 2


def test_who_had_a_part_does_not_look_again(town: ModuleType) -> None:
    number = closed()
    draw(SUNDAY, now=SUNDAY)
    with pytest.raises(Refused) as refusal:
        recheck.answer(number, "right", actor=actor("director_a"), now=SUNDAY)
    assert refusal.value.code in {"had_a_part", "not_yours"}
