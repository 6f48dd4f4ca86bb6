"""An administrator changes the catalogue: a new version, for new cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gewu.core.errors import Conflict, Invalid, NotFound, Refused
from gewu.domain.catalogue import actions, queries
from gewu.domain.catalogue.models import Condition, condition_subject
from gewu.domain.journal.models import Entry
from tests.place.builders import ADMINISTRATOR, ADMINISTRATOR_ONE_FACTOR, LEAD
from tests.services.time import START

NOW = START + timedelta(hours=1)


def change(code: str = "0110", version: int = 1, actor: Any = ADMINISTRATOR, **changes: Any) -> Condition:
    return actions.change_condition(code, changes, expected_version=version, actor=actor, now=NOW)


def test_a_change_is_a_new_row_and_the_old_one_stays(catalogue: object) -> None:
    kept = queries.condition("0110")
    assert kept is not None

    new = change(limit="W2h", level="V")

    assert (new.version, new.limit, new.level, new.valid_from) == (2, "W2h", "V", NOW)
    now_current = queries.condition("0110")
    assert now_current == new
    # A case points at its row: that row still says what it said.
    as_filed = queries.by_id(kept.pk)
    assert (as_filed.version, as_filed.limit, as_filed.level, as_filed.valid_to) == (1, "W4h", "G", NOW)
    assert queries.condition("0110", at=START) == as_filed
    assert queries.condition("0110", at=NOW) == new


def test_what_was_given_anew_is_no_longer_assumed(catalogue: object) -> None:
    new = change("1101", limit="W2d")
    assert (new.sources["limit"], new.sources["level"]) == ("edited", "table")

    confirmed = change("1101", version=2, sources={"evidence": "law"})
    assert (confirmed.sources["evidence"], confirmed.sources["limit"]) == ("law", "edited")


def test_each_change_is_one_entry_of_the_conditions_history(catalogue: object) -> None:
    change(limit="W2h")
    change(version=2, closing={"zh-hans": "垃圾已清走"})
    actions.retire_condition("0110", expected_version=3, actor=ADMINISTRATOR, now=NOW)

    kind, subject = condition_subject("0110")
    entries = Entry.objects.filter(subject_kind=kind, subject_id=subject).order_by("id")
    assert [(entry.kind, entry.data.get("fields")) for entry in entries] == [
        ("condition.changed", ["limit"]),
        ("condition.changed", ["closing"]),
        ("condition.retired", None),
    ]


def test_the_second_administrator_is_told_what_is_current(catalogue: object) -> None:
    change(limit="W2h")
    with pytest.raises(Conflict) as refused:
        change(limit="W8h")
    assert (refused.value.code, refused.value.facts) == (
        "condition_changed",
        {"version": 2, "retired": False},
    )


def test_the_store_itself_keeps_one_current_row_and_each_version_once(catalogue: object) -> None:
    row = queries.condition("0110")
    assert row is not None
    for version in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            Condition.objects.create(
                code="0110", version=version, subclass=row.subclass, level="G", valid_from=NOW
            )


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({}, "changes", "nothing_changed"),
        ({"limit": "W4h"}, "changes", "nothing_changed"),
        ({"limit": "4 hours"}, "limit", "limit_malformed"),
        ({"limit": "N4h"}, "limit", "limit_malformed"),
        ({"limit": 4}, "limit", "limit_malformed"),
        ({"level": "X"}, "level", "choice"),
        ({"kind": "person"}, "kind", "choice"),
        ({"target": "soon"}, "target", "choice"),
        ({"private": "yes"}, "private", "choice"),
        ({"evidence": ["video"]}, "evidence", "choice"),
        ({"unit_rule": {"X": "enforcement"}}, "unit_rule", "unit_rule"),
        ({"unit_rule": {"S": None}}, "unit_rule", "unit_rule"),
        ({"names": {"en": "Waste"}}, "names.zh-hans", "required"),
        ({"names": {"fr": "Déchets"}}, "names", "languages"),
        ({"names": {"zh-hans": "x" * 201}}, "names.zh-hans", "too_long"),
        ({"names": "垃圾"}, "names", "languages"),
        ({"closing": {}}, "closing", "required"),
        ({"mapping": ["has blank: x"]}, "mapping", "mapping_malformed"),
        ({"sources": {"limit": "hearsay"}}, "sources", "choice"),
        ({"code": "0999"}, "code", "unknown"),
        ({"valid_to": None}, "valid_to", "unknown"),
        ({"emergency": True}, "limit", "emergency_needs_urgent"),
        ({"rewarded": True, "private": True}, "rewarded", "private_rewarded"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    catalogue: object, changes: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change() if not changes else actions.change_condition(
            "0110", changes, expected_version=1, actor=ADMINISTRATOR, now=NOW
        )
    assert [(error.field, error.code) for error in refused.value.errors] == [(field, code)]
    assert [row.version for row in queries.versions("0110")] == [1]
    assert queries.condition("0110") is not None


def test_all_faults_are_told_at_once(catalogue: object) -> None:
    with pytest.raises(Invalid) as refused:
        change(limit="x", level="X")
    assert {error.field for error in refused.value.errors} == {"limit", "level"}


def test_a_code_nobody_knows_is_not_found(catalogue: object) -> None:
    with pytest.raises(NotFound):
        change("0000", limit="W1d")


def test_an_added_condition_can_be_filed(catalogue: object) -> None:
    actions.add_subclass("1505x", "15", {"zh-hans": "广场舞噪声"}, actor=ADMINISTRATOR, now=NOW)
    added = actions.add_condition(
        "1505x",
        "1505x",
        {
            "names": {"zh-hans": "超过约定时间"},
            "closing": {"zh-hans": "已停止"},
            "level": "G",
            "limit": "U2h",
        },
        actor=ADMINISTRATOR,
        now=NOW,
    )

    assert queries.condition("1505x") == added
    assert added.sources["limit"] == "edited"
    assert [e.kind for e in Entry.objects.order_by("id")][-2:] == ["subclass.added", "condition.added"]


@pytest.mark.parametrize(
    ("code", "subclass", "values", "field", "error"),
    [
        ("0110", "0110", {}, "code", "code_taken"),
        ("0110z", "nope", {}, "subclass", "unknown"),
        ("0110 z", "0110", {}, "code", "code_malformed"),
        ("0110z", "0110", {"closing": {}}, "closing", "required"),
        ("0110z", "0110", {"names": None}, "names", "languages"),
    ],
)
def test_what_cannot_be_added_is_refused(
    catalogue: object, code: str, subclass: str, values: dict[str, Any], field: str, error: str
) -> None:
    whole = {"names": {"zh-hans": "一"}, "closing": {"zh-hans": "二"}, "level": "G"} | values
    with pytest.raises(Invalid) as refused:
        actions.add_condition(code, subclass, whole, actor=ADMINISTRATOR, now=NOW)
    assert [(fault.field, fault.code) for fault in refused.value.errors] == [(field, error)]


def test_a_retired_code_is_not_used_again(catalogue: object) -> None:
    actions.retire_condition("0110", expected_version=1, actor=ADMINISTRATOR, now=NOW)
    assert queries.condition("0110") is None
    with pytest.raises(Invalid):
        actions.add_condition(
            "0110", "0110", {"names": {"zh-hans": "一"}, "level": "G"}, actor=ADMINISTRATOR, now=NOW
        )
    with pytest.raises(Conflict) as refused:
        change(limit="W1d")
    assert refused.value.facts == {"version": 1, "retired": True}


def test_the_condition_for_what_nobody_can_name_stays(catalogue: object) -> None:
    for attempt in (
        lambda: actions.retire_condition("9901", expected_version=1, actor=ADMINISTRATOR, now=NOW),
        lambda: change("9901", kind="alert"),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "neutral_stays"
    assert queries.unsorted_condition().version == 1


ACTS: list[Callable[[Any], object]] = [
    lambda actor: change(limit="W1d", actor=actor),
    lambda actor: actions.retire_condition("0110", expected_version=1, actor=actor, now=NOW),
    lambda actor: actions.add_condition("0110z", "0110", {}, actor=actor, now=NOW),
    lambda actor: actions.add_subclass("1599", "15", {}, actor=actor, now=NOW),
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("actor", "code"), [(LEAD, "not_yours"), (ADMINISTRATOR_ONE_FACTOR, "second_factor")]
)
def test_only_an_administrator_with_a_second_factor_changes_it(
    catalogue: object, act: Callable[[Any], object], actor: Any, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        act(actor)
    assert refused.value.code == code
