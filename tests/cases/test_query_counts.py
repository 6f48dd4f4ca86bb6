"""How much the store is asked: flat in the length of a history and of a list, few statements for the hot paths."""

from __future__ import annotations

from types import ModuleType
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gewu.domain.cases import actions, queries
from gewu.domain.cases.actions import ReportInput
from gewu.domain.people.models import Unit
from gewu.domain.privacy.contact_data import ContactInput
from tests.town import NOW, actor, at_level, do, middle, report_case, reporter, walk_to


def unit_id(code: str) -> UUID:
    return Unit.objects.values_list("id", flat=True).get(code=code)


def statements(work: Any) -> list[str]:
    """Everything but savepoints, which are the test's own."""
    with CaptureQueriesContext(connection) as seen:
        work()
    return [one["sql"] for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]


def test_a_case_is_shown_with_a_dozen_queries_however_long_its_story(town: ModuleType) -> None:
    told, lead = walk_to("handling"), actor("lead_a1")
    for _each in range(3):
        do("add", told, "worker_a1", text="已到现场")
    few = statements(lambda: queries.view_case(told.case.number, actor=lead))
    for _each in range(15):
        do("add", told, "worker_a1", text="已到现场")
    many = statements(lambda: queries.view_case(told.case.number, actor=lead))

    assert len(many) == len(few) <= 12, "\n".join(many)


def test_so_is_it_for_its_reporter(town: ModuleType) -> None:
    told = walk_to("handling")
    assert len(statements(lambda: queries.view_case(told.case.number, actor=reporter(told)))) <= 12


def test_a_list_takes_six_queries_however_long_it_is(town: ModuleType) -> None:
    lead = actor("lead_a1")
    for _each in range(3):
        report_case()
    few = statements(lambda: queries.queue(lead, queries.Filter()))
    for _each in range(12):
        report_case()
    walk_to("handling")
    many = statements(lambda: queries.queue(lead, queries.Filter()))

    assert len(many) == len(few) <= 6, "\n".join(many)


def test_a_list_of_somebody_who_reads_only_what_is_theirs_is_as_flat(town: ModuleType) -> None:
    clerk = actor("committee_hand_a")
    for _each in range(6):
        told = report_case("1105")
        do("accept", told, "director_a")
        do("assign", told, "director_a", to="unit:committee-a")
    assert len(statements(lambda: queries.queue(clerk, queries.Filter()))) <= 6


def test_so_is_one_of_cases_that_somebody_else_holds(town: ModuleType) -> None:
    helping = actor("safety_hand")
    for _each in range(6):
        do("whistle", at_level("S"), "dispatcher")
    listed = statements(lambda: queries.queue(helping, queries.Filter()))
    assert len(listed) <= 6, "\n".join(listed)
    lines = queries.queue(helping, queries.Filter()).lines
    assert [line.case.holder_unit_id for line in lines] == [unit_id("team")] * 6
    assert all(line.readable for line in lines)


def test_so_is_one_of_what_one_typed_in_for_others(town: ModuleType) -> None:
    worker = actor("worker_a1")
    for _each in range(6):
        report_case(at="b1", by=worker, source="worker")
    listed = statements(lambda: queries.queue(worker, queries.Filter()))
    assert len(listed) <= 6, "\n".join(listed)
    assert sum(line.readable for line in queries.queue(worker, queries.Filter()).lines) == 6


def test_taking_a_report_in(town: ModuleType) -> None:
    lon, lat = middle("a1")
    report_case()  # maps and calendar are read once per process
    worker = actor("worker_a1")

    def plain() -> None:
        actions.report(
            ReportInput(text="垃圾", condition="0110", lon=lon, lat=lat, source="worker"),
            actor=worker,
            now=NOW,
        )

    def with_contact() -> None:
        contact = ContactInput(phone="13800000000")
        actions.report(
            ReportInput(text="垃圾", condition="0110", lon=lon, lat=lat, contact=contact),
            actor=worker,
            now=NOW,
        )

    assert len(found := statements(plain)) <= 15, "\n".join(found)
    assert len(found := statements(with_contact)) <= 17, "\n".join(found)


def test_one_act(town: ModuleType) -> None:
    told, worker = walk_to("assigned"), actor("worker_a1")
    act = lambda: actions.act("start", told.case.number, {}, actor=worker, now=NOW)  # noqa: E731
    assert len(found := statements(act)) <= 10, "\n".join(found)
