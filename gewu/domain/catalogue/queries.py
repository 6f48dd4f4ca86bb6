"""The catalogue as it stands, and as it stood: by code, by words, as a tree, and for the first page of a report.

The catalogue has a few hundred conditions. Lists read all current ones in one query and sort them out in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gewu.core.errors import Broken, NotFound
from gewu.core.levels import LADDER
from gewu.domain.catalogue import rules, seed
from gewu.domain.catalogue.models import Condition
from gewu.domain.names import LANGUAGES, in_language
from gewu.domain.statements import Written

_WHICH_ROW = Written(
    "SELECT id, version, valid_from FROM catalogue_condition WHERE code = %s AND valid_to IS NULL"
)
TITLE = "title:"  # before an outside title in `mapping`


@dataclass(frozen=True)
class ConditionNode:
    """A leaf of the tree."""

    code: str
    name: str
    closing: str
    condition: Condition


@dataclass(frozen=True)
class SubclassNode:
    """A subclass with its current conditions."""

    code: str
    name: str
    conditions: tuple[ConditionNode, ...]


@dataclass(frozen=True)
class ClassNode:
    """A class with its subclasses that have current conditions."""

    code: str
    part: str
    name: str
    subclasses: tuple[SubclassNode, ...]


@dataclass(frozen=True)
class TileView:
    """What a resident is offered first, and the condition behind it."""

    code: str
    name: str
    icon: str
    condition: Condition


def current(kind: str | None = "case") -> list[Condition]:
    """The conditions new cases take, in the order of lists; `kind` None: those of every kind."""
    return sorted(_current(kind), key=_place)


def condition(code: str, at: datetime | None = None) -> Condition | None:
    """The condition of this code as it stands, or stood `at` a time. A subclass's code means its first condition."""
    found = _as_it_stands(code) if at is None else _valid(at).filter(code=code).first()
    if found is None:
        found = _valid(at).filter(subclass__code=code).order_by("code").first()
    return found


def _as_it_stands(code: str) -> Condition | None:
    """Asked for with every report: which row it is, in plain SQL; the row itself never changes and is kept."""
    with connection.cursor() as cursor:
        cursor.execute(_WHICH_ROW, [code])
        key = cursor.fetchone()
    if key is None:
        return None
    key = (code, *map(str, key))
    known = _kept.get(key)
    if known is None and (known := _valid(None).filter(code=code).first()):
        if len(_kept) >= _KEPT_MOST:
            _kept.clear()
        _kept[key] = known
    return known


_KEPT_MOST = 1000  # several times the conditions of a catalogue
_kept: dict[tuple[str, ...], Condition] = {}


def by_id(condition_id: UUID) -> Condition:
    """One row in its version, current or not."""
    found = _rows().filter(pk=condition_id).first()
    if found is None:
        raise NotFound(_("This category is not in the catalogue."))
    return found


def content_of(condition_id: UUID) -> Condition:
    """One row for what it says, which never changes: kept in memory, since every act on a case asks for it. Whether it
    is still the current one (`valid_to`) must be asked of the store."""
    known = _contents.get(condition_id)
    if known is None:
        if len(_contents) >= _KEPT_MOST:
            _contents.clear()
        known = _contents[condition_id] = by_id(condition_id)
    return known


_contents: dict[UUID, Condition] = {}


def versions(code: str) -> list[Condition]:
    """All versions of a condition, newest first."""
    return list(_rows().filter(code=code).order_by("-version"))


def unsorted_condition() -> Condition:
    """The condition of a matter nobody could name yet."""
    found = condition(rules.NEUTRAL)
    if found is None:
        raise Broken("The catalogue is empty. Run: gewu catalogue load", code="catalogue_empty")
    return found


def tree(lang: str | None = None, *, kind: str | None = "case") -> list[ClassNode]:
    """Class > subclass > condition, in the order of codes, named in `lang`."""
    classes: dict[str, dict[str, list[Condition]]] = {}
    for row in current(kind):
        classes.setdefault(row.subclass.parent.code, {}).setdefault(row.subclass.code, []).append(row)
    return [_class_node(list(subclasses.values()), lang) for subclasses in classes.values()]


def search(
    words: str, lang: str | None = None, *, kind: str | None = "case", limit: int = 20
) -> list[Condition]:
    """Conditions in which every word occurs, in any language, in names or codes; hits in the subclass come first."""
    wanted = [rules.plain(word) for word in words.split()]
    if not wanted:
        return []
    scored = []
    for row in current(kind):
        head = [*map(rules.plain, row.subclass.names.values()), row.code.casefold(), *_titles(row)]
        body = [*head, *map(rules.plain, row.names.values())]
        if all(any(word in text for text in body) for word in wanted):
            in_head = sum(any(word in text for text in head) for word in wanted)
            scored.append((-in_head, _place(row), row))
    scored.sort(key=lambda hit: hit[:2])
    return [row for _score, _code, row in scored[:limit]]


def match(text: str, *, titles: Mapping[str, Condition] | None = None) -> Condition | None:
    """The condition an outside title means, by exact name only: a guess would be counted as somebody's decision.

    An import asks for many rows and hands over `title_table()`, read once.
    """
    return (title_table() if titles is None else titles).get(rules.plain(text))


def title_table() -> dict[str, Condition]:
    """Every title that means one condition.

    A label of subclass and condition goes before an outside title, and that before a subclass's name, which means the
    first condition of the subclass. A title that fits two subclasses fits none.
    """
    rows = current()
    labels = _unique((rules.plain(rules.label(row, lang)), row) for row in rows for lang in LANGUAGES)
    titles = _unique((title, row) for row in rows for title in _titles(row))
    names = _unique((rules.plain(name), row) for row in rows for name in row.subclass.names.values())
    return names | titles | labels


def _unique(pairs: Iterable[tuple[str, Condition]]) -> dict[str, Condition]:
    """The first condition for each title, where all its conditions are of one subclass. Pairs come in list order."""
    found: dict[str, Condition] = {}
    unclear: set[str] = set()
    for title, row in pairs:
        first = found.setdefault(title, row)
        if first.subclass_id != row.subclass_id:
            unclear.add(title)
    return {title: row for title, row in found.items() if title and title not in unclear}


def match_code(system: str, code: str) -> Condition | None:
    """The condition an outside code means: the first whose `mapping` names it."""
    hits = [row for row in current() if f"{system}:{code}" in row.mapping]
    return min(hits, key=_place, default=None)


def tiles(lang: str | None = None) -> list[TileView]:
    """The tiles of the report page. A tile whose condition was retired files as "other matter"."""
    known = {row.code: row for row in current()}
    fallback = known.get(rules.NEUTRAL)
    views = []
    for tile in seed.tiles():
        row = known.get(tile.condition, fallback)
        if row is not None:
            views.append(TileView(tile.code, in_language(tile.names, lang), tile.icon, row))
    return views


def level_counts() -> dict[str, int]:
    """How many current conditions start on each level, for doctor."""
    counted = Counter(_current("case").values_list("level", flat=True))
    return {level: counted[level] for level in LADDER}


def assumed_counts() -> dict[str, int]:
    """Of how many current conditions each field's value is only assumed, for doctor and the administrator."""
    counted: Counter[str] = Counter()
    for row in current(None):
        counted.update(rules.is_assumed(row))
    return dict(sorted(counted.items()))


def _rows() -> QuerySet[Condition]:
    return Condition.objects.select_related("subclass__parent")


def _current(kind: str | None) -> QuerySet[Condition]:
    rows = _rows().filter(valid_to__isnull=True)
    return rows if kind is None else rows.filter(kind=kind)


def _valid(at: datetime | None) -> QuerySet[Condition]:
    if at is None:
        return _rows().filter(valid_to__isnull=True)
    return _rows().filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), valid_from__lte=at)


def _place(row: Condition) -> tuple[int, str, str]:
    """Where a condition stands in lists: events, components, services, then codes. Made here, because stores collate
    differently."""
    return _PARTS.get(row.subclass.parent.part, len(_PARTS)), row.subclass.code, row.code


_PARTS = {"events": 0, "components": 1, "services": 2}


def _titles(row: Condition) -> Iterable[str]:
    return [rules.plain(item.removeprefix(TITLE)) for item in row.mapping if item.startswith(TITLE)]


def _class_node(subclasses: list[list[Condition]], lang: str | None) -> ClassNode:
    owner = subclasses[0][0].subclass.parent
    nodes = tuple(_subclass_node(rows, lang) for rows in subclasses)
    return ClassNode(owner.code, owner.part, in_language(owner.names, lang), nodes)


def _subclass_node(rows: list[Condition], lang: str | None) -> SubclassNode:
    owner = rows[0].subclass
    leaves = tuple(
        ConditionNode(row.code, rules.condition_text(row, lang), rules.closing_text(row, lang), row)
        for row in rows
    )
    return SubclassNode(owner.code, in_language(owner.names, lang), leaves)
