"""A single place by hand: added, changed, closed, and noted on the spot by whoever stands there."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from gewu.core.errors import Conflict, Invalid, NotFound, Refused
from gewu.domain.journal.models import Entry
from gewu.domain.places import actions, queries
from gewu.domain.places.models import Place
from tests.places.conftest import given


def test_a_changed_place_says_in_the_journal_what_changed(town: ModuleType, building: Place) -> None:
    changed = replace(given(town=town), name="望湖小区3号楼东", keeper="property", is_active=False)
    actions.change_place(changed, version=1, actor=town.actor("lead_a1"), now=town.NOW)
    assert queries.by_sign(building.sign)[0].keeper.code == "property"  # type: ignore[union-attr]
    entry = Entry.objects.get(kind="place.changed")
    assert entry.data == {"code": "P1", "fields": ["is_active", "keeper", "name"]}


def test_the_same_again_is_no_act(town: ModuleType, building: Place) -> None:
    actions.change_place(given(town=town), version=1, actor=town.actor("lead_a1"), now=town.NOW)
    assert not Entry.objects.filter(kind="place.changed").exists()


def test_of_two_people_the_second_is_told(town: ModuleType, building: Place) -> None:
    who = {"actor": town.actor("director_a"), "now": town.NOW}
    actions.change_place(given(town=town, households=20), version=1, **who)
    for late in (given(town=town, name="3号楼"), given(town=town)):
        with pytest.raises(Conflict):
            actions.change_place(late, version=1, **who)
    with pytest.raises(Conflict):
        actions.note_attributes(building, {"floors": "6"}, version=1, **who)
    actions.set_up([given(town=town, households=30)], **who)  # a list looks at no version, and raises it
    with pytest.raises(Conflict):
        actions.change_place(given(town=town, name="3号楼"), version=2, **who)
    kept = Place.objects.get()
    assert (kept.name, kept.households, kept.attributes, kept.version) == ("望湖小区3号楼", 30, {}, 3)
    assert Entry.objects.filter(kind="place.changed").count() == 1


def test_a_code_is_used_once(town: ModuleType, building: Place) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_place(given(town=town), actor=town.actor("director_a"), now=town.NOW)
    assert refused.value.errors[0].code == "taken"


def test_nobody_moves_a_place_into_or_out_of_a_foreign_area(town: ModuleType, building: Place) -> None:
    elsewhere = given(town=town, grid="b1")
    for who in ("director_a", "director_b"):
        with pytest.raises(Refused):
            actions.change_place(elsewhere, version=1, actor=town.actor(who), now=town.NOW)
    actions.change_place(elsewhere, version=1, actor=town.actor("administrator"), now=town.NOW)
    assert Place.objects.get().area.code == "b1"


def test_a_place_that_is_not_there_is_not_changed(town: ModuleType) -> None:
    with pytest.raises(NotFound):
        actions.change_place(given("P9", town=town), version=1, actor=town.actor("director_a"), now=town.NOW)


def test_a_worker_notes_details_of_the_own_grid(town: ModuleType, building: Place) -> None:
    noted = {"floors": "6", "lifts": ""}
    actions.note_attributes(building, noted, version=1, actor=town.actor("worker_a1"), now=town.NOW)
    assert Place.objects.get().attributes == {"floors": 6}
    with pytest.raises(Refused):
        actions.note_attributes(
            building, {"floors": "7"}, version=1, actor=town.actor("worker_b1"), now=town.NOW
        )
    with pytest.raises(Invalid) as refused:
        actions.note_attributes(
            building, {"depth": "1"}, version=1, actor=town.actor("worker_a1"), now=town.NOW
        )
    assert refused.value.errors[0].field == "attributes.depth"
