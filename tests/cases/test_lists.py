"""Lists: each relation to a case brings its own first ones, and the reader sees one list as if by one rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import ModuleType

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gewu.domain.access.actor import Actor
from gewu.domain.access.table import visible
from gewu.domain.cases import queries
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import Filter
from gewu.domain.cases.relations import below
from tests.town import NOW, PEOPLE, WIRING, actor, at_level, do, report_case, walk_to

ORDERS = {"due": ("due_at", "id"), "filed": ("-filed_at", "-id")}


def pages(who: Actor, wanted: Filter, *, limit: int = 2) -> Iterator[str]:
    after = ""
    while True:
        page = queries.queue(who, wanted, after=after, limit=limit)
        yield from (line.case.number for line in page.lines)
        if not (after := page.next):
            return


@pytest.fixture
def many(town: ModuleType) -> None:
    """Held, handed up, whistled for, entered on behalf, closed; some in the other community, some due together."""
    for number, at in enumerate(("a1", "a2", "b1", "a1", "b1")):
        report_case(at=at, now=NOW - timedelta(minutes=number // 2))
    walk_to("handling")
    walk_to("closed")
    for level in "VSD":
        at_level(level)
    do("whistle", at_level("S"), "dispatcher")
    report_case(WIRING, at="b2", by=actor("worker_a1"), source="worker")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("is_open", [True, None])
def test_a_list_is_what_one_may_see_in_order_nothing_twice(
    many: None, order: str, is_open: bool | None
) -> None:
    two_posts = actor("worker_a1")
    two_posts = replace(two_posts, hats=(*two_posts.hats, *actor("director_b").hats))
    for who in (*map(actor, PEOPLE), two_posts):
        rows = Case.objects.filter(visible(who, "case.list", "case")).order_by(*ORDERS[order])
        seen = rows if is_open is None else rows.filter(is_open=is_open)
        wanted = Filter(order=order, open=is_open)
        assert list(pages(who, wanted)) == list(seen.values_list("number", flat=True)), who


@pytest.mark.one_store  # PostgreSQL reads the few rows of a test as they lie
@pytest.mark.parametrize(
    ("who", "wanted", "index"),
    [
        ("director_a", Filter(), "case_open_community"),
        ("lead_a1", Filter(), "case_open_grid"),
        ("dispatcher", Filter(), "case_open_by_due"),
        ("dispatcher", Filter(overdue=True), "case_overdue"),
        ("urban_head", Filter(), "case_open_category"),
    ],
)
def test_each_is_read_in_the_order_of_an_index(
    town: ModuleType, who: str, wanted: Filter, index: str
) -> None:
    rows = Case.objects.filter(queries._condition(actor(who), wanted)).order_by("due_at", "id")
    plan = queries.first(rows, actor(who), most=51, open_only=True).explain()
    assert index in plan
    assert "case_area_filed" not in plan, "a range has to be sorted"


@pytest.mark.one_store
def test_whoever_is_granted_no_area_reads_all_there_ever_were_by_indexes(town: ModuleType) -> None:
    head, wanted = actor("urban_head"), Filter(open=None, order="filed")
    rows = Case.objects.filter(queries._condition(head, wanted)).order_by("-filed_at", "-id")
    plan = queries.first(rows, head, most=51, open_only=False).explain()
    assert {name for name in ("case_of_post", "case_of_unit", "case_department") if name in plan} == {
        "case_of_post", "case_of_unit", "case_department"
    }  # fmt: skip
    assert "SCAN cases_case USING INDEX case_filed" not in plan, "that walks back through everything"


@pytest.mark.postgresql
@pytest.mark.parametrize(("area", "path"), [("subdistrict", "000000"), ("district", "000")])
def test_postgresql_knows_that_most_cases_are_an_office_s_own(town: ModuleType, area: str, path: str) -> None:
    """Else it would sort all of an office's open cases rather than walk the first few by deadline."""
    for _each in range(30):
        report_case()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")
    plan = Case.objects.filter(below(path)).explain()
    (expected,) = re.findall(r"^Seq Scan on cases_case .*rows=(\d+) ", plan)
    assert int(expected) == Case.objects.count() > 1, f"{area}: {plan}"


def test_what_is_named_of_a_case_is_read_for_the_few_that_are_shown(many: None) -> None:
    who = actor("dispatcher")
    with CaptureQueriesContext(connection) as heard:
        queries.queue(who, Filter())
    (joining,) = [one["sql"] for one in heard.captured_queries if "areas_area" in one["sql"]]
    assert "UNION" not in joining
    assert "LIMIT" not in joining
