"""The place of the bench and the cases that are made one by one, by the ordinary actions.

Both follow from one seed, ids included: so the cases made on one store fit the place on the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gewu.cli import init
from gewu.core import chance, clock
from gewu.demo import load, town
from gewu.demo.units import ENFORCEMENT
from gewu.domain.access.actor import ANYONE, Actor
from gewu.domain.accounts import actions as accounts
from gewu.domain.areas.geojson import read_geometry
from gewu.domain.areas.models import Border
from gewu.domain.cases.actions import ReportInput, act, report
from gewu.domain.people.models import Appointment, Post
from gewu.domain.people.queries import actor_for

SEED = "gewu bench"
WEEKS_AGO = 3  # when those cases were filed that are closed by now
CONDITIONS = ("1301", "1302", "1504", "1505", "1704", "1901")  # start at the grid, ask for no photo
TEXT = "小区门口的垃圾桶满了，旁边堆了几袋建筑垃圾，走路不方便，请安排清理。"
SAID = "已经处理完毕，现场恢复正常。"
DEPARTMENT = "D-URBAN"  # takes what is handed up to the district
# Of twenty cases: how far they come. Open ones are as many as an office has on its desks. Some go up the ladder, so
# that posts and units keep sight of what they once held, as in any installation of some age.
FATES = (
    "closed", "declined", "closed", "handled", "declined", "handling", "closed", "accepted", "declined", "submitted",
    "raised", "declined", "closed", "handed_up", "declined", "handling", "enforced", "enforcing", "by_department",
    "with_department",
)  # fmt: skip
OPEN = frozenset(
    {"handled", "handling", "accepted", "submitted", "handed_up", "enforcing", "with_department"}
)
_TAKEN = ("lead accept", "lead assign worker", "worker start")
_RAISED = (*_TAKEN, "worker hand_up")
_AT_TEAM = (*_RAISED, "director hand_up", "dispatcher assign team", "team start")
_AT_DEPARTMENT = (*_AT_TEAM, "team hand_up", "desk assign department", "department start")
STEPS = {
    "submitted": (), "declined": ("lead decline",), "accepted": ("lead accept",), "handling": _TAKEN,
    "handled": (*_TAKEN, "worker report_done"), "closed": (*_TAKEN, "worker report_done", "lead verify"),
    "handed_up": _RAISED, "enforcing": _AT_TEAM, "enforced": (*_AT_TEAM, "team report_done", "dispatcher verify"),
    "raised": (*_RAISED, "director assign clerk", "clerk start", "clerk report_done", "director verify"),
    "with_department": _AT_DEPARTMENT,
    "by_department": (*_AT_DEPARTMENT, "department report_done", "dispatcher verify"),
}  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """A grid with a point inside, and its people by what they do here."""

    path: str
    lon: float
    lat: float
    people: dict[str, Actor]
    holders: dict[str, str]  # whom cases are assigned to

    @property
    def lead(self) -> Actor:
        return self.people["lead"]

    @property
    def worker(self) -> Actor:
        return self.people["worker"]


def open_place(now: datetime) -> None:
    """Folders, tables, and the model town without cases."""
    init.prepare_folders()
    init.migrate()
    with chance.seeded(SEED), clock.driven(clock.DrivenClock(now)):  # ids follow from seed and time
        load.load(town.build(), now=now)


def grids(now: datetime) -> list[Grid]:
    """Every grid that has a lead and a worker, in the order of the map."""
    held = _held(now)
    of_all = {
        "dispatcher": actor("dispatcher", now, level="S"), "team": actor("handler", now, unit__code=ENFORCEMENT),
        "desk": actor("dispatcher", now, level="D"), "department": actor("handler", now, unit__code=DEPARTMENT),
    }  # fmt: skip
    found = []
    for border in Border.objects.filter(area__level="grid").select_related("area").order_by("area__path"):
        lead, worker = held.get((border.area_id, "lead")), held.get((border.area_id, "worker"))
        director, clerk = (held.get((border.area.parent_id, role)) for role in ("director", "handler"))
        if lead and worker and director and clerk:
            point = read_geometry(border.geometry).representative_point()
            here = {"lead": lead[1], "worker": worker[1], "director": director[1], "clerk": clerk[1]}
            holders = {
                "worker": f"post:{worker[0].code}", "clerk": f"post:{clerk[0].code}",
                "team": f"unit:{ENFORCEMENT}", "department": f"unit:{DEPARTMENT}",
            }  # fmt: skip
            found.append(Grid(border.area.path, point.x, point.y, here | of_all, holders))
    return found


def _held(now: datetime) -> dict[tuple[Any, str], tuple[Post, Actor]]:
    held: dict[tuple[Any, str], tuple[Post, Actor]] = {}
    rows = Appointment.objects.filter(ends=None, post__role__in=("lead", "worker", "director", "handler"))
    for row in rows.select_related("post", "user").order_by("post__code"):
        key = (row.post.area_id, row.post.role)
        if key not in held:
            held[key] = (row.post, actor_for(row.user, now=now, strong=True))
    return held


def actor(role: str, now: datetime, **where: Any) -> Actor:
    """Whoever holds the first post of this role; `where` is asked of the post."""
    rows = Appointment.objects.filter(ends=None, post__in=Post.objects.filter(role=role, **where))
    return actor_for(rows.select_related("user").order_by("post__code")[0].user, now=now, strong=True)


def given(grid: Grid, number: int) -> ReportInput:
    """What a resident of the bench reports."""
    return ReportInput(
        text=TEXT, condition=CONDITIONS[number % len(CONDITIONS)], lon=grid.lon, lat=grid.lat, place="小区北门",
        wants_answer=False,
    )  # fmt: skip


def make(number: int, now: datetime) -> Iterator[str]:
    """`number` cases, each on its way as far as its fate leads; their numbers."""
    places = grids(now)
    with chance.seeded(SEED) as rng:
        rng.shuffle(places)
    for one in range(number):
        grid, fate = places[one % len(places)], FATES[one % len(FATES)]
        filed = now - (timedelta(days=one % 5) if fate in OPEN else timedelta(weeks=WEEKS_AGO, days=one % 5))
        filed = filed.replace(hour=1 + one % 6, minute=one % 60)  # between 9:00 and 15:00 in Shanghai
        if filed > now:
            filed -= timedelta(days=1)
        case = report(given(grid, one), actor=ANYONE, now=filed).case
        for number_of, step in enumerate(STEPS[fate], start=1):
            _go(step, case.number, grid, filed + timedelta(minutes=7 * number_of))
        yield case.number


def _go(step: str, number: str, grid: Grid, at: datetime) -> None:
    who, move, *to = step.split()
    words: dict[str, dict[str, Any]] = {
        "decline": {"reason": "not_ours", "text": SAID},
        "assign": {"to": grid.holders[to[0]]} if to else {},
        "hand_up": {"reason": "no_means", "text": SAID},
        "report_done": {"closing": "solved", "closing_met": True, "text": SAID},
    }
    act(move, number, words.get(move, {}), actor=grid.people[who], now=at)


def token(now: datetime) -> str:
    """For a program that reports more than one resident would in an hour."""
    issued = accounts.issue_token(
        "bench", scopes=("case:write",), expires=now + timedelta(days=1), client="bench",
        actor=load.SYSTEM, now=now,
    )  # fmt: skip
    return issued.secret
