"""Bulk acts through the API: asked for, found and confirmed by a second person, answered case by case."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest
from django.utils.translation import override

from gewu.api.v1.cases import BulkOut
from gewu.core import limits
from gewu.core.clock import DrivenClock
from gewu.core.errors import Unavailable
from gewu.domain.cases.actions import bulk
from gewu.domain.cases.bulks import Answer, answer_of
from gewu.domain.cases.models import Bulk
from gewu.domain.journal.queries import history
from gewu.domain.people.models import Appointment
from tests.api.caller import Caller, new_key


def _numbers(town: ModuleType, many: int = 2) -> list[str]:
    return [town.report_case().case.number for _ in range(many)]


def test_a_second_person_finds_a_large_one_and_confirms_it(
    town: ModuleType, api: Caller, clock: DrivenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BULK_ALONE", 1)
    numbers, lead, other = _numbers(town), api.as_("lead_a1"), api.as_("dispatcher")
    asked = lead.post("bulk", {"move": "accept", "numbers": numbers}).json()
    assert ("starts_at" in asked, lead.get("bulk").json()) == (False, {"items": []})
    assert other.get("bulk").json() == {"items": [asked]}
    assert (asked["move"], asked["numbers"]) == ("accept", numbers)
    assert other.get(f"bulk/{asked['id']}").json() == asked
    assert lead.post(f"bulk/{asked['id']}/confirm").json()["code"] == "second_person"
    assert other.post(f"bulk/{asked['id']}/confirm").json()["starts_at"]
    assert (other.get("bulk").json(), other.get(f"bulk/{asked['id']}").status_code) == ({"items": []}, 404)
    clock.advance(timedelta(seconds=11))
    bulk.run_due(clock.now())
    assert set(lead.get(f"bulk/{asked['id']}").json()["results"].values()) == {"done"}


def test_a_small_one_is_nobody_elses(town: ModuleType, api: Caller) -> None:
    asked = api.as_("lead_a1").post("bulk", {"move": "accept", "numbers": _numbers(town)}).json()
    assert api.as_("dispatcher").get(f"bulk/{asked['id']}").status_code == 404
    assert api.as_("worker_a1").get("bulk").status_code == 403


def test_a_fault_stands_at_its_field_and_nothing_is_put_down(town: ModuleType, api: Caller) -> None:
    told = [town.walk_to("accepted").case.number, "LT-2026-999999-9"]
    wrong = api.as_("lead_a1").post(
        "bulk", {"move": "hand_up", "numbers": told[::-1], "given": {"text": "人手不够"}}
    )
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/given/reason")
    assert not Bulk.objects.exists()


def test_a_repeat_after_a_lost_answer_is_the_same_one(town: ModuleType, api: Caller) -> None:
    body, key, lead = {"move": "accept", "numbers": _numbers(town)}, new_key(), api.as_("lead_a1")
    first, again = (lead.post("bulk", body, key=key) for _ in range(2))
    assert first.json() == again.json()
    assert (again["Idempotent-Replayed"], Bulk.objects.count()) == ("true", 1)


def test_a_worker_killed_in_the_middle_writes_no_note_twice(
    town: ModuleType, api: Caller, clock: DrivenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [town.walk_to("accepted") for _ in range(2)]
    body = {
        "move": "internal_note",
        "numbers": [one.case.number for one in told],
        "given": {"text": "周五集中清理"},
    }
    api.as_("lead_a1").post("bulk", body)
    clock.advance(timedelta(seconds=11))
    note = bulk._note

    def dies(row: Bulk, number: str, answer: object) -> None:
        if number == told[1].case.number:
            raise Unavailable("the store is gone")
        note(row, number, answer)

    monkeypatch.setattr(bulk, "_note", dies)
    with pytest.raises(Unavailable):
        bulk.run_due(clock.now())
    monkeypatch.setattr(bulk, "_note", note)
    bulk.run_due(clock.now())
    assert set(Bulk.objects.get().results.values()) == {"done"}
    for one in told:
        kinds = [entry.kind for entry in history(("case", one.case.pk))]
        assert kinds.count("case.internal_note") == 1


def test_who_has_left_the_post_meanwhile_holds_nobody_else_up(
    town: ModuleType, api: Caller, clock: DrivenClock
) -> None:
    numbers = _numbers(town)
    first = api.as_("lead_a1").post("bulk", {"move": "accept", "numbers": numbers[:1]}).json()
    body = {"move": "internal_note", "numbers": numbers[1:], "given": {"text": "看过"}}
    second = api.as_("director_a").post("bulk", body)
    Appointment.objects.filter(user__username="lead_a1").delete()
    clock.advance(timedelta(seconds=11))
    bulk.run_due(clock.now())
    rows = {str(row.id): row for row in Bulk.objects.all()}
    assert rows[first["id"]].results[numbers[0]] != "done"
    assert rows[second.json()["id"]].results == {numbers[1]: "done"}
    assert {row.state for row in rows.values()} == {"done"}


def test_why_a_case_was_left_out_is_said_in_the_language_of_whoever_reads_it(
    town: ModuleType, api: Caller, clock: DrivenClock
) -> None:
    """The worker that found it out reads no language."""
    assigned, elsewhere, there = town.walk_to("accepted"), town.at_level("V"), town.walk_to("assigned")
    numbers = [one.case.number for one in (assigned, elsewhere, there)]
    given = {"to": "post:worker-a1"}
    asked = api.as_("lead_a1").post("bulk", {"move": "assign", "numbers": numbers, "given": given}).json()
    clock.advance(timedelta(seconds=11))
    bulk.run_due(clock.now())
    row = Bulk.objects.get(pk=asked["id"])
    answers = [answer_of(row, number) for number in numbers]
    with override("en"):
        assert [(one.code, one.said) for one in answers] == [
            ("done", ""),
            ("not_yours", "This step belongs to somebody else."),
            ("wrong_state", "This cannot be done now: the case is “Assigned”."),
        ]
    with override("zh-hans"):
        said = ["", "这一步不由本岗办理。", "现在不能办理：案卷状态是“已派遣”。"]
        assert [one.said for one in answers] == said
        results = BulkOut.of(row).results
        assert [results[number] for number in numbers] == [
            "done",
            f"not_yours: {said[1]}",
            f"wrong_state: {said[2]}",
        ]


def test_a_field_that_does_not_fit_one_case_is_told_without_its_name(
    town: ModuleType, api: Caller, clock: DrivenClock
) -> None:
    numbers = [
        town.walk_to("accepted").case.number,
        town.walk_to("accepted", town.report_case(town.ROAD)).case.number,
    ]
    body = {"move": "recategorise", "numbers": numbers, "given": {"condition": town.ROAD}}
    api.as_("lead_a1").post("bulk", body)
    clock.advance(timedelta(seconds=11))
    bulk.run_due(clock.now())
    with override("en"):
        answer = answer_of(Bulk.objects.get(), numbers[1])
        assert (answer.code, answer.said) == ("invalid", "The case already has this category.")


def test_what_an_earlier_version_kept_is_still_read(town: ModuleType) -> None:
    row = Bulk(results={"A": "done", "B": "not_yours: 这一步不由本岗办理。"})
    assert [answer_of(row, number) for number in "ABC"] == [
        Answer("done"), Answer("not_yours", (("这一步不由本岗办理。", {}),)), Answer("")
    ]  # fmt: skip
