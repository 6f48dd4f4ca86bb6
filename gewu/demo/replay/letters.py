"""Recorded messages to a mayor with their official replies, played in the model town.

Nothing says where in a town a message belongs or what category it has, so both follow stated rules: the community by a
hash of the message's number; the category first "other matter", then, at accepting, one that the named kind of unit
handles, else one by the same hash. The reply's moment is when the case is done and verified. What the writer then
answers is not recorded and is drawn from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from arro3.io import read_parquet

from gewu.core import chance, clock, limits, worktime
from gewu.core.clock import DrivenClock, driven
from gewu.demo import load, town
from gewu.demo.course import Course, settle
from gewu.demo.posts import WORDS, Turn
from gewu.demo.replay import checks
from gewu.demo.replay.outcome import Outcome, measure
from gewu.demo.replay.playing import LOOKS_EVERY, Playing
from gewu.domain.access.actor import ANYONE
from gewu.domain.areas.models import Area
from gewu.domain.cases import queries
from gewu.domain.cases.actions import ReportInput
from gewu.domain.catalogue.models import Condition

_ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = ("msg_id", "time", "reply_time", "title", "body", "reply", "unit_hint")
SUBDISTRICT_HINT = "街道乡镇"
HINTS = {
    "教育": "dept-education", "公安交警": "dept-police", "交通运输": "dept-transport", "住房城乡建设": "dept-housing",
    "城市管理执法": "dept-urban", "生态环境": "dept-environment", "自然资源规划": "dept-land", "水利水务": "dept-water",
    "民政": "dept-civil", "卫生健康": "dept-health", "人力社保": "dept-labour", "市场监管": "dept-market",
    "信访": "dept-letters", "消防应急": "dept-emergency",
}  # fmt: skip
SHARES = (("V", 0.6), ("S", 0.88), ("D", 1.0))  # without a hint: up to which level
ANSWERS = (("rated", 0.35), ("refused", 0.45), ("silent", 1.0))
REOPENED = 0.04
AFTERWARDS = timedelta(days=60)  # questions to writers and second rounds run out by then


@dataclass(frozen=True)
class Letter:
    """One recorded message."""

    number: int
    written: datetime
    answered: datetime
    text: str
    reply: str
    hint: str


def replay(folder: Path, *, limit: int | None, seed: int) -> Outcome:
    """Play them in the present installation, which must be empty."""
    letters = read(folder / "replies.parquet")[:limit]
    begin = letters[0].written - timedelta(days=1)
    end = max(letter.answered for letter in letters) + AFTERWARDS
    with chance.seeded(f"letters {seed}"), driven(DrivenClock(begin)) as hands:
        load.load(town.build(seed), now=begin)
        started = clock.monotonic()
        playing = _Playing(Course(hands, looks_every=LOOKS_EVERY), seed, end)
        for letter in letters:
            playing.course.at(letter.written, partial(playing.write, letter))
        playing.course.run(end)
        settle(end)
        seconds = clock.monotonic() - started
        tally = playing.tally
        broken = checks.broken(acknowledged=tally.acknowledged, secrets=tally.secrets, promised={}, now=end)
    return measure(agreement=None, broken=broken, seconds=seconds, refused=playing.course.refused)


def read(file: Path) -> list[Letter]:
    """All messages by the moment they were written."""
    table = read_parquet(file).read_all()
    rows = zip(*(table[name].to_pylist() for name in COLUMNS), strict=True)
    letters = [
        Letter(
            number=number,
            written=_moment(written),
            answered=max(_moment(answered), _moment(written) + timedelta(minutes=10)),
            text=_fitting(f"{title}\n{body}"),
            reply=_fitting(reply),
            hint=(hint or "").split("|")[0],
        )
        for number, written, answered, title, body, reply, hint in rows
    ]
    return sorted(letters, key=lambda letter: (letter.written, letter.number))


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=_ZONE).astimezone(UTC)


def _fitting(written: str) -> str:
    """Cut to what the program takes, without the signs it refuses."""
    kept = "".join(sign for sign in written if sign == "\n" or sign.isprintable())
    return kept[: limits.TEXT]


class _Playing(Playing):
    def __init__(self, course: Course, seed: int, end: datetime) -> None:
        super().__init__(course, seed, end)
        communities = Area.objects.filter(level="community", valid_to=None)
        self.communities = sorted(communities.values_list("code", flat=True))
        # Without photos: nobody has taken any.
        plain = [one for one in _conditions() if "after" not in one.evidence]
        self.conditions = sorted(plain, key=lambda one: one.code)

    def write(self, letter: Letter, now: datetime) -> None:
        """The message comes in; within the working day it is accepted and given its category."""
        given = ReportInput(text=letter.text, area_code=self._community(letter))
        case = self.report(given, ANYONE, now)
        if case is None:
            return
        soon = worktime.add(now, "W", timedelta(minutes=self.rng.randint(5, 110)), self.calendar)
        halfway = now + (letter.answered - now) / 2  # some were answered within the hour
        self.course.at(min(soon, halfway), partial(self._accept, letter, case.number))
        self.course.at(letter.answered, partial(self._reply, letter, case.number))

    def _accept(self, letter: Letter, number: str, now: datetime) -> None:
        case = self.case(number)
        triage = self.cast.triage(case)
        self.play(Turn("accept", triage.actor), number, now)
        self.play(Turn("recategorise", triage.actor, {"condition": self._condition(letter)}), number, now)
        held = self.hold(self.case(number), now)
        if held is not None:
            self.climb(held, self._reaches(letter), letter.answered, now)

    def _reply(self, letter: Letter, number: str, now: datetime) -> None:
        if self.close(number, "solved", now, text=letter.reply) is None:
            return
        share = self.rng.random()
        answer = next(word for word, most in ANSWERS if share < most)
        later = now + timedelta(hours=self.rng.randint(2, 96))
        if answer == "rated":
            self.course.at(later, partial(self._rate, number))
        elif answer == "refused":
            self.course.at(later, partial(self._refuse, number))

    def _rate(self, number: str, now: datetime) -> None:
        writer = queries.actor_for_number(number)
        self.play(Turn("rate", writer, {"rating": self.rng.randint(1, 5)}), number, now)
        if self.rng.random() < REOPENED:
            later = now + timedelta(days=self.rng.randint(1, 13))
            self.course.at(later, partial(self._reopen, number))

    def _refuse(self, number: str, now: datetime) -> None:
        given = {"reason": "not_done", "text": WORDS["refuse"]}
        if self.play(Turn("refuse", queries.actor_for_number(number), given), number, now):
            self._again(number, now)

    def _reopen(self, number: str, now: datetime) -> None:
        given = {"text": WORDS["reopen"]}
        if self.play(Turn("reopen", queries.actor_for_number(number), given), number, now):
            self._again(number, now)

    def _again(self, number: str, now: datetime) -> None:
        """A second round by whoever holds it now; then the writer is silent and time closes it."""
        minutes = timedelta(minutes=self.rng.randint(200, 3000))
        later = worktime.add(now, "W", minutes, self.calendar)
        self.course.at(later, partial(self._close_again, number))

    def _close_again(self, number: str, now: datetime) -> None:
        self.close(number, "solved", now)

    def _community(self, letter: Letter) -> str:
        return self.communities[_hash(letter) % len(self.communities)]

    def _condition(self, letter: Letter) -> str:
        department = HINTS.get(letter.hint, "")
        fitting = [one for one in self.conditions if one.unit_rule.get("D") == department] or self.conditions
        return fitting[_hash(letter) // 64 % len(fitting)].code

    def _reaches(self, letter: Letter) -> str:
        share = self.rng.random()
        if letter.hint:
            return "S" if letter.hint == SUBDISTRICT_HINT else "D"
        return next(level for level, most in SHARES if share < most)


def _conditions() -> list[Condition]:
    current = Condition.objects.filter(valid_to=None, kind="case", emergency=False, confidential=False)
    return list(current.exclude(code="9901"))


def _hash(letter: Letter) -> int:
    return int.from_bytes(sha256(str(letter.number).encode()).digest()[:8], "big")
