"""What things are called in the language of whoever reads: one rule for everything that has a name.

A row has one `name`, as the place itself says it, and may have `names` by language beside it. Names that belong to
an older name (it was changed, they were not) are not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

LANGUAGES = ("zh-hans", "zh-hant", "en")
OWN = LANGUAGES[0]
# Whoever reads Traditional Chinese reads Simplified before English.
_FALL_BACK = {"zh-hant": ("zh-hans", "en"), "zh-hans": ("zh-hant", "en"), "en": ("zh-hans", "zh-hant")}
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def language(lang: str | None = None) -> str:
    """One of our three languages for whatever a browser or a setting names; the reader's when None."""
    tag = (lang or get_language() or OWN).lower().replace("_", "-")
    if tag.startswith(_TRADITIONAL):
        return "zh-hant"
    return OWN if tag.startswith("zh") else "en"


def in_language(names: Mapping[str, str], lang: str | None = None) -> str:
    """A text that is kept by language alone, in `lang` (the reader's when None), else in the one closest to it."""
    wanted = language(lang)
    for candidate in (wanted, *_FALL_BACK[wanted]):
        if names.get(candidate):
            return names[candidate]
    return ""


def called(name: str, names: Mapping[str, str], lang: str | None = None) -> str:
    """A name with others beside it: the one in `lang` (the reader's when None), else the name itself."""
    if names.get(OWN, name) != name:
        return name
    return names.get(language(lang)) or name


def name_of(row: Any, lang: str | None = None) -> str:
    """What an area, a unit, a post, a place, a plan, a person or the installation is called; nothing for nothing."""
    return called(row.name, row.names, lang) if row else ""
