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
# Of ten cases: how far they come. Open ones are as many as an office has on its desks.
FATES = (
    "closed", "declined", "closed", "handled", "declined", "handling", "closed", "accepted", "declined", "submitted",
)  # fmt: skip
OPEN = frozenset({"handled", "handling", "accepted", "submitted"})
STEPS = {
    "submitted": (), "declined": ("decline",), "accepted": ("accept",),
    "handling": ("accept", "assign", "start"), "handled": ("accept", "assign", "start", "report_done"),
    "closed": ("accept", "assign", "start", "report_done", "verify"),
}  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """A grid with its people and a point inside."""

    path: str
    lon: float
    lat: float
    lead: Actor
    worker: Actor
    worker_code: str


def open_place(now: datetime) -> None:
    """Folders, tables, and the model town without cases."""
    init.prepare_folders()
    init.migrate()
    with chance.seeded(SEED), clock.driven(clock.DrivenClock(now)):  # ids follow from seed and time
        load.load(town.build(), now=now)


def grids(now: datetime) -> list[Grid]:
    """Every grid that has a lead and a worker, in the order of the map."""
    held = _held(now)
    found = []
    for border in Border.objects.filter(area__level="grid").select_related("area").order_by("area__path"):
        leads, workers = held.get((border.area_id, "lead")), held.get((border.area_id, "worker"))
        if leads and workers:
            point = read_geometry(border.geometry).representative_point()
            lead, worker = leads[0], workers[0]
            found.append(Grid(border.area.path, point.x, point.y, lead[1], worker[1], worker[0].code))
    return found


def _held(now: datetime) -> dict[tuple[Any, str], list[tuple[Post, Actor]]]:
    held: dict[tuple[Any, str], list[tuple[Post, Actor]]] = {}
    rows = Appointment.objects.filter(ends=None, post__role__in=("lead", "worker"))
    for row in rows.select_related("post", "user").order_by("post__code"):
        key = (row.post.area_id, row.post.role)
        if key not in held:
            held[key] = [(row.post, actor_for(row.user, now=now, strong=True))]
    return held


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
        for step, move in enumerate(STEPS[fate], start=1):
            _go(move, case.number, grid, filed + timedelta(minutes=7 * step))
        yield case.number


def _go(move: str, number: str, grid: Grid, at: datetime) -> None:
    words: dict[str, dict[str, Any]] = {
        "decline": {"reason": "not_ours", "text": SAID},
        "assign": {"to": f"post:{grid.worker_code}"},
        "report_done": {"closing": "solved", "closing_met": True, "text": SAID},
    }
    actor = grid.worker if move in ("start", "report_done") else grid.lead
    act(move, number, words.get(move, {}), actor=actor, now=at)


def token(now: datetime) -> str:
    """For a program that reports more than one resident would in an hour."""
    issued = accounts.issue_token(
        "bench", scopes=("case:write",), expires=now + timedelta(days=1), client="bench",
        actor=load.SYSTEM, now=now,
    )  # fmt: skip
    return issued.secret
