"""What access may ask about plans, rounds and visits: whether they lie in the area of the hat's post."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from gewu.domain.access.actor import Hat
from gewu.domain.access.table import Relation, register_relations
from gewu.domain.areas.queries import within


def register() -> None:
    """Hand the relations to the access table."""
    area = Relation(check=_covers, rows=_rows)
    register_relations("patrol", {"area": area})
    register_relations("visit", {"area": area})


def _covers(hat: Hat, row: Any) -> bool:
    return bool(row.area.path.startswith(hat.area_path))


def _rows(hat: Hat) -> Q:
    return within(hat.area_path, "area__path")
