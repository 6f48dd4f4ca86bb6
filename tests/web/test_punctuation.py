"""Marks between pieces are those of the reader's language, at the moment of reading."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils.safestring import mark_safe
from django.utils.translation import override

from gewu.core.punctuation import Listed, bracketed, listed, named, percent
from gewu.core.sentences import sentence


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Limit: half used | a, b | a (3) | 62 %"),
        ("zh-hans", "Limit：half used | a、b | a（3） | 62%"),
        ("zh-hant", "Limit：half used | a、b | a（3） | 62%"),
    ],
)
def test_each_language_has_its_own(language: str, said: str) -> None:
    with override(language):
        pieces = named("Limit", "half used"), listed("ab"), "a" + bracketed(3), percent(62)
        assert " | ".join(pieces) == said


def test_a_list_in_a_sentence_is_put_into_words_when_it_is_read() -> None:
    told = sentence("One of %(codes)s", codes=Listed(("G1", "G2")))
    with override("en"):
        assert str(told) == "One of G1, G2"
    with override("zh-hans"):
        assert str(told) == "One of G1、G2"


def test_templates_reach_them_and_still_escape() -> None:
    page = Template(
        "{% load gewu_words %}{{ label }}{% colon %}{{ names|listed }}"
        "{{ count|bracketed }}{{ word|bracketed }}{{ good|bracketed }}"
    )
    facts = {"label": "<a>", "names": ["<b>", "c"], "count": 2, "word": "<d>", "good": mark_safe("<i>e</i>")}
    with override("zh-hans"):
        assert page.render(Context(facts)) == "&lt;a&gt;：&lt;b&gt;、c（2）（&lt;d&gt;）（<i>e</i>）"


@pytest.mark.parametrize("address", ["/report?area=a1", "/suggest", "/account/login/"])
@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
def test_no_blank_stands_behind_a_full_width_colon(resident: Client, address: str, language: str) -> None:
    page = resident.get(address, headers={"accept-language": language}).content.decode()
    assert "：" in page
    assert "： " not in page
