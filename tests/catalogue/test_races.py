"""Two administrators at the same moment."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from gewu.core.errors import GewuError
from gewu.domain.access.actor import SYSTEM
from gewu.domain.catalogue import actions, queries
from gewu.domain.journal.models import Entry
from tests.place.builders import ADMINISTRATOR
from tests.services.time import START

NOW = START + timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_at_the_same_moment_one_wins() -> None:
    actions.load_seed(now=START, actor=SYSTEM)
    start = Barrier(2)
    results: list[str] = []

    def press(limit: str) -> None:
        try:
            start.wait()
            changed = actions.change_condition(
                "0110", {"limit": limit}, expected_version=1, actor=ADMINISTRATOR, now=NOW
            )
            results.append(changed.limit)
        except GewuError as refused:
            results.append(refused.code)
        finally:
            connection.close()

    pressing = [Thread(target=press, args=(limit,)) for limit in ("W2h", "W8h")]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join()

    current = queries.condition("0110")
    assert current is not None
    assert sorted(results) == sorted(["condition_changed", current.limit])
    assert [row.version for row in queries.versions("0110")] == [2, 1]
    assert Entry.objects.filter(kind="condition.changed").count() == 1
