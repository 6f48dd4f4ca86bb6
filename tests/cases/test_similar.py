"""What is known here already: near in place, of one class, recent, ordinary; and never more than is public."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

from gewu.core.errors import Invalid
from gewu.domain.cases.actions import ReportInput, report
from gewu.domain.cases.similar import CLOSED_WITHIN, Here, open_here, similar
from gewu.domain.places.actions import add_place, change_place
from gewu.domain.places.models import Place
from tests.places.conftest import given

METRE = 1 / 111_000  # of latitude, in degrees


@pytest.fixture
def building(town: ModuleType) -> Place:
    return add_place(given(town=town), actor=town.actor("director_a"), now=town.NOW)


def at(town: ModuleType, metres: float = 0) -> Here:
    lon, lat = town.middle("a1")
    return Here(lon, lat + metres * METRE)


def numbers(town: ModuleType, here: Here, **more: Any) -> list[str]:
    return [found.case.number for found in similar(here, now=town.NOW, **more)]


def test_what_lies_within_fifty_metres_is_found_nearest_first(town: ModuleType) -> None:
    first, second = town.report_case(), town.report_case()
    lat = second.case.lat + 30 * METRE
    type(second.case).objects.filter(pk=second.case.pk).update(lat=lat)
    assert numbers(town, at(town)) == [first.case.number, second.case.number]
    assert numbers(town, at(town, 60)) == [second.case.number]
    assert numbers(town, at(town, 200)) == []


def test_the_same_place_comes_before_everything_near(town: ModuleType, building: Place) -> None:
    near = town.report_case()
    there = report(
        ReportInput(text="楼道灯不亮", condition=town.WASTE, sign=building.sign),
        actor=town.ANYONE,
        now=town.NOW,
    )
    assert there.case.place == building
    assert (there.case.filed_area.code, there.case.lon) == ("a1", building.lon)
    here = Here(building.lon, building.lat, building.pk)
    found = similar(here, now=town.NOW)
    assert [(one.case.number, one.metres) for one in found] == [
        (there.case.number, None),
        (near.case.number, 0),
    ]
    assert open_here(building.pk, now=town.NOW) == [there.case]


def test_only_the_class_that_was_chosen(town: ModuleType) -> None:
    waste = town.report_case()
    town.report_case(town.WIRING)
    class_of = waste.case.condition.subclass.parent.code
    assert numbers(town, at(town), of_class=class_of) == [waste.case.number]


def test_private_joined_declined_and_old_ones_stay_unknown(town: ModuleType) -> None:
    town.report_case(town.DISPUTE)  # private
    joined, kept = town.walk_to("accepted"), town.walk_to("accepted")
    town.do("merge", joined, "lead_a1", into=kept.case.number)
    town.walk_to("declined")
    closed = town.walk_to("closed")
    assert set(numbers(town, at(town))) == {kept.case.number, closed.case.number}
    later = town.NOW + CLOSED_WITHIN + timedelta(minutes=1)
    assert [one.case.number for one in similar(at(town), now=later)] == [kept.case.number]


def test_at_most_three_and_never_the_case_itself(town: ModuleType) -> None:
    told = [town.report_case() for _n in range(4)]
    assert len(numbers(town, at(town))) == 3
    assert told[0].case.number not in numbers(town, at(town), except_for=told[0].case.pk, most=10)


def test_without_a_place_nothing_is_guessed(town: ModuleType, django_assert_num_queries: Any) -> None:
    town.report_case()
    with django_assert_num_queries(0):
        assert numbers(town, Here()) == []
    with django_assert_num_queries(1):
        numbers(town, at(town))


def test_the_look_uses_the_index_of_positions(town: ModuleType) -> None:
    from gewu.domain.cases import similar as module

    town.report_case()
    rows = module.Case.objects.filter(module._near(at(town)))
    if connection.vendor == "sqlite":
        assert "case_position" in rows.explain()


def test_a_closed_place_and_an_unknown_sign_are_told_at_their_field(
    town: ModuleType, building: Place
) -> None:
    with pytest.raises(Invalid) as refused:
        report(ReportInput(text="x", sign="0" * 16), actor=town.ANYONE, now=town.NOW)
    assert [(error.field, error.code) for error in refused.value.errors] == [("sign", "unknown")]
    change_place(given(town=town, is_active=False), version=1, actor=town.actor("director_a"), now=town.NOW)
    with pytest.raises(Invalid) as refused:
        report(ReportInput(text="x", sign=building.sign), actor=town.ANYONE, now=town.NOW)
    assert [(error.field, error.code) for error in refused.value.errors] == [("sign", "closed")]
