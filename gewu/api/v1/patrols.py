"""Patrols on the phone: today's rounds and visits, and what was seen.

Each act carries an id of its own and may come late, twice and out of order; the answer says what became of it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _

from gewu.api.endpoint import Call, endpoint
from gewu.api.files import PDF, download
from gewu.api.v1.shapes import ContactIn, Moment, Out
from gewu.core.errors import Invalid
from gewu.domain.names import name_of
from gewu.domain.papers.slips import visit_slip
from gewu.domain.patrols import actions, queries
from gewu.domain.patrols.actions import VisitInput, When
from gewu.domain.patrols.kinds import KINDS, PURPOSES
from gewu.domain.patrols.models import Round, Visit
from gewu.domain.people.queries import today
from gewu.domain.places.codes import format_number
from gewu.domain.privacy import texts


class ActIn(msgspec.Struct, frozen=True, kw_only=True):
    """What every act of a phone may say: its id, when it was done and when it was sent, by the phone's clock."""

    act: UUID | None = None
    done_at: Moment | None = None
    sent_at: Moment | None = None

    @property
    def when(self) -> When:
        return When(self.act, self.done_at, self.sent_at)


class TickIn(ActIn, frozen=True, kw_only=True):
    """One place: `fine` or `unreached`; `faults` are codes of the checklist."""

    place: str
    result: str
    faults: list[str] = []


class FindingIn(ActIn, frozen=True, kw_only=True):
    """Something is not as it should be. `settled`: done with on the spot; otherwise it becomes a case.
    `faults` are codes of the checklist."""

    place: str
    text: str = ""
    photos: list[str] = []
    condition: str = ""
    settled: bool = False
    faults: list[str] = []


class CloseIn(ActIn, frozen=True, kw_only=True):
    """The walk is over."""

    nothing_found: bool = False


class VisitDoneIn(ActIn, frozen=True, kw_only=True):
    """It took place; what was agreed. No photos are taken in homes: `photos` is refused unless empty."""

    text: str = ""
    photos: list[str] = []


class VisitIn(msgspec.Struct, frozen=True, kw_only=True):
    """An appointment the resident asked for or agreed to. `photos` is refused unless empty."""

    post: str
    purpose: str
    begins: Moment
    ends: Moment
    where: str
    agreed: bool
    contact: ContactIn | None = None
    photos: list[str] = []


class CancelIn(msgspec.Struct, frozen=True):
    """The code of the slip."""

    code: str


class NamedOut(Out, frozen=True):
    """A code and its name in the reader's language."""

    code: str
    name: str


class PlanOut(Out, frozen=True, omit_defaults=False):
    """The plan a round belongs to."""

    code: str
    name: str
    kind: str


class ItemOut(Out, frozen=True):
    """One thing of the checklist."""

    code: str
    label: str


class StopOut(Out, frozen=True, omit_defaults=False):
    """One place of a round; `state` null: nobody was there yet. `id` is what ticks name in `place`."""

    id: str
    number: str
    name: str
    kind: str
    lon: float
    lat: float
    state: str | None = None
    faults: list[str] = []
    seen: date | None = None


class RoundOut(Out, frozen=True, omit_defaults=False):
    """One walk of today."""

    id: UUID
    plan: PlanOut
    grid: NamedOut
    due: date
    until: date
    closed: bool
    places: list[StopOut]
    checklist: list[ItemOut]

    @classmethod
    def of(cls, row: Round) -> RoundOut:
        kind = KINDS[row.plan.kind]
        return cls(
            id=row.pk,
            plan=PlanOut(code=row.plan_id.hex, name=name_of(row.plan), kind=row.plan.kind),
            grid=NamedOut(code=row.area.code, name=name_of(row.area)),
            due=row.due,
            until=row.until,
            closed=row.state != "open",
            places=[
                StopOut(
                    id=stop.place.code,
                    number=format_number(stop.place.number),
                    name=name_of(stop.place),
                    kind=stop.place.kind,
                    lon=stop.place.lon,
                    lat=stop.place.lat,
                    state=stop.result or None,
                    faults=stop.faults,
                    seen=stop.place.seen_on,
                )
                for stop in row.stops.all()
            ],
            checklist=[ItemOut(code=item.code, label=str(item.label)) for item in kind.checklist],
        )


class VisitOut(Out, frozen=True, omit_defaults=False):
    """One appointment: when, what for, at which door."""

    id: UUID
    begins: datetime
    ends: datetime
    purpose: str
    where: str
    state: str

    @classmethod
    def of(cls, row: Visit, where: str) -> VisitOut:
        purpose = str(PURPOSES.get(row.purpose, row.purpose))
        return cls(id=row.pk, begins=row.begins, ends=row.ends, purpose=purpose, where=where, state=row.state)


class SlipOut(Out, frozen=True):
    """A new appointment, and the code with which the resident can call it off."""

    id: UUID
    code: str


class WholeSlipOut(Out, frozen=True):
    """What stands on the slip: when, which post, what for, and the code to call it off."""

    id: UUID
    code: str
    begins: datetime
    ends: datetime
    post: str
    purpose: str
    state: str


class TodayOut(Out, frozen=True, omit_defaults=False):
    """What is on in one's own area."""

    date: date
    rounds: list[RoundOut]
    visits: list[VisitOut]


class KeptOut(Out, frozen=True, omit_defaults=False):
    """What became of an act. `kept`: empty, or `late` when the round was over or does not go there; it is kept then as
    a note. `number`: of the case a finding became. `left`: places nobody was at when a round was closed."""

    kept: str = ""
    settled: bool = False
    number: str = ""
    left: int = 0


def _check_no_photos(photos: list[str]) -> None:
    if photos:
        raise Invalid.at("photos", "home", _("No photos are taken in homes."))


def _kept(answer: dict[str, Any]) -> KeptOut:
    return msgspec.convert(answer, KeptOut)


@endpoint("GET", "patrols/today", answer=TodayOut, guard="patrol.walk")
def patrols_today(call: Call[None]) -> TodayOut:
    """Open rounds and visits of one's own area, rounds in walking order."""
    visits = queries.visits(call.actor, now=call.now)
    doors = texts.read([visit.where_id for visit in visits])
    return TodayOut(
        date=today(call.now),
        rounds=[RoundOut.of(row) for row in queries.rounds_today(call.actor, now=call.now)],
        visits=[VisitOut.of(visit, doors.get(visit.where_id, "")) for visit in visits],
    )


@endpoint("POST", "patrols/rounds/<uuid:round_id>/ticks", body=TickIn, answer=KeptOut, guard="patrol.walk")
def tick_place(call: Call[TickIn], round_id: UUID) -> KeptOut:
    """One place is fine, or could not be reached."""
    body = call.body
    return _kept(
        actions.tick(
            round_id,
            body.place,
            body.result,
            faults=body.faults,
            when=body.when,
            actor=call.actor,
            now=call.now,
        )
    )


@endpoint(
    "POST", "patrols/rounds/<uuid:round_id>/findings", body=FindingIn, answer=KeptOut, guard="patrol.walk",
    fields={"sign": "place"},
)  # fmt: skip
def report_finding(call: Call[FindingIn], round_id: UUID) -> KeptOut:
    """Something is not as it should be: a case, or settled on the spot."""
    body = call.body
    given = {"text": body.text, "photos": body.photos, "condition": body.condition, "settled": body.settled}
    return _kept(
        actions.find(
            round_id, body.place, given, faults=body.faults, when=body.when, actor=call.actor, now=call.now
        )
    )


@endpoint("POST", "patrols/rounds/<uuid:round_id>/close", body=CloseIn, answer=KeptOut, guard="patrol.walk")
def close_round(call: Call[CloseIn], round_id: UUID) -> KeptOut:
    """The walk is over; places left are said."""
    body = call.body
    return _kept(
        actions.close_round(
            round_id, nothing_found=body.nothing_found, when=body.when, actor=call.actor, now=call.now
        )
    )


@endpoint("POST", "patrols/visits", body=VisitIn, answer=SlipOut, guard="visit.agree", status=201)
def agree_visit(call: Call[VisitIn]) -> SlipOut:
    """Write an appointment down."""
    body = call.body
    _check_no_photos(body.photos)
    given = VisitInput(
        post=body.post,
        purpose=body.purpose,
        begins=body.begins,
        ends=body.ends,
        where=body.where,
        contact=body.contact.contact("zh-hans") if body.contact else None,
        agreed=body.agreed,
    )
    visit = actions.agree(given, actor=call.actor, now=call.now)
    return SlipOut(id=visit.pk, code=visit.code)


@endpoint(
    "POST", "patrols/visits/<uuid:visit_id>/done", body=VisitDoneIn, answer=KeptOut, guard="visit.agree"
)
def finish_visit(call: Call[VisitDoneIn], visit_id: UUID) -> KeptOut:
    """It took place. On a visit that was called off or is over, the text is kept as a note (`late`)."""
    body = call.body
    _check_no_photos(body.photos)
    return _kept(actions.visited(visit_id, body.text, when=body.when, actor=call.actor, now=call.now))


@endpoint("GET", "patrols/visits/<uuid:visit_id>/slip", answer=WholeSlipOut, guard="visit.see")
def show_slip(call: Call[None], visit_id: UUID) -> WholeSlipOut:
    """The slip again, with its code."""
    row = queries.get_visit(visit_id, actor=call.actor)
    return WholeSlipOut(
        id=row.pk,
        code=row.code,
        begins=row.begins,
        ends=row.ends,
        post=name_of(row.post),
        purpose=str(PURPOSES[row.purpose]),
        state=row.state,
    )


@endpoint("GET", "patrols/visits/<uuid:visit_id>/slip/paper", answer=PDF, guard="visit.see")
def show_slip_paper(call: Call[None], visit_id: UUID) -> HttpResponse:
    """The slip on paper, A6."""
    return download(visit_slip(queries.get_visit(visit_id, actor=call.actor)), "visit.pdf", PDF)


@endpoint("POST", "patrols/visits/<uuid:visit_id>/cancel", answer=KeptOut, guard="visit.agree")
def call_visit_off(call: Call[None], visit_id: UUID) -> KeptOut:
    """The post that would have come calls it off."""
    visit = queries.get_visit(visit_id, actor=call.actor)
    actions.call_off(visit.code, actor=call.actor, now=call.now)
    return KeptOut()


@endpoint("POST", "patrols/visits/cancel", body=CancelIn, answer=KeptOut, guard="anyone", an_hour=60)
def cancel_visit(call: Call[CancelIn]) -> KeptOut:
    """Call it off with the code of the slip."""
    actions.call_off(call.body.code, actor=call.actor, now=call.now)
    return KeptOut()
