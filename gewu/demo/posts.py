"""What the holders of posts do next: a small model of people at work, shared by the demo and the replay.

A `Cast` knows who holds which post; a `Will` is what is to become of one case, drawn once; `next_turn` looks at the
case as it is now and says who does which move with what. Whoever plays it calls `play`, the ordinary `act` with the
real actor of that post: the table of access and the workflow refuse here as they refuse everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from gewu.core import levels
from gewu.demo.parts import Draws
from gewu.domain.access.actor import Actor
from gewu.domain.accounts.models import User
from gewu.domain.cases import clocks, lookups, queries, rules
from gewu.domain.cases.actions import act
from gewu.domain.cases.actions.outcome import has_photo_from_before
from gewu.domain.cases.models import Case
from gewu.domain.people.models import Post, Unit
from gewu.domain.people.queries import actor_for, holders

HEARING = timedelta(days=1)
_ANSWERED_HERE = frozenset("GV")  # levels whose next one above belongs to the subdistrict
WORDS: dict[str, str] = {
    "decline": "这件事请直接联系主管部门办理，我们已把电话告诉您。",
    "hand_up": "已到现场两次，本级没有条件解决，请上级办理。",
    "hand_back": "现场看过，本级可以办理，请按要求处置。",
    "transfer": "看过现场，不属于本单位职责，转给负责的单位。",
    "whistle": "需要几家单位一起到现场，请按时报到。",
    "decide": "听取双方意见后确定由你单位承办。",
    "pause": "需要等物料到场后施工，到时继续办理。",
    "extend": "工程量比预计大，需要延长办理时间。",
    "grant": "情况属实，同意延长。",
    "done": "已经处理完毕，现场恢复正常。",
    "notice": "按现有规定暂时无法解决，已当面说明原因。",
    "unfounded": "到现场核查，没有发现反映的情况。",
    "verify": "已到现场核对。",
    "rework": "现场还没有清理干净，请继续处理。",
    "refuse": "问题还在，没有完全解决。",
    "reopen": "过了几天又出现同样的问题。",
    "rate": "处理得很及时，谢谢。",
    "ask": "请问具体在哪一栋楼旁边？",
    "answer": "在三号楼东侧的路口。",
    "join": "请协助清运。",
    "statement": "我单位已说明情况，请研究确定。",
    "take_over": "已经超时，由上级接办。",
}  # fmt: skip


@dataclass
class Seat:
    """One post and who holds it."""

    post_id: UUID
    code: str
    role: str
    level: str
    unit_id: UUID | None
    user: User
    now: datetime

    @cached_property
    def actor(self) -> Actor:
        """The holder with all their hats; read when first needed, most posts never act."""
        return actor_for(self.user, now=self.now, strong=True)


@dataclass
class Will:
    """What is to become of one case. `did` remembers what happened once."""

    reaches: str  # the level on which it is solved
    ends: str = "solved"  # solved notice unfounded declined stuck (nobody gets on with it)
    answer: str = "silent"  # rated refused silent
    rating: int = 5
    reopens: bool = False
    whistles: bool = False
    pauses: bool = False
    returns: int = 0
    reworks: bool = False
    extends: bool = False
    asks: bool = False
    joins: bool = False
    taken_over: bool = False  # stuck, until the next level takes it over
    condition: str = ""  # what triage finds it is, when it came in without a name
    did: set[str] = field(default_factory=set)

    def once(self, word: str, *, when: bool) -> bool:
        """True the first time, if it is wanted at all."""
        if not when or word in self.did:
            return False
        self.did.add(word)
        return True


@dataclass(frozen=True)
class Turn:
    """One move somebody makes."""

    move: str
    actor: Actor
    given: Mapping[str, Any] = field(default_factory=dict)


class Cast:
    """Who holds which post, read once: nobody changes posts while a demo or replay runs."""

    def __init__(self, now: datetime, rng: Draws) -> None:
        self.rng = rng
        self.seats: dict[UUID, Seat] = {}
        self._by_role: dict[tuple[str, str, str], list[Seat]] = defaultdict(list)
        self._by_unit: dict[UUID, list[Seat]] = defaultdict(list)
        posts = list(Post.objects.filter(is_active=True).select_related("area").order_by("code"))
        held = holders([post.id for post in posts], now=now)
        for post in posts:
            if (user := held.get(post.id)) is not None:
                self._add(post, Seat(post.id, post.code, post.role, post.level, post.unit_id, user, now))
        self.units = {unit.pk: unit for unit in Unit.objects.filter(is_active=True)}
        self._units_of: dict[tuple[str, str], list[Unit]] = {}

    def _add(self, post: Post, seat: Seat) -> None:
        self.seats[post.id] = seat
        self._by_role[post.role, post.level, post.area.path].append(seat)
        if post.unit_id is not None:
            self._by_unit[post.unit_id].append(seat)

    def seats_for(self, role: str, level: str, path: str) -> list[Seat]:
        """Posts of this role whose area holds the place."""
        return [
            seat
            for end in range(3, len(path) + 1, 3)
            for seat in self._by_role.get((role, level, path[:end]), ())
        ]

    def the(self, role: str, level: str) -> Seat:
        """The first post of this role on this level, wherever."""
        return next(
            seat
            for (of_role, on, _path), seats in sorted(self._by_role.items())
            for seat in seats
            if (of_role, on) == (role, level)
        )

    def triage(self, case: Case, level: str | None = None, *, but: UUID | None = None) -> Seat:
        """Who sees to a case on its level; what lies with a department is routed by the subdistrict."""
        level = level or case.level
        role, on = {"G": ("lead", "G"), "V": ("director", "V")}.get(level, ("dispatcher", "S"))
        found = self.seats_for(role, on, case.scope_path) or self.seats_for(
            "dispatcher", "S", case.scope_path
        )
        found = [seat for seat in found if seat.post_id != but]
        return found[0] if len(found) == 1 else self.rng.choice(found)

    def above(self, case: Case) -> Seat:
        """Who decides one level up: the director, the subdistrict's dispatcher, the district's."""
        level = levels.above(case.level) or levels.DISTRICT
        role = "director" if level == "V" else "dispatcher"
        return self.rng.choice(self.seats_for(role, level, case.scope_path))

    def clerk(self, path: str) -> Seat:
        """Who takes calls."""
        return self.rng.choice(self.seats_for("intake", "S", path) or self.seats_for("dispatcher", "S", path))

    def of_unit(self, unit_id: UUID | None) -> Seat | None:
        """Somebody who acts for a unit: a handler, else its head."""
        seats = self._by_unit.get(unit_id, []) if unit_id else []
        for role in ("handler", "unit_head", "director", "dispatcher", "duty_lead", "intake"):
            for seat in seats:
                if seat.role == role:
                    return seat
        return None

    def holder(self, case: Case) -> Seat | None:
        """Who acts for the holder of a case."""
        if case.holder_post_id is not None:
            return self.seats.get(case.holder_post_id)
        return self.of_unit(case.holder_unit_id)

    def holders_for(self, case: Case) -> list[str]:
        """Whom triage may name on the case's level, the likeliest first."""
        if case.level == levels.GRID:
            seats = self.seats_for("worker", "G", case.scope_path) or self.seats_for(
                "lead", "G", case.scope_path
            )
            return [f"post:{seat.code}" for seat in seats]
        named = self._unit_named(case)
        others = self._serving(case)
        return [f"unit:{unit.code}" for unit in dict.fromkeys([*named, *others]) if self.of_unit(unit.pk)]

    def _unit_named(self, case: Case) -> list[Unit]:
        unit = (
            case.department
            if case.level == levels.DISTRICT
            else lookups.unit_for(case.condition, case.level, case.scope_path)
        )
        return [unit] if unit is not None and unit.level == case.level else []

    def _serving(self, case: Case) -> list[Unit]:
        """Units with people on the case's level whose own area holds the place."""
        key = (case.level, case.scope_path)
        if key not in self._units_of:
            paths = [case.scope_path[:end] for end in range(3, len(case.scope_path) + 1, 3)]
            rows = Unit.objects.filter(level=case.level, is_active=True, area__path__in=paths)
            self._units_of[key] = [
                unit
                for unit in sorted(rows, key=lambda unit: unit.code)
                if any(seat.role == "handler" for seat in self._by_unit.get(unit.pk, ()))
            ]
        return self._units_of[key]


Photos = Callable[[Case], Sequence[UUID]]


def play(turn: Turn, number: str, *, now: datetime) -> Case:
    """Do it, through the same door as everybody."""
    return act(turn.move, number, turn.given, actor=turn.actor, now=now)


def next_turn(case: Case, will: Will, cast: Cast, *, now: datetime, photos: Photos) -> Turn | None:
    """What happens next; None when nobody does anything (only time can)."""
    if will.ends == "stuck" and case.state == "handling":
        return _stuck(case, will, cast)
    steps: dict[str, Callable[..., Turn | None]] = {
        "submitted": _submitted,
        "accepted": _accepted,
        "assigned": _assigned,
        "handling": _handling,
        "handled": _handled,
        "closed": _closed,
    }
    step = steps.get(case.state)
    return step(case, will, cast, now, photos) if step else None


def _stuck(case: Case, will: Will, cast: Cast) -> Turn | None:
    """Nobody gets on with it; once it is overdue the next level may take it over, and then it goes on."""
    may = case.overdue_at is not None and case.level in _ANSWERED_HERE
    if not will.once("take", when=may and will.taken_over):
        return None
    will.ends = "solved"
    return Turn("take_over", cast.above(case).actor, {"text": WORDS["take_over"]})


def _submitted(case: Case, will: Will, cast: Cast, now: datetime, photos: Photos) -> Turn:
    seat = cast.triage(case)
    if will.ends == "declined":
        reason = cast.rng.choice(("not_ours", "court", "petition", "unclear"))
        return Turn("decline", seat.actor, {"reason": reason, "text": WORDS["decline"]})
    return Turn("accept", seat.actor, {"condition": will.condition} if will.condition else {})


def _accepted(case: Case, will: Will, cast: Cast, now: datetime, photos: Photos) -> Turn | None:
    if case.returns >= 2:
        return _decision(case, will, cast, now)
    seat = cast.triage(case)
    if levels.is_higher(will.reaches, than=case.level) and will.once(f"up {case.level}", when=True):
        return _hand_up(seat, cast)
    if case.level == levels.SUBDISTRICT and will.once("whistle", when=will.whistles):
        units = cast.holders_for(case)[:3]
        given = {
            "units": [u.removeprefix("unit:") for u in units],
            "lead": units[0],
            "text": WORDS["whistle"],
        }
        return Turn("whistle", seat.actor, given)
    named = cast.holders_for(case)
    if not named:  # nobody works for the department on this level: its triage keeps the case
        return None
    to = cast.rng.choice(named) if case.level == levels.GRID else named[0]
    return Turn("assign", seat.actor, {"to": to})


def _decision(case: Case, will: Will, cast: Cast, now: datetime) -> Turn | None:
    """After two returns: both sides have their day, then the next level names one of them."""
    if now < case.moved_at + 3 * HEARING:
        return None
    decides = cast.above(case)
    if case.level == levels.DISTRICT and will.once("word of the duty lead", when=True):
        decides = cast.rng.choice(cast.seats_for("duty_lead", "S", case.scope_path))
    to = cast.holders_for(case)[0]
    return Turn("decide_holder", decides.actor, {"to": to, "text": WORDS["decide"]})


def _hand_up(seat: Seat, cast: Cast) -> Turn:
    reason = cast.rng.choice(("no_power", "no_means", "several", "owner_refuses"))
    return Turn("hand_up", seat.actor, {"reason": reason, "text": WORDS["hand_up"]})


def _assigned(case: Case, will: Will, cast: Cast, now: datetime, photos: Photos) -> Turn | None:
    holder = cast.holder(case)
    if holder is None:
        return None
    if case.returns >= 2:
        return _decision(case, will, cast, now)
    if (arrival := _arrival(case, will, cast)) is not None:
        return arrival
    if not case.decided and will.once(f"back {case.returns}", when=case.returns < _returns(case, will)):
        others = [to for to in cast.holders_for(case) if not _is_held_by(case, to, cast)]
        if others:
            given = {"to": others[-1], "reason": "wrong_address", "text": WORDS["transfer"]}
            return Turn("transfer", holder.actor, given)
    return Turn("start", holder.actor)


def _returns(case: Case, will: Will) -> int:
    """A second return is decided one level up, which has to be within the model."""
    return (
        will.returns
        if case.level in _ANSWERED_HERE or case.level == levels.DISTRICT
        else min(will.returns, 1)
    )


def _is_held_by(case: Case, to: str, cast: Cast) -> bool:
    if case.holder_post_id is not None:
        return to == f"post:{cast.seats[case.holder_post_id].code}"
    return case.holder_unit_id is not None and to == f"unit:{cast.units[case.holder_unit_id].code}"


def _arrival(case: Case, will: Will, cast: Cast) -> Turn | None:
    """A whistled unit confirms that it is there; one in four never comes."""
    for party in case.parties.all():
        seat = cast.of_unit(party.unit_id)
        waiting = party.relation == "whistled" and party.answered_at is None
        if (
            waiting
            and seat
            and will.once(f"arrive {party.unit_id}", when=party.leads or cast.rng.random() < 0.75)
        ):
            return Turn("confirm_arrival", seat.actor)
    return None


def _handling(case: Case, will: Will, cast: Cast, now: datetime, photos: Photos) -> Turn | None:
    holder = cast.holder(case)
    triage = cast.triage(case)
    if (
        holder is None
    ):  # refused or opened again on a level where nobody held it: its triage hands it up or works
        holder = triage
        if case.level != levels.DISTRICT and will.once("orphan", when=case.holder_post_id is None):
            return _hand_up(triage, cast)
    if levels.is_higher(will.reaches, than=case.level) and will.once(f"up {case.level}", when=True):
        return _hand_up(holder, cast)
    if will.once("ask", when=will.asks and case.asked_at is None):
        return Turn("ask_reporter", holder.actor, {"text": WORDS["ask"]})
    if case.asked_at is not None and will.once("answer", when=case.source == "page"):
        return Turn("answer", queries.actor_for_number(case.number), {"text": WORDS["answer"]})
    if will.once("extend", when=will.extends and now < case.due_at and bool(case.condition.limit)):
        return Turn("extend", holder.actor, {"text": WORDS["extend"]})
    if case.extension == "asked" and now < case.due_at and will.once("grant", when=case.level in "GV"):
        return Turn("extend", cast.above(case).actor, {"grant": "yes", "text": WORDS["grant"]})
    if will.once("join", when=will.joins and case.level in "VS"):
        units = [u for u in cast.holders_for(case) if not _is_held_by(case, u, cast)]
        if units:
            return Turn("join", holder.actor, {"unit": units[-1], "text": WORDS["join"]})
    if will.once("pause", when=will.pauses):
        until = (now + timedelta(days=cast.rng.choice((2, 3, 5)))).date().isoformat()
        given = {
            "reason": cast.rng.choice(("season", "works", "owner")),
            "until": until,
            "text": WORDS["pause"],
        }
        return Turn("pause", holder.actor, given)
    return _done(case, will, holder, photos)


def _done(case: Case, will: Will, holder: Seat, photos: Photos) -> Turn:
    needs = rules.needs_of(case)
    ends = "solved" if will.ends == "notice" and not needs.by_notice else will.ends
    given: dict[str, Any] = {"closing": ends, "closing_met": True, "text": WORDS["done"]}
    if ends in ("notice", "unfounded"):
        given["text"] = WORDS[ends]
    else:
        wanted = needs.after + (needs.before and not has_photo_from_before(case))
        given["photos"] = [photo for _one in range(wanted) for photo in photos(case)]
    return Turn("report_done", holder.actor, given)


def _handled(case: Case, will: Will, cast: Cast, now: datetime, photos: Photos) -> Turn | None:
    if case.verified_at is None:
        seat = cast.triage(case)
        if seat.post_id == case.done_by:  # somebody else looks
            seat = cast.triage(case, levels.above(case.level) or levels.SUBDISTRICT, but=case.done_by)
        if will.once("rework", when=will.reworks):
            return Turn("rework", seat.actor, {"text": WORDS["rework"]})
        return Turn("verify", seat.actor, {"text": WORDS["verify"]})
    if will.once("refused", when=will.answer == "refused"):
        reason = cast.rng.choice(("not_done", "came_back", "half_done"))
        reporter = queries.actor_for_number(case.number)
        return Turn("refuse", reporter, {"reason": reason, "text": WORDS["refuse"]})
    if will.answer != "silent" and will.once("rated", when=True):
        given: dict[str, Any] = {"rating": will.rating}
        if will.rating >= 4:
            given["text"] = WORDS["rate"]
        return Turn("rate", queries.actor_for_number(case.number), given)
    return None


def _closed(case: Case, will: Will, cast: Cast, now: datetime, photos: Photos) -> Turn | None:
    if case.closing not in ("solved", "notice") or case.closed_at is None:
        return None
    if now - case.closed_at < timedelta(days=14) and will.once("reopen", when=will.reopens):
        return Turn("reopen", queries.actor_for_number(case.number), {"text": WORDS["reopen"]})
    return None


def expected(case: Case) -> str:
    """The move that is likely next, to know how long it takes; empty when only time can help."""
    likely = {"submitted": "accept", "accepted": "assign", "assigned": "start", "handling": "report_done"}
    if case.state == "handled":
        return "verify" if case.verified_at is None else "rate"
    if case.state == "closed":
        return "reopen" if case.closing in ("solved", "notice") else ""
    return likely.get(case.state, "")


def next_look(case: Case) -> datetime | None:
    """When it is worth looking again at a case for which nobody could do anything; None: never."""
    if case.state == "waiting":
        return case.wakes_at
    if case.state in ("accepted", "assigned") and case.returns >= 2:
        return case.moved_at + 3 * HEARING
    if case.state == "handling" and case.overdue_at is None and case.due_at < clocks.NOTHING_DUE:
        return case.due_at
    return None
