"""The queue: what waits, the next deadline first, within what one may see."""

from __future__ import annotations

from types import ModuleType

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.staff.pages import client_of, text_of


def test_a_lead_sees_the_cases_of_the_own_grid(desk: ModuleType) -> None:
    mine, other = desk.report_case(at="a1"), desk.report_case(at="b1")
    page = text_of(client_of("lead_a1").get("/staff/cases"))
    assert mine.case.number in page
    assert other.case.number not in page


def test_private_text_stays_out_of_the_list(desk: ModuleType) -> None:
    told = desk.report_case(desk.DISPUTE, text="邻里纠纷内容")
    page = text_of(client_of("lead_a1").get("/staff/cases"))
    assert told.case.number in page
    assert "邻里纠纷内容" not in page


def test_views_filter_and_count(desk: ModuleType) -> None:
    new, working = desk.report_case(), desk.walk_to("handling")
    client = client_of("worker_a1")
    page = text_of(client.get("/staff/cases?view=mine"))
    assert working.case.number in page
    assert new.case.number not in page
    assert '<span class="count">2</span>' in page


def test_an_unknown_area_is_named(desk: ModuleType) -> None:
    answer = client_of("lead_a1").get("/staff/cases?area=999")
    assert answer.status_code == 422
    assert "This area is not known." in text_of(answer)


def test_a_number_opens_its_case_and_an_unknown_one_nothing(desk: ModuleType) -> None:
    told = desk.report_case()
    client = client_of("lead_a1")
    assert client.get("/staff/cases/open", {"number": told.case.number})["Location"].endswith(
        told.case.number
    )
    assert client.get("/staff/cases/open", {"number": "LT-1"}).status_code == 404


@pytest.mark.parametrize("who", ["lead_a1", "dispatcher"])
def test_a_page_of_cases_costs_at_most_eleven_queries(desk: ModuleType, who: str) -> None:
    for _n in range(3):
        desk.report_case()
    client = client_of(who)
    client.get("/staff/cases")
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get("/staff/cases")
    assert len(found) <= 11, [query["sql"][:90] for query in found]
