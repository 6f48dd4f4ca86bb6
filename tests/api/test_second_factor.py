"""Before a reveal or an export everybody shows a second factor, through the API as on a page; a token is none."""

from __future__ import annotations

import pytest

from gewu.domain.privacy.contact_data import ContactInput
from tests.api.caller import Caller
from tests.town import at_level, do


@pytest.mark.parametrize("who", ["director_a", "evaluator"])
def test_figures_leave_with_a_second_factor_only(api: Caller, who: str) -> None:
    refused = api.as_(who, strong=False).get("figures/workbook")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")
    assert api.as_(who, strong=False).get("figures").status_code == 200
    assert api.as_(who).get("figures/workbook").status_code == 200
    token = api.with_token("figures:read", "figures:write", user=who)
    assert token.get("figures/workbook").json()["code"] == "second_factor"


def test_so_are_a_contact_and_a_caller(api: Caller) -> None:
    told = at_level("V", contact=ContactInput(phone="13800000000"))
    do("assign", told, "director_a", to="post:committee-hand-a")
    calls = (
        ("committee_hand_a", f"cases/{told.case.number}/contact", {"reason": "ask_back"}),
        ("intake", "callers", {"phone": "13800000000", "reason": "caller"}),
    )
    for who, path, body in calls:
        refused = api.as_(who, strong=False).post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")
        assert api.as_(who).post(path, body).status_code == 200
