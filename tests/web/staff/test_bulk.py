"""Many at once: looked at first, called off within ten seconds, answered case by case."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any

from gewu.core.clock import DrivenClock
from gewu.domain.cases.actions import bulk
from gewu.domain.cases.models import Bulk, Case
from gewu.domain.journal.queries import history
from tests.town import actor
from tests.web.pages import form
from tests.web.staff.pages import client_of, text_of

ASK = "/staff/cases/bulk/ask"
RELOADS = (
    '<noscript><meta http-equiv="refresh" content="3"></noscript>'  # with script the page counts by itself
)


def _ask(client: Any, numbers: list[str]) -> Any:
    shown = client.post("/staff/cases/bulk", {"move": "accept", "number": numbers})
    return client.post(ASK, form(shown, ASK))


def test_two_cases_are_accepted_after_ten_seconds(desk: ModuleType, clock: DrivenClock) -> None:
    told = [desk.report_case(), desk.report_case()]
    client = client_of("lead_a1")
    waiting = client.get(_ask(client, [one.case.number for one in told])["Location"])
    assert "2 in 10 seconds" in text_of(waiting)
    assert RELOADS in text_of(waiting)
    clock.advance(timedelta(seconds=11))
    bulk.run_due(clock.now())
    done = client.get(waiting.wsgi_request.path)
    assert "Done for 2 cases." in text_of(done)
    assert RELOADS not in text_of(done)
    assert {desk.fresh(one).state for one in told} == {"accepted"}


def test_the_preview_says_what_goes_and_what_stays(desk: ModuleType) -> None:
    ready, over = desk.report_case(), desk.walk_to("accepted")
    page = client_of("lead_a1").post(
        "/staff/cases/bulk", {"move": "accept", "number": [ready.case.number, over.case.number]}
    )
    assert "Accept: 1 case</p>" in text_of(page)
    assert f"{over.case.number}: This cannot be done now." in text_of(page)


def test_it_can_be_called_off(desk: ModuleType) -> None:
    told = desk.report_case()
    client = client_of("lead_a1")
    address = _ask(client, [told.case.number])["Location"]
    assert "Called off" in text_of(client.post(f"{address}/off", follow=True))
    assert Bulk.objects.get().state == "off"


def test_what_is_missing_is_named_before_anything_is_put_down(desk: ModuleType) -> None:
    told = desk.walk_to("accepted")
    client = client_of("lead_a1")
    shown = client.post("/staff/cases/bulk", {"move": "hand_up", "number": [told.case.number]})
    answer = client.post(ASK, form(shown, ASK) | {"text": "人手不够"})
    assert answer.status_code == 422
    assert "人手不够</textarea>" in text_of(answer)
    assert not Bulk.objects.exists()


def test_nothing_chosen_is_said(desk: ModuleType) -> None:
    assert client_of("lead_a1").post("/staff/cases/bulk", {"move": "accept"}).status_code == 422


def test_nobody_else_sees_it_until_a_second_person_is_needed(desk: ModuleType, settings: Any) -> None:
    told = desk.report_case()
    address = _ask(client_of("lead_a1"), [told.case.number])["Location"]
    other = client_of("dispatcher")
    assert other.get(address).status_code == 404
    Bulk.objects.update(starts_at=None)
    assert other.get(address).status_code == 200
    assert "Confirmed." in text_of(other.post(f"{address}/confirm", follow=True))
    row = Bulk.objects.get()
    assert row.starts_at is not None
    first, second = history(("bulk", row.pk))
    assert (first.kind, second.kind) == ("bulk.asked", "bulk.confirmed")
    assert second.actor_id == actor("dispatcher").user_id


def test_the_preview_counts_what_is_overdue(desk: ModuleType) -> None:
    told = [desk.walk_to("accepted"), desk.walk_to("accepted")]
    Case.objects.filter(pk=told[0].case.pk).update(overdue_at=desk.NOW)
    numbers = [one.case.number for one in told]
    page = client_of("lead_a1").post("/staff/cases/bulk", {"move": "hand_up", "number": numbers})
    assert "Hand up: 2 cases, 1 of them overdue" in text_of(page)


def test_at_second_nine_it_can_be_called_off_and_at_eleven_no_more(
    desk: ModuleType, clock: DrivenClock
) -> None:
    first, second = desk.report_case(), desk.report_case()
    client = client_of("lead_a1")
    early, late = (
        _ask(client, [first.case.number])["Location"],
        _ask(client, [second.case.number])["Location"],
    )
    clock.advance(timedelta(seconds=9))
    client.post(f"{early}/off")
    clock.advance(timedelta(seconds=2))
    bulk.run_due(clock.now())
    answer = client.post(f"{late}/off", follow=True)
    assert "It has already started." in text_of(answer)
    assert "Done for 1 case." in text_of(answer)
    assert (desk.fresh(first).state, desk.fresh(second).state) == ("submitted", "accepted")


def test_what_did_not_work_comes_first_with_its_reason(desk: ModuleType, clock: DrivenClock) -> None:
    told = [desk.report_case(), desk.report_case()]
    client = client_of("lead_a1")
    address = _ask(client, [one.case.number for one in told])["Location"]
    desk.do("accept", told[1], "lead_a1")
    clock.advance(timedelta(seconds=11))
    bulk.run_due(clock.now())
    page = text_of(client.get(address))
    assert "Done for 1 case, not for 1." in page
    assert page.rindex(told[0].case.number) > page.rindex(told[1].case.number)


def test_it_leads_back_to_the_list_one_came_from(desk: ModuleType) -> None:
    told, back = desk.report_case(), "/staff/cases?view=open"
    client = client_of("lead_a1")
    shown = client.post("/staff/cases/bulk", {"move": "accept", "number": [told.case.number], "back": back})
    waiting = client.get(client.post(ASK, form(shown, ASK))["Location"])
    assert f'href="{back}"' in text_of(waiting)
    elsewhere = client.post("/staff/cases/bulk", {"move": "accept", "back": "https://elsewhere.example/"})
    assert "elsewhere" not in text_of(elsewhere)
