"""What things are called on pages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import translation

from gewu.domain.names import name_of

GRID = SimpleNamespace(name="西桥社区第1网格", names={"en": "Xiqiao Grid 1"})


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Xiqiao Grid 1"), ("zh-hans", "西桥社区第1网格"), ("zh-hant", "西桥社区第1网格")],
)
def test_a_place_keeps_its_own_name_where_no_other_is_known(language: str, said: str) -> None:
    with translation.override(language):
        assert name_of(GRID) == said


def test_where_nothing_is_nothing_is_said() -> None:
    assert name_of(None) == ""


@pytest.mark.parametrize(("name", "said"), [("望湖小区", "Wanghu Estate"), ("望江小区", "望江小区")])
def test_names_that_belong_to_an_older_name_are_not_shown(name: str, said: str) -> None:
    place = SimpleNamespace(name=name, names={"zh-hans": "望湖小区", "en": "Wanghu Estate"})
    with translation.override("en"):
        assert name_of(place) == said
