"""What holds for every endpoint: who calls, what a body must be, how an error looks, one answer to a repeat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gewu.core.clock import DrivenClock
from gewu.domain.cases.models import Case
from gewu.domain.requests.models import ClientKey
from tests.api.caller import V1, Caller, new_key
from tests.town import do, middle, report_case, walk_to

PROBLEM = "application/problem+json"


def body(**more: Any) -> dict[str, Any]:
    lon, lat = middle("a1")
    return {"text": "路灯不亮", "place": {"lon": lon, "lat": lat}} | more


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The answer is this refusal, as problem JSON."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM), answer.content
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == code, problem
    return problem


def test_a_token_acts_for_its_person_within_its_scopes(api: Caller) -> None:
    told = report_case()
    program = api.with_token("case:read", "case:write", user="lead_a1")
    assert program.get("cases").json()["items"][0]["number"] == told.report.number
    done = program.post(f"cases/{told.report.number}/moves/accept", {"given": {}, "version": 1})
    assert (done.status_code, done.json()["state"]) == (200, "accepted")
    reading = api.with_token("case:read", user="lead_a1")
    refused(reading.post(f"cases/{told.report.number}/moves/assign"), 403, "scope")


def test_a_token_is_no_second_factor(api: Caller) -> None:
    refused(api.with_token("case:read", user="dispatcher").get("cases"), 403, "second_factor")


def test_a_wrong_token_is_refused_even_where_anyone_may_call(api: Caller) -> None:
    stranger = api.with_headers(Authorization="Bearer gw_nonsense")
    answer = stranger.get("workflow")
    refused(answer, 401, "unauthorized")
    assert "Bearer" in answer["WWW-Authenticate"]
    refused(api.with_headers(Authorization="Basic eDp5").get("workflow"), 401, "unauthorized")


def test_a_receipt_opens_one_case_and_no_other(api: Caller) -> None:
    mine, other = report_case(), report_case()
    holder = api.with_receipt(mine)
    assert holder.get(f"cases/{mine.report.number}").json()["readable"]
    refused(holder.get(f"cases/{other.report.number}"), 404, "not_found")
    refused(holder.get("cases"), 401, "unauthorized")


def test_a_pass_stands_for_the_receipt_for_an_hour(api: Caller, clock: DrivenClock) -> None:
    told = report_case()
    given = api.with_receipt(told).post("receipts").json()
    holder = api.with_headers(Authorization=f"Receipt {given['pass']}")
    for _ in range(8):  # more often than a secret may be tried
        assert holder.get(f"cases/{told.report.number}").status_code == 200
    clock.advance(timedelta(minutes=61))
    refused(holder.get(f"cases/{told.report.number}"), 401, "unauthorized")


def test_guessing_a_receipt_ends_after_five_tries(api: Caller) -> None:
    told = report_case()
    guess = api.with_headers(Authorization=f"Receipt {told.report.number}:0000000000000000")
    for _ in range(5):
        refused(guess.get(f"cases/{told.report.number}"), 401, "unauthorized")
    answer = guess.get(f"cases/{told.report.number}")
    refused(answer, 429, "too_many")
    assert int(answer["Retry-After"]) > 0


def test_a_session_needs_its_csrf_token(api: Caller) -> None:
    from django.test import Client

    from gewu.domain.accounts.models import User

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="lead_a1"))
    caller = Caller(client=strict)
    number = report_case().report.number
    assert caller.get(f"cases/{number}").status_code == 200
    refused(caller.post(f"cases/{number}/moves/accept"), 403, "csrf")
    strict.cookies["gewu_csrf"] = "a" * 32
    answer = caller.with_headers(X_CSRFToken="a" * 32).post(f"cases/{number}/moves/accept")
    assert answer.status_code == 200, answer.content


def test_strangers_are_asked_who_they_are_whatever_they_name(api: Caller) -> None:
    there = api.get(f"cases/{report_case().report.number}")
    missing = api.get("cases/LT-2026-999999-0")
    refused(there, 401, "unauthorized")
    assert there.content == missing.content


def test_hidden_and_missing_are_the_same_bytes(api: Caller) -> None:
    hidden = report_case(at="b1").report.number
    lead = api.as_("lead_a1")
    for path in ("cases/{}", "cases/{}/moves/accept", "cases/{}/contact"):
        call = (
            lead.get
            if path == "cases/{}"
            else lambda p: lead.post(p, {"reason": "duty"} if "contact" in p else {})
        )
        one, other = call(path.format(hidden)), call(path.format("LT-2026-000999-9"))
        refused(one, 404, "not_found")
        assert (one.content, dict(one.headers)) == (other.content, dict(other.headers))
    nowhere = lead.get("no/such/address")
    assert nowhere.content == lead.get(f"cases/{hidden}").content


def test_errors_name_the_field_by_a_json_pointer(api: Caller) -> None:
    problem = refused(api.post("reports", {"place": {"lon": 500, "lat": 0}, "text": " "}), 422, "invalid")
    assert {fault["pointer"] for fault in problem["errors"]} >= {"/text", "/place/lon"}
    problem = refused(api.post("reports", {"text": 7}), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/text"
    problem = refused(api.post("reports", {}), 422, "invalid")
    assert (problem["errors"][0]["pointer"], problem["errors"][0]["code"]) == ("/text", "required")


def pointers(answer: Any) -> set[str]:
    return {fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]}


def test_a_pointer_leads_to_what_was_sent_and_not_to_the_domain_s_name_for_it(api: Caller) -> None:
    number, lead, desk = report_case().report.number, api.as_("lead_a1"), api.as_("administrator")
    for path in (f"cases/{number}/moves/decline", f"field/cases/{number}/moves/decline"):
        assert pointers(lead.post(path, {"given": {"text": 7, "photos": ["x"]}})) <= {
            "/given/text",
            "/given/reason",
        }
    assert pointers(lead.post(f"cases/{number}/moves/add", {"given": {"photos": ["x"]}})) == {"/given/photos"}
    assert pointers(lead.post(f"cases/{number}/moves/accept", {"given": {"condition": "x"}})) == {
        "/given/condition"
    }
    assert pointers(api.post("reports", {"text": "x", "place": {"area": "x"}})) == {"/place/area"}
    assert pointers(api.post("reports", {"text": "x", "place": {"sign": "x"}})) == {"/place/sign"}
    assert pointers(desk.post("calendar/hours", {"spans": "x"})) == {"/spans"}
    assert pointers(desk.post("calendar/days", {"days": [{"date": "x", "working": True}]})) == {
        "/days/0/date"
    }
    body = {"username": "worker_b1", "starts": "2026-03-10"}
    assert pointers(desk.post("posts/lead-a1/appoint", body)) == {""}  # the post stands in the address
    away = {"starts": "2026-03-10", "reason": "x"}
    assert pointers(desk.post("people/lead_a1/absences", away)) == {"/reason"}


def test_errors_are_told_in_the_reader_s_language(api: Caller) -> None:
    english = api.post("reports", {"text": ""}).json()
    chinese = api.with_headers(Accept_Language="zh-Hans").post("reports", {"text": ""}).json()
    assert english["errors"][0]["code"] == chinese["errors"][0]["code"]
    assert english["errors"][0]["message"].isascii()
    assert not chinese["errors"][0]["message"].isascii()


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        ("{", "application/json", 400, "json"),
        (b"\xff", "application/json", 400, "json"),
        ('{"place": ' * 100_000, "application/json", 400, "json"),
        ("[]", "application/json", 422, "invalid"),
        ("{}", "text/plain", 415, "unsupported_type"),
        ("text=x", "application/x-www-form-urlencoded", 415, "unsupported_type"),
        ('{"text": "' + "x" * 1_100_000 + '"}', "application/json", 413, "too_large"),
    ],
)
def test_a_body_that_is_not_json_is_refused(
    api: Caller, data: str | bytes, kind: str, status: int, code: str
) -> None:
    answer = api.client.generic("POST", V1 + "reports", data, content_type=kind)
    refused(answer, status, code)


def test_another_method_is_named_with_the_allowed_ones(api: Caller) -> None:
    answer = api.post("reports", method="PUT")
    refused(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "POST"


def test_the_same_key_performs_once(api: Caller) -> None:
    key, number = new_key(), walk_to("accepted").report.number
    lead = api.as_("lead_a1")
    first = lead.post(f"cases/{number}/moves/internal_note", {"given": {"text": "去过一次"}}, key=key)
    again = lead.post(f"cases/{number}/moves/internal_note", {"given": {"text": "去过一次"}}, key=key)
    assert (first.status_code, first.content) == (again.status_code, again.content) == (200, first.content)
    assert again["Idempotent-Replayed"] == "true"
    assert Case.objects.get(number=number).version == 3


def test_the_same_key_with_another_body_is_refused(api: Caller) -> None:
    key = new_key()
    api.post("reports", body(), key=key)
    refused(api.post("reports", body(text="别的事"), key=key), 422, "key_reused")
    refused(api.post("reports", body(), key="no-uuid"), 422, "invalid")


def test_two_people_may_happen_to_use_one_key(api: Caller) -> None:
    key, number = new_key(), walk_to("accepted").report.number
    for name in ("lead_a1", "director_a"):
        answer = api.as_(name).post(
            f"cases/{number}/moves/internal_note", {"given": {"text": "看过"}}, key=key
        )
        assert (answer.status_code, "Idempotent-Replayed" in answer) == (200, False)


def test_a_running_request_is_told_to_come_back(api: Caller) -> None:
    key = new_key()
    api.post("reports", body(), key=key)
    ClientKey.objects.update(answer=None)  # as it stands while the first is at work
    answer = api.post("reports", body(), key=key)
    refused(answer, 409, "in_progress")
    assert answer["Retry-After"] == "1"


def test_a_failure_is_not_kept(api: Caller) -> None:
    key, told = new_key(), report_case()
    lead = api.as_("lead_a1")
    path = f"cases/{told.report.number}/moves/internal_note"
    refused(lead.post(path, {"given": {"text": "先记一笔"}, "version": 9}, key=key), 409, "version")
    assert not ClientKey.objects.exists()
    assert lead.post(path, {"given": {"text": "先记一笔"}}, key=key).status_code == 200


def test_a_stale_version_tells_what_the_case_is_now(api: Caller) -> None:
    told = report_case()
    do("accept", told, "lead_a1")
    answer = api.as_("lead_a1").post(f"cases/{told.report.number}/moves/assign", {"version": 1})
    problem = refused(answer, 409, "version")
    assert problem["facts"]["version"] == 2


def test_lists_are_paged_by_key(api: Caller) -> None:
    numbers = [report_case().report.number for _ in range(5)]
    lead, seen, after = api.as_("lead_a1"), [], ""
    while True:
        page = lead.get("cases", limit=2, after=after).json()
        seen += [item["number"] for item in page["items"]]
        after = page.get("next", "")
        if not after:
            break
    assert sorted(seen) == sorted(numbers)
    refused(lead.get("cases", after="nonsense"), 422, "invalid")


def test_answers_are_kept_nowhere(api: Caller) -> None:
    lead = api.as_("lead_a1")
    for answer in (lead.get("cases"), lead.get("cases/LT-1"), api.post("reports", body())):
        assert answer["Cache-Control"] == "no-store"


def test_strangers_may_not_say_that_others_called(api: Caller) -> None:
    refused(api.post("reports", body(source="hotline")), 422, "invalid")
    assert api.as_("intake").post("reports", body(source="phone")).status_code == 201
    program = api.with_token("case:write", client="hotline")
    assert program.post("reports", body()).status_code == 201
    assert set(Case.objects.values_list("source", flat=True)) == {"phone", "api"}


def test_a_report_costs_few_statements(api: Caller) -> None:
    api.post("reports", body(), key=new_key())
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert api.post("reports", body(), key=new_key()).status_code == 201
    statements = [query["sql"] for query in seen.captured_queries]
    assert len(statements) <= 26, "\n".join(statements)


@pytest.mark.parametrize(
    ("who", "address", "body", "pointer"),
    [
        (
            "administrator",
            "tokens",
            {"name": "屏幕", "scopes": ["case:read"], "client": "screen"},
            "/expires",
        ),
        ("worker_a1", "reports", {"text": "路灯不亮", "source": "worker"}, "/done_at"),
        ("lead_a1", "field/cases/{number}/moves/accept", {}, "/done_at"),
    ],
)
def test_an_hour_without_its_offset_is_told_at_its_field(
    api: Caller, who: str, address: str, body: dict[str, Any], pointer: str
) -> None:
    address = address.format(number=report_case().case.number)
    answer = api.as_(who).post(address, body | {pointer[1:]: "2026-04-01T00:00:00"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
