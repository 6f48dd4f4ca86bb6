"""The starting catalogue, loaded."""

from __future__ import annotations

import pytest

from gewu.domain.access.actor import SYSTEM
from gewu.domain.catalogue import actions
from tests.services.time import START


@pytest.fixture
def catalogue(db: None) -> actions.Loaded:
    return actions.load_seed(now=START, actor=SYSTEM)
