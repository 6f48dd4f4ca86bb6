"""The cast of all tests: one district, one subdistrict, two communities side by side, two grids in each.

    north   a1 | b1        community_a = a1 + a2, community_b = b1 + b2
    south   a2 | b2        each grid a square of 0.01 degrees, about a kilometre

Everybody is named after the post: `actor("lead_a1")` wears the hat of the post ``lead-a1``, and nobody else does.
The seed catalogue is loaded; `WASTE` starts at the grid, `WIRING` at the community, `WATER` at the subdistrict,
`LABOUR` (private) at a department. Time stands at Tuesday 2026-03-10, 09:00 (`NOW`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import shapely
from django.db import connection, transaction

from gewu.core import chance
from gewu.domain.access.actor import ANYONE, SYSTEM, Actor
from gewu.domain.accounts.models import User
from gewu.domain.areas import actions as areas
from gewu.domain.areas.rules import Shape
from gewu.domain.cases import actions as cases
from gewu.domain.cases import queries
from gewu.domain.cases.actions import Reported, ReportInput
from gewu.domain.cases.actions.numbers import forget_blocks
from gewu.domain.cases.models import Case
from gewu.domain.cases.workflow import (
    ACCEPTED,
    ASSIGNED,
    CLOSED,
    DECLINED,
    HANDLED,
    HANDLING,
    SUBMITTED,
    WAITING,
)
from gewu.domain.catalogue import actions as catalogue
from gewu.domain.media.models import Photo
from gewu.domain.people.actions.setup import set_up
from gewu.domain.people.batch import AppointmentInput, PersonInput, PostInput, UnitInput
from gewu.domain.people.queries import actor_for
from gewu.domain.place import actions as place
from tests.services.snapshot import Snapshot
from tests.services.time import START as NOW

WEST, SOUTH, SIDE = 120.13, 32.51, 0.01
DISTRICT, SUBDISTRICT = "321204", "321204001"
SINCE = date(2025, 1, 1)

WASTE, ROAD, OTHER = "0110", "0113", "9901"  # G: W4h; W5d; no promise at all
WIRING, DISPUTE = "1105", "1201"  # V: W2d; N30d, private
LABOUR_PAY = "1206"  # S: W5d, private
POLICE_MATTER = "1212"  # D: W5d, private
FIRE, GAS = "0120", "0502"  # G: U2h, emergency; S: U1h, emergency
DISCIPLINE = "1603"  # S: W5d, confidential

# code, kind, level, area, name
UNITS = (
    ("committee-a", "committee", "V", "community_a", "村委会甲"),
    ("committee-b", "committee", "V", "community_b", "村委会乙"),
    ("property", "property", "V", "community_a", "安居物业"),
    ("centre", "grid-centre", "S", SUBDISTRICT, "街道网格中心"),
    ("team", "enforcement", "S", SUBDISTRICT, "综合执法队"),
    ("safety", "safety-office", "S", SUBDISTRICT, "应急消防工作站"),
    ("judicial", "judicial-office", "S", SUBDISTRICT, "司法所"),
    ("urban", "dept-urban", "D", DISTRICT, "城市管理局"),
    ("transport", "dept-transport", "D", DISTRICT, "交通运输局"),
    ("police", "dept-police", "D", DISTRICT, "公安分局"),
)
# code, role, area, unit, level ("": the usual one)
POSTS = (
    ("contact-a1", "contact", "a1", None, ""),
    ("worker-a1", "worker", "a1", None, ""),
    ("worker-a2", "worker", "a2", None, ""),
    ("worker-b1", "worker", "b1", None, ""),
    ("lead-a1", "lead", "a1", None, ""),
    ("lead-a2", "lead", "a2", None, ""),
    ("lead-b1", "lead", "b1", None, ""),
    ("lead-b2", "lead", "b2", None, ""),
    ("director-a", "director", "community_a", "committee-a", ""),
    ("director-b", "director", "community_b", "committee-b", ""),
    ("committee-hand-a", "handler", "community_a", "committee-a", "V"),
    ("property-hand", "handler", "community_a", "property", "V"),
    ("adviser", "adviser", SUBDISTRICT, "centre", "S"),
    ("intake", "intake", SUBDISTRICT, "centre", "S"),
    ("dispatcher", "dispatcher", SUBDISTRICT, "centre", "S"),
    ("duty-lead", "duty_lead", SUBDISTRICT, "centre", "S"),
    ("team-hand", "handler", SUBDISTRICT, "team", "S"),
    ("team-head", "unit_head", SUBDISTRICT, "team", "S"),
    ("safety-hand", "handler", SUBDISTRICT, "safety", "S"),
    ("judicial-hand", "handler", SUBDISTRICT, "judicial", "S"),
    ("evaluator", "evaluator", SUBDISTRICT, None, "S"),
    ("supervisor", "supervisor", SUBDISTRICT, None, "S"),
    ("privacy-officer", "privacy_officer", SUBDISTRICT, None, "S"),
    ("identity-officer-1", "identity_officer", SUBDISTRICT, "centre", "S"),
    ("identity-officer-2", "identity_officer", SUBDISTRICT, "judicial", "S"),
    ("identity-officer-3", "identity_officer", SUBDISTRICT, "safety", "S"),
    ("administrator", "administrator", SUBDISTRICT, None, "S"),
    ("urban-dispatcher", "dispatcher", DISTRICT, "urban", "D"),
    ("urban-hand", "handler", DISTRICT, "urban", "D"),
    ("urban-head", "unit_head", DISTRICT, "urban", "D"),
    ("transport-dispatcher", "dispatcher", DISTRICT, "transport", "D"),
    ("transport-hand", "handler", DISTRICT, "transport", "D"),
    ("police-hand", "handler", DISTRICT, "police", "D"),
)
PEOPLE = tuple(code.replace("-", "_") for code, *_rest in POSTS)


def _square(column: float, row: float, wide: float = 1, high: float = 1) -> Any:
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    return shapely.box(west, south, west + wide * SIDE, south + high * SIDE)


GRIDS = {"a1": (0, 1), "a2": (0, 0), "b1": (1, 1), "b2": (1, 0)}
SHAPES = (
    Shape(DISTRICT, "district", None, _square(0, 0, 2, 2), "区"),
    Shape(SUBDISTRICT, "subdistrict", DISTRICT, _square(0, 0, 2, 2), "罗塘街道"),
    Shape("community_a", "community", SUBDISTRICT, _square(0, 0, 1, 2), "甲村"),
    Shape("community_b", "community", SUBDISTRICT, _square(1, 0, 1, 2), "乙村"),
    *(
        Shape(code, "grid", f"community_{code[0]}", _square(*corner), f"第{code}网格")
        for code, corner in GRIDS.items()
    ),
)


_kept: dict[str, Snapshot] = {}  # by store: what the first building wrote


def town() -> None:
    """Fill an empty store with the whole cast; from the second time on with the rows of the first."""
    forget_blocks()
    if kept := _kept.get(connection.vendor):
        kept.put_back()
    else:
        _kept[connection.vendor] = Snapshot.of(_build)


def _build() -> None:
    place.open_installation(
        code=SUBDISTRICT, name="罗塘街道", names={"en": "Luotang"}, phone="0523-12345", actor=SYSTEM, now=NOW
    )
    imported = areas.import_shapes(SHAPES, actor=SYSTEM, now=NOW)
    assert imported.version is not None
    areas.put_into_force(imported.version, actor=SYSTEM, now=NOW)
    catalogue.load_seed(now=NOW, actor=SYSTEM)
    set_up(
        units=[
            UnitInput(code, kind, level, name, area=area, covers=(area,))
            for code, kind, level, area, name in UNITS
        ],
        posts=[PostInput(code, role, area, code, unit, level) for code, role, area, unit, level in POSTS],
        people=[PersonInput(name, name.replace("_", " ").title()) for name in PEOPLE],
        appointments=[AppointmentInput(name.replace("_", "-"), name, SINCE) for name in PEOPLE],
        actor=SYSTEM,
        now=NOW,
    )


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever is done inside leaves no trace; how a module shares one town among its tests."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def actor(name: str, *, now: datetime = NOW, strong: bool = True) -> Actor:
    """Somebody of the cast, by default after the second factor."""
    return actor_for(User.objects.get(username=name), now=now, strong=strong)


def middle(grid: str) -> tuple[float, float]:
    """A point well inside a grid, as (lon, lat)."""
    column, row = GRIDS[grid]
    return WEST + (column + 0.5) * SIDE, SOUTH + (row + 0.5) * SIDE


def photo() -> Photo:
    """A kept photo, without the trouble of its bytes (tests/media looks after those)."""
    return Photo.objects.create(
        width=4,
        height=3,
        size=100,
        digest="0" * 64,
        commitment=f"{chance.new_id().hex:0>64}",
        added_on=NOW.date(),
    )


def report_case(
    condition: str = WASTE,
    *,
    at: str | None = "a1",
    by: Actor = ANYONE,
    now: datetime = NOW,
    text: str = "垃圾桶旁有大量垃圾",
    **more: Any,
) -> Reported:
    """Somebody without a name reports waste in grid a1; `at` None leaves the place unknown."""
    lon, lat = middle(at) if at else (None, None)
    return cases.report(
        ReportInput(text=text, condition=condition, lon=lon, lat=lat, **more), actor=by, now=now
    )


def join(number: str, *, by: Actor = ANYONE, now: datetime = NOW, **more: Any) -> Reported:
    """A neighbour reports the same."""
    return cases.join_report(number, ReportInput(**({"text": "我也看到了"} | more)), actor=by, now=now)


def reporter(told: Reported) -> Actor:
    """Whoever holds the receipt."""
    return queries.actor_for_receipt(told.report.pk)


def do(
    move: str,
    case: Case | Reported,
    who: str | Actor,
    *,
    now: datetime = NOW,
    version: int | None = None,
    **given: Any,
) -> Case:
    """One move by somebody of the cast; what is asked for and not given gets a plain default."""
    number = (case.case if isinstance(case, Reported) else case).number
    acting = actor(who, now=now) if isinstance(who, str) else who
    return cases.act(move, number, _defaults(move) | given, actor=acting, now=now, version=version)


def fresh(case: Case | Reported) -> Case:
    """The case as it is stored now."""
    return Case.objects.get(pk=(case.case if isinstance(case, Reported) else case).pk)


def _defaults(move: str) -> dict[str, Any]:
    given: dict[str, Any] = {
        "accept": {},
        "decline": {"reason": "not_ours", "text": "请拨打12345"},
        "assign": {"to": "post:worker-a1"},
        "hand_up": {"reason": "no_means", "text": "人手不够，已劝导两次"},
        "hand_back": {"reason": "unclear", "text": "位置说不清"},
        "transfer": {"to": "post:lead-a1", "reason": "unclear", "text": "不归我管"},
        "whistle": {"units": ["team", "safety"], "lead": "team", "text": "一起到现场"},
        "join": {"unit": "property"},
        "decide_holder": {"to": "post:worker-a1", "text": "听取双方意见后决定"},
        "pause": {"reason": "works", "until": (NOW + timedelta(days=7)).date(), "text": "等待施工"},
        "extend": {"text": "雨天无法施工"},
        "rework": {"text": "还有一袋"},
        "refuse": {"reason": "not_done", "text": "垃圾还在"},
        "rate": {"rating": 5},
        "reopen": {"text": "又出现了"},
        "unmerge": {"text": "不是同一处"},
        "split": {"text": "另有一处坑洞", "condition": ROAD},
        "void": {"reason": "test", "text": "测试"},
        "appeal": {"text": "道路封闭"},
        "recategorise": {"condition": ROAD},
        "ask_reporter": {"text": "在几号楼"},
        "answer": {"text": "三号楼"},
        "add": {"text": "今天更多了"},
        "correct": {"text": "垃圾在桶的左边"},
        "internal_note": {"text": "已电话联系"},
    }.get(move, {})
    if move == "report_done":
        photos = [str(photo().pk) for _one in ("before", "after")]
        return {"closing": "solved", "closing_met": True, "text": "已清理", "photos": photos}
    return given


# The shortest way to each state, each step by who does it: case of grid a1, held by its worker.
_STEPS: dict[str, tuple[tuple[str, str], ...]] = {
    SUBMITTED: (),
    ACCEPTED: (("accept", "lead_a1"),),
    DECLINED: (("decline", "lead_a1"),),
    ASSIGNED: (("accept", "lead_a1"), ("assign", "lead_a1")),
}
_STEPS[HANDLING] = (*_STEPS[ASSIGNED], ("start", "worker_a1"))
_STEPS[WAITING] = (*_STEPS[HANDLING], ("pause", "worker_a1"))
_STEPS[HANDLED] = (*_STEPS[HANDLING], ("report_done", "worker_a1"))
_STEPS["verified"] = (*_STEPS[HANDLED], ("verify", "lead_a1"))


def walk_to(state: str, told: Reported | None = None, *, now: datetime = NOW, **more: Any) -> Reported:
    """A case of grid a1 in `state`, held by its worker once assigned. "verified" is handled with its reporter being
    asked; closed means that the reporter said "solved"."""
    told = told or report_case(now=now, **more)
    for move, who in _STEPS["verified" if state == CLOSED else state]:
        do(move, told, who, now=now)
    if state == CLOSED:
        do("rate", told, reporter(told), now=now)
    told.case.refresh_from_db()
    return told


def at_level(level: str, told: Reported | None = None, *, now: datetime = NOW, **more: Any) -> Reported:
    """An accepted case that was handed up to `level` and waits there for its holder."""
    told = told or report_case(now=now, **more)
    do("accept", told, "lead_a1", now=now)
    for here, who in (("G", "lead_a1"), ("V", "director_a"), ("S", "dispatcher")):
        if fresh(told).level == level:
            break
        if fresh(told).level == here:
            do("hand_up", told, who, now=now)
    told.case.refresh_from_db()
    return told


def people_who(check: Callable[[Actor], Any]) -> set[str]:
    """Everybody of the cast for whom `check` is true: permissions as a table."""
    return {name for name in PEOPLE if check(actor(name))}


def post_id(code: str) -> UUID:
    from gewu.domain.people.models import Post

    return Post.objects.values_list("id", flat=True).get(code=code)


def at(day: int, hour: int = 9, minute: int = 0, *, month: int = 3) -> datetime:
    """A moment of 2026 on the town's clocks; `NOW` is `at(10)`, a Tuesday."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))
