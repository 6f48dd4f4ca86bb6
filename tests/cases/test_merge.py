"""Two cases about one matter become one; everything can be undone."""

from __future__ import annotations

from datetime import datetime
from types import ModuleType

import pytest

from gewu.core.errors import Conflict
from gewu.domain.cases.actions import Reported
from gewu.domain.cases.actions.timers import fire_due
from gewu.domain.cases.models import Clock
from gewu.domain.cases.queries import view_case
from gewu.domain.journal.queries import history
from tests.cases.refusals import invalid, refused
from tests.town import (
    DISPUTE,
    OTHER,
    ROAD,
    WASTE,
    at,
    at_level,
    do,
    fresh,
    join,
    report_case,
    reporter,
    walk_to,
)


def test_a_joined_case_ends_in_the_other(town: ModuleType) -> None:
    main, twin = walk_to("handling"), report_case(at="a2")
    case = do("merge", twin, "director_a", into=main.case.number)

    assert (case.state, case.closing, case.confirmation) == ("closed", "merged", "none")
    assert case.merged_into_id == main.case.pk


def test_its_reporter_follows_the_other_case(town: ModuleType) -> None:
    main, twin = walk_to("handling"), report_case()
    do("merge", twin, "lead_a1", into=main.case.number)

    assert reporter(twin).case_id == main.case.pk
    do("report_done", main, "worker_a1")
    do("verify", main, "lead_a1")
    assert do("rate", main, reporter(main)).state == "handled"
    assert do("rate", main, reporter(twin)).state == "closed"


def test_all_its_clocks_stand_still(town: ModuleType) -> None:
    main, twin = report_case(), walk_to("accepted")
    do("merge", twin, "lead_a1", into=main.case.number)

    assert not Clock.objects.filter(case=twin.case, stopped_at=None, paused_at=None).exists()
    while fire_due(at(20, 9)):
        pass
    assert fresh(twin).overdue_at is None


@pytest.mark.parametrize("state", ["submitted", "accepted", "assigned", "handling", "waiting"])
def test_undone_it_is_what_it_was(town: ModuleType, state: str) -> None:
    main, twin = report_case(), walk_to(state)
    before = _clocks(twin.case)
    do("merge", twin, "lead_a1", into=main.case.number, now=at(10, 10))
    case = do("unmerge", twin, "lead_a1", now=at(11, 10))

    assert (case.state, case.merged_into_id, case.closing, case.closed_at) == (state, None, "", None)
    assert case.is_open
    after = _clocks(twin.case)
    assert after.keys() == before.keys()
    for kind, (limit, _counted, paused) in after.items():
        assert (limit, paused) == (before[kind][0], before[kind][2])
        assert after[kind][1] == (before[kind][1] if paused else before[kind][1] + 3600)
    assert reporter(twin).case_id == twin.case.pk


def _clocks(case: object) -> dict[str, tuple[int, int, bool]]:
    rows = Clock.objects.filter(case=case, stopped_at=None)
    return {clock.kind: (clock.limit_seconds, clock.counted, clock.paused_at is not None) for clock in rows}


def test_who_had_sent_it_is_still_known_afterwards(town: ModuleType) -> None:
    main, twin = report_case(), town.at_level("V")
    do("merge", twin, "director_a", into=main.case.number)
    do("unmerge", twin, "director_a")
    assert do("hand_back", twin, "director_a").level == "G"


def test_only_into_an_open_case_one_may_reach(town: ModuleType) -> None:
    ended, far = walk_to("declined"), report_case(at="b1")
    twin = report_case()
    for number in (ended.case.number, far.case.number, twin.case.number, "LT-2026-999999-1", "nonsense"):
        with invalid(into="unknown"):
            do("merge", twin, "lead_a1", into=number)


@pytest.mark.parametrize(("one", "other"), [(WASTE, DISPUTE), (DISPUTE, WASTE)])
def test_only_cases_that_are_equally_private(town: ModuleType, one: str, other: str) -> None:
    """Who reported the one follows the other, and reads its place and its answers."""
    main, twin = report_case(other), report_case(one)
    with invalid(into="sensitivity"):
        do("merge", twin, "director_a", into=main.case.number)
    assert fresh(twin).is_open


def test_of_a_case_that_turned_private_a_neighbour_sees_no_place(town: ModuleType) -> None:
    main, twin = report_case(), report_case()
    do("merge", twin, "lead_a1", into=main.case.number)
    other = join(main.case.number)
    do("recategorise", main, "lead_a1", condition=DISPUTE)
    seen = {
        told.report.number: view_case(main.case.number, actor=reporter(told)) for told in (main, twin, other)
    }
    assert [view.exact for view in seen.values()] == [True, False, False]


def test_no_chains(town: ModuleType) -> None:
    one, two, three = report_case(), report_case(), report_case()
    do("merge", one, "lead_a1", into=two.case.number)
    with pytest.raises(Conflict):
        do("merge", two, "lead_a1", into=three.case.number)


def test_only_what_was_joined_can_be_parted(town: ModuleType) -> None:
    with refused("not_merged"):
        do("unmerge", walk_to("closed"), "lead_a1")


def test_a_done_case_is_not_joined_any_more(town: ModuleType) -> None:
    with refused("wrong_state"):
        do("merge", walk_to("handled"), "lead_a1", into=report_case().case.number)


def test_nobody_reports_into_a_joined_case(town: ModuleType) -> None:
    from gewu.core.errors import NotFound

    main, twin = report_case(), report_case()
    do("merge", twin, "lead_a1", into=main.case.number)
    with pytest.raises(NotFound):
        join(twin.case.number)


def _run(until: datetime) -> None:
    while fire_due(until):
        pass


def _absent(told: Reported) -> list[datetime]:
    return [entry.at for entry in history(("case", told.case.pk)) if entry.kind == "case.absent"]


def test_who_was_called_has_what_was_left_of_the_time_to_arrive(town: ModuleType) -> None:
    """Four working hours, of which one had passed; while it was joined nobody could say that they are there."""
    main, twin = report_case(), at_level("S")
    do("whistle", twin, "duty_lead", now=at(10, 9))
    do("merge", twin, "duty_lead", into=main.case.number, now=at(10, 10))
    _run(at(11, 14))
    assert _absent(twin) == []
    do("unmerge", twin, "duty_lead", now=at(11, 14))
    do("confirm_arrival", twin, "team_hand", now=at(11, 15))
    _run(at(11, 16, 59))
    assert _absent(twin) == []
    _run(at(11, 17))
    assert _absent(twin) == [at(11, 17)]
    _run(at(20, 9))
    assert len(_absent(twin)) == 1


def test_an_absence_from_before_is_noted_once(town: ModuleType) -> None:
    main, seen, unseen = report_case(), at_level("S"), at_level("S")
    for twin in (seen, unseen):
        do("whistle", twin, "duty_lead", now=at(10, 9))
    do("merge", unseen, "duty_lead", into=main.case.number, now=at(10, 16))  # before the worker came to it
    _run(at(10, 17))
    do("merge", seen, "duty_lead", into=main.case.number, now=at(10, 18))
    _run(at(11, 9))
    for twin in (seen, unseen):
        do("unmerge", twin, "duty_lead", now=at(11, 9))
        _run(at(12, 9))
    assert (_absent(seen), _absent(unseen)) == ([at(10, 17)], [at(12, 9)])


def test_both_sides_have_what_was_left_of_the_time_to_speak(town: ModuleType) -> None:
    main, twin = report_case(), walk_to("assigned")
    for holder in ("post:lead-a1", "post:worker-a1"):
        do("transfer", twin, "lead_a1", to=holder, now=at(10, 9))
    do(
        "merge", twin, "lead_a1", into=main.case.number, now=at(10, 17)
    )  # an hour of their working day is left
    do("unmerge", twin, "lead_a1", now=at(12, 9))
    with refused("not_heard"):
        do("decide_holder", twin, "director_a", now=at(12, 10, 59))
    assert do("decide_holder", twin, "director_a", now=at(12, 11)).state == "assigned"


def test_a_question_waits_as_long_as_it_would_have(town: ModuleType) -> None:
    """Its reporter saw the other case meanwhile, and could not answer."""
    main, twin = report_case(), walk_to("handling", report_case(OTHER))
    do("ask_reporter", twin, "worker_a1", now=at(10, 10))
    do("merge", twin, "lead_a1", into=main.case.number, now=at(11, 10))
    _run(at(20, 10))
    case = do("unmerge", twin, "lead_a1", now=at(20, 10))
    assert case.asked_at is not None
    _run(at(26, 9, 59))
    assert fresh(twin).asked_at is not None
    _run(at(26, 10))  # four working days later
    assert fresh(twin).asked_at is None


def test_a_day_to_go_on_that_has_passed_comes_true_at_once(town: ModuleType) -> None:
    main, twin = report_case(), walk_to("waiting")
    until = fresh(twin).wakes_at
    do("merge", twin, "lead_a1", into=main.case.number, now=at(10, 10))
    _run(at(20, 9))
    assert (fresh(twin).state, fresh(twin).wakes_at) == ("closed", until)
    do("unmerge", twin, "lead_a1", now=at(20, 9))
    _run(at(20, 9))
    assert (fresh(twin).state, fresh(twin).wakes_at) == ("handling", None)


def test_more_time_that_was_asked_for_can_still_be_granted(town: ModuleType) -> None:
    main, twin = report_case(), walk_to("handling", report_case(ROAD))
    do("extend", twin, "worker_a1", now=at(10, 10))
    do("merge", twin, "lead_a1", into=main.case.number, now=at(10, 10))
    do("unmerge", twin, "lead_a1", now=at(20, 10))
    assert do("extend", twin, "director_a", grant="yes", now=at(20, 10)).extension == "granted"
