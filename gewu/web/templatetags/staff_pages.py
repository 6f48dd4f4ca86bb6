"""What the frame of the staff pages draws: the menu of whoever reads."""

from __future__ import annotations

from typing import Any

from django import template

from gewu.web.staff import nav

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_links(context: dict[str, Any]) -> list[nav.Link]:
    """The menu; empty for somebody without a post and on pages of errors."""
    request = context.get("request")
    return nav.links(request) if request is not None else []
