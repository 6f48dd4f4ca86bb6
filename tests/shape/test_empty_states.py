"""No list is simply empty: it says what would be here and what to do, by the tag `nothing`.

A list is a loop that draws rows of a table, items, or cards. Lists that cannot be empty are named with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.template import Context, Engine
from django.template.base import Node, NodeList, TextNode
from django.template.defaulttags import ForNode, IfNode

from gewu.domain.access.actor import Actor, Hat
from tests.shape.sources import ROOT

FOLDER = ROOT / "gewu" / "web" / "templates"
ROWS = ("<tr", '<li class="item', '<section class="card')
# By what they loop over, wherever it stands.
NEVER_EMPTY = {
    "help/contents.html:chapters": "the handbook is part of the program",
    "resident/known_part.html:found": "the part is drawn only when something was found",
    "resident/privacy.html:lines": "one line for each class of data",
    "resident/open_table.html:rows": "drawn for a whole month, which has at least its sum",
    "staff/bulk.html:answers": "one row for each case chosen, and none is refused before",
    "staff/calendar.html:days": "without edited days the chapter is left out; the months say what holds",
    "staff/calendar.html:months": "a year has twelve",
    "staff/case_clocks.html:shares": "drawn only once time has been spent",
    "staff/catalogue.html:subclass.conditions": "a subclass without conditions is not shown",
    "staff/command/charts.html:clock_lines": "one line for each level",
    "staff/command/charts.html:flow": "one line for each level",
    "staff/command/places.html:places": "a duty lead without areas has no post",
    "staff/condition.html:versions": "an entry has the version it is shown by",
    "staff/figures.html:flows": "one line for each level",
    "staff/figures.html:lines": "one line for each area, at least the reader's own",
    "staff/map_import.html:faults": "drawn only when the file has faults",
    "staff/patrol_round.html:late": "drawn only when something came late",
    "staff/people_import.html:found.errors": "drawn only when the file has faults",
    "staff/places_import.html:faults": "drawn only when the file has faults",
    "staff/patrol_round.html:lines": "a round without places does not begin",
    "staff/retention.html:rules": "one line for each class of data",
    "staff/signs.html:batches": "drawn only for a list that makes several",
    "staff/suggestions.html:answered": "drawn only when something was answered; what waits stands above",
    "staff/photo_release.html:lines": "fields to type into, three empty ones at least",
    "usersessions/usersession_list.html:sessions": "whoever reads has the one they read in",
    "mfa/webauthn/authenticator_list.html:authenticators": "without a passkey the way leads to making one",
}


def lists_without_words(source: str) -> list[str]:
    """What the lists of a template loop over, when nothing is said for the case that it is empty."""
    parsed = Engine.get_default().from_string(source)
    return [
        str(loop.sequence) for loop, around in _lists(parsed.nodelist, ()) if not _is_answered(loop, around)
    ]


def _lists(nodes: NodeList, around: tuple[Node, ...]) -> Iterator[tuple[ForNode, tuple[Node, ...]]]:
    for node in nodes:
        if isinstance(node, ForNode) and any(row in _text(node.nodelist_loop) for row in ROWS):
            yield node, around
        for part in _parts(node):
            yield from _lists(part, (*around, node))


def _parts(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (branch for _condition, branch in node.conditions_nodelists)
    else:
        yield from (
            part for name in node.child_nodelists if isinstance(part := getattr(node, name, None), NodeList)
        )


def _text(nodes: NodeList) -> str:
    """What is drawn by the loop itself, not by loops within it."""
    return "".join(
        node.s if isinstance(node, TextNode) else "".join(_text(part) for part in _parts(node))
        for node in nodes
        if not isinstance(node, ForNode)
    )


def _is_answered(loop: ForNode, around: tuple[Node, ...]) -> bool:
    if _says_nothing(getattr(loop, "nodelist_empty", NodeList())):
        return True
    name = str(loop.sequence)
    for node in around:
        if isinstance(node, IfNode) and any(
            name == getattr(c, "text", "") for c, _part in node.conditions_nodelists
        ):
            return any(
                _says_nothing(branch) for condition, branch in node.conditions_nodelists if condition is None
            )
    return False


def _says_nothing(nodes: NodeList) -> bool:
    return any(
        getattr(getattr(node, "func", None), "__name__", "") == "nothing"
        or any(_says_nothing(part) for part in _parts(node))
        for node in nodes
    )


def test_every_list_says_what_to_do_when_it_is_empty() -> None:
    silent = {
        f"{path.relative_to(FOLDER)}:{name}"
        for path in sorted(FOLDER.rglob("*.html"))
        for name in lists_without_words(path.read_text(encoding="utf-8"))
    }
    assert silent == set(NEVER_EMPTY)


def test_the_empty_state_is_drawn_in_one_place() -> None:
    drawn = {
        str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html") if 'class="empty' in path.read_text()
    }
    assert drawn - {"field/app.html"} == {"parts/nothing.html"}  # the phone's app draws its own in the phone


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{% for row in rows %}<tr></tr>{% endfor %}", ["rows"]),
        ("{% for row in rows %}<tr></tr>{% empty %}<tr><td>None.</td></tr>{% endfor %}", ["rows"]),
        ("{% if rows %}{% for row in rows %}<tr></tr>{% endfor %}{% else %}<p>None.</p>{% endif %}", ["rows"]),
        ("{% if r %}{% for one in r %}<tr></tr>{% endfor %}{% else %}{% nothing 'list' 'None' 'Add' %}{% endif %}", []),
        ("{% for row in rows %}<tr></tr>{% empty %}{% nothing 'list' 'None' 'Add one' %}{% endfor %}", []),
        ("{% for word in words %}{{ word }}{% endfor %}", []),
    ],
)  # fmt: skip
def test_the_search_is_not_blind(source: str, found: list[str]) -> None:
    assert lists_without_words("{% load gewu_lists %}" + source) == found


@pytest.mark.parametrize(("role", "is_offered"), [("lead", True), ("duty_lead", False)])
def test_the_button_stands_before_those_who_may(role: str, is_offered: bool) -> None:
    hat = Hat(post_id=uuid4(), role=role, level="G", area_path="aaa", unit_id=None)
    request = SimpleNamespace(actor=Actor(kind="staff", hats=(hat,), strong=True))
    tag = "{% load gewu_lists %}{% nothing 'list' 'No plan.' 'A plan says where.' to='staff:patrol_add' press='New' %}"
    page = Engine.get_default().from_string(tag).render(Context({"request": request}))
    assert ('<a class="button' in page) is is_offered
    assert "A plan says where." in page
