"""What the API tells who holds a receipt: the own words and the office's, never a neighbour's."""

from __future__ import annotations

import pytest

from gewu.domain.access.actor import ANYONE
from tests.api.caller import Caller
from tests.cases.test_neighbours import FIRST, JOINED, OF_A_REPORT, by_whom
from tests.town import join, report_case


@pytest.mark.parametrize("source", OF_A_REPORT)
def test_a_neighbour_who_joined_reads_nothing_the_first_one_said(api: Caller, source: str) -> None:
    told = report_case(text=FIRST, place="王五家", by=by_whom(source), source=source)
    other = join(told.case.number, text=JOINED, by=ANYONE)
    answer = api.with_receipt(other).get(f"cases/{told.case.number}")
    assert answer.status_code == 200
    assert "王五" not in answer.content.decode()
    said = [one["text"] for act in answer.json()["story"] for one in act.get("texts", ())]
    assert said == [JOINED]
