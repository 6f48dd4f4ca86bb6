"""The real service layer, driven at random: whatever people and time do, a case stays whole.

Two cases, the whole cast, a clock that jumps. Each example first steers to the transition (move, from-state) that was
seen least so far, then takes steps of which about four in five are legal, the rarest first; some acts are sent twice,
some come from the wrong person. After every step the invariants below are checked on the stored rows. The run fails
unless every transition of the table was taken at least `FEWEST` times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from gewu.core.errors import Conflict, GewuError
from gewu.domain.access.actor import SYSTEM, Actor
from gewu.domain.cases import clocks
from gewu.domain.cases.actions import Reported, act
from gewu.domain.cases.actions.timers import fire_due
from gewu.domain.cases.models import Case, Clock, Party, Report, Stage
from gewu.domain.cases.queries import moves_for
from gewu.domain.cases.rounds import BEGINS
from gewu.domain.cases.workflow import ENDED, MOVES, OPEN, moves_from
from gewu.domain.figures import queries as figures
from gewu.domain.journal.models import Entry
from gewu.domain.statements import ID, Prepared, Slot
from tests import town as cast
from tests.services.environment import store

# How often each transition is met at least, in how many lives; PostgreSQL is only asked whether it agrees.
FEWEST, LIVES = (20, 200) if store() == "sqlite" else (2, 50)
TRANSITIONS = [(move.code, state) for move in MOVES.values() for state in sorted(move.frm)]
STAFF = (
    "worker_a1", "lead_a1", "director_a", "committee_hand_a", "property_hand", "dispatcher", "duty_lead", "team_hand",
    "safety_hand", "urban_dispatcher", "urban_hand", "transport_hand",
)  # fmt: skip
HOLDERS = {
    "G": ("post:worker-a1", "post:lead-a1"),
    "V": ("unit:property", "unit:committee-a"),
    "S": ("unit:team", "unit:safety"),
    "D": ("unit:urban", "unit:transport"),
}
CONDITIONS = (cast.WASTE, cast.ROAD, cast.OTHER, cast.FIRE)
MAY_CHANGE_LEVEL = {"hand_up", "hand_back", "whistle", "take_over", "refuse", "reopen"}
MAY_BEGIN_PROMISE = {"accept", "refuse", "reopen", "recategorise"}
JUMPS = (0, 0, 0, 1, 7, 45, 180, 600, 24 * 60, 6 * 24 * 60)  # minutes

# Asked after every step, so written once.
CASE = Prepared(
    lambda: Case.objects.select_related("condition", "holder_post", "holder_unit").filter(pk=Slot("case", ID))
)
PARTIES = Prepared(lambda: Party.objects.filter(case=Slot("case", ID)))
REPORTS = Prepared(lambda: Report.objects.filter(case=Slot("case", ID)))
STAGES = Prepared(lambda: Stage.objects.filter(case=Slot("case", ID), ended_at=None))
RUNNING = Prepared(lambda: Clock.objects.filter(case=Slot("case", ID), stopped_at=None))
PROMISES = Prepared(
    lambda: Clock.objects.filter(case=Slot("case", ID), kind=clocks.PROMISE).values_list("pk", flat=True)
)
ENTRIES = Prepared(
    lambda: (
        Entry.objects.filter(subject_kind="case", subject_id=Slot("case", ID), subject_version__isnull=False)
        .order_by("subject_version")
        .values_list("subject_version", "kind", "at")
    )
)
VERSIONS = Prepared(lambda: Case.objects.order_by("pk").values_list("pk", "version"))
OPEN_CASES = Prepared(lambda: Case.objects.filter(is_open=True).values_list("level", flat=True))
LATE = Prepared(
    lambda: Clock.objects.filter(
        kind=clocks.PROMISE, stopped_at=None, warned=clocks.OVERDUE, case__is_open=True
    ).values_list("pk", flat=True)
)

seen: Counter[tuple[str, str]] = Counter()
tried: Counter[str] = Counter()
people: dict[str, Actor] = {}


class Life(RuleBasedStateMachine):
    """Two cases of grid a1 and everybody who may have to do with them."""

    go_on = False  # also when every transition was seen often enough

    def __init__(self) -> None:
        super().__init__()
        self.open_world()

    def open_world(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = cast.NOW
        self.steps = 0
        self.told: list[Reported] = []
        self.last: dict[Any, Case] = {}
        self.promise: dict[Any, Any] = {}
        self.checked: dict[Any, int] = {}
        self.refused: Counter[tuple[str, str]] = Counter()
        self.story: list[str] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        if self.enough():
            return
        chance = Random(seed)
        self.told = [cast.report_case(), cast.report_case(chance.choice(CONDITIONS))]
        for told in self.told:
            self.remember(told.case.pk)
        self.steer(min(TRANSITIONS, key=lambda one: (seen[one], chance.random())))

    @rule(seed=st.integers(0, 2**32), how=st.integers(0, 19))
    def step(self, seed: int, how: int) -> None:
        if self.enough():
            return
        self.steps += 1
        chance = Random(f"{seed} {self.steps}")  # small seeds come often; each step has luck of its own
        if how < 3:
            self.anything(chance)
        elif how == 3:
            self.time_passes(chance)
        else:
            self.something_legal(chance, twice=how == 4)

    def enough(self) -> bool:
        return not self.go_on and min(seen[one] for one in TRANSITIONS) >= FEWEST

    # What people do.

    def something_legal(self, chance: Random, *, twice: bool) -> None:
        """The rarest of the moves that anybody is offered now."""
        offers: list[tuple[int, float, str, Case, Actor]] = []
        for case in self.cases():
            for who in (*people.values(), *self.reporters(case), SYSTEM):
                moves = moves_from(case.state) if who is SYSTEM else moves_for(case, who)
                offers += [
                    (
                        seen[move.code, case.state] + 9 * self.refused[move.code, case.number],
                        chance.random(),
                        move.code,
                        case,
                        who,
                    )
                    for move in moves
                    if (who is not SYSTEM or move.code == "close") and self.possible(move.code, case)
                ]
        if not offers:
            return
        offers.sort(key=lambda offer: offer[:2])
        if offers[0][0] >= FEWEST and not self.go_on:  # nothing rare can happen to these two any more
            self.teardown()
            self.open_world()
            self.begin(chance.getrandbits(32))
            return
        _seen, _lot, move, case, who = offers[chance.randrange(min(3, len(offers)))]
        version = case.version
        if not self.attempt(move, case, who, chance):
            self.refused[move, case.number] += 1
        elif twice:
            with pytest.raises((Conflict, GewuError)):
                act(
                    move,
                    case.number,
                    self.given(move, case, chance),
                    actor=who,
                    now=self.now,
                    version=version,
                )

    def rank(self, move: str, case: Case) -> int:
        """Rare ones first; what was just refused here waits its turn."""
        return seen[move, case.state] + 9 * self.refused[move, case.number]

    def possible(self, move: str, case: Case) -> bool:
        """What the table offers although this world cannot give what it needs, or the calendar is past it."""
        if move == "merge":
            return any(other.is_open for other in self.last.values() if other.pk != case.pk)
        if move == "correct":
            return self.now <= case.filed_at + timedelta(minutes=5)
        return move != "close" or case.verified_at is not None

    def anything(self, chance: Random) -> None:
        """Any move by anybody, allowed or not: it works or is refused, and never leaves half an act."""
        case = chance.choice(self.cases())
        who = chance.choice([*people.values(), *self.reporters(case)])
        self.attempt(chance.choice(list(MOVES)), case, who, chance)

    def time_passes(self, chance: Random) -> None:
        self.jump(timedelta(minutes=chance.choice(JUMPS)))

    def jump(self, by: timedelta) -> None:
        self.now += by
        self.story.append(f"{self.now:%d %H:%M}")
        for _pass in range(50):
            if not fire_due(self.now):
                break
        for case in self.cases():
            self.compare(self.load(case.pk), move="")

    def attempt(self, move: str, case: Case, who: Actor, chance: Random, **given: Any) -> bool:
        """Do it, and see that exactly what the table says has happened."""
        before, versions = self.last[case.pk], VERSIONS()
        try:
            act(move, case.number, self.given(move, case, chance) | given, actor=who, now=self.now)
        except GewuError as error:
            tried[f"{error.code} {move}"] += 1
            assert VERSIONS() == versions
            return False
        tried["done"] += 1
        self.story.append(
            f"{before.number[-8:]} v{before.version} {before.state}/{before.level}: {move} by {self.name_of(who)}"
        )
        seen[move, before.state] += 1
        after = self.load(case.pk)
        assert before.state in MOVES[move].frm
        assert after.state in MOVES[move].ends_in(before.state)
        assert after.version == before.version + 1
        self.compare(after, move=move)
        return True

    def given(self, move: str, case: Case, chance: Random) -> dict[str, Any]:
        given = dict(cast._defaults(move))
        if move in {"assign", "transfer", "decide_holder"}:
            here = [f"post:{case.holder_post.code}"] if case.holder_post else []
            here += [f"unit:{case.holder_unit.code}"] if case.holder_unit else []
            given["to"] = chance.choice([one for one in HOLDERS[case.level] if one not in here])
        if move == "pause":
            given["until"] = (self.now + timedelta(days=chance.choice((2, 8)))).date().isoformat()
        if move == "merge":
            given["into"] = next(told.case.number for told in self.told if told.case.pk != case.pk)
        if move == "recategorise":
            given["condition"] = chance.choice([one for one in CONDITIONS if one != case.condition.code])
        if move == "join":
            given["unit"] = chance.choice(("property", "committee-a", "safety"))
        if move in {"extend", "appeal"} and (case.extension == "asked" or case.appeal):
            given["grant" if move == "extend" else "decision"] = chance.choice(("yes", "no"))
        return given

    # The direct way to a transition.

    def steer(self, goal: tuple[str, str]) -> None:
        """Bring the first case to the state, prepare what the move presupposes, and take the move."""
        move, state = goal
        told, chance = self.told[0], Random(0)
        prepare = PREPARED.get(move, lambda life, to: life.walk(to))
        prepare(self, state)
        case = self.last[told.case.pk]
        for who in (*people.values(), *self.reporters(case), SYSTEM):
            offered = who is SYSTEM or any(one.code == move for one in moves_for(case, who))
            if case.state == state and offered and self.attempt(move, case, who, chance):
                return
        raise AssertionError(f"nobody could take {goal} (the case is {case.state} at {case.level})")

    def walk(self, state: str) -> None:
        self.walked(state, self.told[0])

    def walked(self, state: str, told: Reported) -> None:
        for move, who in cast._STEPS["verified" if state == "closed" else state]:
            self.by(move, who)
        if state == "closed":
            self.by("rate", self.reporters(told.case)[0])

    def by(self, move: str, who: str | Actor, **given: Any) -> None:
        """One sure step on the way; it counts like any other."""
        case = self.last[self.told[0].case.pk]
        acting = people[who] if isinstance(who, str) else who
        if isinstance(who, str) and who == "worker_a1" and case.holder_post:
            acting = people[case.holder_post.code.replace("-", "_")]
        extra = {"to": "post:worker-a1"} if move == "assign" and case.level == "G" else {}
        assert self.attempt(move, case, acting, Random(1), **(extra | given)), (move, case.state, tried)

    # What must always be so.

    def compare(self, after: Case, *, move: str) -> None:
        """What may change only by certain moves."""
        before = self.last[after.pk]
        if after.level != before.level:
            assert move in MAY_CHANGE_LEVEL or before.state == "submitted", (move, before.level, after.level)
        if before.returns >= 2 and (after.level, after.holder_post_id, after.holder_unit_id) != (
            before.level, before.holder_post_id, before.holder_unit_id,
        ):  # fmt: skip
            assert move in {"decide_holder", "take_over", "refuse", "reopen"}, move
        promise = self.promises(after.pk)
        if promise - self.promise[after.pk]:
            assert move in MAY_BEGIN_PROMISE, move
        self.last[after.pk], self.promise[after.pk] = after, promise

    @invariant()
    def whole(self) -> None:
        try:
            for case in self.cases():
                if self.checked.get(case.pk) != case.version:
                    self.check(case)
                    self.checked[case.pk] = case.version
            self.check_figures()
        except AssertionError as error:
            error.add_note("\n".join(self.story))
            raise

    def check(self, case: Case) -> None:
        assert case.is_open == (case.state in OPEN)
        entries = ENTRIES(case=case.pk)
        assert [version for version, _kind, _at in entries] == list(range(1, case.version + 1))
        assert case.returns <= 2
        assert not (case.decided and case.returns >= 2)
        self.check_stage(case)
        self.check_clocks(case, [at for _version, kind, at in entries if kind in BEGINS])
        self.check_marks(case)
        assert (case.state == "waiting") == (case.wakes_at is not None) or not case.is_open
        assert (case.closed_at is not None) == (case.state in ENDED)
        assert (case.done_at is not None) == (case.state == "handled") or not case.is_open

    def check_stage(self, case: Case) -> None:
        stages = STAGES(case=case.pk)
        assert len(stages) == int(case.is_open)
        for stage in stages:
            assert (stage.state, stage.level) == (case.state, case.level)
            assert (stage.holder_post, stage.holder_unit) == (case.holder_post_id, case.holder_unit_id)

    def check_marks(self, case: Case) -> None:
        for one in (*PARTIES(case=case.pk), *REPORTS(case=case.pk)):
            assert one.of_open == case.is_open

    def check_clocks(self, case: Case, begun: list[Any]) -> None:
        running = RUNNING(case=case.pk)
        assert len({clock.kind for clock in running}) == len(running)
        if not case.is_open:
            assert not running or (
                case.closing == "merged" and all(c.paused_at and c.next_at is None for c in running)
            )
        held = case.state == "waiting" or case.asked_at is not None
        for clock in running if case.is_open else ():
            if clock.kind in clocks.PAUSING and case.state != "handled":
                assert (clock.due_at is None) == held, (clock.kind, case.state, case.asked_at)
            else:
                assert clock.due_at is not None
        dues = [clock.due_at for clock in running if clock.due_at]
        assert case.due_at == min(dues, default=clocks.NOTHING_DUE)
        if case.is_open and case.verified_at is None:
            over = any(clock.kind in clocks.PAUSING and clock.warned >= clocks.OVERDUE for clock in running)
            assert (case.overdue_at is not None) == over
        has_promise = any(clock.kind == clocks.PROMISE for clock in running)
        if case.state in {"accepted", "assigned", "handling", "waiting"}:
            assert has_promise == (case.condition.limit != "")
            # It runs from accept, refusal or reopening, whatever the case was called in between.
            assert [clock.started_at for clock in running if clock.kind == clocks.PROMISE] in ([], begun[-1:])

    def check_figures(self) -> None:
        counted = {
            level: n
            for (level, code), n in figures.stock("", by="level").items()
            if code == "open_delta" and n
        }
        assert counted == Counter(OPEN_CASES())
        assert figures.stock("").get(("", "overdue_open"), 0) == len(LATE())

    # Reading.

    def cases(self) -> list[Case]:
        """The two as they were after the last act; nothing but acts and time changes them."""
        return list(self.last.values())

    def load(self, pk: Any) -> Case:
        case = CASE.first(case=pk)
        assert case is not None
        case._prefetched_objects_cache = {"parties": PARTIES(case=pk)}
        return case

    def reporters(self, case: Case) -> list[Actor]:
        ties = [(told, self.last[told.case.pk].merged_into_id or told.case.pk) for told in self.told]
        return [
            Actor(kind="reporter", report_id=told.report.pk, case_id=pk, via="receipt")
            for told, pk in ties
            if pk == case.pk
        ]

    def name_of(self, who: Actor) -> str:
        return next((name for name, one in people.items() if one is who), who.kind)

    def promises(self, pk: Any) -> set[Any]:
        return set(PROMISES(case=pk))

    def remember(self, pk: Any) -> None:
        self.last[pk] = self.load(pk)
        self.promise[pk] = self.promises(pk)


def _waiting_too(life: Life, state: str, who: str) -> None:
    if state in {"handling", "waiting"}:
        life.by("start", who)
    if state == "waiting":
        life.by("pause", who)


def _overdue(life: Life, state: str) -> None:
    life.walk("handling" if state == "waiting" else state)
    life.jump(timedelta(days=1))
    if state == "waiting":
        life.by("pause", "worker_a1")


def _called(life: Life, state: str) -> None:
    life.walk("accepted")
    life.by("whistle", "duty_lead")
    if state == "accepted":
        life.by("hand_back", "team_hand")
    _waiting_too(life, state, "team_hand")


def _returned_twice(life: Life, state: str) -> None:
    life.walk("accepted")
    life.by("hand_up", "lead_a1")
    life.by("assign", "director_a", to="unit:property")
    life.by("transfer", "property_hand", to="unit:committee-a")
    if state == "accepted":
        life.by("hand_back", "committee_hand_a")
    else:
        life.by("transfer", "committee_hand_a", to="unit:property")
    if state == "handling":
        life.by("start", "property_hand")
    life.jump(timedelta(days=1))


def _sent_here(life: Life, state: str) -> None:
    if state != "accepted":
        return life.walk(state)
    life.walk("accepted")
    return life.by("hand_up", "lead_a1")


def _verified(life: Life, state: str) -> None:
    life.walk("verified" if state == "handled" else state)


def _silent(life: Life, state: str) -> None:
    """Verified, and its time has passed, but the worker has not come by yet."""
    life.walk("verified")
    life.now += timedelta(days=10)


def _closed_in_silence(life: Life, state: str) -> None:
    life.walk("verified")
    if state == "closed":
        life.jump(timedelta(days=10))


def _closed_late(life: Life, state: str) -> None:
    life.walk("handling")
    life.jump(timedelta(days=1))
    life.by("report_done", "worker_a1")
    life.by("verify", "lead_a1")
    life.by("rate", cast.reporter(life.told[0]))


def _joined(life: Life, state: str) -> None:
    life.walk("accepted")
    life.by("merge", "lead_a1")


PREPARED: dict[str, Callable[[Life, str], Any]] = {
    "take_over": _overdue,
    "confirm_arrival": _called,
    "leave": _called,
    "decide_holder": _returned_twice,
    "hand_back": _sent_here,
    "refuse": _verified,
    "close": _silent,
    "rate": _closed_in_silence,
    "appeal": _closed_late,
    "unmerge": _joined,
}


def _run(life: type[Life], examples: int, steps: int) -> None:
    seen.clear()
    tried.clear()
    people.clear()
    people.update({name: cast.actor(name) for name in STAFF})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            phases=[
                Phase.generate
            ],  # an example depends on what was rare when it ran: it is told, not shrunk
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    rare = {
        f"{move} from {state}": seen[move, state] for move, state in TRANSITIONS if seen[move, state] < FEWEST
    }
    assert not rare, (rare, tried)


@pytest.mark.long
def test_whatever_happens_a_case_stays_whole(town: ModuleType) -> None:
    _run(Life, examples=LIVES, steps=40)


@pytest.mark.soak
def test_and_for_much_longer(town: ModuleType) -> None:
    class Long(Life):
        go_on = True

    _run(Long, examples=2000, steps=60)
