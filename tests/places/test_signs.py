"""The sign of a place: its code, the number beside it, renewing it, and the last days kept of it."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest

from gewu.core.errors import Invalid, NotFound, Refused
from gewu.domain.places import actions, codes, queries
from gewu.domain.places.models import Place
from tests.places.conftest import given


def test_code_and_number_lead_to_the_place(building: Place) -> None:
    assert queries.by_sign(building.sign) == (building, False)
    typed = f" {codes.format_number(building.number)} "
    assert queries.by_number(typed) == building
    assert (
        queries.by_number(building.number.translate(str.maketrans("0123456789", "０１２３４５６７８９")))
        == building
    )


def test_what_is_not_there_is_not_found(building: Place) -> None:
    with pytest.raises(NotFound):
        queries.by_sign("0" * 16)
    other = codes.new_number({building.number}.__contains__)
    with pytest.raises(NotFound):
        queries.by_number(other)


@pytest.mark.parametrize(("typed", "code"), [("12", "number_malformed"), ("望湖", "number_malformed")])
def test_what_is_no_number_is_told(building: Place, typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        queries.by_number(typed)
    assert refused.value.errors[0].code == code


def test_every_slip_of_one_digit_and_every_swap_is_seen(building: Place) -> None:
    number = building.number
    slips = {
        number[:at] + digit + number[at + 1 :]
        for at in range(7)
        for digit in "0123456789"
        if number[at] != digit
    }
    slips |= {
        number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        for at in range(6)
        if number[at] != number[at + 1]
    }
    for slip in slips:
        with pytest.raises(Invalid) as refused:
            codes.parse_number(slip)
        assert refused.value.errors[0].code == "number_check"


def test_a_former_code_still_leads_to_the_place(town: ModuleType, building: Place) -> None:
    old, number = building.sign, building.number
    actions.say_unreadable(building, now=town.NOW)
    renewed = actions.renew_sign(building, actor=town.actor("lead_a1"), now=town.NOW)
    assert renewed.sign != old
    assert queries.by_sign(old) == (renewed, True)
    assert queries.by_sign(renewed.sign) == (renewed, False)
    assert Place.objects.get().unreadable_on is None
    with pytest.raises(NotFound):
        queries.by_number(number)


def test_two_who_renew_at_once_make_one_new_sign(town: ModuleType, building: Place) -> None:
    same = Place.objects.select_related("area").get()
    first = actions.renew_sign(building, actor=town.actor("lead_a1"), now=town.NOW)
    second = actions.renew_sign(same, actor=town.actor("director_a"), now=town.NOW)
    assert second.sign == first.sign == Place.objects.get().sign


def test_a_stranger_to_the_area_renews_nothing(town: ModuleType, building: Place) -> None:
    with pytest.raises(Refused):
        actions.renew_sign(building, actor=town.actor("lead_b1"), now=town.NOW)


def test_of_scans_only_the_last_day_is_kept(town: ModuleType, building: Place) -> None:
    actions.note_scan(building, now=town.NOW)
    actions.note_scan(building, now=town.NOW + timedelta(hours=5))
    assert Place.objects.get().scanned_on == town.NOW.date()
    actions.note_scan(building, now=town.NOW - timedelta(days=3))  # a late message changes nothing
    assert Place.objects.get().scanned_on == town.NOW.date()


def test_an_unreadable_sign_is_on_the_list_until_it_is_printed(town: ModuleType, building: Place) -> None:
    wanted, today = queries.Filter(health="unreadable"), town.NOW.date()
    director = town.actor("director_a")
    actions.say_unreadable(building, now=town.NOW)
    assert queries.listed(queries.editable(director), wanted, today=today).places == [building]
    actions.note_printed([building], actor=director, now=town.NOW)
    assert queries.listed(queries.editable(director), wanted, today=today).places == []


def test_health_counts_what_is_wrong(town: ModuleType, building: Place) -> None:
    director, today = town.actor("director_a"), town.NOW.date()
    actions.add_place(given("P2", grid="a2", town=town), actor=director, now=town.NOW)
    rows = queries.editable(director)
    assert queries.health_counts(rows, today=today) == {
        "unreadable": 0, "not_printed": 2, "never_scanned": 0, "not_seen": 2,
    }  # fmt: skip
    actions.note_printed([building], actor=director, now=town.NOW)
    actions.seen([building.pk], today)
    later = queries.health_counts(rows, today=today + queries.NOT_SCANNED_AFTER + timedelta(days=1))
    assert later == {"unreadable": 0, "not_printed": 1, "never_scanned": 1, "not_seen": 2}
