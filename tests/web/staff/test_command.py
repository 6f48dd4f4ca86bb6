"""The command screen as the server draws it: whole without script, each number a link to the cases behind it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from lxml import html

from gewu.core.clock import DrivenClock
from gewu.domain.access.actor import SYSTEM
from gewu.domain.accounts.actions import end_sessions
from gewu.domain.accounts.models import User
from gewu.domain.cases.actions import bulk
from gewu.domain.cases.models import Bulk, Case
from gewu.domain.desk.actions import sweep
from gewu.domain.desk.models import AlertSeen
from tests.web.staff.pages import client_of, text_of


def links_of(page: str) -> dict[str, int]:
    """Where each number leads, and what it says."""
    found = html.fromstring(page).xpath("//a[contains(@href, '/staff/cases?')]")
    return {link.get("href"): int(link.text) for link in found if (link.text or "").isdigit()}


def test_each_number_opens_as_many_cases_as_it_says(desk: ModuleType) -> None:
    desk.report_case(at="b2")
    desk.walk_to("handling")
    desk.at_level("S")
    client = client_of("duty_lead")
    links = links_of(text_of(client.get("/staff/command")))
    assert len(links) > 10
    for address, number in links.items():
        listed = html.fromstring(text_of(client.get(address))).xpath("//tbody/tr")
        assert len(listed) == number, address


def test_without_script_the_list_says_what_the_map_would(desk: ModuleType) -> None:
    desk.report_case(at="b2")
    page = text_of(client_of("duty_lead").get("/staff/command"))
    row = html.fromstring(page).xpath("//tr[@data-grid='b2']")[0]
    assert [cell.text_content() for cell in row.xpath("td")] == ["1", "0", "0", "1"]


def test_no_text_and_no_name_of_a_case_or_a_person(desk: ModuleType) -> None:
    desk.walk_to("handling", text="路灯坏了三天")
    for address in ("/staff/command", "/live/command", "/live/points", "/live", "/staff/command?big=1"):
        answer = text_of(client_of("duty_lead").get(address))
        assert "路灯" not in answer
        assert "Worker A1" not in answer
        assert "worker-a1" not in answer


def test_one_area_and_back(desk: ModuleType) -> None:
    desk.report_case(at="a1")
    desk.report_case(at="b2")
    page = text_of(client_of("duty_lead").get("/staff/command?area=community_b"))
    assert "<h1>乙村</h1>" in page
    assert 'data-grid="a1"' not in page
    assert links_of(page)["/staff/cases?view=open&area=community_b"] == 1


def test_the_area_of_somebody_else_is_refused(desk: ModuleType) -> None:
    answer = client_of("director_a").get("/staff/command?area=community_b")
    assert answer.status_code == 422
    assert "not open to you" in text_of(answer)
    assert client_of("director_a").get("/live/points?area=community_b").status_code == 422


def test_a_wall_has_nothing_to_press(desk: ModuleType) -> None:
    desk.report_case()
    page = html.fromstring(text_of(client_of("duty_lead").get("/staff/command?big=1")))
    assert page.xpath("//main//*[self::button or self::select or self::a]") == []


def test_nothing_new_is_304(desk: ModuleType, django_assert_max_num_queries: Any) -> None:
    client = client_of("duty_lead")
    since = json.loads(client.get("/live").content)["since"]
    with django_assert_max_num_queries(6):
        answer = client.get("/live", {"since": since})
    assert (answer.status_code, answer["ETag"]) == (304, f'"{since}"')
    told = desk.report_case(at="b1")
    rows = json.loads(client.get("/live", {"since": since}).content)["rows"]
    assert [row[0] for row in rows] == [told.case.number]


def test_asking_for_news_keeps_no_session_alive(desk: ModuleType, clock: Any) -> None:
    from datetime import timedelta

    client = client_of("duty_lead")
    for address in ("/live", "/live/command", "/live/points"):
        assert client.get(address).status_code == 200
    for _ in range(4):
        clock.advance(timedelta(minutes=10))
        answer = client.get("/live/command")
    assert answer.status_code == 302


def test_the_map_is_kept_until_another_is_in_force(desk: ModuleType) -> None:
    client = client_of("duty_lead")
    first = client.get("/staff/command/map.json")
    grids = [one["properties"] for one in json.loads(first.content)["features"]]
    assert [one["code"] for one in grids if one["level"] == "grid"] == ["a1", "a2", "b1", "b2"]
    assert client.get("/staff/command/map.json", headers={"if-none-match": first["ETag"]}).status_code == 304
    own = json.loads(client_of("lead_a1").get("/staff/command/map.json").content)["features"]
    assert [one["properties"]["code"] for one in own if one["properties"]["level"] == "grid"] == ["a1"]


@pytest.mark.parametrize("name", ["worker_a1", "evaluator", "supervisor", "administrator"])
def test_who_does_not_steer_does_not_come_in(desk: ModuleType, name: str) -> None:
    assert client_of(name).get("/staff/command").status_code == 404


def test_a_turning_wall_stays_long_enough(desk: ModuleType) -> None:
    page = text_of(client_of("duty_lead").get("/staff/command?big=1&turn=1"))
    assert re.search(r'"turn": 10\b', page)
    assert '"turn": 0' in text_of(client_of("duty_lead").get("/staff/command?big=1"))


def test_a_screen_left_on_a_wall_goes_on_without_a_session(desk: ModuleType, clock: DrivenClock) -> None:
    desk.report_case(at="b2")
    client = client_of("duty_lead")
    client.post("/staff/command/wall", {"area": ""})
    clock.advance(timedelta(hours=11))
    for address in (
        "/staff/command?big=1",
        "/live",
        "/live/command?big=1",
        "/live/points",
        "/staff/command/map.json",
    ):
        assert client.get(address).status_code == 200, address
    assert client.get("/staff/command")["Location"] == "/staff/command?big=1"
    for address in (
        "/staff/cases",
        "/staff/figures",
        "/staff/",
        "/api/v1/cases",
        "/live/looking/LT-2026-000001-5",
    ):
        assert client.get(address).status_code in (302, 401, 405), address
    clock.advance(timedelta(hours=1))
    assert client.get("/staff/command?big=1")["Location"].startswith("/account/login/")


@pytest.mark.parametrize("ended_by", ["sessions", "account", "sign_in"])
def test_the_pass_of_a_wall_ends(desk: ModuleType, clock: DrivenClock, ended_by: str) -> None:
    client, giver = client_of("duty_lead"), User.objects.get(username="duty_lead")
    client.post("/staff/command/wall", {})
    assert client.get("/staff/command?big=1").status_code == 200
    clock.advance(timedelta(minutes=1))
    if ended_by == "sessions":
        end_sessions(giver, actor=SYSTEM, now=clock.now())
    elif ended_by == "account":
        User.objects.filter(pk=giver.pk).update(is_active=False)
    else:
        client.force_login(User.objects.get(username="director_a"))
        client.get("/staff/command")
        client.logout()
    assert client.get("/staff/command?big=1").status_code == 302


def test_a_pass_of_ones_own_making_opens_nothing(desk: ModuleType) -> None:
    client = Client(HTTP_HOST="localhost")
    lead = User.objects.get(username="duty_lead").pk.hex
    client.cookies["gewu_screen"] = signing.dumps([lead, int(desk.NOW.timestamp()), True], salt="other")
    assert client.get("/staff/command?big=1").status_code == 302


def test_an_alert_is_seen_by_a_post_until_its_case_moves_on(desk: ModuleType) -> None:
    told = desk.walk_to("handling")
    Case.objects.filter(pk=told.case.pk).update(overdue_at=desk.NOW)
    client, number = client_of("duty_lead"), told.case.number
    for _n in range(2):
        assert client.post(f"/staff/command/seen/{number}", {"area": ""}).status_code == 302
    page = text_of(client_of("director_a").get("/staff/command"))
    assert "Seen by: duty-lead" in page
    assert "Duty Lead" not in page  # the post, not who sits on it
    assert AlertSeen.objects.count() == 1
    desk.do("internal_note", told, "worker_a1", text="到场")
    assert "Seen by" not in text_of(client_of("director_a").get("/staff/command"))
    sweep(desk.NOW)
    assert AlertSeen.objects.count() == 0
    assert client_of("director_b").post(f"/staff/command/seen/{number}").status_code == 404


def test_leaving_it_on_a_wall_is_asked_first(desk: ModuleType) -> None:
    client = client_of("duty_lead")
    assert '<a class="button button--quiet" href="/staff/command/wall?area=' in text_of(
        client.get("/staff/command")
    )
    asked = client.get("/staff/command/wall")
    assert "signed out here at once" in text_of(asked)
    assert client.get("/staff/cases").status_code == 200


def test_only_whose_word_would_do_is_told_that_something_waits(desk: ModuleType) -> None:
    numbers = [desk.report_case().case.number for _n in range(2)]
    bulk.ask("accept", numbers, {}, actor=desk.actor("director_a"), now=desk.NOW)
    Bulk.objects.update(starts_at=None)
    for name, told in (("dispatcher", True), ("adviser", False), ("director_a", False)):
        assert ("/staff/cases/bulk/waiting" in text_of(client_of(name).get("/staff/command"))) == told, name
