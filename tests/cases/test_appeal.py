"""Against being counted overdue: once, after closing, two reviews by two others; the fact stays."""

from __future__ import annotations

from datetime import date
from types import ModuleType

import pytest

from gewu.domain.cases.actions import Reported
from gewu.domain.cases.actions.timers import fire_due
from gewu.domain.figures.actions import fold
from gewu.domain.figures.models import DayRow
from gewu.domain.figures.proof import prove
from gewu.domain.figures.queries import By, Period, totals
from tests.cases.refusals import invalid, refused
from tests.town import at, do, report_case, walk_to

LATE = at(11, 9)


def closed_late() -> Reported:
    told = walk_to("handling", report_case(wants_answer=False))
    while fire_due(LATE):
        pass
    do("report_done", told, "worker_a1", now=LATE)
    do("verify", told, "lead_a1", now=LATE)
    return told


def test_two_others_accept_it(town: ModuleType) -> None:
    told = closed_late()
    do("appeal", told, "worker_a1", now=LATE)
    assert do("appeal", told, "dispatcher", decision="yes", now=LATE).appeal == "reviewed"
    case = do("appeal", told, "duty_lead", decision="yes", now=LATE)

    assert (case.appeal, case.overdue_at) == ("accepted", at(10, 15))


def test_once_accepted_it_counts_no_more_on_the_day_it_was_late(town: ModuleType) -> None:
    told = closed_late()
    fold()
    assert _counted() == {"done_late": 1, "closed_late": 1}
    late_on = set(DayRow.objects.filter(indicator="done_late").values_list("day", flat=True))
    do("appeal", told, "worker_a1", now=at(12, 9))
    do("appeal", told, "dispatcher", decision="yes", now=at(12, 9))
    assert _counted() == {"done_late": 1, "closed_late": 1}
    do("appeal", told, "duty_lead", decision="yes", now=at(13, 9))
    fold()

    assert _counted() == {"done_late": 0, "closed_late": 0, "appealed_ok": 1}
    assert set(DayRow.objects.filter(indicator="done_late_exempt").values_list("day", flat=True)) == late_on
    assert prove() == []
    DayRow.objects.filter(indicator="done_late_exempt").update(amount=2)
    differs = {finding.where.split()[1] for finding in prove() if finding.code == "figures_differ"}
    assert differs == {"done_late_exempt"}


@pytest.mark.parametrize("by", ["", "condition", "day", "area"])
def test_what_was_published_of_a_month_stays_as_it_was(town: ModuleType, by: By) -> None:
    """Else the cell that turns from 10 into “<10” is known to be 9."""
    told = closed_late()
    fold()
    for who in ("worker_a1", "dispatcher", "duty_lead"):
        do("appeal", told, who, **({} if who == "worker_a1" else {"decision": "yes"}), now=LATE)
    for _unfolded_then_folded in range(2):
        assert set(_counted(by, exempting=False).values()) == {1}
        assert {code for code, n in _counted(by).items() if n} == {"appealed_ok"}
        fold()


def _counted(by: By = "", *, exempting: bool = True) -> dict[str, int]:
    found = totals(
        "", Period(date(2026, 3, 1), date(2026, 3, 31)), by=by, codes=["done_late", "closed_late", "appealed_ok"],
        exempting=exempting,
    )  # fmt: skip
    sums: dict[str, int] = {}
    for (_group, code), n in found.items():
        sums[code] = sums.get(code, 0) + n
    return sums


def test_one_no_is_enough(town: ModuleType) -> None:
    told = closed_late()
    do("appeal", told, "worker_a1", now=LATE)
    assert do("appeal", told, "dispatcher", decision="no", now=LATE).appeal == "refused"
    with refused("no_appeal"):
        do("appeal", told, "duty_lead", decision="yes", now=LATE)


def test_nobody_reviews_twice_or_in_the_own_matter(town: ModuleType) -> None:
    told = closed_late()
    do("appeal", told, "dispatcher", now=LATE)
    with refused("second_person"):
        do("appeal", told, "dispatcher", decision="yes", now=LATE)
    with refused("second_person"):
        do("appeal", told, "worker_a1", decision="yes", now=LATE)


def test_it_is_made_once(town: ModuleType) -> None:
    told = closed_late()
    do("appeal", told, "worker_a1", now=LATE)
    with refused("appealed"):
        do("appeal", told, "worker_a1", now=LATE)


def test_only_against_being_overdue_and_only_when_closed(town: ModuleType) -> None:
    with refused("not_overdue"):
        do("appeal", walk_to("closed"), "worker_a1")
    with refused("wrong_state"):
        do("appeal", walk_to("handling"), "worker_a1")
    with refused("no_appeal"):
        do("appeal", closed_late(), "dispatcher", decision="yes", now=LATE)


def test_it_needs_its_reason(town: ModuleType) -> None:
    with invalid(text="required"):
        do("appeal", closed_late(), "worker_a1", text="", now=LATE)
