"""The OpenAPI 3.1 document, drawn from the endpoints and their types: nothing in it is written a second time."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from gewu.api.endpoint import ANYONE, ENDPOINTS, REPORTER, Endpoint
from gewu.api.errors import Problem

VERSION = "1"  # of the interface, not of the program
PREFIX = "/api/v1/"
REFERENCE = "#/components/schemas/{name}"


def document() -> dict[str, Any]:
    """The whole description."""
    types: set[Any] = {Problem}
    for row in ENDPOINTS:
        types |= {kind for kind in (row.body, row.answer) if _is_type(kind)}
    ordered = sorted(types, key=lambda kind: str(kind))
    _schemas, components = msgspec.json.schema_components(ordered, ref_template=REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Gewu", "version": VERSION, "license": {"name": "Apache-2.0"}},
        "paths": _paths(),
        "components": {"schemas": components, "securitySchemes": SECURITY},
    }


def _security(row: Endpoint) -> list[dict[str, list[str]]]:
    if row.guard == ANYONE:
        return []
    staff: list[dict[str, list[str]]] = [] if row.guard == REPORTER else [{"token": []}, {"session": []}]
    return staff + ([{"receipt": []}] if row.reporter or row.guard == REPORTER else [])


SECURITY = {
    "token": {"type": "http", "scheme": "bearer"},
    "receipt": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "Receipt NUMBER:SECRET, or Receipt PASS with the pass of POST receipts",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": "gewu_session"},
}


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for row in ENDPOINTS:
        paths.setdefault(PREFIX + _template(row.path), {})[row.method.lower()] = _operation(row)
    return paths


def _template(path: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)


def _operation(row: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": row.name,
        "summary": (row.function.__doc__ or "").strip().splitlines()[0],
        "x-guard": row.guard,
        "security": _security(row),
        "parameters": _parameters(row),
        "responses": {
            str(row.status): _success(row),
            "default": {
                "description": "Not done",
                "content": {"application/problem+json": {"schema": _schema(Problem)}},
            },
        },
    }
    if row.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _schema(row.body)}},
        }
    elif row.raw:
        operation["requestBody"] = {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}
    return operation


def _parameters(row: Endpoint) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<(?:\w+:)?(\w+)>", row.path)
    ]
    found += [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in row.query
    ]
    if row.keyed and not row.raw and not row.reads:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "format": "uuid"},
            }
        )
    return found


def _success(row: Endpoint) -> dict[str, Any]:
    if row.answer is None:
        return {"description": "Done"}
    if not _is_type(row.answer):
        return {"description": "Done", "content": {str(row.answer): {}}}
    return {"description": "Done", "content": {"application/json": {"schema": _schema(row.answer)}}}


def _schema(kind: Any) -> dict[str, Any]:
    (schema,), _components = msgspec.json.schema_components([kind], ref_template=REFERENCE)
    return schema


def _is_type(kind: Any) -> bool:
    return kind is not None and not isinstance(kind, str)
