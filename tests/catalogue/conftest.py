"""The starting catalogue, loaded once for all tests of a module; what a test does to it is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gewu.domain.access.actor import SYSTEM
from gewu.domain.catalogue import actions
from tests.services.time import START
from tests.town import rolled_back


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[actions.Loaded]:
    with django_db_blocker.unblock(), rolled_back():
        yield actions.load_seed(now=START, actor=SYSTEM)


@pytest.fixture
def catalogue(loaded: actions.Loaded, db: None) -> actions.Loaded:
    return loaded
