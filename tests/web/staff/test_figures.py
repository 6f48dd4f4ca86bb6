"""Figures: values with intervals and definitions, and the cases behind a number."""

from __future__ import annotations

import io
from types import ModuleType

import pytest
from lxml import html

from gewu.core import tables
from gewu.domain.cases.actions.timers import fire_due
from tests.web.staff.pages import client_of, text_of


def test_a_director_sees_the_open_cases_of_the_own_area(desk: ModuleType) -> None:
    page = text_of(client_of("director_a").get("/staff/figures"))
    assert "Reports that became a case in the period." in page
    assert "第a1网格" in page
    assert "第b1网格" not in page


def test_a_stock_leads_to_its_cases_for_those_who_work_on_them(desk: ModuleType) -> None:
    desk.report_case()
    address = "/staff/figures?codes=open&area=community_a"
    assert "view=open&amp;area=" in text_of(client_of("director_a").get(address))
    assert "view=open" not in text_of(client_of("evaluator").get(address))


def test_overdue_leads_to_broken_promises_alone(desk: ModuleType) -> None:
    """What a level kept too long is marked overdue in the queue, too, but not counted here."""
    desk.walk_to("handling")
    while fire_due(desk.at(10, 15)):
        pass
    page = text_of(client_of("director_a").get("/staff/figures?codes=overdue&area=community_a"))
    assert "view=open&amp;mark=broken&amp;area=" in page


def test_numbers_of_a_period_lead_to_the_cases_of_that_period(desk: ModuleType) -> None:
    desk.walk_to("closed")
    desk.at_level("V")
    client = client_of("duty_lead")
    page = html.fromstring(text_of(client.get("/staff/figures?codes=reported&codes=solved&by=day")))
    links = {link.get("href"): link.text for link in page.xpath("//a[contains(@href, '/staff/cases?')]")}
    assert len(links) == 5  # the whole and the one day of each, and the flow
    for address in links:
        rows = html.fromstring(text_of(client.get(address))).xpath("//tbody/tr")
        assert len(rows) == (2 if "confirmation" not in address and "moved" not in address else 1), address


def test_figures_by_category_and_level_and_day(desk: ModuleType) -> None:
    client = client_of("evaluator")
    for by in ("unit", "category", "level", "day"):
        assert client.get("/staff/figures", {"by": by}).status_code == 200, by


def test_the_area_of_somebody_else_is_not_open(desk: ModuleType) -> None:
    answer = client_of("director_a").get("/staff/figures?area=community_b")
    assert answer.status_code == 422
    assert "not open to you" in text_of(answer)


def test_a_period_that_runs_backwards_is_named_and_stays(desk: ModuleType) -> None:
    answer = client_of("evaluator").get("/staff/figures?first=2026-03-09&last=2026-03-01")
    assert answer.status_code == 422
    assert 'value="2026-03-09"' in text_of(answer)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "\x00", "x" * 5000])
def test_a_day_nobody_can_count_with_is_named_and_stays(desk: ModuleType, day: str) -> None:
    for person, address in (("evaluator", "/staff/figures"), ("supervisor", "/staff/access-log")):
        answer = client_of(person).get(address, {"first": day, "last": day})
        assert answer.status_code == 422, address
        assert "Please give a day like 2026-03-01." in text_of(answer)


def test_the_table_as_a_workbook(desk: ModuleType) -> None:
    answer = client_of("evaluator").get("/staff/figures.xlsx?codes=reported")
    assert answer["Content-Disposition"].startswith("attachment")
    assert tables.read_workbook(io.BytesIO(answer.content).getvalue())
