"""The description of the interface names every address, its types and who may come in; and so do the docs."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.urls import resolve

from gewu.api.endpoint import ANYONE, ENDPOINTS, REPORTER, SIGNED_IN, Endpoint
from gewu.api.openapi import document
from gewu.api.urls import urlpatterns  # noqa: F401 - registers the endpoints
from gewu.domain.access.table import GRANTS
from tests.api.caller import V1, Caller
from tests.api.test_hostile import address

DOCS = Path(__file__).resolve().parents[2] / "docs" / "api.md"
METHODS = {"get", "post", "delete"}


def test_anyone_can_read_the_description(api: Caller) -> None:
    answer = api.get("openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    found = answer.json()
    assert found["openapi"] == "3.1.0"
    assert "/api/v1/reports" in found["paths"]


def test_the_description_is_sound(town: Any) -> None:
    found = document()
    for name, schema in found["components"]["schemas"].items():
        whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        jsonschema_rs.meta.validate(whole)
        assert name.isidentifier(), name
    assert _references(found) <= set(found["components"]["schemas"])
    named = [one["operationId"] for path in found["paths"].values() for one in path.values()]
    assert len(named) == len(set(named))
    for path, operations in found["paths"].items():
        assert set(operations) <= METHODS
        for operation in operations.values():
            asked = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
            assert asked == set(re.findall(r"{(\w+)}", path)), path
            assert "default" in operation["responses"]


@pytest.mark.parametrize("row", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
def test_every_endpoint_has_summary_guard_and_types(town: Any, row: Endpoint) -> None:
    assert (row.function.__doc__ or "").strip(), "no summary"
    assert row.guard in {ANYONE, REPORTER, SIGNED_IN} | set(GRANTS), row.guard
    assert row.answer is not None
    assert row.body is None or not row.raw
    names = [name for name in inspect.signature(row.function).parameters if name != "call"]
    assert names == re.findall(r"<(?:\w+:)?(\w+)>", row.path)


@pytest.mark.parametrize("row", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
def test_every_address_leads_to_its_own_endpoint(row: Endpoint) -> None:
    match = resolve(V1 + address(row, "LT-2026-000001-5"))
    assert match.func.endpoints[row.method] is row  # type: ignore[attr-defined]


@pytest.mark.parametrize("row", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
def test_the_docs_name_every_address(row: Endpoint) -> None:
    assert f"`{_shown(row)}`" in DOCS.read_text()


def test_the_docs_name_nothing_else() -> None:
    there = {_shown(row) for row in ENDPOINTS}
    named = set(re.findall(r"`((?:GET|POST|DELETE) [^`?]+)`", DOCS.read_text()))
    assert named <= there, named - there


def _shown(row: Endpoint) -> str:
    """`GET cases/{number}`, as docs and description write it."""
    return f"{row.method} " + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", row.path)


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"].rsplit("/", 1)[1]} if "$ref" in node else set()
        return own.union(*(_references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_references(value) for value in node))
    return set()
