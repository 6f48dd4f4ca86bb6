"""No template says a word that is not translated, nor sets a mark of one language between words of all.

Text and spoken attributes stand in translate tags; marks between pieces come from `gewu.core.punctuation`.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.shape.sources import ROOT

TEMPLATES = sorted(ROOT.glob("gewu/**/templates/**/*.html"))
SPOKEN = {"alt", "title", "placeholder", "aria-label", "label", "data-said", "data-label"}
UNSPOKEN = {"script", "style", "code", "kbd"}  # not read as sentences
PART_OF_A_TAG = {"staff/described.html"}  # templates that hold attributes alone
CLASSES = re.compile(r"{%\s*block \w*(?:class|attributes)\s*%}.*?{%\s*endblock[^%]*%}", re.DOTALL)
TRANSLATED = re.compile(
    r"{%\s*(comment|blocktranslate|blocktrans)\b.*?{%\s*end\1\s*%}|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL
)
WORD = re.compile(r"[A-Za-z]{2,}|[一-鿿]")
# The same in every language: a receipt as it looks, and what a language calls itself.
EVERYWHERE = re.compile(r"LT-2026-\d{6}-\d|简体|繁體|English|XLSX|CSV|JSON|PDF|QR|\bpx\b")

MARK = re.compile(r"[,;()，、：；（）]|:(?!\d)")  # 10:42 is the same everywhere
JOINED = re.compile(r"""join:(["'])(.*?)\1""")
# Degrees, to be copied into a map, stand so in every language.
POSITION = re.compile(r"{{ (\w+)\.lon\|floatformat:6 }}, {{ \1\.lat\|floatformat:6 }}")


class _Words(HTMLParser):
    """Gathers what a reader would see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in UNSPOKEN
        self.found += [value or "" for name, value in attrs if name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in UNSPOKEN

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def said_outside(source: str) -> list[str]:
    """What a template says outside every translate tag and variable."""
    reader = _Words()
    reader.feed(TRANSLATED.sub("", CLASSES.sub("", source)))
    return [words.strip() for words in reader.found if words.strip()]


def untranslated(source: str) -> list[str]:
    """The words of a template that stand outside every translate tag."""
    return [words for words in said_outside(source) if WORD.search(EVERYWHERE.sub("", words))]


def marks_of_one_language(source: str) -> list[str]:
    """Commas, colons and brackets between pieces, also those a filter joins with."""
    joined = [found[2] for found in JOINED.finditer(source)]
    return [words for words in (*said_outside(POSITION.sub("", source)), *joined) if MARK.search(words)]


def test_every_word_can_be_translated() -> None:
    said = {
        str(path.relative_to(ROOT)): untranslated(path.read_text(encoding="utf-8"))
        for path in TEMPLATES
        if not str(path).endswith(tuple(PART_OF_A_TAG))
    }
    assert {name: words for name, words in said.items() if words} == {}


def test_marks_between_pieces_are_those_of_the_reader() -> None:
    said = {
        str(path.relative_to(ROOT)): marks_of_one_language(path.read_text(encoding="utf-8"))
        for path in TEMPLATES
        if not str(path).endswith(tuple(PART_OF_A_TAG))
    }
    assert {name: marks for name, marks in said.items() if marks} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{{ label }}{% colon %}{{ said }} · {{ more }}</p>", []),
        ("<p>{{ label }}: <b>{{ said }}</b></p>", [":"]),
        ("<p>{% translate 'Waiting' %} ({{ count }})</p>", ["()"]),
        ("{% for one in all %}{{ one }}{% if not forloop.last %}, {% endif %}{% endfor %}", [","]),
        ('<p>{{ years|join:", " }}</p>', [", "]),
        ("<p>{{ one }}、{{ two }}</p>", ["、"]),
        ('<p style="a: b" data-said="{{ kind }}, {{ state }}">{{ day|date:"H:i" }} 10:42</p>', [","]),
        ("<p>{% blocktranslate %}{{ kind }}: {{ state }}{% endblocktranslate %}</p>", []),
    ],
)
def test_a_mark_of_one_language_is_seen(source: str, found: list[str]) -> None:
    assert marks_of_one_language(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{% translate 'Waiting' %} {{ count }}</p>", []),
        ("<p>Waiting</p>", ["Waiting"]),
        ('<img alt="A photo">', ["A photo"]),
        ('<a class="button" title="{% translate "Open" %}">1</a>', []),
        (
            "{% comment %}Needs words.{% endcomment %}<p>{% blocktranslate %}one{% endblocktranslate %}</p>",
            [],
        ),
        ("<p>等待</p>", ["等待"]),
    ],
)
def test_the_search_is_not_blind(source: str, found: list[str]) -> None:
    assert untranslated(source) == found
