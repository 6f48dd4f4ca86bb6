"""Calls generated from the description itself: whatever fits it, or nearly fits it, is answered without breaking,
and what is wrong is named where it stands in the body."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings

from gewu.api.endpoint import ENDPOINTS
from gewu.api.openapi import document
from gewu.api.urls import urlpatterns  # noqa: F401 - registers the endpoints
from tests.access.matrix import signed_in, undone
from tests.api.pointers import untrue

pytestmark = pytest.mark.one_store  # test_hostile.py sends both stores what a store could stumble over

EXAMPLES = 6
SCHEMA = schemathesis.openapi.from_dict(document())
BODIES = {row.name: row.body for row in ENDPOINTS if row.body}
OPERATIONS = [one.ok() for one in SCHEMA.get_all_operations()]
# The first of these whom an operation's guard lets in calls it.
WHO = ("administrator", "duty_lead", "supervisor", "privacy_officer", "identity_officer_1", "intake")


@pytest.fixture(scope="module")
def clients(filled: None, django_db_blocker: Any) -> list[Client]:
    with django_db_blocker.unblock():
        return [Client(), *(signed_in(name) for name in WHO)]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_no_generated_call_breaks(operation: Any, clients: list[Client], clock: Any, db: None) -> None:
    @seed(20260310)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def calls(case: Any) -> None:
        asked = case.as_transport_kwargs(base_url="http://testserver")
        path = asked["url"].removeprefix("http://testserver")
        body, kind = _body(asked)
        for client in clients:
            with undone():
                answer = client.generic(
                    operation.method.upper(), path, body, kind, query_params=asked.get("params") or {}
                )
            assert answer.status_code < 500, (path, body[:200], answer.content[:300])
            if answer.status_code == 422:
                wrong = untrue(answer.json(), BODIES.get(operation.definition.raw["operationId"]))
                assert not wrong, (path, body[:200], wrong)
            if answer.status_code not in (401, 403):
                break

    calls()


def _body(asked: dict[str, Any]) -> tuple[bytes, str]:
    import json

    if "json" in asked:
        return json.dumps(asked["json"]).encode(), "application/json"
    data = asked.get("data") or b""
    return data if isinstance(data, bytes) else str(data).encode(
        "utf-8", "replace"
    ), "application/octet-stream"
