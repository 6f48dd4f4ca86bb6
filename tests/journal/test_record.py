"""Recording: one INSERT, codes only, never changed again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from gewu.core import chance
from gewu.core.errors import Broken
from gewu.domain.journal import actions, canonical, facts, queries
from gewu.domain.journal.models import Entry
from tests.journal.builders import Someone, paint
from tests.services.time import START

pytestmark = pytest.mark.django_db


def test_an_entry_is_kept_as_it_was_recorded() -> None:
    bench = chance.new_id()
    entry = paint(bench, version=1, colour="red", coats=2)
    stored = Entry.objects.get()
    assert stored == entry
    assert (stored.kind, stored.subject, stored.subject_version) == ("bench.painted", ("bench", bench), 1)
    assert (stored.actor_kind, stored.actor_id, stored.post_id) == ("staff", UUID(int=7), UUID(int=8))
    assert (stored.at, stored.scope_path, stored.position) == (START, "00a", None)
    assert stored.data == {"colour": "red", "coats": 2}
    assert bytes(stored.digest) == canonical.digest(stored) == entry.digest


def test_recording_is_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        paint()


def test_the_history_of_a_subject_is_in_order() -> None:
    bench = chance.new_id()
    versions = [paint(bench, version=number) for number in (1, 2, 3)]
    paint()
    assert queries.history(("bench", bench)) == versions


def test_versions_decide_the_order_and_not_the_clocks_of_two_machines() -> None:
    bench = chance.new_id()
    first = paint(bench, version=1)
    looked = paint(bench, at=START + timedelta(seconds=5))
    third = paint(bench, version=3, at=START + timedelta(seconds=8))
    second = paint(bench, version=2, at=START + timedelta(seconds=9))
    assert queries.history(("bench", bench)) == [first, looked, second, third]


def test_ids_and_moments_are_kept_as_codes() -> None:
    entry = paint(by=UUID(int=1), on=START, parts=[date(2026, 3, 10), {"leg": 1.5}, None, True])
    assert Entry.objects.get().data == {
        "by": "00000000-0000-0000-0000-000000000001",
        "on": "2026-03-10T01:00:00+00:00",
        "parts": ["2026-03-10", {"leg": 1.5}, None, True],
    }
    assert Entry.objects.get().data == entry.data


@pytest.mark.parametrize(
    "value",
    ["painted by Wang", "红", "x" * 81, "a/b", "a\n", b"red", float("nan"), 2**63, datetime(2026, 3, 10),  # noqa: DTZ001
     object(), {1, 2}, {"Not a name": 1}, {1: 2}, [[[[["too deep"]]]]]],
)  # fmt: skip
def test_text_and_other_things_are_refused(value: Any) -> None:
    with pytest.raises(Broken) as caught:
        paint(colour=value)
    assert caught.value.code == "journal_data"
    assert not Entry.objects.exists()


def test_a_refusal_does_not_repeat_the_text() -> None:
    with pytest.raises(Broken) as caught:
        paint(colour="Wang Min, 3rd floor")
    assert "Wang" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "subject", "data", "code"),
    [
        ("bench.sawn", "bench", {}, "fact_unknown"),
        ("bench.painted", "tree", {}, "journal_subject"),
        ("bench.painted", "bench", {"smell": 1}, "journal_data"),
    ],
)
def test_what_no_noun_has_registered_is_refused(
    kind: str, subject: str, data: dict[str, Any], code: str
) -> None:
    with pytest.raises(Broken) as caught:
        actions.record(kind, actor=Someone(), subject=(subject, chance.new_id()), at=START, data=data)
    assert caught.value.code == code


def test_one_kind_has_one_meaning() -> None:
    facts.register(facts.Fact("bench.painted", "bench", ("coats", "colour", "on", "by", "parts")))
    with pytest.raises(Broken, match="two meanings"):
        facts.register(facts.Fact("bench.painted", "bench", ("coats",)))


def test_a_version_has_one_entry() -> None:
    bench = chance.new_id()
    paint(bench, version=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        paint(bench, version=1)
    paint(bench)
    paint(bench)
    assert Entry.objects.count() == 3


def test_an_entry_is_never_changed() -> None:
    entry = paint()
    entry.kind = "bench.burnt"
    for change in (
        entry.save,
        Entry.objects.get().save,
        entry.delete,
        lambda: Entry.objects.update(kind="x"),
        lambda: Entry.objects.filter(pk=entry.pk).delete(),
        lambda: Entry.objects.bulk_update([entry], ["kind"]),
    ):
        with pytest.raises(ImproperlyConfigured), transaction.atomic():
            change()
    assert Entry.objects.get().kind == "bench.painted"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.from_regex(r"[A-Za-z0-9_.:+-]{0,80}", fullmatch=True),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(value=VALUES, moment=st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001
def test_whatever_is_recorded_has_the_same_digest_when_read_again(value: Any, moment: datetime) -> None:
    with transaction.atomic():
        try:
            entry = paint(at=moment.replace(tzinfo=START.tzinfo), parts=value)
        except Broken:
            return  # nested too deep
        stored = Entry.objects.get(pk=entry.pk)
        assert canonical.digest(stored) == bytes(stored.digest) == entry.digest
        assert canonical.encode_data(stored.data) == canonical.encode_data(entry.data)


def test_the_order_of_keys_makes_no_difference() -> None:
    one, other = {"a": 1, "b": {"d": 2, "c": 3}}, {"b": {"c": 3, "d": 2}, "a": 1}
    assert canonical.encode_data(one) == canonical.encode_data(other) == b'{"a":1,"b":{"c":3,"d":2}}'


def test_every_fixed_field_counts() -> None:
    entry = paint()
    digests = {entry.digest}
    for name, value in {
        "id": UUID(int=1), "kind": "x", "at": START.replace(microsecond=1), "actor_kind": "x",
        "actor_id": None, "post_id": None, "scope_path": "00b", "subject_kind": "x", "subject_id": UUID(int=2),
        "subject_version": 2, "data": {"coats": 3},
    }.items():  # fmt: skip
        changed = Entry.objects.get()
        setattr(changed, name, value)
        digests.add(canonical.digest(changed))
    assert len(digests) == 12
