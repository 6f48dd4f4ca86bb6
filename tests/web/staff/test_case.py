"""The case page: the whole story, and exactly the moves the table allows, each with what was typed kept on an error."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from types import ModuleType
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gewu.core.clock import DrivenClock
from gewu.domain.cases.actions.timers import fire_due
from gewu.domain.cases.models import Case
from gewu.domain.media.actions import keep_photo
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.privacy.models import Look
from tests.media.photos import jpeg
from tests.web.pages import form
from tests.web.staff.pages import client_of, text_of

FRAME = 6  # what every staff page asks
KEY = "5b0c9a66-7b8d-4a33-9d0e-0d7f1c1f8c10"


def _fill(client: Any, number: str, move: str) -> tuple[str, dict[str, Any]]:
    action = f"/staff/cases/{number}/moves/{move}"
    return action, form(client.get(f"/staff/cases/{number}?do={move}"), action)


def test_a_lead_accepts_a_case(desk: ModuleType) -> None:
    told = desk.report_case()
    client = client_of("lead_a1")
    action, fields = _fill(client, told.case.number, "accept")
    answer = client.post(action, fields, follow=True)
    assert "Done: " in text_of(answer)
    assert desk.fresh(told).state == "accepted"


def test_a_second_sending_does_it_once(desk: ModuleType) -> None:
    told = desk.report_case()
    client = client_of("lead_a1")
    action, fields = _fill(client, told.case.number, "accept")
    client.post(action, fields)
    assert client.post(action, fields).status_code == 302
    assert desk.fresh(told).version == 2


def test_what_is_missing_is_named_and_what_was_typed_stays(desk: ModuleType) -> None:
    told = desk.walk_to("accepted")
    client = client_of("lead_a1")
    action, fields = _fill(client, told.case.number, "hand_up")
    answer = client.post(action, fields | {"reason": "", "text": "已劝导两次"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert 'href="#hand_up-reason"' in page
    assert 'id="hand_up-reason-error"' in page
    assert "已劝导两次</textarea>" in page
    assert desk.fresh(told).level == "G"


def test_a_photo_that_was_sent_is_not_sent_again(desk: ModuleType) -> None:
    told = desk.walk_to("handling", desk.report_case(photos=[str(desk.photo().pk)]))
    client = client_of("worker_a1")
    action, fields = _fill(client, told.case.number, "report_done")
    answer = client.post(action, fields | {"photos": SimpleUploadedFile("a.jpg", jpeg())})
    assert answer.status_code == 422
    kept = form(answer, action)
    assert len(kept["photo"]) == 1
    done = client.post(action, kept | {"closing": "solved", "closing_met": "yes", "text": "已清理"})
    assert done.status_code == 302, text_of(done)
    assert desk.fresh(told).state == "handled"


def test_somebody_was_first(desk: ModuleType) -> None:
    told = desk.walk_to("accepted")
    client = client_of("lead_a1")
    action, fields = _fill(client, told.case.number, "hand_up")
    desk.do("internal_note", told, "lead_a1")
    answer = client.post(action, fields | {"reason": "no_means", "text": "人手不够"})
    assert answer.status_code == 409
    assert "人手不够</textarea>" in text_of(answer)


def test_a_case_elsewhere_is_not_there(desk: ModuleType) -> None:
    told = desk.report_case(at="b1")
    client = client_of("lead_a1")
    hidden, missing = client.get(f"/staff/cases/{told.case.number}"), client.get("/staff/cases/nothing")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content


def test_private_content_opens_to_the_duty_lead_for_a_reason(desk: ModuleType) -> None:
    told = desk.report_case(desk.LABOUR_PAY, text="工资未发")
    client = client_of("duty_lead")
    page = text_of(client.get(f"/staff/cases/{told.case.number}"))
    assert "工资未发" not in page
    opened = client.post(f"/staff/cases/{told.case.number}/read", {"reason": "duty"})
    assert "工资未发" in text_of(opened)


@pytest.mark.parametrize("who", ["lead_a1", "dispatcher"])
def test_a_case_costs_twelve_queries_beside_the_frame(desk: ModuleType, who: str) -> None:
    told = desk.walk_to("handled")
    client = client_of(who)
    address = f"/staff/cases/{told.case.number}"
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    assert len(found) <= FRAME + 12, [query["sql"][:90] for query in found]


def test_after_a_conflict_both_texts_stand_side_by_side(desk: ModuleType) -> None:
    told = desk.walk_to("accepted")
    client = client_of("lead_a1")
    action, fields = _fill(client, told.case.number, "hand_up")
    desk.do("internal_note", told, "lead_a1", text="已联系物业，对方不来")
    answer = client.post(action, fields | {"reason": "no_means", "text": "人手不够"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert (
        page.index("What happened meanwhile") < page.index("已联系物业") < page.index("人手不够</textarea>")
    )


def test_a_move_asks_only_for_what_it_needs(desk: ModuleType) -> None:
    client = client_of("lead_a1")
    plain, urgent = desk.walk_to("accepted"), desk.walk_to("accepted", condition=desk.FIRE)
    assert 'name="level"' not in text_of(client.get(f"/staff/cases/{plain.case.number}?do=hand_up"))
    assert 'name="level"' in text_of(client.get(f"/staff/cases/{urgent.case.number}?do=hand_up"))
    done = desk.walk_to("handling")
    page = text_of(client_of("worker_a1").get(f"/staff/cases/{done.case.number}?do=report_done"))
    assert 'data-when="closing=solved"' in page


def test_the_story_names_posts_and_tells_public_words_from_inside_ones(
    desk: ModuleType, clock: DrivenClock
) -> None:
    told = desk.walk_to("handling")
    clock.advance(timedelta(hours=3))
    desk.do("internal_note", told, "lead_a1", text="钥匙在物业")
    desk.do("answer", told, "lead_a1", text="明天有人来")
    page = text_of(client_of("lead_a1").get(f"/staff/cases/{told.case.number}"))
    assert re.search(r'said--inside">.*?钥匙在物业', page, re.DOTALL)
    assert re.search(r'said--public">.*?明天有人来', page, re.DOTALL)
    assert "lead-a1</span>" in page
    assert 'class="ledger__G"' in page


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Reminder of a time limit: Acceptance, overdue"),
        ("zh-hans", "时限提醒：受理时限已超时"),
        ("zh-hant", "時限提醒：受理時限已超時"),
    ],
)
def test_a_warning_is_told_in_one_sentence(
    desk: ModuleType, clock: DrivenClock, language: str, told: str
) -> None:
    case = desk.report_case().case
    clock.advance(timedelta(days=1))
    while fire_due(clock.now()):
        pass
    page = text_of(client_of("lead_a1", language=language).get(f"/staff/cases/{case.number}"))
    assert re.findall(r'<p class="muted">([^<]*)</p>', page) == [told]


def test_beside_the_list_a_move_answers_with_the_case_as_it_is_now(desk: ModuleType) -> None:
    told = desk.report_case()
    client, number = client_of("lead_a1"), told.case.number
    part = client.get(f"/staff/cases/{number}/pane?do=accept")
    action = f"/staff/cases/{number}/moves/accept"
    done = client.post(action, form(part, action), headers={"X-Part": "pane"})
    assert "data-done" in text_of(done)
    assert "<html" not in text_of(done)
    refused = client.post(action, form(part, action) | {"key": KEY}, headers={"X-Part": "pane"})
    assert refused.status_code == 409
    assert "What happened meanwhile" in text_of(refused)


def test_two_who_look_at_one_case_see_each_other(desk: ModuleType) -> None:
    told = desk.report_case()
    beat = f"/live/looking/{told.case.number}"
    lead, director = client_of("lead_a1"), client_of("director_a")
    lead.post(beat)
    assert "Lead A1 has this case open as well." in text_of(director.post(beat))
    assert "Lead A1" in text_of(director.get(f"/staff/cases/{told.case.number}"))
    lead.post(beat, {"leave": "yes"})
    assert "Lead A1" not in text_of(director.post(beat))
    assert client_of("lead_b1").post(beat).status_code == 404


def test_tied_cases_lead_to_each_other(desk: ModuleType) -> None:
    told, other = desk.walk_to("accepted"), desk.walk_to("accepted")
    desk.do("split", told, "lead_a1", text="旁边的路灯也不亮", condition=desk.ROAD)
    part = Case.objects.get(split_from=told.case)
    desk.do("merge", other, "lead_a1", into=told.case.number)
    page = text_of(client_of("lead_a1").get(f"/staff/cases/{told.case.number}"))
    assert f"/staff/cases/{part.number}" in page
    assert f"/staff/cases/{other.case.number}" in page
    assert f"/staff/cases/{told.case.number}" in text_of(
        client_of("lead_a1").get(f"/staff/cases/{part.number}")
    )


def test_without_a_second_factor_a_reveal_leads_to_it_and_back_to_the_case(desk: ModuleType) -> None:
    told = desk.at_level("V", contact=ContactInput(name="李四", phone="13800000000"))
    desk.do("assign", told, "director_a", to="post:committee-hand-a")
    address, case = f"/staff/cases/{told.case.number}/contact", f"/staff/cases/{told.case.number}"
    weak = client_of("committee_hand_a", strong=False)
    asked = weak.post(address, {"reason": "ask_back"})
    assert "/account/2fa/" in text_of(asked) + asked.get("Location", "")
    assert "13800000000" not in text_of(asked)
    strong = client_of("committee_hand_a")
    assert strong.get(address)["Location"] == case, "where the second factor leads back to"
    shown = strong.post(address, {"reason": "ask_back"})
    assert "13800000000" in text_of(shown)


def test_a_private_case_opened_with_a_reason_shows_its_photos_and_is_logged_once(
    desk: ModuleType, clock: DrivenClock
) -> None:
    shot = keep_photo(jpeg(), now=clock.now())
    told = desk.report_case(desk.DISPUTE, photos=(str(shot.pk),))
    lead, address = client_of("duty_lead"), f"/staff/cases/{told.case.number}"
    page = text_of(lead.post(f"{address}/read", {"reason": "duty"}))
    (link,) = {unescape(one) for one in re.findall(r'src="([^"]+/photos/[^"]+)"', page)}
    assert lead.get(link)["Content-Type"] == "image/jpeg"
    assert Look.objects.filter(case_id=told.case.pk).count() == 1
    assert lead.get(link.partition("?")[0]).status_code == 404
    assert client_of("duty_lead").get(link).status_code == 404, "another session"
    assert client_of("dispatcher").get(link).status_code == 404
    clock.advance(timedelta(minutes=11))
    assert lead.get(link).status_code == 404


def test_a_confidential_report_stands_in_the_story_by_its_day(desk: ModuleType) -> None:
    told = desk.report_case(desk.DISCIPLINE, now=desk.at(10, 9, 37))
    desk.do("accept", told, "duty_lead", now=desk.at(10, 9, 51))
    page = text_of(client_of("duty_lead").get(f"/staff/cases/{told.case.number}"))
    times = re.findall(r'<time datetime="([^"]+)">([^<]+)</time>', page)
    assert times == [("2026-03-10", "03-10"), ("2026-03-10T09:51:00+08:00", "03-10 09:51")]
