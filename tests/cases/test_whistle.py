"""The subdistrict convenes units; each says when it is there; helpers come and go."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.accounts.models import User
from gewu.domain.cases.actions import Reported
from gewu.domain.cases.actions.timers import fire_due, next_due
from gewu.domain.cases.models import Party
from gewu.domain.cases.queries import get_case, moves_for
from gewu.domain.journal.models import Entry
from gewu.domain.journal.queries import history
from gewu.domain.notify.actions import tell
from gewu.domain.notify.models import Message
from gewu.domain.people.models import Unit
from tests.cases.refusals import invalid, refused
from tests.town import FIRE, actor, at, at_level, do, report_case, walk_to


def unit(code: str) -> str:
    return str(Unit.objects.get(code=code).pk.hex)


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


def absences(told: Reported) -> list[Entry]:
    return [entry for entry in history(("case", told.case.pk)) if entry.kind == "case.absent"]


def test_who_is_not_there_in_time_is_noted_once(town: ModuleType) -> None:
    told = at_level("S")
    do("whistle", told, "duty_lead", now=at(10, 10))
    do("confirm_arrival", told, "team_hand", now=at(10, 11))
    for now in (at(10, 15, 59), at(10, 16), at(10, 17)):
        while fire_due(now):
            pass
    (entry,) = absences(told)
    assert (entry.at, entry.data["units"]) == (at(10, 16), [unit("safety")])
    do("confirm_arrival", told, "safety_hand", now=at(10, 17))  # late, and still welcome


def test_the_worker_comes_when_an_arrival_is_due(town: ModuleType) -> None:
    told = at_level("S", report_case(FIRE, now=at(14, 1)), now=at(14, 1))
    do("whistle", told, "duty_lead", now=at(14, 1, 30))
    while (due := next_due()) and due < at(14, 2, 30):
        fire_due(due)
    assert due == at(14, 2, 30)
    while fire_due(due):
        pass
    (entry,) = absences(told)
    assert sorted(entry.data["units"]) == sorted([unit("team"), unit("safety")])


def test_nobody_is_missed_once_the_work_is_done(town: ModuleType) -> None:
    told = at_level("S")
    do("whistle", told, "duty_lead", now=at(10, 10))
    do("start", told, "team_hand", now=at(10, 11))
    do("report_done", told, "team_hand", now=at(10, 12))
    while fire_due(at(10, 17)):
        pass
    assert absences(told) == []


def test_called_again_they_can_be_missed_again(town: ModuleType) -> None:
    told = at_level("S")
    for day in (10, 11):
        do("whistle", told, "duty_lead", now=at(day, 10))
        while fire_due(at(day, 17)):
            pass
    assert len(absences(told)) == 2


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


def offered(told: Reported, who: str) -> set[str]:
    """Of the moves of a called unit those that are shown to it."""
    case = get_case(told.case.number, actor=actor(who))
    return {move.code for move in moves_for(case, actor(who))} & {"confirm_arrival", "leave"}


def test_what_a_called_unit_has_done_is_not_offered_again(town: ModuleType) -> None:
    told = at_level("S")
    do("whistle", told, "duty_lead")
    assert offered(told, "team_hand") == {"confirm_arrival"}
    assert offered(told, "safety_hand") == {"confirm_arrival", "leave"}
    do("confirm_arrival", told, "safety_hand")
    assert offered(told, "safety_hand") == {"leave"}
    do("leave", told, "safety_hand")
    assert offered(told, "safety_hand") == set()
    do("whistle", told, "duty_lead", now=at(11))
    assert offered(told, "safety_hand") == {"confirm_arrival", "leave"}


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


def test_once_another_unit_leads_the_former_one_may_leave(town: ModuleType) -> None:
    called_again, passed_on = at_level("S"), at_level("S")
    for told in (called_again, passed_on):
        do("whistle", told, "duty_lead")
    do("whistle", called_again, "duty_lead", units=["safety"], lead="safety")
    do("transfer", passed_on, "team_hand", to="unit:safety")
    leading = Party.objects.filter(case=called_again.case, relation="whistled", leads=True)
    assert [party.unit.code for party in leading] == ["safety"]
    for told in (called_again, passed_on):
        do("leave", told, "team_hand")


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


def test_the_subdistrict_the_holder_and_the_missing_unit_are_told(town: ModuleType) -> None:
    told = at_level("S")
    do("whistle", told, "duty_lead", now=at(10, 10))
    do("confirm_arrival", told, "team_hand", now=at(10, 11))
    while fire_due(at(10, 16)):
        pass
    (entry,) = absences(told)
    tell(entry, now=at(10, 16))
    said = Message.objects.filter(entry_id=entry.id).values_list("code", "to_user_id")
    names = dict(User.objects.values_list("pk", "username"))
    assert sorted({(code, names[user]) for code, user in said}) == [
        ("absent", "dispatcher"),
        ("absent", "duty_lead"),
        ("absent", "team_hand"),
        ("absent", "team_head"),
        ("not_there", "safety_hand"),
    ]
