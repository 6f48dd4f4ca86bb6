"""What things are called on pages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import translation

from gewu.domain.papers import words

GRID = SimpleNamespace(name="西桥社区第1网格", names={"en": "Xiqiao Grid 1"})


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Xiqiao Grid 1"), ("zh-hans", "西桥社区第1网格"), ("zh-hant", "西桥社区第1网格")],
)
def test_a_place_keeps_its_own_name_where_no_other_is_known(language: str, said: str) -> None:
    with translation.override(language):
        assert words.name_of(GRID) == said


def test_where_nothing_is_nothing_is_said() -> None:
    assert words.name_of(None) == ""
