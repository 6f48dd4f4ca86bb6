"""Whatever a page can do, a program can do: each page that takes a POST names its endpoints, or why it has none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import get_resolver

from gewu.api.endpoint import ENDPOINTS
from gewu.api.urls import urlpatterns  # noqa: F401 - registers the endpoints

ROOT = Path(__file__).resolve().parents[2]
READS = {"require_GET", "require_safe"}

# Page, as its route stands in the urls -> the endpoints that do the same.
SAME: dict[str, tuple[str, ...]] = {
    "account/phone-lost": ("POST my/phone-lost",),
    "join/<str:number>": ("POST cases/<number>/join",),
    "live/looking/<str:number>": ("POST cases/<number>/looking", "DELETE cases/<number>/looking"),
    "p": ("POST signs/find",),
    "p/<str:sign>/unreadable": ("POST signs/<sign>/unreadable",),
    "r": ("POST receipts",),
    "report": ("POST reports", "POST photos"),
    "staff/absences": ("POST people/<username>/absences",),
    "staff/absences/end": ("POST people/<username>/absences/end",),
    "staff/calendar/hours": ("POST calendar/hours",),
    "staff/calendar/publish": ("POST calendar/days", "POST calendar/file"),
    "staff/caller": ("POST callers",),
    "staff/cases/<str:number>/contact": ("POST cases/<number>/contact",),
    "staff/cases/<str:number>/file.pdf": ("POST cases/<number>/file",),
    "staff/cases/<str:number>/like/<str:other>": (
        "POST cases/<number>/apart",
        "POST cases/<number>/moves/<move>",
    ),
    "staff/cases/<str:number>/moves/<str:code>": ("POST cases/<number>/moves/<move>",),
    "staff/cases/<str:number>/photos/<uuid:photo_id>/release": (
        "POST cases/<number>/photos/<uuid:photo_id>/release",
        "DELETE cases/<number>/photos/<uuid:photo_id>/release",
    ),
    "staff/cases/<str:number>/read": ("POST cases/<number>/read",),
    "staff/cases/bulk": ("POST bulk/preview",),
    "staff/cases/bulk/<uuid:bulk_id>/confirm": ("POST bulk/<uuid:bulk_id>/confirm",),
    "staff/cases/bulk/<uuid:bulk_id>/off": ("DELETE bulk/<uuid:bulk_id>",),
    "staff/cases/bulk/ask": ("POST bulk",),
    "staff/cases/list.xlsx": ("POST cases/workbook",),
    "staff/cases/views": ("POST views",),
    "staff/cases/views/<uuid:view_id>/drop": ("DELETE views/<uuid:view_id>",),
    "staff/catalogue/<str:code>": ("POST catalogue/conditions/<code>",),
    "staff/catalogue/<str:code>/retire": ("POST catalogue/conditions/<code>/retire",),
    "staff/catalogue/add": ("POST catalogue/conditions",),
    "staff/command/seen/<str:number>": ("POST cases/<number>/seen",),
    "staff/erase": ("POST privacy/erasures",),
    "staff/hints": ("POST hints/back",),
    "staff/hints/<str:role>": ("POST hints/away",),
    "staff/identities": ("POST openings",),
    "staff/identities/<uuid:opening_id>": (
        "POST openings/<uuid:opening_id>/approve",
        "POST openings/<uuid:opening_id>/refuse",
    ),
    "staff/identities/<uuid:opening_id>/read": ("POST openings/<uuid:opening_id>/read",),
    "staff/identities/leave": ("POST officers/leave",),
    "staff/identities/reseal": ("POST officers/reseal",),
    "staff/identities/key": ("POST officers",),
    "staff/inbox": ("POST inbox/seen",),
    "staff/journal/check": ("POST journal/check",),
    "staff/maps/<int:number>/discard": ("DELETE borders/<int:number>",),
    "staff/maps/<int:number>/force": ("POST borders/<int:number>/force",),
    "staff/maps/import": ("POST borders",),
    "staff/patrols/add": ("POST patrols/plans", "POST patrols/plans/preview"),
    "staff/patrols/plans/<uuid:plan_id>": ("POST patrols/plans/<uuid:plan_id>", "POST patrols/plans/preview"),
    "staff/patrols/plans/<uuid:plan_id>/end": ("POST patrols/plans/<uuid:plan_id>/end",),
    "staff/patrols/rounds/<uuid:round_id>": (
        "POST patrols/rounds/<uuid:round_id>/ticks",
        "POST patrols/rounds/<uuid:round_id>/findings",
        "POST patrols/rounds/<uuid:round_id>/close",
    ),
    "staff/places/<str:code>": ("POST places/<code>", "POST places/<code>/attributes"),
    "staff/places/<str:code>/renew": ("POST places/<code>/renew",),
    "staff/places/<str:code>/unreadable": ("POST places/<code>/unreadable",),
    "staff/places/add": ("POST places",),
    "staff/places/import": ("POST places/workbook",),
    "staff/places/signs.pdf": ("POST places/signs",),
    "staff/posts/<str:code>/appoint": ("POST posts/<code>/appoint",),
    "staff/posts/<str:code>/end": ("POST posts/<code>/end",),
    "staff/posts/<str:code>/hand-over": ("POST posts/<code>/handover",),
    "staff/posts/<str:code>/phone-lost": ("POST accounts/<username>/sessions/end",),
    "staff/posts/import": ("POST people/workbook", "POST people/workbook/faults"),
    "staff/report": ("POST reports", "POST photos"),
    "staff/retention": ("POST privacy/retention/<code>",),
    "staff/second-looks": ("POST cases/<number>/recheck",),
    "staff/suggestions": ("POST suggestions/<uuid:suggestion_id>/answer",),
    "staff/tokens": ("POST tokens",),
    "staff/tokens/<uuid:token_id>/revoke": ("DELETE tokens/<uuid:token_id>",),
    "staff/visits/<uuid:visit_id>/finish": (
        "POST patrols/visits/<uuid:visit_id>/done",
        "POST patrols/visits/<uuid:visit_id>/cancel",
    ),
    "staff/visits/add": ("POST patrols/visits",),
    "suggest": ("POST suggestions",),
    "suggest/read": ("POST suggestions/read",),
    "track/<str:move>": ("POST cases/<number>/moves/<move>",),
    "visit": ("POST patrols/visits/cancel",),
}

# Page -> why no program needs it.
ALONE: dict[str, str] = {
    "language": "a cookie of the browser; a program says `Accept-Language`",
    "print-size": "a cookie of the browser that says how large letters are",
    "staff/cases/compare": "only leads on to the page of two cases that were ticked",
    "staff/command/wall": "leaves a cookie with a screen so that nobody stays signed in there",
    "track": "only draws its form again; each move is sent to an address of its own",
    "track/close": "takes the cookie of a receipt away; a program just forgets its pass",
}


@cache
def decorators(module: str) -> dict[str, list[ast.expr]]:
    """Every function of a module with what it is decorated with."""
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text())
    return {node.name: node.decorator_list for node in tree.body if isinstance(node, ast.FunctionDef)}


def takes_post(found: list[ast.expr]) -> bool:
    """Whether a view decorated like this lets a POST in: unless it says that it only reads."""
    for one in found:
        name = ast.unparse(one.func if isinstance(one, ast.Call) else one).rpartition(".")[2]
        if name in READS:
            return False
        if name == "require_http_methods" and isinstance(one, ast.Call):
            return "POST" in ast.unparse(one.args[0])
    return True


def actions() -> set[str]:
    """The routes of pages that take a POST."""
    return {
        route
        for route, view in _walk(get_resolver())
        if view.__module__.startswith("gewu.web") and takes_post(decorators(view.__module__)[view.__name__])
    }


def test_every_page_action_has_its_endpoint_or_says_why_not() -> None:
    assert actions() - set(SAME) - set(ALONE) == set(), (
        "name the endpoint that does the same, or why none does"
    )
    assert (set(SAME) | set(ALONE)) - actions() == set(), "rows without a page"
    assert not set(SAME) & set(ALONE)


def test_every_endpoint_that_is_named_is_there() -> None:
    there = {f"{row.method} {row.path}" for row in ENDPOINTS if not row.reads}
    named = {one for row in SAME.values() for one in row}
    assert named - there == set()
    assert all(SAME.values())
    assert all(len(reason) > 20 for reason in ALONE.values())


def test_a_view_takes_a_post_unless_it_says_that_it_reads() -> None:
    source = """
@require_GET
def one(request): ...
@never_cache
@require_http_methods(["GET", "POST"])
def two(request): ...
@require_http_methods(["GET", "HEAD"])
def three(request): ...
def four(request): ...
"""
    found = {node.name: takes_post(node.decorator_list) for node in ast.parse(source).body}  # type: ignore[attr-defined]
    assert found == {"one": False, "two": True, "three": False, "four": True}


def _walk(resolver: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            if not route.startswith("api/"):
                yield from _walk(entry, route)
        else:
            yield route, entry.callback
