"""The words of `gewu.domain.papers.words` for templates."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.timezone import get_default_timezone

from gewu.core import punctuation
from gewu.domain import names
from gewu.domain.cases.by_day import hides_hours
from gewu.domain.cases.workflow import CLOSINGS, CONFIRMATIONS, LEVELS, SOURCES, STATES
from gewu.domain.catalogue import rules as catalogue
from gewu.domain.papers import words
from gewu.domain.people import roles
from gewu.domain.places.codes import format_number
from gewu.domain.places.kinds import KINDS

register = template.Library()

register.filter("in_language", names.in_language)
register.filter("name_of", names.name_of)
register.filter("category", words.category)
register.filter("holder", words.holder)
register.filter("act_name", words.act_name)
register.filter("act_detail", words.act_detail)
register.filter("clock_name", words.clock_name)
register.filter("span", words.span)
register.filter("duties", words.duties)
register.filter("actor_name", words.roles_of)
register.filter("role_name", roles.name)
register.filter("condition_label", catalogue.label)
register.filter("listed", punctuation.listed)
register.filter("bracketed", punctuation.bracketed, is_safe=True)
register.filter("percent", punctuation.percent)
register.simple_tag(punctuation.colon, name="colon")
register.simple_tag(punctuation.list_mark, name="list_mark")


@register.filter
def sign_number(number: str) -> str:
    return format_number(number)


@register.filter
def kind_name(code: str) -> Any:
    return KINDS[code].name if code in KINDS else code


@register.filter
def state_name(code: str) -> Any:
    return STATES.get(code, code)


@register.filter
def level_name(code: str) -> Any:
    return LEVELS.get(code, code)


@register.filter
def closing_name(code: str) -> Any:
    return CLOSINGS.get(code, code)


@register.filter
def confirmation_name(code: str) -> Any:
    return CONFIRMATIONS.get(code, code)


@register.filter
def source_name(code: str) -> Any:
    return SOURCES.get(code, code)


@register.filter
def time_left(due: datetime | None, now: datetime) -> str:
    return words.time_left(due, now)


@register.filter
def told_of(moment: datetime, case: Any) -> str:
    """A moment of a case as staff read it: of a confidential one the day alone."""
    local = moment.astimezone(get_default_timezone())
    return f"{local:%m-%d}" if hides_hours(case) else f"{local:%m-%d %H:%M}"


@register.filter
def days_left(due: datetime | None, now: datetime) -> str:
    return words.time_left(due, now, by_day=True)


@register.filter
def clock_words(case: Any, now: datetime) -> str:
    return words.clock_words(case, now)


@register.filter
def urgency(case: Any, now: datetime) -> str:
    return words.urgency(case, now)


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """A value of a mapping by a key the template has in a variable."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def bare(field: BoundField) -> Any:
    """A Django field without a placeholder, which would say its label once more and go as one types."""
    return field.as_widget(attrs={"placeholder": False})


@register.filter
def since(then: datetime, now: datetime) -> str:
    """How long ago, in words: 3 hours."""
    return words.span(max(now - then, timedelta()))
