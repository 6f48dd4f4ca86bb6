"""What is imported is locked where it is needed: the program by core, tests and tools by core and test.

What core brings is light.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import distributions, packages_distributions

import pytest

from tests.shape.sources import ROOT, imports, modules, parse

OWN = {"gewu", "tests", "tools"}
# `make demo` promises to take at most 400 MB; pip, modules compiled at the first start, pages and type come on top.
MOST_BYTES = 360_000_000
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", re.MULTILINE)


def locked(*names: str) -> set[str]:
    """Distributions in the locks of these lists, spelt as in a lock."""
    return {
        _spelt(found)
        for name in names
        for found in LOCKED.findall((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))
    }


def _spelt(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


@cache
def _installed() -> Mapping[str, list[str]]:
    return packages_distributions()


def bringing(top: str) -> set[str]:
    """The installed distributions that hold a top level package."""
    return {_spelt(owner) for owner in _installed().get(top, [])}


def weights(lists: set[str]) -> dict[str, int]:
    """Bytes of each installed distribution of these lists, as it recorded them; the heaviest first."""
    found = {
        _spelt(one.metadata["Name"]): sum(file.size or 0 for file in one.files or [])
        for one in distributions()
    }
    return dict(sorted(((name, found[name]) for name in lists & set(found)), key=lambda pair: -pair[1]))


def unlocked(tree: ast.Module, path: str, lists: set[str]) -> Iterator[str]:
    """Packages a module imports which none of the lists brings."""
    for name, line in imports(tree, path):
        top = name.split(".")[0]
        if top in OWN or top in sys.stdlib_module_names:
            continue
        if not bringing(top) & lists:
            yield f"{path}:{line} imports {top}"


def test_the_program_needs_what_core_brings() -> None:
    core = locked("core")
    assert [fault for path, tree in modules().items() for fault in unlocked(tree, path, core)] == []


def test_tests_and_tools_need_what_make_test_brings() -> None:
    lists = locked("core", "test")
    paths = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "tools").rglob("*.py")])
    trees = {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    assert [fault for path, tree in trees.items() for fault in unlocked(tree, path, lists)] == []


def test_a_running_gewu_stays_small() -> None:
    heavy = weights(locked("core"))
    assert len(heavy) > 30
    assert sum(heavy.values()) <= MOST_BYTES, heavy


@pytest.mark.parametrize("source", ["import mypy", "def f():\n    from pip import main"])
def test_a_package_of_another_list_is_seen(source: str) -> None:
    assert len(list(unlocked(parse(source), "tests/x.py", locked("core", "test")))) == 1
