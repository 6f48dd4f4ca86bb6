"""Reading the program as text: which module imports what, and which names it uses under whatever alias."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / "gewu"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the program by its path from the root, migrations left out."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        for path in sorted(PROGRAM.rglob("*.py"))
        if "migrations" not in path.parts
    }


def imports(tree: ast.Module, path: str) -> Iterator[tuple[str, int]]:
    """Dotted names a module imports, inside functions and under TYPE_CHECKING too."""
    package = path.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((f"{stem}.{alias.name}", node.lineno) for alias in node.names)


def names_used(tree: ast.Module, path: str) -> Iterator[tuple[str, int]]:
    """Dotted names as the machine sees them: `from datetime import datetime as D; D.now` is `datetime.datetime.now`."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {
                a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0]
                for a in node.names
            }
        elif isinstance(node, ast.ImportFrom) and node.module:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and (name := dotted(node)):
            head, _, rest = name.partition(".")
            if head in known:
                yield f"{known[head]}.{rest}" if rest else known[head], node.lineno


def dotted(node: ast.expr) -> str:
    """`a.b.c` for an attribute chain of plain names, else nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (stem := dotted(node.value)):
        return f"{stem}.{node.attr}"
    return ""


def parse(source: str) -> ast.Module:
    """A snippet, for tests that show a rule can be broken."""
    return ast.parse(source)
