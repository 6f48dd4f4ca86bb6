"""Two acts that meet on cases tied to each other: one has done its part and not yet committed, the other comes up to it
as far as the store lets it; then the first goes on. Both orders, real threads, real transactions, no chance.

PostgreSQL says itself when somebody waits for a lock. On SQLite a second writer waits at the turn of the process, with
what it read before: the same question to the code.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from django.db import connection

from gewu.core.errors import Conflict, GewuError, Invalid, NotFound, Refused
from gewu.domain.access.table import may
from gewu.domain.cases import actions, queries
from gewu.domain.cases.actions import Reported, ReportInput
from gewu.domain.cases.actions.step import Step
from gewu.domain.cases.models import Case, Report
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.privacy.models import Contact, SealedContact
from gewu.domain.requests import work
from tests import town as cast
from tests.privacy.people import officers
from tests.town import DISCIPLINE, DISPUTE, NOW, PEOPLE, actor, do, fresh, report_case, reporter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]
Act = Callable[[], Any]
LI, ZHAO = ContactInput(phone="13900000001"), ContactInput(phone="13900000002")


@pytest.fixture(autouse=True)
def _town(transactional_db: None) -> None:
    cast.town()


class Turn:
    """The turn of the process, which says when the second one has come to wait for it."""

    def __init__(self, real: Any, comes: threading.Event) -> None:
        self.real, self.comes = real, comes

    def acquire(self, timeout: float) -> bool:
        if threading.current_thread().name == "second":
            self.comes.set()
        return bool(self.real.acquire(timeout=timeout))

    def release(self) -> None:
        self.real.release()


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch) -> Callable[[Act, Act], list[Any]]:
    """What the first and the second got, or the error each was told."""

    def meeting(first: Act, second: Act) -> list[Any]:
        ready, comes, go_on = threading.Event(), threading.Event(), threading.Event()
        pids: list[int] = []
        got: dict[str, Any] = {}
        finish = Step.finish

        def finish_slowly(step: Step) -> Any:
            if threading.current_thread().name == "first" and not ready.is_set():
                ready.set()
                assert go_on.wait(timeout=30)
            return finish(step)

        def run(act: Act) -> None:
            name = threading.current_thread().name
            try:
                if name == "second" and connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_backend_pid()")
                        pids.append(cursor.fetchone()[0])
                got[name] = act()
            except GewuError as error:
                got[name] = error
            finally:
                comes.set() if name == "second" else ready.set()
                connection.close()

        monkeypatch.setattr(Step, "finish", finish_slowly)
        monkeypatch.setattr(work, "_turn", Turn(work._turn, comes))
        one = threading.Thread(target=run, args=(first,), name="first")
        two = threading.Thread(target=run, args=(second,), name="second")
        one.start()
        assert ready.wait(timeout=30)
        two.start()
        while not comes.is_set():
            if pids and _waits(pids[0]):
                break
        go_on.set()
        for thread in (one, two):
            thread.join(timeout=60)
        assert not any(thread.is_alive() for thread in (one, two))
        return [got["first"], got["second"]]

    return meeting


def _waits(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [pid])
        row = cursor.fetchone()
    return bool(row and row[0])


def merge(case: Reported, into: Reported, who: str = "lead_a1") -> Act:
    by, given = actor(who), {"into": into.case.number}
    return lambda: actions.act("merge", case.case.number, given, actor=by, now=NOW)


def turn(case: Reported, move: str, condition: str) -> Act:
    by = actor("duty_lead")
    return lambda: actions.act(move, case.case.number, {"condition": condition}, actor=by, now=NOW)


def join(case: Reported, contact: ContactInput | None = None) -> Act:
    given = ReportInput(text="我也看到了", contact=contact)
    return lambda: actions.join_report(case.case.number, given, actor=cast.ANYONE, now=NOW)


ORDERS = list(permutations((0, 1)))
PRIVATE_WAYS = [
    ("recategorise", DISPUTE),
    ("accept", DISPUTE),
    ("recategorise", DISCIPLINE),
    ("accept", DISCIPLINE),
]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("move", "condition"), PRIVATE_WAYS)
def test_nothing_of_a_joined_case_stays_readable(
    meet: Callable[[Act, Act], list[Any]], move: str, condition: str, order: tuple[int, int]
) -> None:
    """A case is joined with another in the moment in which that one becomes private."""
    officers()
    main, twin = report_case(contact=LI), report_case(text="同一件事", contact=ZHAO)
    acts = [merge(twin, main), turn(main, move, condition)]
    got = meet(*(acts[place] for place in order))

    merged, turned = (got[order.index(place)] for place in (0, 1))
    assert isinstance(turned, Case), turned
    joined, whole = fresh(twin), fresh(main)
    assert whole.sensitivity != "normal"
    if isinstance(merged, Case):
        assert joined.merged_into_id == whole.pk
        assert joined.sensitivity == whole.sensitivity
        _nobody_reads_one_alone(twin, main)
    else:
        assert isinstance(merged, Invalid), merged
        assert (joined.is_open, joined.merged_into_id) == (True, None)
    ordinary = set(Contact.objects.values_list("pk", flat=True))
    if whole.sensitivity == "confidential":
        tied = Report.objects.filter(
            case__in=[one.pk for one in (joined, whole) if one.sensitivity == "confidential"]
        )
        assert not any(tie.contact_id for tie in tied)
        assert SealedContact.objects.count() == tied.count()
        assert ordinary == {tie.contact_id for tie in Report.objects.filter(contact_id__isnull=False)}


def _nobody_reads_one_alone(twin: Reported, main: Reported) -> None:
    for name in PEOPLE:
        reads = [bool(may(actor(name), "case.read", fresh(one))) for one in (twin, main)]
        assert reads == [False, False] or reads[1], (
            f"{name} reads what was joined, not what it was joined with"
        )
        for one in (twin, main):
            try:
                view = queries.view_case(one.case.number, actor=actor(name))
            except NotFound:
                continue
            assert view.readable == reads[0 if one is twin else 1]
            assert view.readable or view.text == ""


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("move", "condition"), PRIVATE_WAYS)
def test_a_neighbour_is_tied_to_no_case_that_turned_private(
    meet: Callable[[Act, Act], list[Any]], move: str, condition: str, order: tuple[int, int]
) -> None:
    """A resident joins an open case in the moment in which it becomes private: one of both is told to look again."""
    officers()
    main = report_case()
    acts = [join(main, ZHAO), turn(main, move, condition)]
    got = meet(*(acts[place] for place in order))

    joined, turned = (got[order.index(place)] for place in (0, 1))
    case, ties = fresh(main), list(Report.objects.filter(case=main.case, joined=True))
    if isinstance(turned, Case):
        assert isinstance(joined, NotFound), joined  # as of any private case: not a word that it is one
        assert ties == []
        assert not Contact.objects.exists()
        assert case.sensitivity != "normal"
    else:
        assert isinstance(turned, Conflict), turned
        assert isinstance(joined, Reported)
        assert [tie.pk for tie in ties] == [joined.report.pk]
        assert case.sensitivity == "normal"
        assert queries.view_case(main.case.number, actor=reporter(joined)).readable


@pytest.mark.parametrize("order", ORDERS)
def test_what_is_parted_in_that_moment_is_parted(
    meet: Callable[[Act, Act], list[Any]], order: tuple[int, int]
) -> None:
    """Undone while the other becomes private: it stands alone, and is at most too private."""
    main, twin = report_case(), report_case()
    do("merge", twin, "lead_a1", into=main.case.number)
    by = actor("lead_a1")
    acts = [
        lambda: actions.act("unmerge", twin.case.number, {"text": "不是同一处"}, actor=by, now=NOW),
        turn(main, "recategorise", DISPUTE),
    ]
    got = meet(*(acts[place] for place in order))
    assert all(isinstance(one, Case) for one in got), got
    case = fresh(twin)
    assert (case.is_open, case.merged_into_id) == (True, None)
    assert fresh(main).sensitivity == "private"


@pytest.mark.parametrize("order", ORDERS)
def test_no_chain_is_tied_by_two_at_once(
    meet: Callable[[Act, Act], list[Any]], order: tuple[int, int]
) -> None:
    one, two, three = (report_case() for _each in range(3))
    acts = [merge(one, two), merge(two, three, "director_a")]
    got = meet(*(acts[place] for place in order))
    done = [result for result in got if isinstance(result, Case)]
    assert len(done) == 1, got
    assert all(isinstance(result, Case | Conflict | Invalid | Refused) for result in got)
    assert not Case.objects.filter(merged_into__merged_into__isnull=False).exists()
