"""The installation that a city's service requests are played in: calendar, areas, posts, departments, categories.

The city is the district and has one subdistrict, a ward is a community, a precinct a grid with one lead and one worker:
enough to run, and nobody verifies their own work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from shapely.geometry import shape as read_shape

from gewu.domain.access.actor import SYSTEM
from gewu.domain.areas import actions as areas
from gewu.domain.areas import rules
from gewu.domain.areas.rules import Node, Shape
from gewu.domain.catalogue import actions as catalogue
from gewu.domain.people.actions.setup import set_up
from gewu.domain.people.batch import AppointmentInput, PersonInput, PostInput, UnitInput
from gewu.domain.place import actions as place
from gewu.domain.place.rules import DayInput
from gewu.domain.privacy import retention

CITY, CENTRE = "CITY", "CITY-1"
ZONE = "America/New_York"
YEAR = 2011
HOLIDAYS = (
    (1, 17), (2, 21), (3, 17), (4, 18), (5, 30), (6, 17), (7, 4), (9, 5), (10, 10), (11, 11), (11, 24), (12, 26),
)  # fmt: skip
CLASS = "99"  # of the starting catalogue: other matters
# A department of the city stands under the kind of unit that the starting catalogue has for such matters.
KINDS = (
    "dept-housing", "dept-letters", "dept-land", "dept-civil", "dept-urban", "dept-transport", "dept-water",
    "dept-health", "dept-market", "dept-police",
)  # fmt: skip
ACCEPTED = Path(__file__).with_name("boston_accepted.txt")


def build(precincts: Path, requests: Iterable[Any], *, now: datetime) -> dict[str, str]:
    """Everything but the cases. Gives the code of the filing condition for each type."""
    place.open_installation(
        code=CITY, name="City", prefix="BO", zone=ZONE, national="", is_model=True, actor=SYSTEM, now=now
    )
    days = [DayInput(date(YEAR, month, day), False, "") for month, day in HOLIDAYS]
    place.set_calendar_days(days, publish=YEAR, source="replay", actor=SYSTEM, now=now)
    shapes = tree(precincts)
    imported = areas.import_shapes(shapes, accept=_accepted(precincts), actor=SYSTEM, now=now)
    if imported.version is not None:
        areas.put_into_force(imported.version, actor=SYSTEM, now=now)
    catalogue.load_seed(now=now, actor=SYSTEM)
    requests = list(requests)
    kind_of = _departments(sorted({one.subject for one in requests}))
    _people(shapes, kind_of, now)
    retention.set_up()
    return _conditions(requests, kind_of, now)


def tree(precincts: Path) -> list[Shape]:
    """The areas from the precincts alone: wards, the subdistrict and the city are what they cover."""
    features = msgspec.json.decode(precincts.read_bytes())["features"]
    leaves = [
        Shape(
            code=feature["properties"]["precinct"],
            level="grid",
            parent=ward(feature["properties"]["precinct"]),
            geometry=read_shape(feature["geometry"]),
            name=f"Precinct {feature['properties']['precinct']}",
            kind="grid",
        )
        for feature in features
    ]
    wards = sorted({leaf.parent for leaf in leaves if leaf.parent})
    above = [
        Node(CITY, "district", None, "City", "district"),
        Node(CENTRE, "subdistrict", CITY, "City services", "subdistrict"),
        *(Node(code, "community", CENTRE, f"Ward {code[1:]}", "committee") for code in wards),
    ]
    return rules.build_tree_from_leaves(leaves, above)


def _accepted(precincts: Path) -> list[str]:
    """The known faults of the city's map, and those named in a file beside another map."""
    own = precincts.with_suffix(".accepted.txt")
    files = [ACCEPTED, *([own] if own.exists() else [])]
    return [name for file in files for name in rules.read_accept_list(file.read_text(encoding="utf-8"))]


def ward(precinct: str) -> str:
    """The code of a precinct's ward: its first two digits."""
    return f"W{precinct[:2]}"


def _departments(subjects: list[str]) -> dict[str, str]:
    return {subject: KINDS[number % len(KINDS)] for number, subject in enumerate(subjects)}


def _people(shapes: list[Shape], kind_of: Mapping[str, str], now: datetime) -> None:
    wards = [shape.code for shape in shapes if shape.level == "community"]
    grids = [shape.code for shape in shapes if shape.level == "grid"]
    units = [
        UnitInput("S-CENTRE", "grid-centre", "S", "Centre", area=CENTRE),
        UnitInput("S-TEAM", "enforcement", "S", "Team", area=CENTRE),
        UnitInput("D-COMMAND", "district_centre", "D", "Command", area=CITY),
        *(UnitInput(f"D-{kind}", kind, "D", name, area=CITY) for name, kind in kind_of.items()),
        *(UnitInput(f"V-{code}", "committee", "V", f"Committee {code}", area=code) for code in wards),
    ]
    desks = [
        *((f"dispatcher-{n}", "dispatcher", CENTRE, "S-CENTRE", "S") for n in (1, 2)),
        ("intake-1", "intake", CENTRE, "S-CENTRE", "S"),
        ("duty-1", "duty_lead", CENTRE, "S-CENTRE", "S"),
        ("team-1", "handler", CENTRE, "S-TEAM", "S"),
        ("dispatcher-D", "dispatcher", CITY, "D-COMMAND", "D"),
        *((f"handler-{kind}", "handler", CITY, f"D-{kind}", "D") for kind in kind_of.values()),
        *((f"director-{code}", "director", code, f"V-{code}", "V") for code in wards),
        *((f"handler-{code}", "handler", code, f"V-{code}", "V") for code in wards),
    ]
    posts = [PostInput(code, role, area, code, unit, level) for code, role, area, unit, level in desks]
    held = [(code, f"p-{code}".lower()) for code, *_rest in desks]
    for code in grids:
        for role in ("lead", "worker"):
            posts.append(PostInput(f"{role}-{code}", role, code, f"{role} {code}", None, "G"))
            held.append((f"{role}-{code}", f"p-{role}-{code}".lower()))
    set_up(
        units=units,
        posts=posts,
        people=[PersonInput(person, person) for _post, person in held],
        appointments=[AppointmentInput(post, person, date(YEAR, 1, 1)) for post, person in held],
        actor=SYSTEM,
        now=now,
    )


def _conditions(requests: list[Any], kind_of: Mapping[str, str], now: datetime) -> dict[str, str]:
    """A condition for each type, under a subclass for each reason; its department follows the subject."""
    reasons = {
        name: f"R{number:02d}" for number, name in enumerate(sorted({one.reason for one in requests}), 1)
    }
    for name, code in reasons.items():
        catalogue.add_subclass(code, CLASS, _names(name), actor=SYSTEM, now=now)
    first: dict[str, Any] = {}
    for one in requests:
        first.setdefault(one.type, one)
    codes = {}
    for number, name in enumerate(sorted(first), 1):
        codes[name] = f"T{number:03d}"
        values = {
            "names": _names(name),
            "closing": _names("Done"),
            "level": "G",
            "notice_closing": True,
            "unit_rule": {"S": "enforcement", "D": kind_of[first[name].subject]},
        }
        subclass = reasons[first[name].reason]
        catalogue.add_condition(codes[name], subclass, values, actor=SYSTEM, now=now)
    return codes


def _names(name: str) -> dict[str, str]:
    return {"zh-hans": name, "en": name}
