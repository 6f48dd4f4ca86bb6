"""Six weeks of work in the model place, by the ordinary actions, ending at a given moment.

Every case gets a `Will` (posts.py) and goes its way step by step under a driven clock; whatever has no time left stays
as it then is, so that all states and levels are there to be seen. Everything follows from the seed and that moment.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from PIL import Image, ImageDraw

from gewu.core import chance, levels, worktime
from gewu.core.clock import DrivenClock, driven
from gewu.demo import posts
from gewu.demo.course import Course, settle
from gewu.demo.parts import Draws
from gewu.demo.posts import Cast, Will
from gewu.demo.words import MATTERS, PEOPLE, PLACES
from gewu.domain.access.actor import ANYONE
from gewu.domain.areas.queries import current_version, locate
from gewu.domain.cases.actions import ReportInput, report
from gewu.domain.cases.models import Case
from gewu.domain.catalogue.models import Condition
from gewu.domain.media.actions import keep_photo
from gewu.domain.place import queries as place
from gewu.domain.places.models import Place
from gewu.domain.privacy.contact_data import ContactInput

PAST = timedelta(weeks=6)
FRESH = timedelta(hours=30)  # the last cases come in so late that they are still at their beginning
MOVES_AT_MOST = 60
WORKER_LOOKS = timedelta(minutes=20)  # seldom, for speed: a warning of weeks ago may come some minutes late
# Working minutes until the next move is made, shortest and longest.
PACE: dict[str, tuple[int, int]] = {
    "accept": (3, 100), "decline": (10, 110), "assign": (4, 110), "start": (15, 300), "hand_up": (20, 500),
    "transfer": (30, 240), "whistle": (10, 90), "confirm_arrival": (15, 260), "decide_holder": (10, 60),
    "pause": (60, 400), "extend": (60, 200), "report_done": (90, 900), "verify": (30, 420), "rework": (30, 300),
    "rate": (60, 1200), "refuse": (60, 1200), "reopen": (300, 3000), "ask_reporter": (20, 200),
    "answer": (30, 600), "join": (30, 200), "take_over": (10, 200),
}  # fmt: skip
URGENT = (2, 12)


@dataclass(frozen=True)
class Filled:
    """What was filled in."""

    cases: int
    acts: int
    fired: int
    sealed: int
    states: dict[str, int]
    refused: dict[str, int]


@dataclass
class _Life:
    """One case on its way."""

    number: str
    will: Will
    moves: int = 0
    source: str = ""
    tried: set[str] = field(default_factory=set)


def fill(*, cases: int, seed: int, until: datetime) -> Filled:
    """Fill an installation that has a town and no cases yet."""
    with chance.seeded(f"demo {seed}"), driven(DrivenClock(until - PAST)) as hands:
        filling = _Filling(Course(hands, looks_every=WORKER_LOOKS), seed, until)
        filling.arrive(cases)
        filling.course.run(until)
        sealed = settle(until)
    states = Counter(Case.objects.values_list("state", flat=True))
    return Filled(
        cases=Case.objects.count(),
        acts=filling.acts,
        fired=filling.course.fired,
        sealed=sealed,
        states=dict(sorted(states.items())),
        refused=dict(filling.course.refused),
    )


class _Filling:
    def __init__(self, course: Course, seed: int, until: datetime) -> None:
        self.course, self.until = course, until
        self.begin = course.hands.now()
        self.acts = 0
        # A stream of its own: how often a store draws an id must not change who does what.
        with chance.seeded(f"posts {seed}") as rng:
            self.rng: Draws = rng
        self.cast = Cast(self.begin, self.rng)
        self.calendar = place.calendar()
        self.known = set(Condition.objects.filter(valid_to=None, kind="case").values_list("code", flat=True))
        self.homes = list(Place.objects.filter(households__gt=0).order_by("code").values_list("lon", "lat"))
        self.pictures = [_picture(self.rng, number) for number in range(8)]
        current_version()

    def arrive(self, cases: int) -> None:
        """When reports come in: by day, a little more of late; the last tenth within a day, most of it just now."""
        span = (self.until - FRESH - self.begin).total_seconds()
        fresh = max(1, cases // 10)
        moments = [
            self.begin + timedelta(seconds=int(span * self.rng.random() ** 0.8)) for _ in range(cases - fresh)
        ]
        moments = [self._by_day(moment) for moment in moments]
        moments += [self.until - FRESH * self.rng.random() ** 3 for _ in range(fresh)]
        for moment in sorted(moments):
            self.course.at(moment, self._report)

    def _by_day(self, moment: datetime) -> datetime:
        """Nights are quiet."""
        hour = moment.astimezone(self.calendar.zone).hour
        return moment + timedelta(hours=8 - hour) if hour < 7 else moment

    def _report(self, now: datetime) -> None:
        code, words = self.rng.choice(MATTERS)
        code = code if code in self.known else ""
        lon, lat = self._somewhere()
        source = self.rng.choice(("page", "page", "page", "phone", "worker"))
        confidential = code.startswith("11") and source == "page" and self.rng.random() < 0.2
        given = ReportInput(
            text=self.rng.choice(words),
            condition=code or None,
            lon=lon,
            lat=lat,
            place=self.rng.choice(PLACES) if self.rng.random() < 0.7 else "",
            photos=[self._photo(now, "report")] if self.rng.random() < 0.3 else (),
            contact=self._contact() if source == "phone" or self.rng.random() < 0.4 else None,
            confidential=confidential,
            wants_answer=self.rng.random() < 0.8,
            source=source,
        )
        actor = ANYONE if source == "page" else self._entering(source, lon, lat)
        made: list[Case] = []
        if self.course.attempt("report", lambda: made.append(report(given, actor=actor, now=now).case)):
            self.acts += 1
            case = made[0]
            self._go_on(_Life(case.number, self._will(case, given, code), source=source), case, now)

    def _somewhere(self) -> tuple[float, float]:
        """Near a place where people live, inside the map."""
        while True:
            lon, lat = self.rng.choice(self.homes)
            lon, lat = lon + self.rng.uniform(-4e-4, 4e-4), lat + self.rng.uniform(-4e-4, 4e-4)
            if locate(round(lon, 6), round(lat, 6)).area is not None:
                return round(lon, 6), round(lat, 6)

    def _entering(self, source: str, lon: float, lat: float) -> posts.Actor:
        grid = locate(lon, lat).area
        path = grid.path if grid else ""
        if source == "worker":
            return self.rng.choice(self.cast.seats_for("worker", "G", path)).actor
        return self.cast.clerk(path).actor

    def _contact(self) -> ContactInput:
        phone = f"1390000{int(self.rng.random() * 10_000):04d}"
        return ContactInput(name=self.rng.choice(PEOPLE), phone=phone)

    def _will(self, case: Case, given: ReportInput, code: str) -> Will:
        rng = self.rng
        answers = ("rated", "rated", "rated", "silent", "silent", "refused")
        start = case.level
        reaches = rng.choice(
            [level for level in "GGGGGGVVVSSSSDD" if not levels.is_higher(start, than=level)] or [start]
        )
        chosen = rng.random()
        ends = (
            "declined" if chosen < 0.04 else "stuck" if chosen < 0.12 else
            "notice" if chosen < 0.16 else "unfounded" if chosen < 0.20 else "solved"
        )  # fmt: skip
        return Will(
            reaches=reaches,
            ends=ends,
            answer=rng.choice(answers) if given.wants_answer else "silent",
            rating=rng.choice((5, 5, 5, 4, 4, 3, 2)),
            reopens=rng.random() < 0.08 and given.wants_answer,
            whistles=rng.random() < 0.5 and reaches in "SD",
            pauses=rng.random() < 0.25,
            returns=rng.choice((0, 0, 0, 0, 0, 0, 1, 1, 2)),
            reworks=rng.random() < 0.06,
            extends=rng.random() < 0.08,
            asks=rng.random() < 0.08,
            joins=rng.random() < 0.1,
            taken_over=rng.random() < 0.5,
            condition="" if code else self._found(),
        )

    def _found(self) -> str:
        """What triage finds a matter to be that came in without a name."""
        code = self.rng.choice(MATTERS[:-1])[0]
        return code if code in self.known and self.rng.random() < 0.8 else ""

    def _go_on(self, life: _Life, case: Case, now: datetime) -> None:
        """Plan the next move: seen now, made after the time it takes."""
        if life.moves >= MOVES_AT_MOST:
            return
        expected = posts.expected(case)
        moment = self._after(now, expected, urgent=case.emergency) if expected else posts.next_look(case)
        if moment is not None:
            moment = max(moment, now + timedelta(minutes=1))
            self.course.at(moment, lambda at: self._move(life, at))

    def _after(self, now: datetime, word: str, *, urgent: bool) -> datetime:
        low, high = URGENT if urgent and word != "rate" else PACE.get(word, (30, 300))
        minutes = timedelta(minutes=int(self.rng.uniform(low, high)))
        return now + minutes if urgent else worktime.add(now, "W", minutes, self.calendar)

    def _move(self, life: _Life, now: datetime) -> None:
        case = _case(life.number)
        turn = posts.next_turn(case, life.will, self.cast, now=now, photos=lambda one: self._photos(now))
        life.moves += 1
        if turn is None:
            moment = posts.next_look(case)
            if moment is not None and moment < self.until:
                self.course.at(max(moment, now) + timedelta(hours=2), lambda at: self._move(life, at))
            return
        done: list[Case] = []
        if self.course.attempt(turn.move, lambda: done.append(posts.play(turn, life.number, now=now))):
            self.acts += 1
            self._go_on(life, done[0], now)

    def _photos(self, now: datetime) -> Sequence[UUID]:
        return [self._photo(now, "after")]

    def _photo(self, now: datetime, kind: str) -> UUID:
        photo: UUID = keep_photo(self.rng.choice(self.pictures), now=now, kind=kind).id
        return photo


def _case(number: str) -> Case:
    return Case.objects.select_related("condition", "department").get(number=number)


def _picture(rng: Draws, number: int) -> bytes:
    """An invented street: sky, wall, ground and a few boxes. Nobody and nothing real is on it."""
    picture = Image.new("RGB", (480, 360), (176 + number * 6, 204, 222))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 150, 480, 250), fill=(206, 190 - number * 5, 160))
    draw.rectangle((0, 250, 480, 360), fill=(120, 122, 124))
    for _box in range(3 + number):
        left, top = int(rng.uniform(0, 420)), int(rng.uniform(210, 320))
        colour = (int(rng.uniform(40, 200)), int(rng.uniform(40, 200)), int(rng.uniform(40, 120)))
        draw.rectangle(
            (left, top, left + int(rng.uniform(12, 60)), top + int(rng.uniform(10, 36))), fill=colour
        )
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
