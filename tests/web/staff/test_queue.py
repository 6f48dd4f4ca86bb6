"""The queue: what waits, the next deadline first, within what one may see."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from types import ModuleType
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gewu.core import limits
from gewu.core.clock import DrivenClock
from gewu.domain.desk.actions import look_at, save_view
from gewu.domain.desk.models import SavedView
from tests.web.pages import form
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


def test_an_unknown_area_is_named_at_its_field_and_stays(desk: ModuleType) -> None:
    answer = client_of("lead_a1").get("/staff/cases?area=999")
    assert answer.status_code == 422
    assert 'value="999"' in text_of(answer)
    assert "This area is not known." in text_of(answer)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "tomorrow"])
def test_a_day_beyond_counting_is_named(desk: ModuleType, day: str) -> None:
    answer = client_of("lead_a1").get("/staff/cases", {"since": day, "until": day})
    assert answer.status_code == 422
    assert "Please give a day like 2026-03-01." in text_of(answer)


def test_a_number_opens_its_case_and_an_unknown_one_nothing(desk: ModuleType) -> None:
    told = desk.report_case()
    client = client_of("lead_a1")
    assert client.get("/staff/cases/open", {"number": told.case.number})["Location"].endswith(
        told.case.number
    )
    slip = client.get("/staff/cases/open", {"number": "LT-1"})
    assert slip.status_code == 404
    assert 'value="LT-1"' in text_of(slip)
    assert "There is no such number." in text_of(slip)
    assert told.case.number in text_of(slip), "the list stays below"


FRAME = 6  # session, person, absences, appointments, installation, hint: what every staff page asks
FORM = 1  # the classes to choose from


@pytest.mark.parametrize("who", ["lead_a1", "dispatcher"])
def test_the_list_costs_six_queries_with_counts_own_views_and_who_looks(desk: ModuleType, who: str) -> None:
    client = client_of(who)
    save_view("夜里的", {"view": "open", "level": "G"}, share=False, actor=desk.actor(who))
    for _n in range(3):
        told = desk.report_case()
        look_at(told.case, actor=desk.actor("director_a"), now=desk.NOW)
    client.get("/staff/cases?view=open")
    with CaptureQueriesContext(connection) as found:
        page = text_of(client.get("/staff/cases?view=open"))
    assert len(found) <= FRAME + FORM + 6, [query["sql"][:90] for query in found]
    assert "Director A" in page
    assert '夜里的 <span class="count">3</span>' in page


def test_it_costs_as_many_for_who_helps_with_what_others_hold(desk: ModuleType) -> None:
    """And one more each for the parts in all these cases and for who typed them in."""
    client = client_of("safety_hand")

    def cost() -> int:
        desk.do("whistle", desk.at_level("S"), "dispatcher")
        client.get("/staff/cases?view=open")
        with CaptureQueriesContext(connection) as found:
            client.get("/staff/cases?view=open")
        return len(found)

    first = cost()
    assert [cost() for _more in range(3)] == [first] * 3
    assert first <= FRAME + FORM + 6 + 2


@pytest.mark.parametrize(
    ("who", "begins"),
    [
        ("lead_a1", "About to run out"),
        ("director_a", "About to run out"),
        ("dispatcher", "To accept or assign"),
        ("duty_lead", "Overdue"),
        ("team_hand", "Held by me"),
        ("urban_dispatcher", "Held by me"),
    ],
)
def test_each_post_begins_with_the_view_that_serves_it(desk: ModuleType, who: str, begins: str) -> None:
    page = text_of(client_of(who).get("/staff/cases"))
    assert re.search(rf'aria-current="page">{begins}', page)


def test_about_to_run_out_means_within_a_day(desk: ModuleType) -> None:
    soon, later = desk.report_case(), desk.walk_to("verified")
    page = text_of(client_of("lead_a1").get("/staff/cases?view=due"))
    assert soon.case.number in page
    assert later.case.number not in page
    assert later.case.number in text_of(client_of("lead_a1").get("/staff/cases?view=open"))


def test_a_clock_that_stands_says_why(desk: ModuleType) -> None:
    desk.walk_to("waiting")
    page = text_of(client_of("lead_a1").get("/staff/cases?view=rest"))
    assert "paused until" in page
    assert "On hold" in page


def test_a_view_is_saved_counted_and_deleted(desk: ModuleType) -> None:
    desk.report_case()
    client = client_of("lead_a1")
    saved = client.post(
        "/staff/cases/views", {"view": "open", "state": "submitted", "name": "新来的"}, follow=True
    )
    assert 'aria-current="page" class="tabs__own">新来的 <span class="count">1</span>' in text_of(saved)
    view = SavedView.objects.get()
    gone = client.post(f"/staff/cases/views/{view.pk}/drop", follow=True)
    assert "新来的" not in text_of(gone)


def test_a_view_without_a_name_keeps_its_filter_and_says_why(desk: ModuleType) -> None:
    asked = {"view": "open", "state": "submitted", "name": "长" * 500, "share": "yes"}
    answer = client_of("lead_a1").post("/staff/cases/views", asked)
    assert answer.status_code == 422
    kept = form(answer, "/staff/cases/views")
    assert (kept["name"], kept["share"], set(kept["state"])) == (["长" * 500], ["yes"], {"submitted"})
    assert 'id="view-name-error"' in text_of(answer)


def asks_at(page: str) -> str:
    """Where an open list asks whether it would look otherwise."""
    found = re.search(r'data-live="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


def word_of(page: str) -> str:
    found = re.search(r'data-list="([^"]+)"', page)
    assert found, page
    return found[1]


def asked(client: Client, address: str, since: str) -> dict[str, str]:
    answer = client.get(f"{address}&{urlencode({'since': since})}")
    return dict(json.loads(answer.content)) if answer.status_code == 200 else {}


def test_a_list_is_news_when_it_would_look_otherwise_and_not_before(desk: ModuleType) -> None:
    told = desk.report_case(at="a1")
    client = client_of("lead_a1")
    page = text_of(client.get("/staff/cases?view=open&since=2026-01-01"))
    address, shown = asks_at(page), word_of(page)
    first = asked(client, address, "")
    assert first["list"] == shown
    assert asked(client, address, first["since"]) == {}
    desk.report_case(at="b1")  # of another grid, so this list stays as it is
    elsewhere = asked(client, address, first["since"])
    assert elsewhere["list"] == shown
    desk.report_case(at="a1")
    more = asked(client, address, elsewhere["since"])
    assert more["list"] not in {shown, ""}
    desk.do("accept", told, "lead_a1")
    assert asked(client, address, more["since"])["list"] != more["list"]
    assert word_of(text_of(client.get("/staff/cases?view=open&since=2026-01-01"))) != shown


def test_a_page_further_on_asks_for_its_own_rows(desk: ModuleType) -> None:
    for _n in range(limits.PAGE + 2):
        desk.report_case(at="a1")
    client = client_of("lead_a1")
    onward = re.search(r'rel="next" href="([^"]+)"', text_of(client.get("/staff/cases?view=open")))
    assert onward
    page = text_of(client.get(unescape(onward[1])))
    assert page.count("<tr data-row") == 2
    assert asked(client, asks_at(page), "")["list"] == word_of(page)


def test_asking_costs_little(desk: ModuleType) -> None:
    client = client_of("lead_a1")
    address = asks_at(text_of(client.get("/staff/cases?view=open&area=a1")))
    since = asked(client, address, "")["since"]
    with CaptureQueriesContext(connection) as quiet:
        answer = client.get(f"{address}&{urlencode({'since': since})}")
    assert (answer.status_code, answer["ETag"]) == (304, f'"{since}"')
    assert len(quiet) <= 5, [query["sql"][:90] for query in quiet]
    for _n in range(3):
        desk.report_case(at="a1")
    with CaptureQueriesContext(connection) as told:
        assert asked(client, address, since)
    assert len(told) <= len(quiet) + 2, [
        query["sql"][:90] for query in told
    ]  # the area's border, and the list


def test_asking_keeps_no_session_alive(desk: ModuleType, clock: DrivenClock) -> None:
    client = client_of("duty_lead")
    address = asks_at(text_of(client.get("/staff/cases?view=open")))
    for _n in range(3):
        clock.advance(timedelta(minutes=10))
        assert client.get(address).status_code == 200
    clock.advance(timedelta(minutes=1))
    assert client.get(address).status_code == 302


def test_a_list_that_cannot_be_read_asks_nothing(desk: ModuleType) -> None:
    client = client_of("lead_a1")
    assert "data-live" not in text_of(client.get("/staff/cases?area=999"))
    assert client.get("/live/queue?list=view%3Dopen%26area%3D999").status_code == 422
