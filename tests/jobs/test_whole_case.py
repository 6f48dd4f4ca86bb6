"""A case from report to rating: what everybody was told, and what the figures say of it, proved against the journal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gewu.domain.access.actor import Actor
from gewu.domain.cases import actions as cases
from gewu.domain.cases.models import Case, Report
from gewu.domain.cases.queries import actor_for_receipt
from gewu.domain.figures import proof
from gewu.domain.figures.models import Duration
from gewu.domain.insight import queries
from gewu.domain.notify.models import Message
from gewu.jobs import worker
from tests.notify.cast import Town
from tests.town import photo

TOWN = "001001"


def reporter(case: Case) -> Actor:
    return actor_for_receipt(Report.objects.get(case=case).id)


def handled(town: Town, *, late: bool) -> Case:
    """Up to the question whether it is solved; late: the worker starts after the promised time."""
    case = town.report()
    town.act("lead", "accept", case)
    town.act("lead", "assign", case, to="post:worker-left1")
    for minutes in (30, 300, 300) if late else (30,):
        worker.run_until_idle(town.clock.advance(timedelta(minutes=minutes)))
    if late:
        worker.run_until_idle(town.clock.advance(timedelta(days=7)))
    town.act("worker", "start", case)
    done = {
        "closing": "solved",
        "closing_met": "yes",
        "text": "Cleared.",
        "photos": [str(photo().pk), str(photo().pk)],
    }
    town.act("worker", "report_done", case, **done)
    town.act("lead", "verify", case)
    worker.run_until_idle(town.clock.now())
    return case


@pytest.mark.parametrize("late", [False, True])
def test_solved_and_rated(town: Town, late: bool) -> None:
    case = handled(town, late=late)
    cases.act("rate", case.number, {"rating": "5"}, actor=reporter(case), now=town.clock.now())
    worker.run_until_idle(town.clock.now())

    assert proof.prove() == []
    board = queries.dashboard(TOWN, now=town.clock.now())
    assert (board.open, board.overdue, board.today["closed"]) == (0, 0, 1)
    shares = {
        code: board.shares[code] for code in ("closing_in_time", "handling_in_time", "solved", "satisfied")
    }
    assert {code: (cell.hits, cell.n) for code, cell in shares.items()} == {
        "closing_in_time": (int(not late), 1),
        "handling_in_time": (int(not late), 1),
        "solved": (1, 1),
        "satisfied": (1, 1),
    }
    assert (
        Duration.objects.filter(case_id=case.id, kind="promise").values_list("in_time", flat=True)[0]
        is not late
    )
    told = set(Message.objects.filter(facts__number=case.number).values_list("code", flat=True))
    assert {"new", "received", "accepted", "assigned", "to_verify", "solved"} <= told
    assert ("overdue_below" in told) == late


def test_refused_by_its_reporter_it_goes_one_level_up(town: Town) -> None:
    case = handled(town, late=False)
    words = {"reason": "not_done", "text": "Still there."}
    cases.act("refuse", case.number, words, actor=reporter(case), now=town.clock.now())
    worker.run_until_idle(town.clock.now())
    assert proof.prove() == []
    board = queries.dashboard(TOWN, now=town.clock.now())
    assert (board.open_by_level["V"], board.flows["G", "V"], board.shares["solved"].value) == (1, 1, 0)
    assert (
        Message.objects.filter(code="refused", to_user=town.people["director"], channel="page").count() == 1
    )
