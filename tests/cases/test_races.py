"""Two people on one case: the store decides, one wins, the other is told what happened, and nothing is half done.

Real threads on a real store (a SQLite file, or PostgreSQL with GEWU_TEST_STORE=postgresql).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from gewu.core.errors import Conflict, GewuError, Invalid, Refused
from gewu.domain.cases import actions
from gewu.domain.cases.actions import ReportInput
from gewu.domain.cases.actions.timers import fire_due
from gewu.domain.cases.models import Case, Clock, Stage
from gewu.domain.journal.queries import history
from gewu.domain.requests.actions import once
from tests import town as cast
from tests.requests.threads import run_at_once
from tests.town import NOW, actor, at, do, fresh, report_case, reporter, walk_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _town(transactional_db: None) -> None:
    cast.town()


def race(*works: Callable[[], Any]) -> list[Any]:
    """All at once; what each of them got, or the error it was told."""
    got: list[Any] = []

    def judged(work: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            try:
                got.append(work())
            except GewuError as error:
                got.append(error)

        return run

    run_at_once([judged(work) for work in works])
    return got


def whole(case: Case, version: int) -> None:
    """One entry for each version, one open stage, one clock of each kind."""
    assert case.version == version
    versions = [entry.subject_version for entry in history(("case", case.pk))]
    assert versions == list(range(1, version + 1))
    assert Stage.objects.filter(case=case, ended_at=None).count() == int(case.is_open)
    kinds = list(Clock.objects.filter(case=case, stopped_at=None).values_list("kind", flat=True))
    assert len(kinds) == len(set(kinds))


def test_two_leads_take_one_case() -> None:
    told = report_case()
    lead, director = actor("lead_a1"), actor("director_a")
    number, version = told.case.number, told.case.version
    got = race(
        lambda: actions.act("accept", number, {}, actor=lead, now=NOW, version=version),
        lambda: actions.act("accept", number, {}, actor=director, now=NOW, version=version),
    )

    (lost,) = [one for one in got if isinstance(one, GewuError)]
    assert isinstance(lost, Conflict)
    assert (lost.facts["state"], lost.facts["version"]) == ("accepted", 2)
    whole(fresh(told), 2)


def test_assigned_to_two_people_at_once_one_of_them_holds_it() -> None:
    told = walk_to("accepted")
    lead, director = actor("lead_a1"), actor("director_a")
    number = told.case.number
    got = race(
        lambda: actions.act("assign", number, {"to": "post:worker-a1"}, actor=lead, now=NOW),
        lambda: actions.act("assign", number, {"to": "post:lead-a1"}, actor=director, now=NOW),
    )

    won = [one for one in got if isinstance(one, Case)]
    lost = [one for one in got if not isinstance(one, Case)]
    assert len(won) == len(lost) == 1
    assert isinstance(lost[0], Conflict | Refused)
    assert fresh(told).holder_post_id == won[0].holder_post_id
    whole(fresh(told), 3)


def test_a_double_click_does_it_once() -> None:
    told = walk_to("handling")
    worker = actor("worker_a1")
    given = cast._defaults("report_done")
    version = fresh(told).version
    got = race(
        *[
            lambda: actions.act(
                "report_done", told.case.number, given, actor=worker, now=NOW, version=version
            )
            for _each in range(3)
        ]
    )

    assert sum(isinstance(one, Case) for one in got) == 1
    assert all(isinstance(one, Case | Conflict) for one in got)
    whole(fresh(told), version + 1)


def test_a_report_sent_twice_with_its_key_makes_one_case() -> None:
    key = uuid4()
    lon, lat = cast.middle("a1")
    given = ReportInput(text="垃圾", condition="0110", lon=lon, lat=lat)

    def send() -> bytes:
        def perform() -> bytes:
            told = actions.report(given, actor=cast.ANYONE, now=NOW)
            return f"{told.case.number} {told.secret}".encode()

        return once("page", key, b"body", now=NOW, perform=perform).body

    got = race(send, send)
    answers = {one for one in got if isinstance(one, bytes)}
    assert len(answers) == 1
    assert Case.objects.count() == 1
    assert once("page", key, b"body", now=NOW, perform=send).body in answers


def test_the_worker_and_a_person_meet() -> None:
    told = walk_to("handling")
    version = fresh(told).version
    worker = actor("worker_a1")
    given = cast._defaults("report_done")
    late = at(10, 15)
    race(
        lambda: fire_due(late),
        lambda: actions.act("report_done", told.case.number, given, actor=worker, now=late),
    )
    while fire_due(late):
        pass

    case = fresh(told)
    whole(case, case.version)
    assert case.version > version
    assert case.state in {"handled", "handling"}


def test_two_cases_joined_with_each_other_at_once_leave_one_open() -> None:
    one, two = report_case(), report_case()
    lead, director = actor("lead_a1"), actor("director_a")
    got = race(
        lambda: actions.act("merge", one.case.number, {"into": two.case.number}, actor=lead, now=NOW),
        lambda: actions.act("merge", two.case.number, {"into": one.case.number}, actor=director, now=NOW),
    )

    assert sum(isinstance(done, Case) for done in got) == 1, got
    assert Case.objects.filter(is_open=True).count() == 1


def test_the_last_two_reporters_answer_at_once() -> None:
    told = report_case()
    other = cast.join(told.case.number)
    walk_to("verified", told)
    first, second = reporter(told), reporter(other)
    race(
        lambda: actions.act("rate", told.case.number, {"rating": 5}, actor=first, now=NOW),
        lambda: actions.act("refuse", told.case.number, cast._defaults("refuse"), actor=second, now=NOW),
    )
    case = fresh(told)
    whole(case, case.version)
    assert case.state in {"handled", "handling"}


def test_one_photo_for_two_cases_belongs_to_one() -> None:
    one, two = walk_to("handling"), walk_to("handling")
    worker = actor("worker_a1")
    given = cast._defaults("report_done")
    got = race(
        *[
            lambda number=told.case.number: actions.act("report_done", number, given, actor=worker, now=NOW)
            for told in (one, two)
        ]
    )
    assert sum(isinstance(done, Case) for done in got) == 1
    assert {fresh(one).state, fresh(two).state} == {"handled", "handling"}
    assert not any(isinstance(done, Invalid) for done in got)
    assert do("report_done", one if fresh(one).state == "handling" else two, "worker_a1").state == "handled"
