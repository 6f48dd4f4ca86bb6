"""How the catalogue is read: as a tree, by words, by an outside title, by what a condition asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from gewu.core.errors import Broken, NotFound
from gewu.core.worktime import Limit
from gewu.domain.catalogue import actions, queries, rules
from gewu.domain.catalogue.models import Condition
from tests.place.builders import ADMINISTRATOR
from tests.services.time import START

pytestmark = pytest.mark.usefixtures("catalogue")


def known(code: str) -> Condition:
    found = queries.condition(code)
    assert found is not None
    return found


def test_the_tree_runs_from_class_to_condition_in_the_readers_language() -> None:
    classes = queries.tree("zh-hans")

    assert [node.code for node in classes][:3] == ["01", "02", "03"]
    assert classes[-1].code == "99"
    waste = next(node for node in classes[0].subclasses if node.code == "0110")
    assert (waste.name, waste.conditions[0].closing) == ("暴露垃圾", "垃圾已清走，地面干净")
    assert queries.tree("en")[0].name == "Streets and surroundings"
    assert sum(len(sub.conditions) for node in classes for sub in node.subclasses) == 179


def test_care_and_alerts_are_not_offered_for_cases() -> None:
    offered = {row.code for row in queries.current()}
    assert offered.isdisjoint({"1401", "1701", "1702", "1703"})
    assert [row.code for row in queries.current("alert")] == ["1701", "1702", "1703"]
    assert len(queries.current(None)) == 183


def test_lists_cost_one_query(django_assert_num_queries: Any) -> None:
    for read in (lambda: queries.tree("en"), lambda: queries.search("垃圾"), lambda: queries.tiles("en")):
        with django_assert_num_queries(1):
            read()


def test_a_subclass_code_means_its_first_condition() -> None:
    assert known("0307").code == "0307a"
    assert known("0110").code == "0110"
    assert queries.condition("") is None
    assert queries.condition("nothing") is None


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("垃圾 桶外", "0110"),
        ("井盖 松动", "C101c"),
        ("飞线", "0108b"),
        ("飛線", "0108b"),
        ("manhole rattles", "C101c"),
        ("c301b", "C301b"),
        ("私搭乱建", "0101a"),
    ],
)
def test_words_find_conditions_in_every_language(words: str, first: str) -> None:
    assert queries.search(words)[0].code == first


def test_words_that_stand_nowhere_find_nothing() -> None:
    assert queries.search("火星 垃圾") == []
    assert queries.search("  ") == []
    assert len(queries.search("a", limit=5)) == 5


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("暴露垃圾", "0110"),
        (" 暴露 垃圾 ", "0110"),
        ("Exposed waste", "0110"),
        ("飞线充电", "0108b"),
        ("私搭乱建", "0101a"),
        ("违法搭建", "0101a"),
        ("路灯：单灯不亮", "C137b"),
        ("平台吐槽", "1604"),
        ("暴露垃", None),
        ("暴露垃圾很多", None),
        ("", None),
        ("预警叫应", None),  # an alert is no case
    ],
)
def test_an_outside_title_matches_exactly_or_not_at_all(title: str, code: str | None) -> None:
    found = queries.match(title)
    assert (found.code if found else None) == code


def test_a_title_of_two_subclasses_means_neither() -> None:
    for code in ("0110", "0192"):
        actions.change_condition(
            code, {"mapping": ["title:垃圾"]}, expected_version=1, actor=ADMINISTRATOR, now=START
        )
    assert queries.match("垃圾") is None


def test_an_import_reads_the_titles_once(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        titles = queries.title_table()
        found = [queries.match(title, titles=titles) for title in ("暴露垃圾", "井盖", "火星")]
    assert [row.code if row else None for row in found] == ["0110", "C101a", None]


def test_an_outside_code_finds_its_condition() -> None:
    found = queries.match_code("city", "0307")
    assert found is not None
    assert found.code == "0307a"
    assert queries.match_code("city", "9999") is None


def test_tiles_follow_the_catalogue() -> None:
    assert [tile.condition.code for tile in queries.tiles("zh-hans")][-1] == rules.NEUTRAL
    actions.retire_condition("0110", expected_version=1, actor=ADMINISTRATOR, now=START)

    first = queries.tiles("zh-hant")[0]

    assert (first.name, first.condition.code) == ("垃圾", rules.NEUTRAL)


def test_doctor_counts_levels_and_assumptions() -> None:
    levels = queries.level_counts()
    assert list(levels) == ["G", "V", "S", "D"]
    assert (sum(levels.values()), levels["D"]) == (179, 2)
    assumed = queries.assumed_counts()
    assert assumed["limit"] == sum(
        1 for row in queries.current(None) if row.limit and row.subclass.code[0] == "1"
    )


@pytest.mark.django_db
def test_a_row_nobody_made_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.by_id(UUID(int=9))


def test_an_empty_catalogue_says_what_to_do() -> None:
    Condition.objects.all().delete()
    with pytest.raises(Broken):
        queries.unsorted_condition()


def test_a_condition_says_what_it_promises_and_asks() -> None:
    assert rules.promise_limit(known("0110")) == Limit("W", 4, "h")
    assert rules.promise_limit(known("0103")) is None
    assert rules.closing_needs(known("0110")) == rules.ClosingNeeds(True, True, False, False)
    assert rules.closing_needs(known("1202")) == rules.ClosingNeeds(False, False, True, False)
    assert rules.closing_needs(known("C301d")).by_notice


def test_of_a_private_matter_a_text_is_asked_and_never_a_photo() -> None:
    change = {"private": True}
    row = actions.change_condition("0110", change, expected_version=1, actor=ADMINISTRATOR, now=START)
    assert rules.closing_needs(row) == rules.ClosingNeeds(False, False, True, False)
    assert rules.closing_needs(known("0103"), private=True) == rules.ClosingNeeds(False, False, True, False)


@pytest.mark.parametrize(
    ("code", "level", "kind"),
    [
        ("0110", "G", None),
        ("0110", "V", None),
        ("0110", "S", "enforcement"),
        ("0110", "D", "dept-urban"),
        ("C130", "V", None),
        ("C130", "D", "owner-power"),
        ("1501", "V", "property"),
    ],
)
def test_the_unit_rule_names_who_acts_from_which_level_on(code: str, level: str, kind: str | None) -> None:
    assert rules.unit_kind_at(known(code), level) == kind


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh-hans", "飞线充电：从窗口或店铺私拉电线"),
        ("zh-CN", "飞线充电：从窗口或店铺私拉电线"),
        ("zh_TW", "飛線充電：從窗口或店鋪私拉電線"),
        ("en-GB", "Flying-wire charging from a window or shop"),
        ("fr", "Flying-wire charging from a window or shop"),
    ],
)
def test_labels_are_read_in_the_closest_language(lang: str, text: str) -> None:
    assert rules.condition_text(known("0108b"), lang) == text


def test_a_missing_name_falls_back() -> None:
    assert rules.in_language({"zh-hans": "甲"}, "en") == "甲"
    assert rules.in_language({"en": "A"}, "zh-hant") == "A"
    assert rules.in_language({}, "en") == ""
    assert rules.label(known("0110"), "en").startswith("Exposed waste: Household")
