"""The desks of supervisor, privacy officer and identity officers, and second looks at closed cases."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from gewu.core.clock import DrivenClock
from gewu.domain.cases.actions import recheck
from gewu.domain.cases.models import CasePhoto, ReCheck, Report
from gewu.domain.journal import actions as journal
from gewu.domain.media import queries as media
from gewu.domain.media.actions import keep_photo
from gewu.domain.privacy import texts
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.privacy.models import Contact, Erasure, Opening
from tests.media.photos import jpeg
from tests.web.pages import form
from tests.web.staff.pages import client_of, text_of

PASSPHRASE = "a long enough passphrase"


def _seal(clock: DrivenClock) -> None:
    lease = journal.take_lease(journal.SEALER, "test", now=clock.now(), seconds=60)
    assert lease is not None
    journal.seal(now=clock.now(), fence=lease.fence)


def test_the_journal_shows_kinds_and_no_person(desk: ModuleType, clock: DrivenClock) -> None:
    desk.walk_to("accepted")
    _seal(clock)
    page = text_of(client_of("supervisor").get("/staff/journal"))
    assert "case.accept" in page
    assert "Lead A1" not in page
    assert str(desk.actor("lead_a1").user_id) not in page


def test_the_journal_pages_by_position_and_is_checked(desk: ModuleType, clock: DrivenClock) -> None:
    for _n in range(51):
        desk.report_case()
    _seal(clock)
    client = client_of("supervisor")
    assert "?before=" in text_of(client.get("/staff/journal"))
    assert client.get("/staff/journal?before=3").status_code == 200
    assert client.get("/staff/journal?before=x").status_code == 200
    assert "Everything agrees." in text_of(client.post("/staff/journal/check"))


def test_who_looked_stands_in_the_access_log_as_a_post(desk: ModuleType) -> None:
    told = desk.report_case(desk.LABOUR_PAY)
    client_of("duty_lead").post(f"/staff/cases/{told.case.number}/read", {"reason": "duty"})
    page = text_of(client_of("privacy_officer").get("/staff/access-log"))
    assert told.case.number in page
    assert "duty-lead" in page
    assert "Duty Lead" not in page


def test_a_malformed_day_of_the_access_log_stays(desk: ModuleType) -> None:
    answer = client_of("supervisor").get("/staff/access-log?first=yesterday")
    assert answer.status_code == 422
    assert 'value="yesterday"' in text_of(answer)


def test_a_retention_rule_changes_with_its_source(desk: ModuleType) -> None:
    client = client_of("privacy_officer")
    client.post("/staff/retention", {"code": "contact", "days": "90", "source": "decision 7"})
    assert "decision 7" in text_of(client.get("/staff/retention"))
    wrong = client.post("/staff/retention", {"code": "contact", "days": "often", "source": "decision 8"})
    assert wrong.status_code == 422
    assert 'value="decision 8"' in text_of(wrong)


def _erase(client: Any, **given: str) -> Any:
    return client.post("/staff/erase", form(client.get("/staff/erase"), "") | given)


def test_everything_of_a_case_is_erased(desk: ModuleType) -> None:
    told = desk.report_case(text="张三在三号楼", contact=ContactInput("张三", "13800000001"))
    client = client_of("privacy_officer")
    _erase(client, number=told.case.number, what="case", reason="request", sure="yes")
    assert texts.read([told.case.text_id]) == {}
    assert not Contact.objects.exists()
    assert Erasure.objects.get().reason == "request"
    assert "The person asked for it" in text_of(client.get("/staff/retention"))


def test_only_the_contact_of_a_receipt_is_erased(desk: ModuleType) -> None:
    told = desk.report_case(text="三号楼", contact=ContactInput("张三", "13800000001"))
    _erase(
        client_of("privacy_officer"), number=told.case.number, what="contact", reason="request", sure="yes"
    )
    assert texts.read([told.case.text_id]) == {told.case.text_id: "三号楼"}
    assert not Contact.objects.exists()


@pytest.mark.parametrize("missing", ["sure", "number"])
def test_nothing_is_erased_without_number_and_word(desk: ModuleType, missing: str) -> None:
    told = desk.report_case()
    given = {"number": told.case.number, "what": "case", "reason": "order", "sure": "yes"} | {missing: ""}
    answer = _erase(client_of("privacy_officer"), **given)
    assert answer.status_code == 422
    assert 'value="order" selected' in text_of(answer)
    assert not Erasure.objects.exists()


def _officers() -> None:
    for number in (1, 2, 3):
        client = client_of(f"identity_officer_{number}")
        client.post("/staff/identities/key", {"passphrase": PASSPHRASE, "again": PASSPHRASE})


def test_an_identity_opens_by_two_officers_for_the_named_reader(desk: ModuleType) -> None:
    _officers()
    told = desk.report_case(contact=ContactInput("李四", "13800000002"), confidential=True)
    assert Report.objects.get(case=told.case).sealed_id
    asking = client_of("identity_officer_3")
    given = {"number": told.case.number, "motive": "证人安全", "reader": "supervisor"}
    asked = asking.post("/staff/identities", form(asking.get("/staff/identities"), "") | given)
    address = asked["Location"]
    for number in (1, 2):
        client_of(f"identity_officer_{number}").post(address, {"do": "approve", "passphrase": PASSPHRASE})
    reader = client_of("supervisor")
    assert "13800000002" not in text_of(reader.get(f"{address}/read"))
    assert "13800000002" in text_of(reader.post(f"{address}/read"))
    assert asking.get(f"{address}/read").status_code == 404


def test_a_wrong_passphrase_and_a_refusal(desk: ModuleType) -> None:
    _officers()
    told = desk.report_case()
    asking = client_of("identity_officer_3")
    given = {"number": told.case.number, "motive": "证人安全", "reader": "supervisor"}
    address = asking.post("/staff/identities", form(asking.get("/staff/identities"), "") | given)["Location"]
    first = client_of("identity_officer_1")
    assert first.post(address, {"do": "approve", "passphrase": "another passphrase"}).status_code in {
        403,
        422,
    }
    first.post(address, {"do": "refuse"})
    assert Opening.objects.get().state == "refused"


def test_a_request_without_a_motive_is_named_and_stays(desk: ModuleType) -> None:
    told = desk.report_case()
    client = client_of("identity_officer_1")
    fields = form(client.get("/staff/identities"), "/staff/identities/key") and {}
    fields |= {"key": str(UUID(int=7)), "number": told.case.number, "reader": "supervisor", "motive": " "}
    answer = client.post("/staff/identities", fields)
    assert answer.status_code == 422
    assert f'value="{told.case.number}"' in text_of(answer)


def _drawn(desk: ModuleType, clock: DrivenClock) -> Any:
    told = desk.walk_to("closed")
    clock.advance(timedelta(days=1))
    recheck.draw(clock.now(), now=clock.now())
    assert ReCheck.objects.exists()
    return told


def test_a_closed_case_is_looked_at_again(desk: ModuleType, clock: DrivenClock) -> None:
    told = _drawn(desk, clock)
    client = client_of("adviser")
    assert told.case.number in text_of(client.get("/staff/second-looks"))
    client.post("/staff/second-looks", {"number": told.case.number, "result": "right"})
    assert ReCheck.objects.get().result == "right"


def test_an_unknown_result_is_refused(desk: ModuleType, clock: DrivenClock) -> None:
    told = _drawn(desk, clock)
    answer = client_of("adviser").post("/staff/second-looks", {"number": told.case.number, "result": "so-so"})
    assert answer.status_code == 422
    assert told.case.number in text_of(answer)


def _with_photo(desk: ModuleType, clock: DrivenClock) -> tuple[str, UUID]:
    photo = keep_photo(jpeg(), now=clock.now())
    told = desk.report_case(photos=(photo.pk.hex,))
    assert CasePhoto.objects.filter(case=told.case).exists()
    return f"/staff/cases/{told.case.number}/photos/{photo.pk}", photo.pk


def test_a_photo_is_released_with_faces_covered_and_taken_back(desk: ModuleType, clock: DrivenClock) -> None:
    address, photo = _with_photo(desk, clock)
    client = client_of("director_a")
    assert client.get(address)["Content-Type"] == "image/jpeg"
    box = {"left-0": "10", "top-0": "10", "width-0": "100", "height-0": "80"}
    client.post(f"{address}/release", box | {"looked": "yes"})
    assert media.photo_bytes(photo, part="public") is not None
    client.post(f"{address}/release", {"do": "withhold"})
    assert media.photo_bytes(photo, part="public") is None


def test_half_a_rectangle_releases_nothing(desk: ModuleType, clock: DrivenClock) -> None:
    address, photo = _with_photo(desk, clock)
    answer = client_of("director_a").post(f"{address}/release", {"left-0": "10", "looked": "yes"})
    assert answer.status_code == 422
    assert 'value="10"' in text_of(answer)
    assert media.photo_bytes(photo, part="public") is None


def test_photos_of_another_area_are_not_there(desk: ModuleType, clock: DrivenClock) -> None:
    address, _photo = _with_photo(desk, clock)
    assert client_of("director_b").get(f"{address}/release").status_code == 404
    assert client_of("lead_a1").get(f"{address}/release").status_code == 404


def test_two_officers_seal_anew_and_one_leaves_the_office(desk: ModuleType) -> None:
    _officers()
    client = client_of("identity_officer_1")
    assert "nothing has to be sealed anew" in text_of(client.get("/staff/identities"))
    wrong = client.post(
        "/staff/identities/reseal", {"other": "nobody", "own_passphrase": "x", "other_passphrase": "y"}
    )
    assert wrong.status_code == 422
    assert 'id="other-error"' in text_of(wrong)
    assert client.post("/staff/identities/leave").status_code == 302
    assert "Make your key" in text_of(client.get("/staff/identities"))
