"""The suggestion box: without an account, one code for one suggestion however often it is sent."""

from __future__ import annotations

import re

from django.test import Client

from gewu.domain.suggestions.models import Suggestion
from tests.web.pages import form, text


def code_of(page: str) -> str:
    found = re.search(r'receipt__secret">([^<]+)<', page)
    assert found
    return found[1]


def test_a_second_press_gets_the_first_code_which_opens_it(resident: Client) -> None:
    sent = form(resident.get("/suggest"), "/suggest") | {"text": "Larger letters, please"}
    first, second = (resident.post("/suggest", sent) for _n in range(2))
    assert first.status_code == 201
    code = code_of(first.content.decode())
    assert code_of(second.content.decode()) == code
    assert Suggestion.objects.count() == 1
    page = resident.post("/suggest/read", {"code": code})
    assert "Larger letters, please" in text(page)
    assert "Not answered yet" in text(page)


def test_a_refusal_keeps_what_was_typed(resident: Client) -> None:
    answer = resident.post("/suggest", form(resident.get("/suggest"), "/suggest") | {"text": "x" * 1001})
    assert answer.status_code == 422
    assert form(answer, "/suggest")["text"] == ["x" * 1001]
    wrong = resident.post("/suggest/read", {"code": "0000 0000 0000"})
    assert wrong.status_code == 422
    assert "No suggestion has this code" in text(wrong)
    assert "12 digits" in text(resident.post("/suggest/read", {"code": "12"}))


def test_writing_and_trying_codes_have_limits(resident: Client) -> None:
    statuses = {resident.post("/suggest", {"text": f"{n}"}).status_code for n in range(21)}
    assert statuses == {201, 429}
    assert {resident.post("/suggest/read", {"code": f"{n:012}"}).status_code for n in range(61)} == {422, 429}
