"""The privacy and identity officers' acts through the API."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.privacy import texts
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.privacy.models import Contact, Erasure, Opening
from tests.api.caller import Caller, new_key


def test_everything_of_a_case_is_erased_once_and_its_proof_stays(town: ModuleType, api: Caller) -> None:
    told = town.report_case(text="张三在三号楼", contact=ContactInput("张三", "13800000001"))
    officer, key = api.as_("privacy_officer"), new_key()
    body = {"number": told.case.number, "what": "case", "reason": "request"}
    done, again = (officer.post("privacy/erasures", body, key=key) for _ in range(2))
    assert (done.status_code, done.json()) == (201, again.json())
    assert (done.json()["counts"]["texts"], done.json()["counts"]["contacts"]) == (1, 1)
    assert texts.read([told.case.text_id]) == {}
    assert not Contact.objects.exists()
    assert officer.get("privacy/erasures").json()["items"] == [done.json()]


def test_what_is_wrong_stands_at_its_field_and_nothing_is_erased(town: ModuleType, api: Caller) -> None:
    good = {"number": town.report_case().case.number, "what": "contact", "reason": "order"}
    for field in good:
        wrong = api.as_("privacy_officer").post("privacy/erasures", good | {field: "no such"})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, f"/{field}")
    assert api.as_("administrator").post("privacy/erasures", good).status_code == 403
    assert not Erasure.objects.exists()


def test_an_identity_is_asked_for_and_the_request_found(town: ModuleType, api: Caller) -> None:
    told = town.report_case()
    officer = api.as_("identity_officer_1")
    body = {"number": told.case.number, "motive": "证人安全", "reader": "supervisor"}
    asked = officer.post("openings", body)
    assert (asked.status_code, asked.json()["number"]) == (201, told.case.number)
    assert officer.get("openings").json()["items"] == [asked.json()]
    for field, value in (
        ("motive", " "),
        ("reader", "nobody"),
        ("number", "LT-1"),
        ("defer", 2**62),
        ("defer", -3),
    ):
        wrong = officer.post("openings", body | {field: value})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, f"/{field}"), field
    assert Opening.objects.count() == 1


def test_an_officer_reads_the_motive_of_a_request(town: ModuleType, api: Caller) -> None:
    told = town.report_case()
    body = {
        "number": told.case.number,
        "motive": "证人安全",
        "reader": "supervisor",
        "defer": 5,
        "ground": "审理中",
    }
    asked = api.as_("identity_officer_1").post("openings", body).json()
    whole = api.as_("identity_officer_2").get(f"openings/{asked['id']}").json()
    assert (whole["opening"], whole["motive"], whole["ground"]) == (asked, "证人安全", "审理中")
    assert api.as_("supervisor").get(f"openings/{asked['id']}").status_code == 403


def test_the_supervisor_has_the_journal_checked(town: ModuleType, api: Caller) -> None:
    town.report_case()
    found = api.as_("supervisor").post("journal/check").json()
    assert found["sound"]
    assert {one["severity"] for one in found["findings"]} <= {"note"}
    assert api.as_("administrator").post("journal/check").status_code == 403


def test_an_officer_takes_office_once(town: ModuleType, api: Caller) -> None:
    officer = api.as_("identity_officer_1")
    short = officer.post("officers", {"passphrase": "short"})
    assert (short.status_code, short.json()["errors"][0]["pointer"]) == (422, "/passphrase")
    assert officer.post("officers", {"passphrase": "correct horse battery"}).status_code == 201
    assert officer.post("officers", {"passphrase": "correct horse battery"}).json()["code"] == "officer_twice"
    assert (
        api.as_("privacy_officer").post("officers", {"passphrase": "correct horse battery"}).status_code
        == 403
    )


def test_officers_seal_anew_and_leave(town: ModuleType, api: Caller) -> None:
    callers = [api.as_(f"identity_officer_{number}") for number in (1, 2, 3)]
    for caller in callers:
        caller.post("officers", {"passphrase": "correct horse battery"})
    place = {"lon": town.middle("a1")[0], "lat": town.middle("a1")[1]}
    body = {"text": "有人收礼", "confidential": True, "place": place, "contact": {"phone": "13900000001"}}
    assert api.post("reports", body | {"about_unit": "centre"}).json()["code"] == "officers_missing"
    assert api.post("reports", body | {"about_unit": "x"}).json()["errors"][0]["pointer"] == "/about_unit"
    assert api.post("reports", body).status_code == 201
    assert callers[2].post("officers/leave").status_code == 200
    assert callers[2].post("officers", {"passphrase": "another horse battery"}).status_code == 201
    given = {"passphrase": "correct horse battery", "other": "identity_officer_2"}
    wrong = callers[0].post("officers/reseal", given | {"other_passphrase": "no"})
    assert wrong.json()["errors"][0]["pointer"] == "/other_passphrase"
    done = callers[0].post("officers/reseal", given | {"other_passphrase": "correct horse battery"})
    assert done.json() == {"done": 1, "left": 0}
