"""What access may ask about a place: whether it lies in the area of the hat's post."""

from __future__ import annotations

from django.db.models import Q

from gewu.domain.access.actor import Hat
from gewu.domain.access.table import Relation, register_relations
from gewu.domain.areas.queries import within
from gewu.domain.places.models import Place


def register() -> None:
    """Hand the relations to the access table."""
    register_relations("place", {"area": Relation(check=_covers, rows=_rows)})


def _covers(hat: Hat, place: Place) -> bool:
    return place.area.path.startswith(hat.area_path)


def _rows(hat: Hat) -> Q:
    return within(hat.area_path, "area__path")
