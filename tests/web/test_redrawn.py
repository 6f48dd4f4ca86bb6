"""Larger letters, another language, another place: nothing that stands in a form is lost to them."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gewu.core import clock as machine
from gewu.core.clock import DrivenClock
from gewu.domain.cases.models import Case, CasePhoto
from gewu.domain.places.actions import add_place
from tests import town as cast
from tests.places.conftest import given
from tests.web.pages import form, open_report, receipt_of, text
from tests.web.test_report import picture
from tests.web.test_track import fields, open_case, page_form, send

pytestmark = pytest.mark.one_store  # what a form keeps is no matter of the store

TYPED = {
    "text": "东门路灯不亮", "tile": "light", "area": "a1", "place": "东门", "contact_name": "李", "confidential": "1",
}  # fmt: skip


def stands(answer: Any, action: str, typed: dict[str, str]) -> dict[str, Any]:
    kept = form(answer, action)
    assert {name: kept.get(name) for name in typed} == {name: [value] for name, value in typed.items()}
    return kept


@pytest.mark.parametrize(
    ("redraw", "cookie"),
    [
        ("size:large", ("gewu_print", "large")),
        ("language:en", ("gewu_language", "en")),
        ("language:zh-hant", ("gewu_language", "zh-hant")),
    ],
)
def test_the_report_stays_as_it_was_typed(resident: Client, redraw: str, cookie: tuple[str, str]) -> None:
    sent = open_report(resident) | TYPED | {"photos": picture(), "redraw": redraw}
    answer = resident.post("/report", sent)
    assert answer.status_code == 200
    assert answer.cookies[cookie[0]].value == cookie[1]
    assert answer["Content-Language"] == (cookie[1] if "language" in redraw else "en")
    assert ('data-size="large"' in answer.content.decode()) == (redraw == "size:large")
    kept = stands(answer, "/report", TYPED)
    assert len(kept["photo"]) == 1
    assert not Case.objects.exists()
    number, _secret = receipt_of(resident.post("/report", kept | {"contact_name": ""}))
    assert CasePhoto.objects.filter(case__number=number).count() == 1


def test_nonsense_changes_nothing(resident: Client) -> None:
    for redraw in ("size:huge", "language:xx", "x"):
        answer = resident.post("/report", open_report(resident) | TYPED | {"redraw": redraw})
        stands(answer, "/report", TYPED)
        assert not answer.cookies.keys() & {"gewu_print", "gewu_language"}


def test_another_place_another_kind(resident: Client) -> None:
    sign = add_place(given(town=cast), actor=cast.actor("director_a"), now=machine.now()).sign
    words = {"text": "积水", "contact_name": "李"}
    at = form(resident.get(f"/report?at={sign}&condition={cast.GAS}"), "/report") | words
    elsewhere = form(resident.post("/report", at | {"redraw": "sign"}), "/report")
    assert (elsewhere.get("sign"), elsewhere["text"], elsewhere["condition"]) == (None, ["积水"], [cast.GAS])
    other = stands(resident.post("/report", at | {"redraw": "condition"}), "/report", words)
    assert (other.get("condition"), other["sign"]) == (None, [sign])
    here = form(resident.get("/report?area=b2"), "/report") | words
    assert stands(resident.post("/report", here | {"redraw": "area"}), "/report", words)["area"] == [""]


def test_the_steps_in_between_keep_it_too(resident: Client) -> None:
    first = resident.post("/report", open_report(resident, f"?condition={cast.GAS}") | {"text": "燃气味很重"})
    step = form(first, "/report") | {"redraw": "size:large"}
    stands(resident.post("/report", step), "/report", {"text": "燃气味很重"})


def test_the_emergency_numbers_come_again_in_the_language_one_reads(resident: Client) -> None:
    first = resident.post(
        "/report", open_report(resident, f"?condition={cast.GAS}") | {"text": "I smell gas"}
    )
    assert "called" in form(first, "/report")
    drawn = resident.post("/report", form(first, "/report") | {"redraw": "language:en"})
    again = resident.post("/report", form(drawn, "/report"))
    assert b'href="tel:119"' in again.content
    assert not Case.objects.exists()


def test_following_and_suggesting_too(resident: Client) -> None:
    address = f"/join/{cast.report_case().case.number}"
    sent = form(resident.get(address), address) | {"text": "我也看到了", "redraw": "language:zh-hans"}
    stands(resident.post(address, sent), address, {"text": "我也看到了"})
    sent = form(resident.get("/suggest"), "/suggest") | {"text": "字再大一点", "redraw": "size:large"}
    stands(resident.post("/suggest", sent), "/suggest", {"text": "字再大一点"})


# Where a case stands, what its reporter may do then, and what is typed for each of these.
ON_THE_WAY: dict[str, dict[str, dict[str, str]]] = {
    "submitted": {"add": {"text": "今天更多了"}, "correct": {"text": "垃圾在桶的左边\n两袋"}},
    "asked": {"answer": {"text": "三号楼"}, "add": {"text": "也在二号楼"}},
    "verified": {
        "rate": {"rating": "2", "text": "很慢"},
        "refuse": {"reason": "not_done", "text": "垃圾还在"},
    },
    "closed": {"reopen": {"text": "又出现了"}},
}


def on_the_way(where: str) -> Any:
    told = cast.walk_to("handling" if where == "asked" else where)
    if where == "asked":
        cast.do("ask_reporter", told, "worker_a1")
    return told


@pytest.mark.parametrize("redraw", ["size:large", "language:zh-hant", ""])
@pytest.mark.parametrize("where", ON_THE_WAY)
def test_whatever_a_reporter_has_typed_stays_and_nothing_is_done(
    resident: Client, where: str, redraw: str
) -> None:
    told, asked = on_the_way(where), ON_THE_WAY[where]
    page, version = open_case(resident, told), cast.fresh(told).version
    typed = {name: words for move, given in asked.items() for name, words in fields(move, **given).items()}
    sent = {name: words.replace("\n", "\r\n") for name, words in typed.items()}  # as a browser sends lines
    drawn = resident.post("/track", form(page, "/track") | sent | {"redraw": redraw})
    assert drawn.status_code == 200
    assert ('data-size="large"' in drawn.content.decode()) == (redraw == "size:large")
    kept = stands(drawn, "/track", typed)
    assert cast.fresh(told).version == version
    move = next(iter(asked))
    assert resident.post(f"/track/{move}", kept).status_code in {200, 303}
    assert cast.fresh(told).version > version


def test_a_move_that_is_done_keeps_what_was_typed_for_the_others(resident: Client) -> None:
    told = on_the_way("asked")
    sent = page_form(open_case(resident, told), "answer") | {
        "answer_text": "三号楼",
        "add_text": "也在二号楼",
    }
    done = resident.post("/track/answer", sent | {"photos": picture()})
    assert (done.status_code, cast.fresh(told).asked_at) == (200, None)
    assert "no-store" in done["Cache-Control"]
    assert "Thank you, your answer has arrived." in text(done)
    kept = stands(done, "/track", {"add_text": "也在二号楼"})
    assert kept["key"] != sent["key"]
    assert 'formaction="/track/answer"' not in done.content.decode()
    assert "This can no longer be sent" not in text(done), "what was sent is not left over"
    last = resident.post("/track/add", kept)
    assert (last.status_code, last["Location"]) == (303, "/track?done=add")
    assert CasePhoto.objects.filter(case=told.case).count() == 1
    back_in_time = resident.post("/track/answer", sent | {"photo": kept["photo"]})
    assert "photo" not in form(back_in_time, "/track"), "it is added already"


def test_a_reload_of_that_page_does_nothing_twice(resident: Client) -> None:
    told = on_the_way("submitted")
    typed = {"add_text": "今天更多了", "correct_text": "垃圾在桶的左边"}
    sent = page_form(open_case(resident, told), "add") | typed
    first, version = resident.post("/track/add", sent), cast.fresh(told).version
    stands(first, "/track", {"correct_text": "垃圾在桶的左边", "add_text": ""})
    cast.do("accept", told, "lead_a1")
    again = resident.post("/track/add", sent)
    assert again.status_code == 200
    assert cast.fresh(told).version == version + 1, "the acceptance and nothing else"
    assert (
        "This can no longer be sent. Here are your words, if you want to keep them: 垃圾在桶的左边"
        in text(again)
    )


def test_a_move_that_ends_the_others_gives_their_words_back(resident: Client) -> None:
    told = on_the_way("verified")
    sent = page_form(open_case(resident, told), "rate") | {"rate_rating": "5", "refuse_text": "垃圾还在"}
    solved = resident.post("/track/rate", sent)
    assert (solved.status_code, cast.fresh(told).state) == (200, "closed")
    assert "This can no longer be sent. Here are your words, if you want to keep them: 垃圾还在" in text(
        solved
    )


def test_a_photo_that_cannot_be_kept_is_told_beside_what_was_done(resident: Client) -> None:
    told = on_the_way("asked")
    broken = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    sent = page_form(open_case(resident, told), "answer") | {"answer_text": "三号楼", "photos": broken}
    done = resident.post("/track/answer", sent)
    assert (done.status_code, cast.fresh(told).asked_at) == (200, None)
    assert 'href="#photos"' in done.content.decode()


def test_photos_of_a_reporter_stay_and_go_with_what_they_were_chosen_for(resident: Client) -> None:
    told = on_the_way("asked")
    sent = page_form(open_case(resident, told), "add") | {"add_text": "照片在此", "photos": picture()}
    kept = form(resident.post("/track", sent | {"redraw": "size:large"}), "/track")
    assert len(kept["photo"]) == 1
    again = page_form(resident.post("/track/answer", kept | {"answer_text": "三号楼"}), "add")
    assert not CasePhoto.objects.exists(), "they belong to what is added, not to the answer"
    assert again["photo"] == kept["photo"]
    assert resident.post("/track/add", again).status_code == 303
    assert CasePhoto.objects.filter(case=told.case).count() == 1


def test_a_refusal_keeps_what_was_typed_for_the_other_moves(resident: Client) -> None:
    open_case(resident, cast.walk_to("verified"))
    missing = send(resident, "refuse", text="垃圾还在")
    both = page_form(missing, "rate") | {"rate_text": "很慢", "rate_rating": "2", "refuse_text": ""}
    stands(resident.post("/track/refuse", both), "/track", {"rate_text": "很慢", "rate_rating": "2"})


def test_words_for_what_is_possible_no_more_are_given_back(resident: Client) -> None:
    told = on_the_way("asked")
    sent = page_form(open_case(resident, told), "answer") | {"answer_text": "三号楼"}
    cast.do("answer", told, cast.reporter(told), text="已用电话回答")
    drawn = resident.post("/track", sent | {"redraw": "size:large"})
    assert 'formaction="/track/answer"' not in drawn.content.decode()
    assert "This can no longer be sent. Here are your words, if you want to keep them: 三号楼" in text(drawn)


def test_when_the_hour_was_over_everything_typed_waits_and_stands_in_its_place_again(
    resident: Client, clock: DrivenClock
) -> None:
    told = cast.walk_to("verified")
    typed = {"rate_text": "很慢", "refuse_text": "垃圾还在", "refuse_reason": "not_done"}
    sent = page_form(open_case(resident, told), "refuse") | typed
    clock.advance(timedelta(minutes=61))
    ended = resident.post("/track", sent | {"redraw": "size:large"})
    assert (ended.status_code, 'data-size="large"' in ended.content.decode()) == (403, True)
    once_more = form(ended, "/r") | {"redraw": "language:zh-hans"}
    kept = form(resident.post("/r", once_more), "/r") | {"number": told.report.number, "secret": told.secret}
    stands(resident.post("/r", kept), "/track", typed)


@pytest.mark.parametrize("redraw", ["size:large", "language:zh-hans"])
def test_number_and_secret_stay_where_they_were_typed_and_are_not_tried(
    resident: Client, redraw: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = cast.report_case()
    typed = {"number": told.report.number, "secret": told.secret}
    with caplog.at_level(logging.DEBUG):
        drawn = resident.post("/r", form(resident.get("/r"), "/r") | typed | {"redraw": redraw})
        assert (drawn.status_code, drawn.cookies.get("gewu_receipt")) == (200, None)
        kept = stands(drawn, "/r", typed)
        assert resident.post("/r", kept)["Location"] == "/track"
    assert told.secret not in caplog.text
    assert "no-store" in drawn["Cache-Control"]


def test_the_code_of_a_suggestion_stays_too(resident: Client) -> None:
    sent = form(resident.get("/suggest/read"), "/suggest/read") | {
        "code": "1234 5678",
        "redraw": "size:large",
    }
    stands(resident.post("/suggest/read", sent), "/suggest/read", {"code": "1234 5678"})
