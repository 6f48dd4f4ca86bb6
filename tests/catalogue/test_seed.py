"""The starting catalogue says what rules.md 8 decided, row by row; nothing here needs a database."""

from __future__ import annotations

import pytest

from gewu.core.levels import LADDER
from gewu.core.worktime import Limit
from gewu.domain.catalogue import rules, seed
from gewu.domain.catalogue.seed import SeedCondition

ROWS = {row.code: row for row in seed.conditions()}
SUBCLASSES = {row.code: row for row in seed.subclasses()}
PART = {row.code: row.part for row in seed.classes()}

SAID_PRIVATE = {
    "1201",
    "1202",
    "1203",
    "1205",
    "1206",
    "1207",
    "1211",
    "1212",
    "1215",
    "1303",
    "1304",
    "1406",
}
SAID_EMERGENCY = {"0120", "0502", "1103", "1104", "1110", "1404"}


def part(row: SeedCondition) -> str:
    return PART[SUBCLASSES[row.subclass].parent]


def those(**wanted: object) -> set[str]:
    """The subclasses of the rows whose fields are as wanted."""
    return {row.subclass for row in ROWS.values() if all(getattr(row, k) == v for k, v in wanted.items())}


def test_every_row_can_be_stored_as_an_administrator_could_write_it() -> None:
    for row in ROWS.values():
        assert rules.check_values(row.values) == row.values | {"mapping": sorted(row.mapping)}, row.code
        rules.check_together(row.values)
        assert rules.check_code(row.code)


def test_every_limit_parses() -> None:
    limits = [Limit.parse(row.limit) for row in ROWS.values() if row.limit]
    assert {limit.kind for limit in limits} == {"U", "W", "N"}


def test_the_tables_are_whole() -> None:
    counted = {name: sum(part(row) == name for row in ROWS.values()) for name in set(PART.values())}
    assert counted == {"events": 79, "components": 42, "services": 62}
    assert len(ROWS) == len(seed.conditions())
    assert len(SUBCLASSES) == len(seed.subclasses()) == 155
    assert {row.subclass for row in ROWS.values()} == set(SUBCLASSES)
    assert {row.parent for row in SUBCLASSES.values()} == set(PART)


def test_every_name_stands_in_three_languages() -> None:
    named = [
        *(row.names for row in (*seed.classes(), *seed.subclasses(), *seed.conditions(), *seed.tiles())),
        *(row.names for row in seed.unit_kinds()),
        *(row.closing for row in seed.conditions()),
        *(row.advice for row in seed.conditions() if row.advice),
    ]
    assert all(set(names) == set(rules.LANGUAGES) for names in named)


def test_several_limits_of_one_matter_are_lettered() -> None:
    for code in SUBCLASSES:
        letters = sorted(row.code.removeprefix(code) for row in ROWS.values() if row.subclass == code)
        assert letters == ([""] if len(letters) == 1 else [*"abcdefg"][: len(letters)]), code


@pytest.mark.parametrize(
    ("code", "limit", "target"),
    [
        ("0122a", "U1h", "done"),
        ("0122b", "W3d", "done"),
        ("0307a", "W3d", "done"),
        ("0307b", "W2d", "done"),
        ("0307c", "W1d", "done"),
        ("0203b", "W5d", "done"),
        ("0501b", "W5d", "done"),
        ("0503b", "U1h", "done"),
        ("C225b", "W4h", "done"),
        ("C305c", "W4h", "done"),
        ("1108a", "U4h", "fence"),
        ("1108b", "W15d", "plan"),
        ("1206", "W5d", "route"),
        ("1308", "U2h", "reply"),
        ("1309", "W15d", "plan"),
        ("1404a", "U1min", "reply"),
        ("1404b", "U15min", "done"),
        ("1701", "U30min", "done"),
        ("0103", "", "done"),
        ("1401", "", "done"),
        ("1703", "", "done"),
    ],
)
def test_each_limit_is_one_row_with_its_target(code: str, limit: str, target: str) -> None:
    assert (ROWS[code].limit, ROWS[code].target) == (limit, target)


def test_events_start_in_the_grid_with_the_enforcement_team_from_the_subdistrict_on() -> None:
    for row in ROWS.values():
        if SUBCLASSES[row.subclass].parent in {"01", "02", "03", "04", "06"} and row.limit != "U1h":
            assert (row.level, row.unit_rule.get("S")) == ("G", "enforcement"), row.code
            assert "G" not in row.unit_rule
            assert "V" not in row.unit_rule


def test_sudden_dangers_and_urgent_hours_start_in_the_subdistrict() -> None:
    for row in ROWS.values():
        sudden = SUBCLASSES[row.subclass].parent == "05"
        if sudden or (row.limit == "U1h" and part(row) != "services"):
            assert row.level == "S", row.code
    assert ROWS["1110"].level == "V"  # the table is not silent here


def test_components_start_in_the_community_with_their_owner_from_the_subdistrict_on() -> None:
    for row in ROWS.values():
        if part(row) == "components":
            assert row.level == "V"
            assert set(row.unit_rule) == {"S", "D"}
            assert row.unit_rule["S"] == row.unit_rule["D"]
            assert row.unit_rule["S"].startswith(("dept-", "owner-"))


def test_emergencies_are_those_of_the_list_and_the_urgent_hours() -> None:
    one_hour = {row.code for row in ROWS.values() if row.limit == "U1h"}
    listed = {row.code for row in ROWS.values() if row.subclass in SAID_EMERGENCY}
    assert {row.code for row in ROWS.values() if row.emergency} == one_hour | listed


def test_hazards_are_rewarded_and_nothing_else() -> None:
    assert those(rewarded=True) == {f"11{number:02d}" for number in range(1, 13)}


def test_private_are_the_marked_rows_and_care() -> None:
    assert those(private=True) == SAID_PRIVATE | {f"140{number}" for number in range(1, 7)}


def test_a_complaint_about_staff_is_confidential_and_nothing_else() -> None:
    assert those(confidential=True) == {"1603"}


def test_care_and_alerts_are_no_cases() -> None:
    assert those(kind="care") == {"1401"}
    assert those(kind="alert") == {"1701", "1702", "1703"}


def test_a_component_that_cannot_be_fitted_may_close_by_notice() -> None:
    assert {row.code for row in ROWS.values() if row.notice_closing} == {"C301d"}


def test_every_unit_rule_names_a_kind_of_unit_that_exists() -> None:
    kinds = {kind.code: kind for kind in seed.unit_kinds()}
    for row in ROWS.values():
        assert set(row.unit_rule.values()) <= set(kinds), row.code
        for level, kind in row.unit_rule.items():
            assert LADDER.index(kinds[kind].level) >= LADDER.index(level), row.code


def test_every_value_says_where_it_comes_from() -> None:
    always = {"names", "closing", "target", "level", "unit_rule", "evidence"}
    for row in ROWS.values():
        set_flags = {flag for flag in rules.FLAGS if getattr(row, flag)}
        wanted = always | set_flags | ({"limit"} if row.limit else set())
        assert set(row.sources) == wanted, row.code
        if row.limit:
            assert row.sources["limit"] == ("assumed" if part(row) == "services" else "table")


def test_tiles_lead_to_conditions_one_can_choose_and_the_last_is_not_sure() -> None:
    tiles = seed.tiles()
    assert len(tiles) == 9
    assert all(ROWS[tile.condition].kind == "case" for tile in tiles)
    assert tiles[-1].condition == rules.NEUTRAL
    neutral = ROWS[rules.NEUTRAL]
    assert (neutral.limit, neutral.level, set(neutral.sources.values())) == ("", "G", {"assumed"})


def test_outside_codes_stand_only_in_the_mapping() -> None:
    for row in ROWS.values():
        assert part(row) == "services" or any(item.startswith("city") for item in row.mapping), row.code
    titles = [item for row in ROWS.values() for item in row.mapping if item.startswith("title:")]
    assert len(titles) == len(set(titles))
