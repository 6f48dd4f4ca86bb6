"""The seed loads again after each upgrade, and never over an administrator's decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gewu.core.errors import Refused
from gewu.domain.access.actor import SYSTEM
from gewu.domain.catalogue import actions, queries, seed
from gewu.domain.catalogue.models import Condition, Subclass
from gewu.domain.journal.models import Entry
from gewu.domain.people.models import UnitKind
from tests.place.builders import ADMINISTRATOR, LEAD
from tests.services.time import START

LATER = START + timedelta(days=1)


def upgraded(monkeypatch: pytest.MonkeyPatch, **codes: str) -> None:
    """A newer seed, in which these conditions have other limits."""
    rows = [replace(row, limit=codes.get(f"x{row.code}", row.limit)) for row in seed.conditions()]
    monkeypatch.setattr(seed, "conditions", lambda: tuple(rows))


def load() -> actions.Loaded:
    return actions.load_seed(now=LATER, actor=SYSTEM)


def test_the_whole_seed_is_loaded(catalogue: actions.Loaded) -> None:
    assert catalogue == actions.Loaded(added=183, renewed=0, kept=0)
    assert Condition.objects.filter(version=1, valid_to=None, valid_from=START).count() == 183
    assert Subclass.objects.count() == 155
    assert UnitKind.objects.get(code="enforcement").level == "S"
    [entry] = Entry.objects.all()
    assert (entry.kind, entry.data["added"]) == ("catalogue.loaded", 183)


def test_loading_again_changes_nothing(catalogue: actions.Loaded) -> None:
    assert load() == actions.Loaded(0, 0, 0)
    assert Condition.objects.count() == 183
    assert Entry.objects.count() == 1


def test_a_newer_seed_makes_a_new_version(catalogue: actions.Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    upgraded(monkeypatch, x0110="W2h")

    assert load() == actions.Loaded(added=0, renewed=1, kept=0)

    new, old = queries.versions("0110")
    assert (new.version, new.limit, new.valid_from, new.valid_to) == (2, "W2h", LATER, None)
    assert (old.version, old.limit, old.valid_to) == (1, "W4h", LATER)
    [entry] = Entry.objects.filter(kind="condition.changed")
    assert (entry.data["fields"], entry.data["before"]) == (["limit"], {"limit": "W4h", "level": "G"})
    assert load() == actions.Loaded(0, 0, 0)


def test_other_wording_is_a_new_version_with_the_same_limit(
    catalogue: actions.Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        replace(row, names=row.names | {"zh-hant": "電杆傾斜"}) if row.code == "C130" else row
        for row in seed.conditions()
    ]
    monkeypatch.setattr(seed, "conditions", lambda: tuple(rows))

    assert load() == actions.Loaded(added=0, renewed=1, kept=0)

    new, old = queries.versions("C130")
    assert (new.names["zh-hant"], old.names["zh-hant"]) == ("電杆傾斜", "電力桿倒伏或傾斜")
    assert (new.version, new.limit, new.subclass_id) == (2, old.limit, old.subclass_id)
    assert load() == actions.Loaded(0, 0, 0)


def test_what_an_administrator_changed_or_retired_is_left_alone(
    catalogue: actions.Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.change_condition("0110", {"limit": "W1h"}, expected_version=1, actor=ADMINISTRATOR, now=START)
    actions.retire_condition("0111", expected_version=1, actor=ADMINISTRATOR, now=START)
    upgraded(monkeypatch, x0110="W2h", x0111="W2h")

    assert load() == actions.Loaded(added=0, renewed=0, kept=2)

    changed = queries.condition("0110")
    assert changed is not None
    assert changed.limit == "W1h"
    assert queries.condition("0111") is None


@pytest.mark.django_db
def test_others_may_not_load_it() -> None:
    Condition.objects.all().delete()
    with pytest.raises(Refused):
        actions.load_seed(now=START, actor=LEAD)
    assert not Condition.objects.exists()
