"""Every sentence is there in both Chinese scripts, with the same placeholders."""

from __future__ import annotations

import ast
from pathlib import Path

import polib
import pytest

from gewu.domain.catalogue import seed
from tests.shape.sources import modules, parse
from tools import messages

TRANSLATING = {
    "django.utils.translation": set(messages.KEYWORDS) - {"_"},
    "gewu.core.sentences": {"sentence"},
}


def test_every_string_is_translated() -> None:
    assert list(messages.find_faults()) == []


def unheard(tree: ast.Module, path: str) -> list[str]:
    """Translating functions under a name by which the message tools do not look for strings."""
    return [
        f"{path}:{node.lineno} {alias.name} as {alias.asname}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in TRANSLATING
        for alias in node.names
        if alias.asname and alias.name in TRANSLATING[node.module] and alias.asname not in messages.KEYWORDS
    ]


def test_every_translated_string_is_gathered() -> None:
    assert [fault for path, tree in modules().items() for fault in unheard(tree, path)] == []


def test_a_name_the_tools_do_not_know_is_seen() -> None:
    source = "from django.utils.translation import gettext as now_, gettext as _, override as speaking"
    assert unheard(parse(source), "x.py") == ["x.py:1 gettext as now_"]


def test_traditional_characters_follow_from_the_simplified() -> None:
    convert = messages.converter()
    for locale in messages.locales():
        derived = messages._entries(messages.catalogue(locale, "zh_Hant"))
        for key, entry in messages._entries(messages.catalogue(locale, "zh_Hans")).items():
            made = derived[key]
            assert (made.msgstr, made.msgstr_plural) == (
                convert(entry.msgstr),
                {number: convert(text) for number, text in entry.msgstr_plural.items()},
            )


def test_the_seed_writes_traditional_characters_alike() -> None:
    convert = messages.converter()
    rows = [*seed.classes(), *seed.subclasses(), *seed.conditions(), *seed.tiles(), *seed.unit_kinds()]
    texts = [row.names for row in rows]
    texts += [text for row in seed.conditions() for text in (row.closing, row.advice) if text]
    assert [text["zh-hant"] for text in texts] == [convert(text["zh-hans"]) for text in texts]


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("结案 180 天后删除", "結案 180 天後刪除"),
        ("已递交并告知", "已遞交並告知"),
        ("没有回音，已销毁", "沒有回音，已銷毀"),
        ("想了解家具", "想了解家具"),
        ("电力杆、通信杆、灯杆、电杆", "電力桿、通信桿、燈桿、電桿"),
        ("缺少“编码”这一列。", "缺少“編碼”這一欄。"),
        ("排列、列表", "排列、列表"),
    ],
)
def test_what_a_character_table_cannot_know(simplified: str, traditional: str) -> None:
    assert messages.converter()(simplified) == traditional


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
