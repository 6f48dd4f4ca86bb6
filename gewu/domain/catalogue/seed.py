"""The starting catalogue, read from the tables in `seed/`.

    classes.csv      code, part, a name in each language
    subclasses.csv   code, class, a name in each language
    conditions.csv   one row for each limit: what must be so, by when, who acts, what closes it
    tiles.csv        what a resident is offered first, each tile with the condition it files under
    unit_kinds.csv   the kinds of unit the column `units` names

Where a subclass has several limits its conditions end in a, b, c. `units` reads ``S=enforcement D=dept-urban``:
the kind of unit that acts from that level on. `sources` says of each value whether it comes from the `table` of a
city's standard, from `law`, or is `assumed`. `mapping` holds outside codes (``city:0110``) and titles (``title:...``).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from gewu.domain.names import LANGUAGES

FOLDER = Path(__file__).parent / "seed"
FLAGS = ("private", "rewarded", "emergency", "confidential", "notice_closing")


@dataclass(frozen=True)
class SeedClass:
    """A row of classes.csv."""

    code: str
    part: str
    names: dict[str, str]


@dataclass(frozen=True)
class SeedSubclass:
    """A row of subclasses.csv."""

    code: str
    parent: str
    names: dict[str, str]


@dataclass(frozen=True)
class SeedCondition:
    """A row of conditions.csv; its fields are those of the model."""

    code: str
    subclass: str
    names: dict[str, str]
    closing: dict[str, str]
    advice: dict[str, str]
    kind: str
    limit: str
    target: str
    level: str
    unit_rule: dict[str, str]
    private: bool
    rewarded: bool
    emergency: bool
    confidential: bool
    notice_closing: bool
    evidence: list[str]
    sources: dict[str, str]
    mapping: list[str]

    @property
    def digest(self) -> str:
        """Tells whether the seed says something else than it did."""
        return hashlib.sha256(msgspec.json.encode(asdict(self))).hexdigest()

    @property
    def values(self) -> dict[str, Any]:
        """What the model's row takes over; code and subclass are set beside it."""
        values = asdict(self)
        del values["code"], values["subclass"]
        return values


@dataclass(frozen=True)
class Tile:
    """A row of tiles.csv."""

    code: str
    names: dict[str, str]
    icon: str
    condition: str


@dataclass(frozen=True)
class SeedUnitKind:
    """A row of unit_kinds.csv."""

    code: str
    level: str
    names: dict[str, str]


@cache
def classes() -> tuple[SeedClass, ...]:
    return tuple(SeedClass(row["code"], row["part"], _names(row)) for row in _rows("classes.csv"))


@cache
def subclasses() -> tuple[SeedSubclass, ...]:
    return tuple(SeedSubclass(row["code"], row["class"], _names(row)) for row in _rows("subclasses.csv"))


@cache
def conditions() -> tuple[SeedCondition, ...]:
    return tuple(_condition(row) for row in _rows("conditions.csv"))


@cache
def tiles() -> tuple[Tile, ...]:
    rows = sorted(_rows("tiles.csv"), key=lambda row: int(row["rank"]))
    return tuple(Tile(row["code"], _names(row), row["icon"], row["condition"]) for row in rows)


@cache
def unit_kinds() -> tuple[SeedUnitKind, ...]:
    return tuple(SeedUnitKind(row["code"], row["level"], _names(row)) for row in _rows("unit_kinds.csv"))


@cache
def version() -> str:
    """A short name of the seed as a whole, for the journal."""
    together = "".join(condition.digest for condition in conditions())
    return hashlib.sha256(together.encode()).hexdigest()[:12]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def _names(row: dict[str, str], prefix: str = "") -> dict[str, str]:
    return {language: row[prefix + language] for language in LANGUAGES if row[prefix + language]}


def _pairs(cell: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in cell.split())


def _condition(row: dict[str, str]) -> SeedCondition:
    return SeedCondition(
        code=row["code"],
        subclass=row["subclass"],
        names=_names(row),
        closing=_names(row, "closing_"),
        advice=_names(row, "advice_"),
        kind=row["kind"],
        limit=row["limit"],
        target=row["target"],
        level=row["level"],
        unit_rule=_pairs(row["units"]),
        **{flag: row[flag] == "1" for flag in FLAGS},
        evidence=row["evidence"].split(),
        sources=_pairs(row["sources"]),
        mapping=row["mapping"].split(),
    )
