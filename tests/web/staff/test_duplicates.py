"""Two cases side by side: found by one function, joined, told apart, or left for later."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.cases.models import Case
from tests.api.caller import Caller
from tests.web.staff.pages import client_of, text_of

KEY = "5b0c9a66-7b8d-4a33-9d0e-0d7f1c1f8c09"


def test_likely_ones_are_offered_and_compared_with_differences_marked(desk: ModuleType) -> None:
    one, other = desk.report_case(text="东门路灯不亮"), desk.report_case(text="西门路灯不亮")
    client = client_of("lead_a1")
    address = f"/staff/cases/{one.case.number}/like"
    assert f"{address}/{other.case.number}" in text_of(client.get(address))
    page = text_of(client.get(f"{address}/{other.case.number}"))
    assert "<mark>东</mark>" in page
    assert "<mark>西</mark>" in page
    assert 'class="outline__dot"' in page


def test_the_same_are_joined_once_and_it_can_be_undone(desk: ModuleType) -> None:
    one, other = desk.walk_to("accepted"), desk.walk_to("accepted")
    client = client_of("lead_a1")
    address = f"/staff/cases/{one.case.number}/like/{other.case.number}"
    for _press in range(2):
        assert client.post(address, {"answer": "same", "key": KEY}).status_code == 302
    assert Case.objects.get(pk=other.case.pk).merged_into_id == one.case.pk  # the older one stays
    desk.do("unmerge", other, "lead_a1")
    assert Case.objects.get(pk=other.case.pk).is_open


def test_different_ones_are_not_offered_again(desk: ModuleType) -> None:
    one, other = desk.report_case(), desk.report_case()
    client = client_of("lead_a1")
    address = f"/staff/cases/{one.case.number}/like"
    client.post(f"{address}/{other.case.number}", {"answer": "different", "key": KEY})
    assert "Nothing like it" in text_of(client.get(address))
    assert Case.objects.get(pk=one.case.pk).is_open


def test_a_case_one_may_not_know_of_is_not_there(desk: ModuleType) -> None:
    one, other = desk.report_case(), desk.report_case(at="b1")
    assert (
        client_of("lead_a1").get(f"/staff/cases/{one.case.number}/like/{other.case.number}").status_code
        == 404
    )


def test_two_that_were_ticked_in_the_list_are_compared(desk: ModuleType) -> None:
    one, other = desk.report_case(), desk.report_case()
    client, numbers = client_of("lead_a1"), [one.case.number, other.case.number]
    answer = client.post("/staff/cases/compare", {"number": numbers})
    assert answer["Location"] == f"/staff/cases/{numbers[0]}/like/{numbers[1]}"
    for wrong in ("", "a/b", "²"):
        assert client.post("/staff/cases/compare", {"number": [numbers[0], wrong]}).status_code == 404
    said = client.post(
        "/staff/cases/compare", {"number": numbers[:1], "back": "/staff/cases?view=open"}, follow=True
    )
    assert "exactly two" in text_of(said)


def test_a_private_case_shows_no_place_to_who_may_not_read_it(desk: ModuleType) -> None:
    """Two private ones side by side, and what lies near one: a distance would tell where it is."""
    one, other = (desk.report_case(desk.DISPUTE, place="三号楼") for _each in range(2))
    desk.report_case("1204")  # an ordinary one of the same class, at the same spot
    client = client_of("lead_a1")
    address = f"/staff/cases/{one.case.number}/like"
    page = text_of(client.get(f"{address}/{other.case.number}"))
    for told in ('class="outline__dot"', "三号楼", "0 m"):
        assert told not in page
    assert "Nothing like it" in text_of(client.get(address))
    assert Caller().as_("lead_a1").get(f"cases/{one.case.number}/similar").json() == {"items": []}
