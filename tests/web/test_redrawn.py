"""Larger letters, another language, another place: nothing that stands in a form is lost to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from gewu.core import clock
from gewu.domain.cases.models import Case, CasePhoto
from gewu.domain.places.actions import add_place
from tests import town as cast
from tests.places.conftest import given
from tests.web.pages import form, open_report, receipt_of
from tests.web.test_report import picture

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
    sign = add_place(given(town=cast), actor=cast.actor("director_a"), now=clock.now()).sign
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
    first = resident.post("/report", open_report(resident, f"?condition={cast.GAS}") | {"text": "I smell gas"})
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
