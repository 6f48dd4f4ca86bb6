"""Coming back with the receipt: where it stands, and everything a reporter may do. Nobody else gets in."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from gewu.core.clock import DrivenClock
from gewu.core.text import CaseNumber
from gewu.domain.cases.actions import Reported, looking
from gewu.domain.cases.actions.timers import fire_due
from gewu.domain.cases.models import Report
from gewu.domain.privacy.contacts import ContactInput
from tests.cases.test_neighbours import FIRST, OF_A_REPORT, by_whom
from tests.services.time import START as NOW
from tests.town import ROAD, actor, do, fresh, join, report_case, walk_to
from tests.web.pages import form, open_report, receipt_of, text
from tests.web.test_report import picture

pytestmark = (
    pytest.mark.one_store
)  # the pages; the moves behind them are tested on both stores in tests/cases


def open_case(client: Client, told: Reported) -> HttpResponse:
    """Type the receipt and look."""
    sent = form(client.get("/r"), "/r") | {"number": told.report.number, "secret": told.secret}
    answer = client.post("/r", sent)
    assert answer.status_code == 303
    return client.get(answer["Location"])


def page_form(page: HttpResponse, move: str) -> dict[str, Any]:
    """The form of the tracking page as it stands, when it has a button for this move."""
    assert f'formaction="/track/{move}"' in page.content.decode()
    return form(page, "/track")


def fields(move: str, **given: str) -> dict[str, str]:
    return {f"{move}_{name}": value for name, value in given.items()}


def send(client: Client, move: str, **given: Any) -> HttpResponse:
    """Fill in what one move asks on the tracking page, and press its button."""
    return client.post(f"/track/{move}", page_form(client.get("/track"), move) | fields(move, **given))


def test_number_and_secret_open_the_report(resident: Client) -> None:
    page = open_case(resident, walk_to("handling"))
    assert page.status_code == 200
    words = text(page)
    assert "Somebody is working on it" in words
    assert "worker-a1" in words, "who has it"
    assert "By when" in words
    assert "垃圾桶旁有大量垃圾" in words
    assert "Given to those who handle it" in words


def test_until_somebody_has_been_in_touch_it_says_by_when(resident: Client, clock: DrivenClock) -> None:
    told = walk_to("assigned", condition=ROAD, contact=ContactInput(phone="13800000000"))
    assert "Somebody gets in touch by" in text(open_case(resident, told))
    clock.advance(timedelta(days=2))
    assert (
        "this time is over" in text(open_case(resident, told)).partition("Somebody gets in touch by")[2][:80]
    )
    without = walk_to("assigned", condition=ROAD, now=clock.now())
    assert "First word here by" in text(open_case(resident, without))


def test_overdue_is_what_was_promised_and_not_what_a_level_kept_too_long(
    resident: Client, clock: DrivenClock
) -> None:
    road, waste = walk_to("handling", condition=ROAD), walk_to("handling")
    clock.advance(timedelta(days=1))
    while fire_due(clock.now()):
        pass
    assert "pill--overdue" not in open_case(resident, road).content.decode()
    assert "pill--overdue" in open_case(resident, waste).content.decode()


def test_the_address_of_the_slip_is_exchanged_at_once(resident: Client) -> None:
    told = report_case()
    answer = resident.get(f"/r/{told.report.number}/{told.secret}")
    assert (answer.status_code, answer["Location"]) == (302, "/track")
    cookie = answer.cookies["gewu_receipt"]
    assert cookie["httponly"]
    assert told.secret not in cookie.value
    assert resident.get("/track").status_code == 200


def test_the_secret_enters_no_log_even_when_it_is_wrong(
    resident: Client, caplog: pytest.LogCaptureFixture
) -> None:
    told = report_case()
    with caplog.at_level(logging.DEBUG):
        answer = resident.get(f"/r/{told.report.number}/{'1' * 16}")
    assert urlsplit(answer["Location"]).path == "/r", "the address is left in every case"
    assert "1111" not in caplog.text


def test_five_wrong_secrets_close_the_door_for_a_while(resident: Client, clock: DrivenClock) -> None:
    told = report_case()
    wrong = "1" * 16
    sent = form(resident.get("/r"), "/r") | {"number": told.report.number, "secret": wrong}
    for _try in range(5):
        answer = resident.post("/r", sent)
        assert (answer.status_code, form(answer, "/r")["number"]) == (422, [told.report.number])
    shut = resident.post("/r", sent | {"secret": told.secret})
    assert shut.status_code == 429
    assert int(shut["Retry-After"]) <= 900
    assert "Too many tries" in text(shut)
    clock.advance(timedelta(minutes=16))
    assert resident.post("/r", sent | {"secret": told.secret}).status_code == 303


def test_unknown_number_and_wrong_secret_say_the_same(resident: Client) -> None:
    told = report_case()
    sent = form(resident.get("/r"), "/r") | {"secret": "1" * 16}
    wrong = resident.post("/r", sent | {"number": told.report.number})
    unknown = resident.post("/r", sent | {"number": str(CaseNumber("LT", 2026, 999))})
    assert wrong.status_code == unknown.status_code == 422
    shown = "Number and secret do not belong together"
    assert shown in text(wrong)
    assert shown in text(unknown)


def test_without_a_receipt_there_is_nothing_to_see(resident: Client) -> None:
    answer = resident.get("/track")
    assert (answer.status_code, answer["Location"]) == (302, "/r?ended")
    resident.cookies["gewu_receipt"] = "made-up.0000"
    assert resident.get("/track").status_code == 302


def test_done_and_close_leaves_nothing_on_the_device(resident: Client) -> None:
    open_case(resident, report_case())
    resident.post("/track/close")
    assert resident.get("/track").status_code == 302


def test_words_written_when_the_hour_was_over_are_still_there(resident: Client, clock: DrivenClock) -> None:
    told = report_case()
    open_case(resident, told)
    sent = page_form(resident.get("/track"), "add") | {"add_text": "今天更多了"}
    clock.advance(timedelta(minutes=61))
    ended = resident.post("/track/add", sent | {"photos": picture()})
    assert ended.status_code == 403
    wrong = form(ended, "/r") | {"number": told.report.number, "secret": "0" * 16}
    kept = form(resident.post("/r", wrong), "/r") | {"number": told.report.number, "secret": told.secret}
    back = resident.post("/r", kept)
    assert page_form(back, "add")["add_text"] == ["今天更多了"]
    assert len(page_form(back, "add")["photo"]) == 1
    assert resident.post("/track/add", page_form(back, "add")).status_code == 303
    assert told.case.photos.count() == 1


def test_a_photo_that_could_not_be_kept_is_named_also_when_the_hour_was_over(
    resident: Client, clock: DrivenClock
) -> None:
    open_case(resident, report_case())
    sent = page_form(resident.get("/track"), "add") | {"add_text": "今天更多了"}
    clock.advance(timedelta(minutes=61))
    broken = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    ended = resident.post("/track/add", sent | {"photos": [picture(), broken]})
    assert len(form(ended, "/r")["kept_photos"][0].split()) == 1
    assert 'href="#photos"' in ended.content.decode()


def test_more_words_and_photos_can_be_added_once(resident: Client) -> None:
    told = report_case()
    open_case(resident, told)
    sent = page_form(resident.get("/track"), "add") | {"add_text": "今天更多了"}
    assert resident.post("/track/add", {**sent, "photos": picture()})["Location"] == "/track?done=add"
    version = fresh(told).version
    resident.post("/track/add", {**sent, "photos": picture()})
    assert fresh(told).version == version, "the second press did nothing"
    page = resident.get("/track?done=add")
    assert "今天更多了" in text(page)
    photo = page.content.decode().split('href="/track/photos/')[1].split('"')[0]
    answer = resident.get(f"/track/photos/{photo}")
    assert (answer["Content-Type"], answer["Content-Security-Policy"]) == (
        "image/jpeg",
        "sandbox; default-src 'none'",
    )


def test_a_question_is_answered(resident: Client) -> None:
    told = walk_to("handling")
    do("ask_reporter", told, "worker_a1")
    page = open_case(resident, told)
    assert "在几号楼" in text(page)
    empty = send(resident, "answer", text=" ")
    assert empty.status_code == 422
    assert 'href="#text"' in empty.content.decode()
    assert send(resident, "answer", text="三号楼").status_code == 303
    assert fresh(told).asked_at is None


def test_five_minutes_to_put_the_words_right(resident: Client, clock: DrivenClock) -> None:
    told = report_case()
    open_case(resident, told)
    sent = page_form(resident.get("/track"), "correct")
    assert sent["correct_text"] == ["垃圾桶旁有大量垃圾"]
    assert resident.post("/track/correct", sent | {"correct_text": "垃圾在桶的左边"}).status_code == 303
    page = resident.get("/track")
    assert "垃圾在桶的左边" in text(page)
    assert "垃圾桶旁有大量垃圾" not in text(page)
    sent = page_form(page, "correct")
    clock.advance(timedelta(minutes=6))
    late = resident.post("/track/correct", sent | {"correct_text": "还要改"})
    assert late.status_code == 403
    assert "Five minutes have passed" in text(late)
    assert "/track/correct" not in resident.get("/track").content.decode()


def test_solved_with_a_rating_closes_the_case(resident: Client) -> None:
    told = walk_to("verified")
    page = open_case(resident, told)
    assert "Is it solved for you as well?" in text(page)
    assert send(resident, "rate", rating="5", text="很快").status_code == 303
    case = fresh(told)
    assert (case.state, case.confirmation) == ("closed", "confirmed")
    assert Report.objects.get(pk=told.report.pk).rating == 5


def test_not_solved_needs_a_reason_and_goes_one_level_up(resident: Client) -> None:
    told = walk_to("verified")
    open_case(resident, told)
    missing = send(resident, "refuse", text="垃圾还在")
    assert missing.status_code == 422
    assert page_form(missing, "refuse")["refuse_text"] == ["垃圾还在"]
    assert send(resident, "refuse", text="垃圾还在", reason="not_done").status_code == 303
    assert (fresh(told).state, fresh(told).level) == ("handling", "V")


def test_a_closed_case_is_opened_again_once(resident: Client) -> None:
    told = walk_to("closed")
    open_case(resident, told)
    assert send(resident, "reopen", text="又出现了").status_code == 303
    assert fresh(told).state == "handling"


def test_a_report_is_withdrawn_without_being_asked_why(resident: Client) -> None:
    told = report_case()
    open_case(resident, told)
    assert send(resident, "withdraw").status_code == 303
    assert fresh(told).closing == "withdrawn"
    assert "/track/withdraw" not in resident.get("/track").content.decode()


def test_somebody_was_quicker_and_the_words_are_kept(resident: Client) -> None:
    told = report_case()
    open_case(resident, told)
    sent = page_form(resident.get("/track"), "add") | {"add_text": "今天更多了"}
    do("accept", told, "lead_a1")
    answer = resident.post("/track/add", sent)
    assert answer.status_code == 409
    assert resident.post("/track/add", page_form(answer, "add")).status_code == 303


def test_the_offices_own_moves_are_not_here(resident: Client) -> None:
    open_case(resident, report_case())
    assert resident.post("/track/accept", {}).status_code == 404


@pytest.mark.parametrize("source", OF_A_REPORT)
def test_a_neighbour_who_joined_reads_nothing_the_first_one_wrote(resident: Client, source: str) -> None:
    told = report_case(text=FIRST, by=by_whom(source), source=source)
    open_case(resident, told)
    send(resident, "add", text="王五说明天来")
    joined = join(told.case.number)
    page = text(open_case(resident, joined))
    assert "王五" not in page
    assert "You follow what a neighbour reported" in page


def test_the_receipt_page_leads_straight_to_the_report(resident: Client) -> None:
    number, _secret = receipt_of(resident.post("/report", open_report(resident) | {"text": "积水"}))
    assert number in text(resident.get("/track"))


def test_every_look_at_the_contact_is_shown_to_its_owner(resident: Client) -> None:
    told = report_case(contact=ContactInput(phone="13800000000"))
    assert "Nobody has looked" in text(open_case(resident, told))
    looking.reveal_contact(told.case.number, reason="ask_back", actor=actor("dispatcher"), now=NOW)
    page = text(resident.get("/track"))
    assert "To ask the reporter about the matter" in page
    assert "dispatcher" in page
    assert "13800000000" not in page
