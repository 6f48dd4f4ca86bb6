"""Every sentence is there in both Chinese scripts, with the same placeholders."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from tools import messages


def test_every_string_is_translated() -> None:
    assert list(messages.find_faults()) == []


def test_a_file_belongs_to_the_nearest_locale_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = tmp_path / "domain" / "cases" / "locale", tmp_path / "locale"
    near.mkdir(parents=True)
    far.mkdir()
    monkeypatch.setattr(messages, "SOURCES", tmp_path)
    assert messages.owner(tmp_path / "domain" / "cases" / "rules.py") == near
    assert messages.owner(tmp_path / "core" / "errors.py") == far


@pytest.mark.parametrize(
    ("translated", "fault"),
    [
        ("", "untranslated"),
        ("剩 %(hours)d 小时", None),
        ("剩 %(stunden)d 小时", "other placeholders than in"),
        ("剩几小时", "other placeholders than in"),
    ],
)
def test_a_lost_placeholder_is_seen(translated: str, fault: str | None) -> None:
    entry = polib.POEntry(msgid="%(hours)d hours left", msgstr=translated)
    assert list(messages._faults_of(entry)) == ([fault] if fault else [])


def test_templates_are_read_whatever_their_indentation(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<p>\n    {% load i18n %}\n  {% translate "Waiting" %}\n        {% translate "May" context "month" %}\n'
        "  {% blocktranslate count n=c %}one case{% plural %}{{ n }} cases{% endblocktranslate %}</p>",
        encoding="utf-8",
    )
    assert [(found.context, found.msgid, found.plural) for found in messages._strings_of(page)] == [
        (None, "Waiting", None),
        ("month", "May", None),
        (None, "one case", "%(n)s cases"),
    ]
