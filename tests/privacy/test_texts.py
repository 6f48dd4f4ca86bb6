"""Every text lies under a key of its own, and nothing of it is left when the key is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gewu.core import chance
from gewu.core.errors import Broken
from gewu.domain.privacy import keys, rowkeys, texts
from gewu.domain.privacy.models import RowKey, Text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


def test_a_text_is_kept_and_read() -> None:
    text = texts.keep("路灯不亮，晚上看不清。", kind="report")

    assert texts.read([text.id]) == {text.id: "路灯不亮，晚上看不清。"}
    assert len(bytes.fromhex(text.commitment)) == 32


def test_many_texts_are_read_in_one_query() -> None:
    kept = {texts.keep(f"text {number}", kind="note").id: f"text {number}" for number in range(40)}

    with CaptureQueriesContext(connection) as queries:
        assert texts.read([*kept, None]) == kept
    assert len(queries) == 1


def test_keeping_costs_two_inserts() -> None:
    texts.keep("the keys are made by now", kind="note")

    with CaptureQueriesContext(connection) as queries:
        texts.keep("short", kind="note")
    assert len(queries) == 2


def test_no_column_holds_the_writing() -> None:
    text = texts.keep("陈秀英住在三楼", kind="report")

    row = Text.objects.get(id=text.id)
    assert "陈秀英".encode() not in bytes(row.sealed)


def test_a_destroyed_text_is_absent_and_its_commitment_worthless() -> None:
    text = texts.keep("to be erased", kind="note")
    other = texts.keep("to stay", kind="note")

    assert texts.destroy([text.id]) == 1

    assert texts.read([text.id, other.id]) == {other.id: "to stay"}
    assert RowKey.objects.get(id=text.id).wrapped is None
    with pytest.raises(Broken):
        texts.commits_to(text.id, text.commitment)


def test_a_commitment_tells_a_changed_text() -> None:
    text, other = texts.keep("as it was", kind="note"), texts.keep("as it was", kind="note")

    assert texts.commits_to(text.id, text.commitment)
    assert not texts.commits_to(text.id, other.commitment)  # another salt: equal texts do not show as equal


def test_a_ciphertext_moved_to_another_row_does_not_open() -> None:
    one, two = texts.keep("mine", kind="note"), texts.keep("yours", kind="note")
    Text.objects.filter(id=two.id).update(sealed=Text.objects.get(id=one.id).sealed)

    with pytest.raises(Broken):
        texts.read([two.id])


def test_what_is_journalled_does_not_depend_on_the_keys(tmp_path: Path, settings: Any) -> None:
    said = []
    for name in ("one", "two"):
        settings.KEYS = tmp_path / name
        with chance.seeded(7):
            said.append(texts.keep("the same replay", kind="note").commitment)
        Text.objects.all().delete()
        RowKey.objects.all().delete()

    assert said[0] == said[1]


def test_after_a_rotation_old_texts_open_and_keys_are_wrapped_again() -> None:
    text = texts.keep("under the first key", kind="note")
    assert keys.rotate("data") == "k2"
    assert texts.read([text.id]) == {text.id: "under the first key"}

    assert rowkeys.rewrap() == 1

    assert rowkeys.rewrap() == 0
    assert keys.ring("data").is_old(bytes(RowKey.objects.get(id=text.id).wrapped or b"")) is False
    assert texts.read([text.id]) == {text.id: "under the first key"}
