"""What staff pages draw alike: the menu of whoever reads, and numbers that open the cases behind them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html

from gewu.web import hints
from gewu.web.staff import nav

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_links(context: dict[str, Any]) -> list[nav.Link]:
    """The menu; empty for somebody without a post and on pages of errors."""
    request = context.get("request")
    return nav.links(request) if request is not None else []


@register.simple_tag
def staff_chapter(links: list[nav.Link], otherwise: str = "") -> str:
    """What the page belongs to, in the words of the menu; `otherwise` for one that stands outside it."""
    return next((str(link.label) for link in links if link.is_here), otherwise)


@register.simple_tag(takes_context=True)
def first_hint(context: dict[str, Any]) -> hints.Hint | None:
    """The hint of one's post that is still wanted, on one's home page alone."""
    request = context.get("request")
    return hints.for_reader(request.actor) if request is not None and nav.is_home(request) else None


@register.simple_tag
def number(one: Any, plain: bool = False) -> str:
    """A number as a link to the cases behind it; nothing leads nowhere, and a wall has nothing to press."""
    if plain or not one.url or not one.value:
        return str(one.value)
    return format_html('<a href="{}">{}</a>', one.url, one.value)
