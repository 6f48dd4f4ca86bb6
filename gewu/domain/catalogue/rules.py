"""What a condition promises, asks and is called; and what an administrator may write into one.

Nothing here needs the database: a condition is anything with the model's fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from gewu.core import limits
from gewu.core.errors import FieldError, Invalid
from gewu.core.levels import LADDER
from gewu.core.punctuation import named
from gewu.core.text import clean
from gewu.core.worktime import Limit
from gewu.domain.catalogue.models import Condition
from gewu.domain.names import LANGUAGES, in_language, language

KINDS = ("case", "care", "alert")
TARGETS = ("done", "reply", "plan", "fence", "route")
EVIDENCE = ("before", "after", "text")
SOURCES = ("table", "law", "assumed", "edited")
FLAGS = ("private", "rewarded", "emergency", "confidential", "notice_closing")
NEUTRAL = "9901"  # "other matter": what nobody could name yet; triage gives it its real condition

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,11}", re.ASCII)
_UNIT_KIND = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}", re.ASCII)
_OUTSIDE = re.compile(r"[^\s:]{1,20}:\S{1,79}")
_MOST_OUTSIDE = 50


@dataclass(frozen=True)
class ClosingNeeds:
    """What closing asks for."""

    before: bool
    after: bool
    text: bool
    by_notice: bool  # may be closed by telling why it cannot be done


def sure_class(condition: Condition | None) -> str:
    """The code of its class; empty when nobody is sure what the matter is: "other matter" says no more than nothing."""
    return "" if condition is None or condition.code == NEUTRAL else condition.subclass.parent.code


def promise_limit(condition: Condition) -> Limit | None:
    """The limit a case of this condition promises; None: the ladder alone."""
    return Limit.parse(condition.limit) if condition.limit else None


def closing_needs(condition: Condition, *, private: bool = False) -> ClosingNeeds:
    """Which evidence closing asks for. Of a private matter no photo is ever asked; a text takes its place.

    A matter is private by its condition, or because its case once was (`private`).
    """
    wanted = set(condition.evidence)
    if wanted and (private or condition.private or condition.confidential):
        wanted = {"text"}
    return ClosingNeeds("before" in wanted, "after" in wanted, "text" in wanted, condition.notice_closing)


def unit_kind_at(condition: Condition, level: str) -> str | None:
    """The kind of unit that acts on `level`: the rule's entry for it, else the nearest below."""
    for step in reversed(LADDER[: LADDER.index(level) + 1]):
        if step in condition.unit_rule:
            return str(condition.unit_rule[step])
    return None


def condition_text(condition: Condition, lang: str | None = None) -> str:
    """What must be so for filing."""
    return in_language(condition.names, lang)


def closing_text(condition: Condition, lang: str | None = None) -> str:
    """What must be so for closing."""
    return in_language(condition.closing, lang)


def advice_text(condition: Condition, lang: str | None = None) -> str:
    """One sentence for whoever handles it; often empty."""
    return in_language(condition.advice, lang)


def label(condition: Condition, lang: str | None = None) -> str:
    """Subclass and condition, as lists and papers show them: 暴露垃圾：生活垃圾堆在桶外."""
    wanted = language(lang)
    with override(wanted):
        return named(in_language(condition.subclass.names, wanted), condition_text(condition, wanted))


def is_assumed(condition: Condition) -> list[str]:
    """The fields whose values nobody has confirmed yet; shown so to the administrator."""
    return sorted(name for name, source in condition.sources.items() if source == "assumed")


def plain(text: str) -> str:
    """A title for comparing: without blanks, in small letters."""
    return re.sub(r"\s+", "", text).casefold()


def check_code(code: object, *, field: str = "code") -> str:
    """A code of ours: letters, digits, hyphens."""
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise Invalid.at(field, "code_malformed", _("A code has 2 to 12 letters, digits or hyphens."))
    return code


def check_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields of a condition as they are stored, or every fault at its field."""
    settled: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, value in values.items():
        check = _CHECKS.get(name)
        try:
            if check is None:
                raise Invalid.at(name, "unknown", _("This cannot be changed here."))
            settled[name] = check(name, value)
        except Invalid as fault:
            errors.extend(fault.errors)
    if errors:
        raise Invalid(errors)
    return settled


def check_together(values: Mapping[str, Any]) -> None:
    """What only the whole condition shows."""
    if values["emergency"] and not values["limit"].startswith("U"):
        message = _("An emergency needs an urgent limit such as U2h.")
        raise Invalid.at("limit", "emergency_needs_urgent", message)
    if values["rewarded"] and (values["private"] or values["confidential"]):
        # Rewards are for hazards and public matters, never for what is nobody's business.
        raise Invalid.at("rewarded", "private_rewarded", _("A private matter is never rewarded."))
    if values["kind"] == "case" and not values["closing"].get("zh-hans"):
        raise Invalid.at("closing", "required", _("Please say what must be so for closing."))


def _texts(name: str, value: Any, *, required: bool) -> dict[str, str]:
    if not isinstance(value, Mapping) or set(value) - set(LANGUAGES):
        raise Invalid.at(name, "languages", _("Please give a text by language."))
    texts = {
        lang: clean(text, max_length=limits.TITLE, lines=False, field=f"{name}.{lang}")
        for lang, text in value.items()
    }
    if required and not texts.get("zh-hans"):
        raise Invalid.at(f"{name}.zh-hans", "required", _("Please fill this in."))
    return {lang: text for lang, text in texts.items() if text}


def check_names(name: str, value: Any) -> dict[str, str]:
    """Names by language; the Simplified one must be there."""
    return _texts(name, value, required=True)


def _optional_texts(name: str, value: Any) -> dict[str, str]:
    return _texts(name, value, required=False)


def _limit(name: str, value: Any) -> str:
    if value in ("", None):
        return ""
    return str(Limit.parse(value if isinstance(value, str) else ""))


def _one_of(choices: tuple[str, ...]) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        if value not in choices:
            raise Invalid.at(name, "choice", _("Please choose one from the list."))
        return str(value)

    return check


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid.at(name, "choice", _("Please choose yes or no."))
    return value


def _unit_rule(name: str, value: Any) -> dict[str, str]:
    good = isinstance(value, Mapping) and all(
        level in LADDER and isinstance(kind, str) and _UNIT_KIND.fullmatch(kind)
        for level, kind in value.items()
    )
    if not good:
        raise Invalid.at(name, "unit_rule", _("Please name a kind of unit for each level."))
    return {level: value[level] for level in LADDER if level in value}


def _evidence(name: str, value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or any(item not in EVIDENCE for item in value):
        raise Invalid.at(name, "choice", _("Please choose from the list."))
    return [item for item in EVIDENCE if item in value]


def _sources(name: str, value: Any) -> dict[str, str]:
    good = isinstance(value, Mapping) and all(
        field in _CHECKS and source in SOURCES for field, source in value.items()
    )
    if not good:
        raise Invalid.at(name, "choice", _("Please choose one from the list."))
    return dict(value)


def _mapping(name: str, value: Any) -> list[str]:
    listed = list(value) if isinstance(value, list | tuple) else None
    if listed is None or any(not isinstance(item, str) or not _OUTSIDE.fullmatch(item) for item in listed):
        raise Invalid.at(
            name, "mapping_malformed", _("Write an outside code like city:0110, without blanks.")
        )
    if len(listed) > _MOST_OUTSIDE:
        raise Invalid.at(name, "too_many", _("Too many outside codes."))
    return sorted(set(listed))


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "names": check_names,
    "closing": _optional_texts,
    "advice": _optional_texts,
    "kind": _one_of(KINDS),
    "limit": _limit,
    "target": _one_of(TARGETS),
    "level": _one_of(LADDER),
    "unit_rule": _unit_rule,
    **dict.fromkeys(FLAGS, _flag),
    "evidence": _evidence,
    "sources": _sources,
    "mapping": _mapping,
}
FIELDS = tuple(_CHECKS)  # what makes up a condition beside its code, subclass, version and validity
