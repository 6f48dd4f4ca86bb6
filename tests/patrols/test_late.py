"""What comes after its time is kept as a note and never applied; what comes from elsewhere is refused."""

from __future__ import annotations

import itertools
from datetime import timedelta
from types import ModuleType
from uuid import uuid4

import pytest

from gewu.core.errors import Invalid
from gewu.domain.access.actor import SYSTEM
from gewu.domain.journal.models import Entry
from gewu.domain.patrols import queries
from gewu.domain.patrols.actions import (
    When,
    agree,
    call_off,
    close_round,
    find,
    make_plan,
    make_rounds,
    tick,
    visited,
)
from gewu.domain.patrols.hooks import due_for_erasure
from gewu.domain.patrols.models import Done, Finding, Late, Round, Stop, VisitNote
from gewu.domain.places.actions import set_up
from gewu.domain.places.models import Place
from gewu.domain.privacy import texts
from tests.patrols.conftest import plan_input
from tests.patrols.test_visits import appointment
from tests.places.conftest import given

NO_ACT = When()


def test_a_tick_after_the_close_is_kept_once_with_its_result(town: ModuleType, walk: Round) -> None:
    worker, when = town.actor("worker_a1"), When(uuid4())
    close_round(walk.pk, when=NO_ACT, actor=worker, now=town.NOW)
    for _n in range(2):
        answer = tick(walk.pk, "L2", "unreached", faults=["blocked"], when=when, actor=worker, now=town.NOW)
        assert answer == {"kept": "late"}
    note = Late.objects.get()
    assert (note.place.code, note.result, note.faults) == ("L2", "unreached", ["blocked"])
    assert Stop.objects.get(place__code="L2").result == ""


def test_a_place_of_the_grid_that_is_not_on_the_round_is_kept_as_a_note(
    town: ModuleType, walk: Round
) -> None:
    set_up([given("L7", town=town, kind="fire_lane")], actor=SYSTEM, now=town.NOW)
    answer = tick(walk.pk, "L7", "fine", when=NO_ACT, actor=town.actor("worker_a1"), now=town.NOW)
    assert answer == {"kept": "late"}
    assert Late.objects.get().place.code == "L7"


def test_nobody_speaks_of_places_of_another_grid(town: ModuleType, walk: Round) -> None:
    worker = town.actor("worker_a1")
    with pytest.raises(Invalid):
        tick(walk.pk, "L9", "fine", when=NO_ACT, actor=worker, now=town.NOW)
    with pytest.raises(Invalid):
        find(walk.pk, "L9", {"text": "堵住了"}, when=NO_ACT, actor=worker, now=town.NOW)
    assert Place.objects.get(code="L9").seen_on is None


def test_days_and_ticked_items_do_not_depend_on_the_order(town: ModuleType, walk: Round) -> None:
    worker = town.actor("worker_a1")
    acts = [("fine", ["blocked"], 0), ("fine", ["marking"], 1), ("unreached", [], 2)]
    states = set()
    for order in itertools.permutations(acts):
        Stop.objects.filter(round=walk).update(result="", on=None, faults=[])
        for result, faults, days in order:
            now = town.NOW + timedelta(days=days)
            tick(walk.pk, "L1", result, faults=faults, when=When(uuid4()), actor=worker, now=now)
        stop = Stop.objects.get(place__code="L1")
        states.add((stop.result, stop.on, tuple(stop.faults)))
    assert states == {("fine", town.NOW.date() + timedelta(days=1), ("blocked", "marking"))}


def test_what_was_settled_says_neither_who_nor_where_nor_at_which_hour(town: ModuleType, walk: Round) -> None:
    worker = town.actor("worker_a1")
    given = {"text": "已请店主搬走", "settled": True}
    find(walk.pk, "L1", given, when=When(uuid4()), actor=worker, now=town.NOW)
    entry = Entry.objects.get(kind="patrol.settled")
    assert (entry.actor_id, entry.post_id, set(entry.data)) == (None, None, {"on", "commitments"})
    assert {Finding.objects.get().pk.version, Done.objects.get().pk.version} == {4}


def test_a_month_is_made_up_for_while_it_can_still_be_walked(town: ModuleType, plan: object) -> None:
    monthly = plan_input(town, frequency="monthly", name="每月")
    make_plan(monthly, actor=town.actor("lead_a1"), now=town.NOW)
    made = [make_rounds(town.NOW + timedelta(days=n)) for n in (20, 20)]
    assert (made[1], Round.objects.get(plan__name="每月").due) == (0, town.NOW.date())


def test_what_is_written_of_a_visit_called_off_is_kept(town: ModuleType) -> None:
    worker = town.actor("worker_a1")
    visit = agree(appointment(town), actor=worker, now=town.NOW)
    call_off(visit.code, now=town.NOW)
    assert visited(visit.pk, "谈过了", when=When(uuid4()), actor=worker, now=town.NOW) == {"kept": "late"}
    visit.refresh_from_db()
    note = VisitNote.objects.get()
    assert (visit.state, texts.read([note.text_id])[note.text_id]) == ("cancelled", "谈过了")
    later = town.NOW + timedelta(days=2)
    assert due_for_erasure("text", closed_before=later, limit=9) == {visit.where_id, note.text_id}


def test_a_visit_nobody_marked_leaves_the_list_and_is_forgotten(town: ModuleType) -> None:
    worker = town.actor("worker_a1")
    visit = agree(appointment(town), actor=worker, now=town.NOW)
    assert queries.visits(worker, now=visit.ends + timedelta(days=1)) == [visit]
    assert queries.visits(worker, now=visit.ends + timedelta(days=3)) == []
    assert due_for_erasure("contact", closed_before=visit.ends, limit=9) == set()
    assert due_for_erasure("contact", closed_before=visit.ends + timedelta(days=1), limit=9) == {
        visit.contact_id
    }
