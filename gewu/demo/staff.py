"""Seats of the model place and the invented people who hold them (rules.md section 7 fixes the counts).

216 lead seats and 206 leads: ten hold two neighbouring grids of one community, by two appointments. 524 workers, 109
of them full time, one to four in a grid. Leads and workers are different persons. Beside them stand all other roles,
with the three identity officers in three different units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import shapely

from gewu.demo import names
from gewu.demo.parts import Draws, TownAppointment, TownArea, TownPerson, TownPost, TownUnit
from gewu.demo.units import (
    COMMAND,
    DEPARTMENTS,
    ENFORCEMENT,
    GRID_CENTRE,
    OFFICES,
    department_code,
    office_code,
)

LEADS, DOUBLE_LEADS = 206, 10
WORKERS, FULL_TIME_WORKERS = 524, 109
_WORKERS_IN_GRID = {1: 16, 2: 108, 3: 76, 4: 16}  # workers -> grids with so many
_ADVISERS = 10
_TITLES = {
    "contact": ("联络员", "Contact"),
    "worker": ("网格员", "Grid worker"),
    "lead": ("网格长", "Grid lead"),
    "director": ("网格中心主任", "Grid centre director"),
    "adviser": ("指导员", "Adviser"),
    "intake": ("受理员", "Intake clerk"),
    "dispatcher": ("派遣员", "Dispatcher"),
    "duty_lead": ("值班长", "Duty lead"),
    "handler": ("处置员", "Handler"),
    "unit_head": ("负责人", "Head"),
    "evaluator": ("考核员", "Evaluator"),
    "supervisor": ("监督员", "Supervisor"),
    "privacy_officer": ("个人信息保护负责人", "Privacy officer"),
    "identity_officer": ("身份保管员", "Identity officer"),
    "administrator": ("系统管理员", "Administrator"),
}
# What stands on the subdistrict's and the district's desks: unit, role, number.
_DESKS: tuple[tuple[str, str, int], ...] = (
    (GRID_CENTRE, "intake", 3),
    (GRID_CENTRE, "dispatcher", 2),
    (GRID_CENTRE, "duty_lead", 3),
    (GRID_CENTRE, "unit_head", 1),
    (ENFORCEMENT, "handler", 12),
    (ENFORCEMENT, "unit_head", 1),
    *(
        (office_code(office), role, 1)
        for office, _kind, _name, _english in OFFICES
        for role in ("unit_head", "handler")
    ),
    (office_code("general"), "administrator", 2),
    (office_code("general"), "evaluator", 2),
    (office_code("discipline"), "supervisor", 1),
    (office_code("justice"), "privacy_officer", 1),
    (office_code("justice"), "identity_officer", 1),
    (office_code("social"), "identity_officer", 1),
    (office_code("party_affairs"), "identity_officer", 1),
    (COMMAND, "intake", 1),
    (COMMAND, "dispatcher", 2),
    (COMMAND, "duty_lead", 1),
    (COMMAND, "evaluator", 1),
    (COMMAND, "supervisor", 1),
    *((department_code(kind), "unit_head", 1) for kind, _name, _english in DEPARTMENTS),
    *((department_code(kind), "handler", 2) for kind, _name, _english in DEPARTMENTS),
)


@dataclass
class Roster:
    """Grows while the seats are filled; user names count up within a role."""

    names: Iterator[str]
    posts: list[TownPost] = field(default_factory=list)
    people: list[TownPerson] = field(default_factory=list)
    appointments: list[TownAppointment] = field(default_factory=list)
    _seats: Counter[tuple[str, str]] = field(default_factory=Counter)
    _people: Counter[str] = field(default_factory=Counter)

    def person(self, role: str) -> str:
        self._people[role] += 1
        username = f"{role}{self._people[role]:03d}"
        self.people.append(TownPerson(username, next(self.names)))
        return username

    def seat(self, role: str, *, level: str, area: TownArea, unit: TownUnit | None = None) -> str:
        at = unit.code if unit else area.code
        self._seats[role, at] += 1
        code = f"{role}-{at}-{self._seats[role, at]}"
        place, (title, english) = unit or area, _TITLES[role]
        called = (f"{place.name}{title}", f"{english}, {place.name_en}")
        self.posts.append(TownPost(code, role, level, area.code, unit.code if unit else None, *called))
        return code

    def appoint(self, post: str, person: str, *, full_time: bool = True) -> None:
        self.appointments.append(TownAppointment(post, person, full_time))


def fill(
    rng: Draws,
    *,
    areas: Mapping[str, TownArea],
    communities: Sequence[TownArea],
    grids: Mapping[str, Sequence[TownArea]],
    units: Sequence[TownUnit],
    households: Mapping[str, int],
    pilots: Mapping[str, str],
) -> Roster:
    """All seats and their holders; `grids` by community, `households` by grid."""
    roster = Roster(names.people(rng))
    by_code = {unit.code: unit for unit in units}
    for community in communities:
        director = roster.seat("director", level="V", area=community, unit=by_code[f"V-{community.code}"])
        roster.appoint(director, roster.person("director"))
    _leads(rng, roster, grids)
    _workers(rng, roster, [grid for community in communities for grid in grids[community.code]], households)
    for unit in units:
        if unit.kind in ("committee", "property"):
            roster.appoint(
                roster.seat("handler", level="V", area=areas[unit.area], unit=unit), roster.person("handler")
            )
    _advisers(roster, communities, by_code[GRID_CENTRE])
    for code, role, number in _DESKS:
        unit = by_code[code]
        for _seat in range(number):
            post = roster.seat(role, level=unit.level, area=areas[unit.area], unit=unit)
            roster.appoint(post, roster.person(role))
    for pilot in pilots.values():
        for grid in grids[pilot]:
            # A resident who speaks for a building; gives a few hours.
            roster.appoint(
                roster.seat("contact", level="G", area=grid), roster.person("contact"), full_time=False
            )
    return roster


def _leads(rng: Draws, roster: Roster, grids: Mapping[str, Sequence[TownArea]]) -> None:
    shared = {}
    for community in sorted(rng.sample(sorted(grids), DOUBLE_LEADS)):
        first, second = rng.choice(_neighbours(grids[community]))
        shared[second.code] = first.code
    holder: dict[str, str] = {}
    for of_community in grids.values():
        for grid in of_community:
            if grid.code not in shared:
                holder[grid.code] = roster.person("lead")
    for of_community in grids.values():
        for grid in of_community:
            post = roster.seat("lead", level="G", area=grid)
            roster.appoint(post, holder[shared.get(grid.code, grid.code)])


def _neighbours(grids: Sequence[TownArea]) -> list[tuple[TownArea, TownArea]]:
    """Pairs with a common stretch of border, not only a corner."""
    return [
        (first, second)
        for place, first in enumerate(grids)
        for second in grids[place + 1 :]
        if shapely.intersection(first.geometry, second.geometry).length > 0
    ]


def _workers(rng: Draws, roster: Roster, grids: Sequence[TownArea], households: Mapping[str, int]) -> None:
    """More workers where more households are, with some chance in it."""
    by_need = sorted(grids, key=lambda grid: (households[grid.code] * rng.uniform(0.7, 1.3), grid.code))
    numbers = [number for number, of_grids in _WORKERS_IN_GRID.items() for _grid in range(of_grids)]
    needed = {grid.code: number for grid, number in zip(by_need, numbers, strict=True)}
    full_time_in = set(rng.sample([grid.code for grid in grids], FULL_TIME_WORKERS))
    for grid in grids:
        for number in range(needed[grid.code]):
            post = roster.seat("worker", level="G", area=grid)
            full_time = number == 0 and grid.code in full_time_in
            roster.appoint(post, roster.person("worker"), full_time=full_time)


def _advisers(roster: Roster, communities: Sequence[TownArea], unit: TownUnit) -> None:
    """Each adviser looks after some communities, one seat for each."""
    people = [roster.person("adviser") for _adviser in range(_ADVISERS)]
    for place, community in enumerate(communities):
        post = roster.seat("adviser", level="S", area=community, unit=unit)
        roster.appoint(post, people[place * _ADVISERS // len(communities)])
