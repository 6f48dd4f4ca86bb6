"""What the groups of a table are called, and in which order they stand: by code, never by value."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from gewu.core.levels import LADDER
from gewu.domain.areas.models import Area
from gewu.domain.areas.queries import within
from gewu.domain.cases.workflow import LEVELS
from gewu.domain.catalogue import rules as catalogue
from gewu.domain.catalogue.models import Condition
from gewu.domain.figures.actions import SEGMENT
from gewu.domain.names import called
from gewu.domain.people.models import Unit


@dataclass(frozen=True)
class Label:
    """A group: the key by which figures know it, its code, and its name in the language in force."""

    key: str
    code: str
    name: str


def labels_of(path: str, by: str, groups: Collection[str]) -> list[Label]:
    """All areas below and all levels, also those in which nothing happened; units and categories that occur; days."""
    if by == "area":
        return _areas(path)
    if by == "unit":
        return _units(groups)
    if by == "category":
        return _categories(groups)
    if by == "level":
        return [Label(level, level, str(LEVELS[level])) for level in LADDER]
    return [Label(day, day, day) for day in sorted(groups)]


def _areas(path: str) -> list[Label]:
    below = Area.objects.filter(within(path), parent__path=path) if path else Area.objects.filter(parent=None)
    rows = below.filter(valid_to=None).order_by("code").values_list("path", "code", "name", "names")
    depth = len(path) + SEGMENT
    return [Label(one, code, called(name, names)) for one, code, name, names in rows if len(one) == depth]


def _units(groups: Collection[str]) -> list[Label]:
    ids = [UUID(group) for group in groups if group]
    rows = Unit.objects.filter(id__in=ids).order_by("code").values_list("id", "code", "name", "names")
    return [Label(key.hex, code, called(name, names)) for key, code, name, names in rows]


def _categories(groups: Collection[str]) -> list[Label]:
    found = (
        Condition.objects.filter(code__in=list(groups)).select_related("subclass").order_by("code", "version")
    )
    newest = {condition.code: condition for condition in found}
    return [Label(code, code, catalogue.label(newest[code])) for code in sorted(newest)]
