"""A city's recorded service requests: where they came from, by when they were due, when they were closed.

Recorded are the report, its place, its deadline and its closing; those are played at their moments. How far up a case
went is not recorded: a share of the cases is handed up level by level on the way, drawn from the seed. Nobody is asked
at the end, because no answers are recorded. A place "unknown" stands in the data as one point, the city hall.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from gewu.core import chance, clock
from gewu.core.clock import DrivenClock, driven
from gewu.demo.course import Course, settle
from gewu.demo.posts import Turn
from gewu.demo.replay import checks, city
from gewu.demo.replay.outcome import Outcome, measure
from gewu.demo.replay.playing import LOOKS_EVERY, Playing
from gewu.domain.access.actor import ANYONE, Actor
from gewu.domain.areas.queries import locate
from gewu.domain.cases.actions import ReportInput

UNKNOWN_PLACE = (-71.0587, 42.3594)
CLOSINGS = {"noted": "notice", "duplicate": "notice", "invalid": "unfounded"}
SOURCES = {"Constituent Call": "phone", "Employee Generated": "worker"}
SHARES = (("G", 0.62), ("V", 0.80), ("S", 0.92), ("D", 1.0))  # up to which level a case goes
_ZONE = ZoneInfo(city.ZONE)


@dataclass(frozen=True)
class Request:
    """One recorded request."""

    opened: datetime
    due: datetime | None
    closed: datetime | None
    closing: str
    title: str
    subject: str
    reason: str
    type: str
    street: str
    precinct: str
    lon: float
    lat: float
    source: str

    @property
    def placed(self) -> bool:
        return (self.lon, self.lat) != UNKNOWN_PLACE


def replay(folder: Path, *, limit: int | None, seed: int) -> Outcome:
    """Play it in the present installation, which must be empty."""
    requests = read(folder / "cases.csv.gz")[:limit]
    begin = requests[0].opened - timedelta(days=1)
    end = max(moment for one in requests for moment in (one.opened, one.closed) if moment) + timedelta(
        minutes=1
    )
    with chance.seeded(f"boston {seed}"), driven(DrivenClock(begin)) as hands:
        codes = city.build(folder.parent / "geo" / "boston_precincts.geojson", requests, now=begin)
        started = clock.monotonic()
        playing = _Playing(Course(hands, looks_every=LOOKS_EVERY), codes, seed, end)
        for one in requests:
            playing.course.at(one.opened, partial(playing.open, one))
        playing.course.run(end)
        settle(end)
        seconds = clock.monotonic() - started
        tally = playing.tally
        broken = checks.broken(
            acknowledged=tally.acknowledged, secrets=tally.secrets, promised=tally.promised, now=end
        )
    agreement = round(tally.agreed / tally.compared, 4) if tally.compared else None
    return measure(agreement=agreement, broken=broken, seconds=seconds, refused=playing.course.refused)


def read(file: Path) -> list[Request]:
    """All requests by the moment they were opened."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        return sorted(_requests(csv.DictReader(lines)), key=lambda one: one.opened)


def _requests(rows: Iterator[dict[str, str]] | csv.DictReader[str]) -> Iterator[Request]:
    for row in rows:
        opened = _moment(row["open_dt"])
        if opened is None:
            continue
        closed = _moment(row["closed_dt"])
        yield Request(
            opened=opened,
            due=_moment(row["target_dt"]),
            closed=max(closed, opened) if closed else None,
            closing=CLOSINGS.get(row["closure_code"], "solved"),
            title=row["case_title"] or row["type"],
            subject=row["subject"] or "Other",
            reason=row["reason"] or "Other",
            type=row["type"] or "Other",
            street=row["location_street_name"],
            precinct=row["precinct"],
            lon=float(row["longitude"]),
            lat=float(row["latitude"]),
            source=SOURCES.get(row["source"], "page"),
        )


def _moment(written: str) -> datetime | None:
    """Local time without a zone; an hour that comes twice is taken the first time."""
    return datetime.fromisoformat(written).replace(tzinfo=_ZONE).astimezone(UTC) if written else None


class _Playing(Playing):
    def __init__(self, course: Course, codes: dict[str, str], seed: int, end: datetime) -> None:
        super().__init__(course, seed, end)
        self.codes = codes

    def open(self, one: Request, now: datetime) -> None:
        """Report, accept, assign and start at the recorded moment; what follows is put into the course."""
        share = self.rng.random()
        reaches = next(level for level, most in SHARES if share < most)
        case = self.report(*self._given(one), now)
        if case is None:
            return
        if one.due is not None:
            self.tally.promised[case.number] = one.due
        if one.placed and one.precinct:
            self.tally.compared += 1
            self.tally.agreed += case.lon is not None and case.filed_area.code == one.precinct
        accepted = self.play(Turn("accept", self.cast.triage(case).actor), case.number, now)
        if accepted is None or self.hold(accepted, now) is None:
            return
        self.climb(case, reaches, one.closed or self.end, now)
        if one.closed is not None:
            self.course.at(one.closed, lambda at: self._close(case.number, one, at))

    def _close(self, number: str, one: Request, now: datetime) -> None:
        self.close(number, one.closing, now)

    def _given(self, one: Request) -> tuple[ReportInput, Actor]:
        """Outside every precinct the recorded one counts; a place unknown is the whole city."""
        grid = locate(one.lon, one.lat).area if one.placed else None
        area = one.precinct if one.placed and grid is None else ""
        given = ReportInput(
            text=one.title,
            condition=self.codes[one.type],
            lon=one.lon if grid else None,
            lat=one.lat if grid else None,
            area_code=area or city.CENTRE,
            place=one.street,
            wants_answer=False,
            source=one.source,
            language="en",
            promised_at=one.due,
        )
        return given, self._entering(one.source, grid.path if grid else "")

    def _entering(self, source: str, path: str) -> Actor:
        if source == "page":
            return ANYONE
        workers = self.cast.seats_for("worker", "G", path) if source == "worker" else []
        return (workers[0] if workers else self.cast.the("intake", "S")).actor
