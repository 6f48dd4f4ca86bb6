"""What stands where a list is empty: what would be here, what to do now, and a button for whoever may do it."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import resolve, reverse

from gewu.domain.access.table import may

register = template.Library()


@register.inclusion_tag("parts/nothing.html", takes_context=True)
def nothing(
    context: dict[str, Any],
    icon: str,
    what: str,
    then: str,
    *,
    to: str = "",
    at: str = "",
    press: str = "",
    small: bool = False,
) -> dict[str, Any]:
    """`what` is not here, `then` says what brings it or what to do. The button leads to the page named `to`, and
    stands only before those whom that page lets in; or `at` an address this reader can open anyhow. `small`: one
    list among several."""
    leads_to = (reverse(to) if _is_open(context, to) else "") if to else at
    return {"icon": icon, "what": what, "then": then, "url": leads_to, "press": press, "small": small}


def _is_open(context: dict[str, Any], page: str) -> bool:
    """The page's own guard answers; a page without one is everybody's. Who lacks a second factor is led to it."""
    guard = getattr(resolve(reverse(page)).func, "guard", None)
    actor = getattr(context.get("request"), "actor", None)
    if guard is None:
        return True
    verdict = may(actor, guard) if actor is not None else None
    return verdict is not None and (bool(verdict) or verdict.reason == "second_factor")
