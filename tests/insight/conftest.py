"""A district with two communities of two grids each."""

from __future__ import annotations

import pytest

from gewu.domain.areas.models import Area
from tests.people import cast
from tests.place.builders import opened


@pytest.fixture
def areas(db: None) -> dict[str, Area]:
    opened()
    return cast.areas()
