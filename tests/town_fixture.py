"""The fixture `town`: one town for all tests of a module, filled once; what a test does to it is rolled back.

A folder of tests takes it in its conftest: ``from tests.town_fixture import filled, town``.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests import town as cast

__all__ = ["filled", "town"]


@pytest.fixture(scope="module")
def filled(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    # Playwright's loop gives this thread another connection, so the browser must be there before the town is.
    if any(item.get_closest_marker("browser") for item in request.session.items if _is_of(item, request)):
        request.getfixturevalue("chromium")
    with django_db_blocker.unblock(), cast.rolled_back():
        cast.town()
        yield


@pytest.fixture
def town(filled: None, db: None) -> ModuleType:
    """The module tests.town, with the cast standing ready."""
    return cast


def _is_of(item: pytest.Item, request: pytest.FixtureRequest) -> bool:
    return item.path == request.path
