"""The subdistrict convenes units; each says when it is there; helpers come and go."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.cases.models import Party
from gewu.domain.cases.queries import get_case
from gewu.domain.journal.queries import history
from tests.cases.refusals import invalid, refused
from tests.town import FIRE, actor, at, at_level, do, report_case, walk_to


def test_units_are_called_and_one_leads(town: ModuleType) -> None:
    told = at_level("S")
    case = do("whistle", told, "duty_lead", units=["team", "safety"], lead="team", now=at(10, 10))

    assert (case.state, case.level, case.holder_unit.code) == ("assigned", "S", "team")
    called = {p.unit.code: (p.leads, p.due_at) for p in Party.objects.filter(case=case, relation="whistled")}
    assert called == {"team": (True, at(10, 16)), "safety": (False, at(10, 16))}


def test_each_confirms_its_arrival_on_time_or_late(town: ModuleType) -> None:
    told = at_level("S")
    do("whistle", told, "duty_lead", now=at(10, 10))
    do("confirm_arrival", told, "team_hand", now=at(10, 11))
    do("confirm_arrival", told, "safety_hand", now=at(10, 17))

    said = [e.data["on_time"] for e in history(("case", told.case.pk)) if e.kind == "case.confirm_arrival"]
    assert said == [1, 0]


def test_absence_stays_on_the_record(town: ModuleType) -> None:
    told = at_level("S")
    do("whistle", told, "duty_lead")
    do("confirm_arrival", told, "team_hand")
    assert Party.objects.get(case=told.case, relation="whistled", unit__code="safety").answered_at is None


def test_in_an_emergency_they_have_an_hour(town: ModuleType) -> None:
    told = walk_to("handling", report_case(FIRE))
    case = do("whistle", told, "duty_lead", now=at(14, 2))  # Saturday night
    assert {p.due_at for p in Party.objects.filter(case=case, relation="whistled")} == {at(14, 3)}


def test_a_called_unit_sees_the_case(town: ModuleType) -> None:
    told = at_level("S")
    do("whistle", told, "duty_lead", units=["team", "urban"], lead="team")
    assert get_case(told.case.number, actor=actor("urban_hand")).number == told.case.number


def test_arrival_is_confirmed_once_and_by_the_called(town: ModuleType) -> None:
    told = at_level("S")
    do("whistle", told, "duty_lead")
    do("confirm_arrival", told, "safety_hand")
    with refused("already_arrived"):
        do("confirm_arrival", told, "safety_hand")
    with refused("not_yours"):
        do("confirm_arrival", told, "dispatcher")


def test_only_the_subdistrict_whistles(town: ModuleType) -> None:
    with refused("not_yours"):
        do("whistle", at_level("V"), "director_a")
    with refused("not_yours"):
        do("whistle", at_level("V"), "intake")


def test_unknown_units_are_refused_at_their_field(town: ModuleType) -> None:
    with invalid(units="unknown", lead="unknown", text="required"):
        do("whistle", at_level("S"), "duty_lead", units=["none"], lead="nobody", text="")


def test_the_leading_unit_cannot_leave(town: ModuleType) -> None:
    told = at_level("S")
    do("whistle", told, "duty_lead")
    with refused("leads"):
        do("leave", told, "team_hand")
    do("leave", told, "safety_hand")
    with refused("no_part"):
        do("leave", told, "safety_hand")


def test_a_unit_called_again_has_a_new_limit(town: ModuleType) -> None:
    told = at_level("S")
    do("whistle", told, "duty_lead")
    do("confirm_arrival", told, "safety_hand")
    do("whistle", told, "duty_lead", now=at(11, 9))
    party = Party.objects.get(case=told.case, relation="whistled", unit__code="safety")
    assert (party.answered_at, party.due_at) == (None, at(11, 15))


def test_a_helper_joins_and_leaves_while_the_holder_stays(town: ModuleType) -> None:
    told = walk_to("handling")
    case = do("join", told, "worker_a1", unit="property")
    assert case.holder_post.code == "worker-a1"
    with invalid(unit="already"):
        do("join", told, "worker_a1", unit="property")
    do("leave", told, "property_hand")
    assert Party.objects.get(case=told.case, relation="helper").until is not None
    do("join", told, "worker_a1", unit="property")
    assert Party.objects.get(case=told.case, relation="helper").until is None
