"""A statement is spelled for SQLite's driver once, and means the same each time."""

from __future__ import annotations

import pytest
from django.db import connection

from gewu.config.sqlite import base
from tests.services.environment import store

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(store() != "sqlite", reason="about SQLite"),
]


@pytest.mark.parametrize(
    ("text", "values", "found"),
    [
        ("SELECT %s, '50%%', '%%s'", [7], (7, "50%", "%s")),
        ("SELECT %(one)s, '50%%'", {"one": 7}, (7, "50%")),
        ("SELECT '50%%', '?'", [], ("50%", "?")),
        ("SELECT '50%%'", None, ("50%%",)),
    ],
)
def test_places_and_signs_mean_what_django_means(
    text: str, values: object, found: tuple[object, ...]
) -> None:
    with connection.cursor() as cursor:
        for _time in range(2):
            cursor.execute(text, values)  # type: ignore[arg-type]
            assert cursor.fetchone() == found


def test_a_text_that_comes_again_is_not_spelled_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s AS only_here", [1])
        before = base._spelled.cache_info()
        cursor.execute("SELECT %s AS only_here", [2])
        after = base._spelled.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)
