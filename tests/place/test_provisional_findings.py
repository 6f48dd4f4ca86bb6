"""Doctor and administrator hear of unpublished days 60 days before they begin."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gewu.domain.place import actions, queries
from tests.place.builders import ADMINISTRATOR, off, opened

pytestmark = pytest.mark.django_db

FIRST = date(2028, 1, 1)  # 2027 is published below; of 2028 nothing is known


@pytest.fixture(autouse=True)
def published() -> None:
    now = datetime(2026, 3, 10, tzinfo=UTC)
    opened(now=now)
    actions.set_calendar_days(off(date(2027, 1, 1)), publish=2027, actor=ADMINISTRATOR, now=now)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (datetime(2027, 11, 1, 12, tzinfo=UTC), None),  # 61 days before
        (datetime(2027, 11, 2, 1, tzinfo=UTC), 60),
        (datetime(2027, 12, 31, 1, tzinfo=UTC), 1),
        (datetime(2027, 12, 31, 17, tzinfo=UTC), 0),  # already 2028 in Shanghai
    ],
)
def test_the_finding_appears_sixty_days_before(today: datetime, left: int | None) -> None:
    found = queries.provisional_findings(now=today)

    assert [(finding.code, finding.day, finding.days_left) for finding in found] == (
        [] if left is None else [("calendar_provisional", FIRST, left)]
    )


def test_the_sentence_names_the_day() -> None:
    [finding] = queries.provisional_findings(now=datetime(2027, 12, 1, tzinfo=UTC))
    assert "2028-01-01" in str(finding.message)
