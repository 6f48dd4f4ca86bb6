"""What the model place consists of: plain data, in the words of the domain, for whoever writes it into a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from shapely.geometry.base import BaseGeometry

T = TypeVar("T")


class Draws(Protocol):
    """The generator everything is drawn from; core/chance.py hands it out."""

    def random(self) -> float: ...
    def uniform(self, a: float, b: float) -> float: ...
    def choice(self, seq: Sequence[T]) -> T: ...
    def sample(self, population: Sequence[T], k: int) -> list[T]: ...


@dataclass(frozen=True)
class TownArea:
    """A node of the tree with its border. `note` says on pages that code and border are a model."""

    code: str
    level: str  # district subdistrict community grid
    kind: str  # district subdistrict village committee grid
    name: str
    name_en: str
    parent: str | None
    geometry: BaseGeometry
    note: str = "model, not official"


@dataclass(frozen=True)
class TownPlace:
    """Where people live, or what stands in the town: counts and details, no persons."""

    code: str
    kind: str  # of domain/places/kinds.py
    name: str
    grid: str
    lon: float
    lat: float
    households: int
    residents: int
    keeper: str = ""  # code of a unit
    attributes: dict[str, object] = field(default_factory=dict)
    is_active: bool = True
    name_en: str = ""


@dataclass(frozen=True)
class TownUnitKind:
    """A kind of unit and the level such units usually stand on."""

    code: str
    name: str
    name_en: str
    level: str


@dataclass(frozen=True)
class TownUnit:
    """An organisation. `covers`: codes of areas it serves besides the one it belongs to."""

    code: str
    kind: str
    level: str
    name: str
    name_en: str
    area: str
    parent: str | None = None
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class TownPost:
    """One seat."""

    code: str
    role: str
    level: str
    area: str
    unit: str | None
    title: str
    title_en: str


@dataclass(frozen=True)
class TownPerson:
    """An invented person; the user name says nothing about them."""

    username: str
    name: str


@dataclass(frozen=True)
class TownAppointment:
    """Who holds which seat."""

    post: str
    person: str
    full_time: bool = True


@dataclass(frozen=True)
class Town:
    """Everything, in the order in which it can be written: parents first."""

    seed: int
    areas: tuple[TownArea, ...]
    places: tuple[TownPlace, ...]
    unit_kinds: tuple[TownUnitKind, ...]
    units: tuple[TownUnit, ...]
    posts: tuple[TownPost, ...]
    people: tuple[TownPerson, ...]
    appointments: tuple[TownAppointment, ...]
    pilots: dict[str, str]  # xiqiao tangyuan zhongtian -> code of the community

    def of_level(self, level: str) -> list[TownArea]:
        return [area for area in self.areas if area.level == level]

    def grids_of(self, community: str) -> list[TownArea]:
        return [area for area in self.areas if area.parent == community and area.level == "grid"]
