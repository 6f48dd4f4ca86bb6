"""Data flows one way, so imports do: config -> web, api, ingest, jobs, cli, demo -> domain -> core."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from gewu.domain import DOMAIN_ORDER
from tests.shape.sources import PROGRAM, imports, modules, parse

# What a layer may import besides itself. `cli` starts everything, `config` knows everything.
MAY = {
    "core": set(),
    "domain": {"core"},
    "web": {"domain", "core"},
    "api": {"domain", "core"},
    "ingest": {"domain", "core"},
    "jobs": {"domain", "core"},
    "demo": {"domain", "core"},
    "cli": {"domain", "core", "web", "api", "ingest", "jobs", "demo", "config"},
    "config": {"domain", "core", "web", "api", "ingest", "jobs", "demo", "cli"},
}


def wrong_imports(tree: ast.Module, path: str) -> Iterator[str]:
    here = path.removesuffix(".py").split("/")[1:]
    for name, line in imports(tree, path):
        there = name.split(".")
        if here[0] == "core" and there[0] in ("django", "allauth"):
            yield f"{path}:{line} core knows no tables, no HTTP, no settings, and imports {name}"
        if there[0] != "gewu" or len(there) < 2:
            continue
        if there[1] != here[0] and there[1] not in MAY.get(here[0], set()):
            yield f"{path}:{line} {here[0]} imports {name}"
        elif here[0] == there[1] == "domain" and not _in_order(here, there):
            yield f"{path}:{line} domain.{here[1]} imports {name}, which stands below it"


def _in_order(here: list[str], there: list[str]) -> bool:
    if len(there) < 3 or there[2] not in DOMAIN_ORDER:
        return True
    return here[1] in DOMAIN_ORDER and DOMAIN_ORDER.index(there[2]) <= DOMAIN_ORDER.index(here[1])


def test_imports_go_one_way() -> None:
    assert [fault for path, tree in modules().items() for fault in wrong_imports(tree, path)] == []


def test_every_noun_has_its_place_in_the_order() -> None:
    nouns = {
        path.name.removesuffix(".py") for path in (PROGRAM / "domain").iterdir() if path.name[0] not in "._"
    }
    assert nouns <= set(DOMAIN_ORDER)


def test_every_layer_is_known() -> None:
    layers = {path.name for path in PROGRAM.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert layers <= set(MAY)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("gewu/core/clock.py", "from django.conf import settings"),
        ("gewu/domain/areas/rules.py", "from gewu.web import context"),
        ("gewu/domain/areas/rules.py", "from gewu.domain.cases import models"),
        ("gewu/domain/areas/rules.py", "def f():\n    from ..cases import models"),
        ("gewu/web/cases.py", "import gewu.api.v1"),
        ("gewu/jobs/worker.py", "from gewu.config import settings"),
    ],
)
def test_a_wrong_import_is_seen(path: str, source: str) -> None:
    assert len(list(wrong_imports(parse(source), path))) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("gewu/domain/cases/actions.py", "from gewu.domain.areas import queries"),
        ("gewu/domain/cases/actions.py", "from . import rules"),
        ("gewu/cli/__main__.py", "from gewu.demo import town"),
        ("gewu/web/cases.py", "from gewu.core import clock"),
    ],
)
def test_a_right_import_is_left_alone(path: str, source: str) -> None:
    assert list(wrong_imports(parse(source), path)) == []
