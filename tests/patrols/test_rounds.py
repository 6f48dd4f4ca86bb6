"""A round is made by its day, walked place by place on any number of phones, and closed once."""

from __future__ import annotations

import itertools
from datetime import timedelta
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as case_of
from hypothesis import strategies as st

from gewu.core.errors import Invalid, NotFound
from gewu.domain.cases.models import Case
from gewu.domain.journal.models import Entry
from gewu.domain.patrols.actions import When, close_round, find, lapse, make_rounds, tick
from gewu.domain.patrols.models import Done, Finding, Plan, Round, Stop
from gewu.domain.places.models import Place
from gewu.domain.privacy import texts

NO_ACT = When()


def results(walk: Round) -> dict[str, str]:
    return dict(Stop.objects.filter(round=walk).values_list("place__code", "result"))


def test_the_round_of_the_day_goes_along_the_places_of_the_grid_in_walking_order(
    town: ModuleType, walk: Round
) -> None:
    assert list(walk.stops.order_by("rank").values_list("place__code", flat=True)) == ["L1", "L3", "L2"]
    assert (walk.due, walk.until) == (town.NOW.date(), town.NOW.date() + timedelta(days=6))


def test_it_is_made_once_and_made_up_for_after_a_rest(town: ModuleType, plan: Plan) -> None:
    assert [make_rounds(town.NOW + timedelta(days=n)) for n in (0, 0, 3, 9)] == [1, 0, 0, 1]
    assert Round.objects.order_by("due").last().due == town.NOW.date() + timedelta(days=7)  # type: ignore[union-attr]


def test_a_plan_of_a_community_has_a_round_in_each_grid_with_places(town: ModuleType, plan: Plan) -> None:
    from gewu.domain.access.actor import SYSTEM
    from gewu.domain.patrols.actions import make_plan
    from gewu.domain.places.actions import set_up
    from tests.patrols.conftest import plan_input
    from tests.places.conftest import given

    set_up([given("L8", grid="a2", town=town, kind="fire_lane")], actor=SYSTEM, now=town.NOW)
    make_plan(plan_input(town, area="community_a"), actor=town.actor("director_a"), now=town.NOW)
    assert make_rounds(town.NOW) == 3


def test_a_tick_says_place_day_and_result_and_the_place_was_seen(town: ModuleType, walk: Round) -> None:
    worker = town.actor("worker_a1")
    tick(walk.pk, "L1", "fine", when=NO_ACT, actor=worker, now=town.NOW)
    tick(walk.pk, "L2", "unreached", when=NO_ACT, actor=worker, now=town.NOW)
    assert results(walk) == {"L1": "fine", "L2": "unreached", "L3": ""}
    assert Place.objects.get(code="L1").seen_on == town.NOW.date()
    assert Place.objects.get(code="L2").seen_on is None
    assert not Entry.objects.filter(kind__startswith="patrol.tick").exists()


def test_what_is_marked_later_arrives_with_every_kind_of_act(town: ModuleType, walk: Round) -> None:
    more: dict[str, Any] = {"when": NO_ACT, "actor": town.actor("worker_a1"), "now": town.NOW}
    stop = Stop.objects.get(round=walk, place__code="L1")
    for act, marks in (
        ("fine", ["marking"]),
        ("fine", ["hydrant"]),
        ("unreached", []),
        ("finding", ["blocked"]),
    ):
        if act == "finding":
            find(walk.pk, "L1", {"text": "堵住了"}, faults=marks, **more)
        else:
            tick(walk.pk, "L1", act, faults=marks, **more)
        stop.refresh_from_db()
        assert set(marks) <= set(stop.faults), act
    assert (stop.result, stop.faults) == ("finding", ["blocked", "hydrant", "marking"])


def test_a_finding_becomes_a_case_at_the_place(town: ModuleType, walk: Round) -> None:
    given = {"text": "通道被货车堵住", "photos": [str(town.photo().pk)], "condition": "1102"}
    answer = find(walk.pk, "L1", given, when=NO_ACT, actor=town.actor("worker_a1"), now=town.NOW)
    case = Case.objects.get(number=answer["number"])
    assert (case.place.code, case.source, case.filed_area.code) == ("L1", "worker", "a1")  # type: ignore[union-attr]
    assert results(walk)["L1"] == "finding"


def test_what_was_settled_on_the_spot_is_kept_as_that(town: ModuleType, walk: Round) -> None:
    photo = town.photo()
    given = {"text": "已请店主搬走", "settled": True, "photos": [str(photo.pk)]}
    answer = find(walk.pk, "L1", given, when=NO_ACT, actor=town.actor("worker_a1"), now=town.NOW)
    row = Finding.objects.get()
    assert answer == {"settled": True, "kept": ""}
    assert (row.case, row.photo_ids) == (None, [photo.pk.hex])
    assert texts.read([row.text_id])[row.text_id] == "已请店主搬走"
    assert Case.objects.count() == 0


def test_one_act_counts_once_and_gets_its_first_answer(town: ModuleType, walk: Round) -> None:
    when, worker = When(uuid4()), town.actor("worker_a1")
    first, again = (
        find(walk.pk, "L1", {"text": "堵住了"}, when=when, actor=worker, now=town.NOW + timedelta(days=n))
        for n in (0, 40)
    )
    assert first == again
    assert Case.objects.count() == 1


def test_an_act_is_its_senders_own_and_does_not_say_whose(town: ModuleType, walk: Round) -> None:
    when = When(uuid4())
    for who in ("worker_a1", "lead_a1"):
        find(walk.pk, "L1", {"text": f"{who}看到堵住了"}, when=when, actor=town.actor(who), now=town.NOW)
    assert Case.objects.count() == 2  # one id sent by two people is two acts
    assert when.act not in Done.objects.values_list("act", flat=True)


def test_what_comes_too_late_is_kept_and_said(town: ModuleType, walk: Round) -> None:
    lead = town.actor("lead_a1")
    close_round(walk.pk, when=NO_ACT, actor=lead, now=town.NOW)
    assert tick(walk.pk, "L1", "fine", when=NO_ACT, actor=lead, now=town.NOW) == {"kept": "late"}
    answer = find(walk.pk, "L1", {"text": "堵住了"}, when=NO_ACT, actor=lead, now=town.NOW)
    assert answer["kept"] == "late"
    assert Case.objects.filter(number=answer["number"]).exists()
    assert results(walk)["L1"] == ""
    assert Finding.objects.get().late


def test_closing_says_what_was_left_and_happens_once(town: ModuleType, walk: Round) -> None:
    worker = town.actor("worker_a1")
    tick(walk.pk, "L1", "fine", when=NO_ACT, actor=worker, now=town.NOW)
    first = close_round(walk.pk, nothing_found=True, when=NO_ACT, actor=worker, now=town.NOW)
    second = close_round(walk.pk, when=NO_ACT, actor=town.actor("lead_a1"), now=town.NOW)
    assert (first, second) == ({"kept": "", "left": 2}, {"kept": "late"})
    entry = Entry.objects.get(kind="patrol.round_closed")
    assert entry.data == {"on": "2026-03-10"}  # beside the one who closed it stands no count
    assert Round.objects.get().nothing_found


def test_a_round_nobody_closed_lapses_without_a_word(town: ModuleType, walk: Round) -> None:
    assert lapse(town.NOW + timedelta(days=6)) == 0
    assert lapse(town.NOW + timedelta(days=7)) == 1
    assert Entry.objects.filter(subject_kind="round").count() == 0


def test_strangers_and_nonsense_are_refused(town: ModuleType, walk: Round) -> None:
    with pytest.raises(NotFound):
        tick(walk.pk, "L1", "fine", when=NO_ACT, actor=town.actor("worker_b1"), now=town.NOW)
    worker = town.actor("worker_a1")
    for place, result, faults, field in (
        ("nowhere", "fine", [], "place"), ("L1", "great", [], "result"), ("L1", "fine", ["dragons"], "faults"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            tick(walk.pk, place, result, faults=faults, when=NO_ACT, actor=worker, now=town.NOW)
        assert refused.value.errors[0].field == field
    with pytest.raises(Invalid):
        find(walk.pk, "L1", {"text": "", "settled": True}, when=NO_ACT, actor=worker, now=town.NOW)
    with pytest.raises(Invalid):
        find(walk.pk, "L1", {"text": "堵住了"}, faults=["dragons"], when=NO_ACT, actor=worker, now=town.NOW)


ACTS = [
    ("L1", "fine"),
    ("L1", "unreached"),
    ("L1", "finding"),
    ("L2", "unreached"),
    ("L2", "fine"),
    ("L3", "fine"),
]
IDS = {act: uuid4() for act in ACTS}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@case_of(st.lists(st.sampled_from(ACTS), max_size=10).flatmap(lambda more: st.permutations([*ACTS, *more])))
def test_two_phones_with_repeats_in_any_order_give_one_state(
    town: ModuleType, walk: Round, acts: list[tuple[str, str]]
) -> None:
    Stop.objects.filter(round=walk).update(result="", on=None)
    Finding.objects.all().delete()
    Done.objects.all().delete()
    phones = dict(zip(ACTS, itertools.cycle([town.actor("worker_a1"), town.actor("lead_a1")]), strict=False))
    before = Case.objects.count()
    for place, result in acts:
        more: dict[str, Any] = {
            "when": When(IDS[place, result]),
            "actor": phones[place, result],
            "now": town.NOW,
        }
        if result == "finding":
            find(walk.pk, place, {"text": "堵住了"}, **more)
        else:
            tick(walk.pk, place, result, **more)
    assert results(walk) == {"L1": "finding", "L2": "fine", "L3": "fine"}
    assert Case.objects.count() == before + 1
