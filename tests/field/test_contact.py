"""One contact of a phone: what it may take along, and the phone that was lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from gewu.core.clock import DrivenClock
from gewu.domain.accounts.actions import end_sessions
from gewu.domain.accounts.models import User
from gewu.domain.cases.models import Case
from gewu.domain.cases.pocket import take_along
from gewu.domain.cases.workflow import OUTCOMES
from tests.town import NOW
from tests.town_fixture import filled, town

__all__ = ["filled", "town"]


@pytest.fixture
def worker(town: Any, clock: DrivenClock) -> Client:
    phone = Client()
    phone.force_login(User.objects.get(username="worker_a1"))
    return phone


def test_open_matters_of_the_own_grid_and_nobody_elses(town: Any, worker: Client) -> None:
    own = town.report_case(at="a1")
    town.report_case(at="b1")
    told = worker.get("/api/v1/field").json()
    assert [one["case"]["number"] for one in told["cases"]] == [own.case.number]
    assert told["user"] == "worker_a1"
    assert [grid["code"] for grid in told["grids"] if grid.get("own")] == ["a1"]


def test_what_a_condition_does_not_allow_is_not_offered(town: Any, worker: Client) -> None:
    """Nobody learns in the evening that what was sent from the basement was refused."""
    town.walk_to("handling")
    (one,) = worker.get("/api/v1/field").json()["cases"]
    (done,) = [move for move in one["moves"] if move["code"] == "report_done"]
    (closing,) = [ask for ask in done["asks"] if ask["kind"] == "closing"]
    assert set(closing["choices"]) == set(OUTCOMES) - {"notice"}


def test_taking_more_along_asks_no_more_questions(
    town: Any, db: None, django_assert_num_queries: Any
) -> None:
    actor = town.actor("worker_a1")
    for count in (1, 4):
        for _ in range(count):
            town.report_case(at="a1")
        with django_assert_num_queries(7, exact=False):
            take_along(actor)


def test_what_one_person_kept_is_done_for_nobody_else(town: Any, worker: Client) -> None:
    """`Gewu-User` says whose it is; without a session it is not taken as a stranger's either."""
    before = Case.objects.count()

    def file(client: Client, whose: str) -> int:
        report = {"text": "路灯不亮", "place": {"area": "a1"}}
        headers = {"Gewu-User": quote(whose)}
        sent = client.post("/api/v1/reports", report, content_type="application/json", headers=headers)
        return sent.status_code

    assert file(worker, "lead_a1") == 401
    assert file(Client(), "worker_a1") == 401
    assert Case.objects.count() == before
    assert file(worker, "worker_a1") == 201


def test_signing_out_on_any_page_changes_the_token(town: Any, worker: Client) -> None:
    """So that the app knows it, also without network."""
    worker.get("/api/v1/field")
    token = worker.cookies[settings.CSRF_COOKIE_NAME].value
    worker.get("/staff/")
    assert worker.cookies[settings.CSRF_COOKIE_NAME].value == token
    worker.post("/account/logout/")
    assert worker.cookies[settings.CSRF_COOKIE_NAME].value != token


def is_lost(device: str) -> bool:
    asked = Client().post("/api/v1/field/device", {"device": device}, content_type="application/json")
    return bool(asked.json()["lost"])


def test_a_phone_reported_lost_is_told_so_without_a_session(
    town: Any, worker: Client, clock: DrivenClock
) -> None:
    device = worker.get("/api/v1/field").json()["device"]
    assert not is_lost(device)
    clock.advance(timedelta(minutes=5))
    user = User.objects.get(username="worker_a1")
    end_sessions(user, actor=town.actor("administrator"), now=NOW + timedelta(minutes=5))
    assert is_lost(device)
    assert not is_lost("made-up")
