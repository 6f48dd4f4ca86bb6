"""Lists, the case page and the dashboard in a large installation, and the grid of a point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gewu.cli.benchmarks import town
from gewu.cli.benchmarks.results import Figure, Sample, figure, scaled, timed
from gewu.demo.units import ENFORCEMENT
from gewu.domain.access.actor import Actor
from gewu.domain.areas.maps import GridMap
from gewu.domain.areas.models import Area
from gewu.domain.cases import queries
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import Filter
from gewu.domain.insight.queries import dashboard

TIMES = 10
GRIDS_A_SIDE = 224  # 50,176 grids
SIDE = 0.001
MS, US = 1e3, 1e6


def lists(now: datetime) -> dict[str, Callable[[], object]]:
    """The lists an office lives in."""
    director = town.actor("director", now)
    dispatcher = town.actor("dispatcher", now, level="S")
    held = town.grids(now)[0].worker
    team = town.actor("handler", now, unit__code=ENFORCEMENT)
    department = town.actor("handler", now, unit__code=town.DEPARTMENT)
    return {
        "queue of a community": lambda: queries.queue(director, Filter()),
        "queue of the subdistrict": lambda: queries.queue(dispatcher, Filter()),
        "queue of a holder": lambda: queries.queue(held, Filter(mine=True)),
        "queue of a team": lambda: queries.queue(team, Filter()),
        "queue of a department": lambda: queries.queue(department, Filter()),
        "queue of what is overdue": lambda: queries.queue(dispatcher, Filter(overdue=True)),
    }


def queue(store: str, now: datetime, before: dict[str, float]) -> Iterator[Figure]:
    """Each list; its ratio is to the same page in the small installation."""
    for name, work in lists(now).items():
        sample = scaled(timed(work, times=TIMES), MS)
        main = name == "queue of a community"
        yield figure(name, store, sample, "ms", floor=before.get(name), ratio_most=1.3 if main else None)
        yield figure(
            f"{name}, queries", store, Sample.of([float(_count(work))]), "", most=6 if main else None
        )


def case(store: str, now: datetime) -> Iterator[Figure]:
    """The page of a case with a short history, and of the one with the longest."""
    leads = {grid.path: grid.lead for grid in town.grids(now)}
    short = Case.objects.filter(state="submitted").order_by("number").first()
    longest = Case.objects.filter(state="closed").order_by("-version", "number").first()
    for name, one in (("case page, new", short), ("case page, long history", longest)):
        if one is not None:
            work = _viewing(one.number, leads[one.scope_path])
            yield figure(name, store, scaled(timed(work, times=TIMES), MS), "ms")
            yield figure(f"{name}, queries", store, Sample.of([float(_count(work))]), "", most=12)


def _viewing(number: str, actor: Actor) -> Callable[[], object]:
    return lambda: queries.view_case(number, actor=actor)


def overview(store: str, now: datetime, before: float | None) -> Iterator[Figure]:
    path = Area.objects.get(level="subdistrict").path
    sample = scaled(timed(lambda: dashboard(path, now=now), times=3), MS)
    yield figure("dashboard of the subdistrict", store, sample, "ms", most=50, floor=before)


def locate(store: str) -> Iterator[Figure]:
    """In memory, so the store has no part in it."""
    grids = [
        (Area(code=f"{x:04d}{y:04d}"), shapely.box(x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE))
        for x in range(GRIDS_A_SIDE)
        for y in range(GRIDS_A_SIDE)
    ]
    known = GridMap(grids)
    points = [
        ((x * 7919 % GRIDS_A_SIDE + 0.3) * SIDE, (x * 104729 % GRIDS_A_SIDE + 0.7) * SIDE)
        for x in range(2000)
    ]

    def work() -> None:
        for lon, lat in points:
            known.locate(lon, lat)

    sample = scaled(timed(work), US / len(points))
    yield figure(f"locating a point among {len(grids)} grids", store, sample, "us", most=50)


def medians(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """What the same pages take now, for the ratio later."""
    return {name: timed(work, times=TIMES).median * MS for name, work in works.items()}


def _count(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as caught:
        work()
    return len(caught)
