"""One place asks the machine for time, one for chance, and only actions write."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.shape.sources import dotted, modules, names_used, parse

CLOCK = "gewu/core/clock.py"
CHANCE = "gewu/core/chance.py"

TIME = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "django.utils.timezone.now",
    "django.utils.timezone.localdate",
    "django.utils.timezone.localtime",
    "django.db.models.functions.Now",
}
RANDOM = (
    "random",
    "secrets",
    "uuid.uuid1",
    "uuid.uuid4",
    "os.urandom",
    "django.utils.crypto.get_random_string",
)

# Files that may do what is otherwise one file's, each with its reason.
CHANCE_TOO = {"gewu/config/environment.py": "makes the session key before any other module is loaded"}
WRITERS = {
    "gewu/jobs/actions.py": "notes which reactions failed on which entries, so that the others can go on",
    "gewu/cli/benchmarks/": "copies cases set-wise into a data folder of its own, to measure",
    "gewu/cli/backups/stores.py": "reads PostgreSQL under one snapshot, and writes into the copy it makes",
    "gewu/cli/import_.py": "puts a map into force and moves its open cases in one transaction",
    "gewu/cli/restore.py": "fills an empty installation",
    "gewu/domain/requests/work.py": "is what actions open their transactions with",
    "gewu/domain/privacy/": "each module keeps and ends one kind of personal data, mostly in the caller's transaction",
}

MANAGER_WRITES = {
    "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create",
    "acreate", "aupdate", "adelete", "aget_or_create", "aupdate_or_create",
}  # fmt: skip
QUERY_SET = {"objects", "filter", "exclude", "all", "select_for_update", "using", "order_by", "get_queryset"}
SQL_WRITE = re.compile(r"\s*(insert|update|delete|replace|truncate)\b", re.IGNORECASE)


def asks_for_time(tree: ast.Module, path: str) -> Iterator[str]:
    for name, line in names_used(tree, path):
        if name in TIME:
            yield f"{path}:{line} {name}: ask core/clock.py, or take `now`"
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
            yield f"{path}:{node.value.lineno} {node.arg}: take `now`"


def asks_for_chance(tree: ast.Module, path: str) -> Iterator[str]:
    for name, line in names_used(tree, path):
        if any(name == source or name.startswith(f"{source}.") for source in RANDOM):
            yield f"{path}:{line} {name}: ask core/chance.py"


def writes(tree: ast.Module, path: str) -> Iterator[str]:
    """Saving, deleting, setting rows, opening transactions, writing SQL; judged by names, not by types."""
    for name, line in names_used(tree, path):
        if name == "django.db.transaction.atomic":
            yield f"{path}:{line} opens a transaction"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        verb = node.func.attr
        if verb in MANAGER_WRITES and QUERY_SET & set(_chain(node.func.value)):
            yield f"{path}:{node.lineno} .{verb}() on rows"
        elif verb in ("save", "asave", "delete", "adelete") and _is_bare(node):
            yield f"{path}:{node.lineno} .{verb}() on a row"
        elif verb in ("execute", "executemany") and node.args and _writes_sql(node.args[0]):
            yield f"{path}:{node.lineno} writing SQL"


def _chain(node: ast.expr) -> Iterator[str]:
    """The names along `Case.objects.filter(...).order_by(...)`."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            yield node.attr
            node = node.value
        else:
            node = node.func if isinstance(node, ast.Call) else node.value


def _is_bare(node: ast.Call) -> bool:
    """`row.save()` and `row.save(update_fields=...)`, but not `image.save(buffer)` nor `session.delete(key)`."""
    assert isinstance(node.func, ast.Attribute)
    row_words = {"update_fields", "force_insert", "force_update", "using", "keep_parents"}
    return not node.args and all(word.arg in row_words for word in node.keywords) and bool(dotted(node.func))


def _writes_sql(node: ast.expr) -> bool:
    texts = [
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    return bool(texts) and bool(SQL_WRITE.match(texts[0]))


def _may_write(path: str) -> bool:
    parts = path.split("/")
    in_actions = parts[1] == "domain" and (parts[-1] == "actions.py" or "actions" in parts[:-1])
    return in_actions or any(path == listed or path.startswith(listed) for listed in WRITERS)


def test_only_the_clock_asks_the_machine_for_time() -> None:
    assert [
        fault for path, tree in modules().items() if path != CLOCK for fault in asks_for_time(tree, path)
    ] == []


def test_only_chance_makes_ids_and_secrets() -> None:
    allowed = {CHANCE, *CHANCE_TOO}
    assert [
        fault
        for path, tree in modules().items()
        if path not in allowed
        for fault in asks_for_chance(tree, path)
    ] == []


def test_only_actions_write() -> None:
    assert [
        fault for path, tree in modules().items() if not _may_write(path) for fault in writes(tree, path)
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime as D\nD.now()",
        "import datetime\ndatetime.datetime.utcnow()",
        "from django.utils import timezone\ndefault = timezone.now",
        "from time import time\ntime()",
        "made = models.DateTimeField(auto_now_add=True)",
    ],
)
def test_a_second_clock_is_seen(source: str) -> None:
    assert list(asks_for_time(parse(source), "x.py"))


@pytest.mark.parametrize(
    "source",
    [
        "import random\nrandom.random()",
        "from uuid import uuid4\nuuid4()",
        "import secrets as s\ns.token_hex()",
    ],
)
def test_a_second_source_of_chance_is_seen(source: str) -> None:
    assert list(asks_for_chance(parse(source), "x.py"))


@pytest.mark.parametrize(
    "source",
    [
        "from django.db import transaction\nwith transaction.atomic(): pass",
        "Case.objects.filter(state='closed').update(state='handled')",
        "Case.objects.create(number=1)",
        "case.save(update_fields=['state'])",
        "case.delete()",
        "cursor.execute('UPDATE cases_case SET state = %s', [x])",
    ],
)
def test_a_write_outside_actions_is_seen(source: str) -> None:
    assert list(writes(parse(source), "x.py"))


@pytest.mark.parametrize(
    "source",
    ["image.save(out, 'JPEG')", "{}.update(a=1)", "digest.update(b'x')", "cursor.execute('SELECT 1')"],
)
def test_what_only_looks_like_a_write_is_left_alone(source: str) -> None:
    assert not list(writes(parse(source), "x.py"))
