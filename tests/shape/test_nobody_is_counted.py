"""Nobody is counted: nothing groups acts, times or places by person, and no table follows a person (rules.md 6).

Heuristics over the sources: a grouping (`annotate`, `aggregate`, `Counter`, GROUP BY, COUNT) that names a person or the
post somebody holds is refused. What must look so and does not count anybody is listed with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from gewu.domain.journal.facts import all_facts

GEWU = Path(__file__).resolve().parents[2] / "gewu"
PERSON = re.compile(
    r"\b(actor_id|actor|user_id|user|username|entered_by|holder_post(_id)?|done_by|asked_by|officer)\b"
)
GROUPING = {"annotate", "aggregate", "Count", "Sum", "Avg", "Max", "Min", "Counter", "groupby", "defaultdict"}
COUNTING_SQL = re.compile(r"group\s+by|count\s*\(", re.IGNORECASE)
TIME, POSITION = (
    (models.DateTimeField, models.DateField, models.TimeField),
    {"lon", "lat", "geometry", "position_at"},
)

# (file below gewu/, function): why it counts nobody.
ALLOWED = {
    ("cli/health/counts.py", "_persons"): "how many persons hold a post of each role; no act, time or place",
}


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted(GEWU.rglob("*.py")):
        if "migrations" in path.parts or "demo" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                yield str(path.relative_to(GEWU)), node


def counts_by_person(function: ast.FunctionDef) -> list[str]:
    """Groupings in this function that speak of a person."""
    found = []
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            words = " ".join(_words(node))
            if called in GROUPING and PERSON.search(words):
                found.append(f"{called}({words})")
            elif called in ("values", "values_list") and PERSON.search(words) and _is_counted(function, node):
                found.append(f"{called}({words}).{_is_counted(function, node)}")
        elif isinstance(node, ast.Constant) and _is_counting_sql(node.value):
            found.append(node.value[:80])
    return found


def _is_counting_sql(value: object) -> bool:
    return isinstance(value, str) and bool(COUNTING_SQL.search(value) and PERSON.search(value))


def _words(call: ast.Call) -> Iterator[str]:
    """What a grouping is told: strings, names and attributes of its arguments."""
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        for node in ast.walk(argument):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from re.split(r"\W+|__", node.value)
            elif isinstance(node, ast.Attribute):
                yield node.attr


def _is_counted(function: ast.FunctionDef, values: ast.Call) -> str:
    """`.values("user").annotate(...)`: what is called on the result."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.value is values and node.attr in GROUPING:
            return node.attr
    return ""


def test_nothing_groups_by_person() -> None:
    found = {
        (path, function.name): words
        for path, function in functions()
        if (words := counts_by_person(function)) and (path, function.name) not in ALLOWED
    }
    assert found == {}


def test_every_exception_still_stands() -> None:
    there = {(path, function.name) for path, function in functions() if counts_by_person(function)}
    assert set(ALLOWED) <= there


@pytest.mark.parametrize(
    "source",
    [
        "def f(): Entry.objects.values('actor_id').annotate(n=Count('id'))",
        "def f(): return Counter(entry.actor_id for entry in entries)",
        "def f(): cursor.execute('SELECT user_id, count(*) FROM journal_entry GROUP BY user_id')",
        "def f(): Case.objects.aggregate(late=Count('holder_post__appointments__user'))",
    ],
)
def test_counting_a_person_is_seen(source: str) -> None:
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert counts_by_person(function)


def test_no_table_has_person_time_and_position() -> None:
    for model in apps.get_models():
        if not model.__module__.startswith("gewu."):
            continue
        fields = model._meta.get_fields()
        names = {field.name for field in fields if isinstance(field, models.Field)}
        person = {name for name in names if PERSON.fullmatch(name)} | {
            field.name for field in fields if getattr(field, "related_model", None) and _is_person(field)
        }
        time = {field.name for field in fields if isinstance(field, TIME)}
        assert not (person - {"holder_post", "done_by"} and time and names & POSITION), model


def test_no_figure_has_a_person() -> None:
    for model in apps.get_app_config("figures").get_models():
        assert not {field.name for field in model._meta.get_fields() if PERSON.search(field.name)}, model


@pytest.mark.parametrize("name", ["round", "stop", "late", "finding", "done"])
def test_what_is_walked_has_neither_person_nor_time_of_day(name: str) -> None:
    """Place, date and result; a key made by the clock would tell the millisecond of what somebody did at a place."""
    model = apps.get_model("patrols", name)
    fields = [field for field in model._meta.get_fields() if isinstance(field, models.Field)]
    related = {field.related_model._meta.label for field in fields if field.related_model}
    assert not related & {"accounts.User", "people.Post", "people.Appointment"}
    assert not [field.name for field in fields if PERSON.fullmatch(field.name)]
    assert not [field.name for field in fields if isinstance(field, models.DateTimeField | models.TimeField)]
    made_at_the_place = name in (
        "late",
        "finding",
        "done",
    )  # rounds and stops are made beforehand, by the worker
    assert not made_at_the_place or model._meta.pk.get_default().version == 4


def test_entries_of_patrols_name_no_place() -> None:
    fields = {field for fact in all_facts() if fact.kind.startswith("patrol.") for field in fact.data_fields}
    assert not fields & {"place", "lon", "lat", "person", "by"}


def _is_person(field: models.Field) -> bool:
    return field.concrete and field.related_model._meta.label == "accounts.User"
