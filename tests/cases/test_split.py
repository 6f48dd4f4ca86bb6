"""A second matter in one report becomes a case of its own."""

from __future__ import annotations

from types import ModuleType

from gewu.domain.cases.models import Case, Report
from gewu.domain.journal.queries import history
from tests.cases.refusals import invalid, refused
from tests.town import ROAD, at_level, do, report_case, walk_to


def test_the_other_matter_starts_at_the_same_place(town: ModuleType) -> None:
    told = walk_to("handling")
    do("split", told, "worker_a1", condition=ROAD)

    child = Case.objects.get(split_from=told.case)
    assert (child.state, child.source, child.condition.code) == ("submitted", "split", ROAD)
    assert (child.lon, child.scope_path) == (told.case.lon, told.case.scope_path)
    assert [entry.kind for entry in history(("case", child.pk))] == ["case.report"]
    assert not Report.objects.filter(case=child).exists()


def test_a_child_of_a_private_case_stays_private(town: ModuleType) -> None:
    told = report_case("1201")
    do("split", told, "director_a", condition=ROAD)
    assert Case.objects.get(split_from=told.case).sensitivity == "private"


def test_both_matter_and_category_are_needed(town: ModuleType) -> None:
    with invalid(text="required", condition="required"):
        do("split", at_level("V"), "director_a", text="", condition="")


def test_an_ended_case_is_not_split(town: ModuleType) -> None:
    with refused("wrong_state"):
        do("split", walk_to("closed"), "director_a")
