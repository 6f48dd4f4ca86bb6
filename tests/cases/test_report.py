"""A report comes in and becomes a case."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gewu.core.errors import NotFound
from gewu.domain.cases import actions, queries
from gewu.domain.cases.actions import ReportInput
from gewu.domain.cases.models import Case, CaseText, Clock, Report, Stage
from gewu.domain.figures import queries as figures
from gewu.domain.journal.queries import history
from gewu.domain.media.actions import keep_photo
from gewu.domain.privacy import texts
from gewu.domain.privacy.contact_data import ContactInput
from tests.cases.refusals import invalid, refused
from tests.media.photos import jpeg
from tests.town import NOW, OTHER, POLICE_MATTER, SUBDISTRICT, WASTE, actor, at, join, middle, report_case


def test_a_report_becomes_a_case_of_the_grid_where_it_lies(town: ModuleType) -> None:
    told = report_case(WASTE, at="b2")

    case = Case.objects.select_related("filed_area").get(pk=told.case.pk)
    assert (case.state, case.level, case.version, case.is_open) == ("submitted", "G", 1, True)
    assert case.filed_area.code == "b2"
    assert case.scope_path == case.filed_area.path
    assert case.number.startswith("LT-2026-")
    assert texts.read([case.text_id])[case.text_id] == "垃圾桶旁有大量垃圾"


def test_its_receipt_is_the_only_thing_that_opens_it(town: ModuleType) -> None:
    told = report_case()

    assert len(told.secret) == 16
    held = queries.held_receipt(told.case.number)
    assert held is not None
    assert held.holder == told.report.pk
    assert told.secret.encode() not in held.mac
    assert queries.actor_for_receipt(held.holder).case_id == told.case.pk


def test_the_first_entry_says_what_happened_and_no_word_of_the_text(town: ModuleType) -> None:
    told = report_case(text="王小明家门口有垃圾")

    (entry,) = history(("case", told.case.pk))
    assert (entry.kind, entry.subject_version, entry.actor_kind) == ("case.report", 1, "client")
    assert entry.data["to"] == "submitted"
    assert "王小明" not in str(entry.data)
    assert len(entry.data["commitments"]) == 1


def test_the_accept_clock_and_the_first_stage_begin(town: ModuleType) -> None:
    told = report_case()

    clock = Clock.objects.get(case=told.case)
    assert (clock.kind, clock.due_at) == ("accept", at(10, 11))
    assert told.case.due_at == at(10, 11)
    assert Stage.objects.get(case=told.case).ended_at is None


def test_an_emergency_is_to_be_taken_within_fifteen_minutes(town: ModuleType) -> None:
    told = report_case("0120", now=at(14, 3))  # a Saturday night

    assert told.case.emergency
    assert Clock.objects.get(case=told.case).due_at == at(14, 3, 15)


def test_it_starts_on_the_level_its_condition_names(town: ModuleType) -> None:
    assert report_case("1105").case.level == "V"
    assert report_case("0502").case.level == "S"
    assert report_case(POLICE_MATTER).case.level == "D"


def test_a_known_community_without_a_grid_starts_with_the_community(town: ModuleType) -> None:
    told = report_case(at=None, area_code="community_b")

    assert (told.case.level, told.case.filed_area.code) == ("V", "community_b")


def test_without_any_place_it_goes_to_the_whole_installation(town: ModuleType) -> None:
    told = report_case(at=None)

    assert (told.case.level, told.case.filed_area.code) == ("S", SUBDISTRICT)


def test_without_a_category_it_waits_for_its_real_one(town: ModuleType) -> None:
    lon, lat = middle("a1")
    told = actions.report(ReportInput(text="有事", lon=lon, lat=lat), actor=actor("worker_a1"), now=NOW)

    assert told.case.condition.code == OTHER


def test_figures_count_it(town: ModuleType) -> None:
    before = figures.stock("").get(("", "open_delta"), 0)
    report_case()
    assert figures.stock("")[("", "open_delta")] == before + 1


def test_an_ordinary_contact_is_kept_apart_from_the_case(town: ModuleType) -> None:
    told = report_case(contact=ContactInput(name="李四", phone="13800000000"))

    assert told.report.contact_id is not None
    assert told.report.sealed_id is None


def test_who_enters_a_report_for_a_caller_stands_on_the_record(town: ModuleType) -> None:
    told = report_case(by=actor("intake"), source="phone")

    assert told.report.entered_by == actor("intake").post_id


def test_a_neighbour_joins_and_has_a_receipt_of_the_own(town: ModuleType) -> None:
    first = report_case()
    second = join(first.case.number)

    assert second.report.number != first.case.number
    assert second.report.joined
    assert Report.objects.filter(case=first.case).count() == 2
    assert CaseText.objects.filter(case=first.case, kind="addition", version=2).exists()


def test_nothing_written_is_refused_at_the_text(town: ModuleType) -> None:
    with invalid(text="required"):
        report_case(text="  ")


def test_all_faults_are_told_at_once(town: ModuleType) -> None:
    with invalid(text="required", condition="unknown", **{"place.lon": "outside"}):
        actions.report(
            ReportInput(text="", condition="none", lon=121.0, lat=33.0), actor=actor("worker_a1"), now=NOW
        )


def test_a_care_plan_cannot_be_chosen_for_a_case(town: ModuleType) -> None:
    with invalid(condition="unknown"):
        report_case("1401")


def test_an_unknown_area_is_refused_at_its_field(town: ModuleType) -> None:
    with invalid(area_code="unknown"):
        report_case(at=None, area_code="nowhere")


def test_a_post_that_meets_no_residents_cannot_enter_reports(town: ModuleType) -> None:
    with refused("not_yours"):
        report_case(by=actor("evaluator"), source="phone")


def test_nobody_joins_an_ended_or_private_case(town: ModuleType) -> None:
    private = report_case("1201")
    with pytest.raises(NotFound):
        join(private.case.number)
    ended = town.walk_to("declined")
    with pytest.raises(NotFound):
        join(ended.case.number)


def test_two_cases_never_share_a_number(town: ModuleType) -> None:
    assert len({report_case().case.number for _each in range(25)}) == 25


def test_a_photo_of_another_report_is_refused_at_its_field(
    town: ModuleType, settings: Any, tmp_path: Path
) -> None:
    settings.PHOTOS = tmp_path / "photos"
    settings.PHOTOS.mkdir()
    photo = keep_photo(jpeg(), now=NOW).id.hex
    report_case(photos=[photo])
    with invalid(photos="photo_used"):
        report_case(photos=[photo])
    assert Case.objects.count() == 1
