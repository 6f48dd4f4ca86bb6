"""Units, posts and who holds them: lists for those who organise, changes by the administrator."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

import msgspec
from django.db.models import QuerySet
from django.http import HttpResponse

from gewu.api.endpoint import SIGNED_IN, Call, endpoint
from gewu.api.files import XLSX, download
from gewu.api.v1.shapes import DoneOut, Out
from gewu.core import limits
from gewu.core.errors import NotFound
from gewu.domain.accounts import queries as accounts
from gewu.domain.accounts.models import User
from gewu.domain.areas import queries as areas
from gewu.domain.people import actions, queries, workbook
from gewu.domain.people.handover import HandoverPack
from gewu.domain.people.models import Absence, Appointment, Post, Unit, UnitKind


class HatOut(Out, frozen=True):
    """One post the caller wears today."""

    role: str
    level: str
    post: str
    area: str
    stand_in: bool = False


class MeOut(Out, frozen=True):
    """The caller: user name, hats of today, whether a second factor was shown, scopes of a token."""

    username: str
    name: str
    language: str
    strong: bool
    hats: list[HatOut]
    scopes: list[str] = []


class UnitOut(Out, frozen=True):
    """An organisation that can hold or join a case."""

    code: str
    kind: str
    level: str
    name: str
    area: str = ""
    parent: str = ""

    @classmethod
    def of(cls, unit: Unit) -> UnitOut:
        return cls(
            code=unit.code,
            kind=unit.kind.code,
            level=unit.level,
            name=unit.name,
            area=unit.area.code if unit.area else "",
            parent=unit.parent.code if unit.parent else "",
        )


class UnitsOut(Out, frozen=True):
    """Units in the order of codes."""

    items: list[UnitOut]


class PostOut(Out, frozen=True):
    """One seat, and who holds it today."""

    code: str
    role: str
    level: str
    title: str
    area: str
    unit: str = ""
    duties: str = ""
    holder: str = ""

    @classmethod
    def of(cls, post: Post, holder: str = "") -> PostOut:
        return cls(
            code=post.code,
            role=post.role,
            level=post.level,
            title=post.title,
            area=post.area.code,
            unit=post.unit.code if post.unit else "",
            duties=post.duties,
            holder=holder,
        )


class PostsOut(Out, frozen=True):
    """Posts in the order of codes."""

    items: list[PostOut]


class UnitIn(msgspec.Struct, frozen=True):
    """A new unit."""

    code: str
    kind: str
    level: str
    name: str
    names: dict[str, str] = {}
    parent: str = ""
    area: str = ""


class CoverIn(msgspec.Struct, frozen=True):
    """Codes of the areas a unit serves besides its own."""

    areas: list[str]


class PostIn(msgspec.Struct, frozen=True):
    """A new seat."""

    code: str
    role: str
    area: str
    title: str
    unit: str = ""
    level: str = ""
    duties: str = ""


class AppointIn(msgspec.Struct, frozen=True):
    """Who holds the seat, from which day to which."""

    username: str
    starts: date
    ends: date | None = None
    full_time: bool = True


class EndIn(msgspec.Struct, frozen=True):
    """The last day of somebody on this post. `starts` names the appointment; without it, the newest one."""

    username: str
    ends: date
    starts: date | None = None


class AppointmentOut(Out, frozen=True, omit_defaults=False):
    """Who holds or held the post, from which day to which; null: until further notice."""

    username: str
    name: str
    starts: date
    ends: date | None
    full_time: bool


class AppointmentsOut(Out, frozen=True):
    """The newest first."""

    items: list[AppointmentOut]


class AwayOut(Out, frozen=True, omit_defaults=False):
    """Days somebody is away, and who stands in."""

    starts: date
    ends: date | None
    stand_in: str
    reason: str


class AbsencesOut(Out, frozen=True):
    """Absences that are not over, the first to begin first."""

    items: list[AwayOut]


class HandOverIn(msgspec.Struct, frozen=True):
    """Who takes the seat, from which day."""

    to: str
    on: date
    full_time: bool = True


class AbsenceIn(msgspec.Struct, frozen=True):
    """The days somebody is away, and who stands in."""

    starts: date
    ends: date | None = None
    stand_in: str = ""
    reason: str = "away"


class EndAbsenceIn(msgspec.Struct, frozen=True):
    """The last day away. `starts` names the absence; without it, the newest one."""

    ends: date
    starts: date | None = None


class MatterOut(Out, frozen=True):
    """One thing that waits for the post."""

    kind: str
    number: str
    state: str
    due_at: datetime | None = None


class PackOut(Out, frozen=True):
    """What somebody taking over a post finds on the first day."""

    post: str
    on: date
    duties: str
    matters: list[MatterOut]

    @classmethod
    def of(cls, code: str, pack: HandoverPack) -> PackOut:
        return cls(
            post=code,
            on=pack.on,
            duties=pack.duties,
            matters=[
                MatterOut(kind=one.kind, number=one.number, state=one.state, due_at=one.due_at)
                for one in pack.matters
            ],
        )


class RowFaultOut(Out, frozen=True):
    """One fault in a workbook, where a person finds it."""

    sheet: str
    row: int
    column: str
    code: str
    message: str


class PeopleImportOut(Out, frozen=True):
    """What an import did or would do; with faults nothing was done."""

    done: bool
    dry_run: bool
    faults: list[RowFaultOut]
    created: dict[str, int] = {}
    changed: dict[str, int] = {}


@endpoint("GET", "me", answer=MeOut, guard=SIGNED_IN)
def show_me(call: Call[None]) -> MeOut:
    """Who the caller is here, and in which posts."""
    actor = call.actor
    user = User.objects.get(pk=actor.person)
    posts = Post.objects.select_related("area").in_bulk([hat.post_id for hat in actor.hats])
    return MeOut(
        username=user.username,
        name=user.name,
        language=user.language,
        strong=actor.strong,
        hats=[
            HatOut(
                role=hat.role,
                level=hat.level,
                post=posts[hat.post_id].code,
                area=posts[hat.post_id].area.code,
                stand_in=hat.stand_in,
            )
            for hat in actor.hats
        ],
        scopes=sorted(actor.scopes or ()),
    )


@endpoint("GET", "units", answer=UnitsOut, guard=SIGNED_IN, query=("kind", "area"))
def list_units(call: Call[None]) -> UnitsOut:
    """Units, of one kind or serving one area."""
    area = call.word("area")
    path = areas.get_area(area).path if area else ""
    return UnitsOut(
        items=[UnitOut.of(unit) for unit in queries.units(kind=call.word("kind") or None, path=path)]
    )


@endpoint("GET", "posts", answer=PostsOut, guard="people.see", query=("area", "role"))
def list_posts(call: Call[None]) -> PostsOut:
    """Posts of an area, each with the name of who holds it today."""
    area = call.word("area")
    posts = queries.posts_in(areas.get_area(area).path if area else "", role=call.word("role") or None)
    held = queries.holders([post.pk for post in posts], now=call.now)
    return PostsOut(items=[PostOut.of(post, held[post.pk].name if post.pk in held else "") for post in posts])


@endpoint("GET", "vacancies", answer=PostsOut, guard="people.see", query=("area",))
def list_vacancies(call: Call[None]) -> PostsOut:
    """Posts nobody holds today."""
    area = call.word("area")
    path = areas.get_area(area).path if area else ""
    return PostsOut(items=[PostOut.of(post) for post in queries.vacancies(path, now=call.now)])


@endpoint("POST", "units", body=UnitIn, answer=UnitOut, guard="people.edit", status=201)
def create_unit(call: Call[UnitIn]) -> UnitOut:
    """A new organisation."""
    body = call.body
    kind = UnitKind.objects.filter(code=body.kind).first()
    if kind is None:
        raise NotFound
    unit = actions.create_unit(
        body.code,
        kind=kind,
        level=body.level,
        name=body.name,
        names=body.names or None,
        parent=queries.get_unit(body.parent) if body.parent else None,
        area=areas.get_area(body.area) if body.area else None,
        actor=call.actor,
        now=call.now,
    )
    return UnitOut.of(unit)


@endpoint("POST", "units/<code>/areas", body=CoverIn, answer=DoneOut, guard="people.edit")
def cover_areas(call: Call[CoverIn], code: str) -> DoneOut:
    """The unit serves exactly these areas besides its own."""
    found = [areas.get_area(one) for one in call.body.areas[: limits.BULK]]
    actions.cover_areas(queries.get_unit(code), found, actor=call.actor, now=call.now)
    return DoneOut()


@endpoint("POST", "posts", body=PostIn, answer=PostOut, guard="people.edit", status=201)
def create_post(call: Call[PostIn]) -> PostOut:
    """A new seat; nobody holds it yet."""
    body = call.body
    post = actions.create_post(
        body.code,
        role=body.role,
        area=areas.get_area(body.area),
        unit=queries.get_unit(body.unit) if body.unit else None,
        level=body.level,
        title=body.title,
        duties=body.duties,
        actor=call.actor,
        now=call.now,
    )
    return PostOut.of(post)


@endpoint(
    "POST", "posts/<code>/appoint", body=AppointIn, answer=PostOut, guard="people.edit", status=201,
    fields={"user": "username"},
)  # fmt: skip
def appoint(call: Call[AppointIn], code: str) -> PostOut:
    """Somebody holds the seat from the first to the last day."""
    body, post = call.body, queries.get_post(code)
    user = accounts.get_user(body.username)
    actions.appoint(
        post,
        user,
        starts=body.starts,
        ends=body.ends,
        full_time=body.full_time,
        actor=call.actor,
        now=call.now,
    )
    return PostOut.of(post, user.name)


@endpoint("POST", "posts/<code>/end", body=EndIn, answer=PostOut, guard="people.edit")
def end_appointment(call: Call[EndIn], code: str) -> PostOut:
    """Somebody's last day on this post."""
    post, body = queries.get_post(code), call.body
    found = _newest(Appointment.objects.filter(post=post, user__username=body.username), body.starts)
    actions.end_appointment(found, ends=call.body.ends, actor=call.actor, now=call.now)
    return PostOut.of(post)


@endpoint("GET", "posts/<code>/appointments", answer=AppointmentsOut, guard="people.edit")
def list_appointments(call: Call[None], code: str) -> AppointmentsOut:
    """Who holds and held a post."""
    rows = Appointment.objects.filter(post=queries.get_post(code)).select_related("user").order_by("-starts")
    return AppointmentsOut(
        items=[
            AppointmentOut(row.user.username, row.user.name, row.starts, row.ends, row.full_time)
            for row in rows
        ]
    )


@endpoint("GET", "posts/<code>/handover", answer=PackOut, guard="people.edit")
def show_handover(call: Call[None], code: str) -> PackOut:
    """What somebody taking over this post today would find."""
    return PackOut.of(code, queries.handover_pack(queries.get_post(code), now=call.now))


@endpoint(
    "POST",
    "posts/<code>/handover",
    body=HandOverIn,
    answer=PackOut,
    guard="people.edit",
    fields={"user": "to"},
)
def hand_over(call: Call[HandOverIn], code: str) -> PackOut:
    """The seat changes hands on a day; the pack is for who takes it."""
    body = call.body
    pack = actions.hand_over(
        queries.get_post(code),
        accounts.get_user(body.to),
        on=body.on,
        full_time=body.full_time,
        actor=call.actor,
        now=call.now,
    )
    return PackOut.of(code, pack)


@endpoint(
    "POST", "people/<username>/absences", body=AbsenceIn, answer=DoneOut, guard="people.edit", status=201,
    fields={"reason_code": "reason"},
)  # fmt: skip
def report_absence(call: Call[AbsenceIn], username: str) -> DoneOut:
    """Somebody is away; without a stand-in the next level answers."""
    body = call.body
    actions.report_absence(
        accounts.get_user(username),
        starts=body.starts,
        ends=body.ends,
        stand_in=accounts.get_user(body.stand_in) if body.stand_in else None,
        reason_code=body.reason,
        actor=call.actor,
        now=call.now,
    )
    return DoneOut()


@endpoint("GET", "people/<username>/absences", answer=AbsencesOut, guard="people.edit")
def list_absences(call: Call[None], username: str) -> AbsencesOut:
    """When somebody is away, now and later."""
    rows = Absence.objects.filter(user=accounts.get_user(username)).exclude(ends__lt=queries.today(call.now))
    return AbsencesOut(
        items=[
            AwayOut(row.starts, row.ends, row.stand_in.username if row.stand_in else "", row.reason_code)
            for row in rows.select_related("stand_in").order_by("starts")
        ]
    )


@endpoint("POST", "people/<username>/absences/end", body=EndAbsenceIn, answer=DoneOut, guard="people.edit")
def end_absence(call: Call[EndAbsenceIn], username: str) -> DoneOut:
    """The last day away."""
    found = _newest(Absence.objects.filter(user=accounts.get_user(username)), call.body.starts)
    actions.end_absence(found, ends=call.body.ends, actor=call.actor, now=call.now)
    return DoneOut()


@endpoint("GET", "people/workbook", answer=XLSX, guard="people.edit")
def people_template(call: Call[None]) -> HttpResponse:
    """An empty workbook of units, posts and people."""
    return download(workbook.template(), "people.xlsx", XLSX)


@endpoint(
    "POST", "people/workbook", answer=PeopleImportOut, guard="people.edit", raw=True, query=("dry_run",)
)
def import_people(call: Call[None]) -> PeopleImportOut:
    """Bring in a workbook: every fault named at its row, or everything done."""
    found = actions.import_people(
        call.file(limits.IMPORT_BYTES), actor=call.actor, now=call.now, dry_run=call.flag("dry_run")
    )
    counts = (
        {name: getattr(found.done, name) for name in ("units", "posts", "people", "appointments")}
        if found.done
        else {}
    )
    return PeopleImportOut(
        done=found.done is not None and not found.dry_run,
        dry_run=found.dry_run,
        faults=[
            RowFaultOut(
                sheet=fault.sheet,
                row=fault.row,
                column=fault.column,
                code=fault.code,
                message=str(fault.message),
            )
            for fault in found.errors
        ],
        created={name: count.created for name, count in counts.items()},
        changed={name: count.changed for name, count in counts.items()},
    )


@endpoint("POST", "people/workbook/faults", answer=XLSX, guard="people.edit", raw=True)
def show_faults(call: Call[None]) -> HttpResponse:
    """The same workbook only looked at: its faults as a sheet for whoever filled it in."""
    found = actions.import_people(
        call.file(limits.IMPORT_BYTES), actor=call.actor, now=call.now, dry_run=True
    )
    return download(workbook.error_sheet(found.errors), "faults.xlsx", XLSX)


Dated = TypeVar("Dated", Appointment, Absence)


def _newest(rows: QuerySet[Dated], starts: date | None) -> Dated:
    """The row that begins on this day; without a day the one that begins last."""
    found = (rows if starts is None else rows.filter(starts=starts)).order_by("-starts").first()
    if found is None:
        raise NotFound
    return found
