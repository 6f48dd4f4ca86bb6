"""The gate to cases: rows reach a page, the API or an export only through here, already judged by the access table.

`get_case` and `view_case` answer "not found" for what one may not know of. `queue` lists; it reads the case table alone
through the indexes of the work queue, pages by key, and never counts the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from gewu.core import levels, limits
from gewu.core.errors import Invalid, NotFound
from gewu.core.text import CaseNumber
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import CONFIDENTIAL, NORMAL, TRIAGE, may, stands, visible, ways
from gewu.domain.areas import paths
from gewu.domain.areas.models import Area
from gewu.domain.cases import lookups, marks, opened, story
from gewu.domain.cases.by_day import hides_hours, told
from gewu.domain.cases.clocks import ACCEPT, STAGE
from gewu.domain.cases.models import Case, CasePhoto, Clock, ReCheck, Report, Stage
from gewu.domain.cases.relations import RELATIONS, below, covers, has_yet_to
from gewu.domain.cases.rules import blocked_by_returns, possible_now, used_up
from gewu.domain.cases.story import Story
from gewu.domain.cases.workflow import ACCEPTED, HANDLED, SUBMITTED, WAITING, Move, moves_from
from gewu.domain.names import name_of
from gewu.domain.people.models import Post, Unit
from gewu.domain.people.roles import ROLES
from gewu.domain.privacy import receipts, texts

EXCERPT = 80
TRIAGE_ROLE = {"G": "lead", "V": "director", "S": "dispatcher"}


@dataclass(frozen=True)
class Line:
    """One row of a list: what triage may see of any case, and the beginning of the text where it may be read."""

    case: Case
    text: str = ""
    readable: bool = False


@dataclass(frozen=True)
class Page:
    """One page of a list. `next` is the key to hand in as `after`; empty on the last page."""

    lines: list[Line]
    next: str = ""


@dataclass(frozen=True)
class Filter:
    """What a list is asked for; empty fields do not filter."""

    state: str = ""
    level: str = ""
    area: str = ""  # code
    category: str = ""  # code of a class, subclass or condition
    mine: bool = False  # held by one of the actor's posts or units
    overdue: bool = False
    open: bool | None = True
    number: str = ""
    confirmation: str = ""
    closing: str = ""
    order: str = "due"  # due (open cases) or filed (newest first)
    mark: str = ""  # code of `marks.MARKS`
    moved: str = ""  # "G:up", "V:down": left that level for one above or below, in the days below
    since: date | None = (
        None  # local days, the last one included: of filing, of closing when only closed ones are
    )
    # asked for, or of `moved`
    until: date | None = None
    due_before: datetime | None = None  # the next deadline comes before that, or has passed
    desk: bool = False  # waits with the actor's own triage: nobody holds it yet
    resting: bool = False  # its own clocks stand still: on hold, or its reporter is asked or is to confirm


@dataclass(frozen=True)
class CaseView:
    """A case as one actor may see it. Without `readable` texts, photos and names are absent."""

    case: Case
    readable: bool
    reasoned: bool  # may be read after a reason is given and logged
    text: str
    place: str
    reports: list[Report]
    clocks: list[Clock]
    stages: list[Stage]
    moves: list[Move]
    story: list[Story]
    earlier: bool  # there are more acts than this page shows
    exact: bool = False  # the exact place and time may be shown
    tied: list[Case] = field(default_factory=list)  # joined with it, split off it, or what it was split from
    by_day: bool = False  # its moments are told as days


def get_case(number: str, *, actor: Actor) -> Case:
    """The case, if the actor may know of it; its parties and all that pages name of it are loaded."""
    return _known(lookups.to_show(_number(number)), actor)


def get_case_to_act(number: str, *, actor: Actor) -> Case:
    """The same with only what an act asks: every column more costs each of thousands of acts."""
    return _known(lookups.to_act(_number(number)), actor)


def _known(case: Case | None, actor: Actor) -> Case:
    if case is None:
        raise NotFound
    if actor.kind == "reporter":
        if actor.case_id != case.pk:
            raise NotFound
    elif not may(actor, "case.list", case) and not may(actor, "case.read", case):
        raise NotFound
    return case


def view_case(
    number: str,
    *,
    actor: Actor,
    before_version: int | None = None,
    reasoned: bool = False,
    whole: bool = False,
) -> CaseView:
    """Everything the case page shows, history paged backwards by version. `reasoned`: a reason was given and logged."""
    case = get_case(number, actor=actor)
    readable = actor.kind == "reporter" or bool(may(actor, "case.read", case))
    by_reason = not readable and bool(may(actor, "case.read_reasoned", case))
    readable = readable or (reasoned and by_reason)
    most = limits.EXPORT_ROWS if whole else limits.PAGE
    entries, earlier = story.acts(case, before=before_version, most=most)
    tied = story.tied(case, entries)
    reports = _reports({case.pk, *(one.pk for one in tied if one.merged_into_id == case.pk)})
    is_own = _is_own(case, actor, reports)
    own = [case.text_id, case.place_text_id] if readable and is_own else []
    rows, photos = story.told(case, actor, entries) if readable and entries else ([], [])
    words = texts.read([*own, *(row.text_id for row in rows)])
    by_days = hides_hours(case) and actor.kind != "reporter"
    show = told if by_days else _as_it_is
    found_clocks = Clock.objects.filter(case=case).order_by("started_at", "kind")
    view = CaseView(
        case=case,
        readable=readable,
        reasoned=by_reason,
        text=words.get(case.text_id, "") if own else "",
        place=words.get(case.place_text_id, "") if own and case.place_text_id else "",
        reports=reports,
        clocks=[(_clock_by_day if by_days else _as_it_is)(one) for one in found_clocks],
        stages=[show(one) for one in Stage.objects.filter(case=case).order_by("began_at", "id")],
        moves=moves_for(case, actor, tie=next((one for one in reports if one.pk == actor.report_id), None)),
        story=story.tell(entries, rows, [show(one) for one in photos], words, hide_hours=by_days),
        earlier=earlier,
        exact=readable and case.sensitivity != CONFIDENTIAL and (is_own or case.sensitivity == NORMAL),
        tied=tied,
        by_day=by_days,
    )
    show(case)  # last: what is possible now is decided by the hour
    return view


def _clock_by_day(clock: Clock) -> Clock:
    """A stage has what was left of the promise: its length tells when that went on."""
    clock.limit_seconds = 0 if clock.kind == STAGE else clock.limit_seconds
    return told(clock)


def _as_it_is(row: Any) -> Any:
    return row


def get_photo(
    number: str, photo_id: UUID, *, actor: Actor, now: datetime, word: str = "", session: str | None = None
) -> UUID:
    """A photo of a case whose content this reader may see, or has opened with a reason in this session just now."""
    case = get_case(number, actor=actor)
    readable = actor.kind == "reporter" or bool(may(actor, "case.read", case))
    if not readable and opened.holds(word, case.number, actor=actor, session=session, now=now):
        readable = bool(may(actor, "case.read_reasoned", case))
    row = (
        CasePhoto.objects.filter(story.parts_for(actor), case=case, photo_id=photo_id).first()
        if readable
        else None
    )
    if row is None:
        raise NotFound
    return row.photo_id


def _reports(case_ids: set[UUID]) -> list[Report]:
    return list(Report.objects.filter(case_id__in=case_ids).order_by("filed_at"))


def _is_own(case: Case, actor: Actor, reports: list[Report]) -> bool:
    """The words the case began with belong to its first reporter."""
    if actor.kind != "reporter":
        return True
    return any(one.pk == actor.report_id and one.case_id == case.pk and not one.joined for one in reports)


def moves_for(case: Case, actor: Actor, *, tie: Report | None = None) -> list[Move]:
    """Exactly the moves the table allows this actor now; `tie`: the acting reporter's own, where it is loaded."""
    if tie is None and actor.report_id is not None:
        tie = lookups.report(actor.report_id)
    return [
        move
        for move in moves_from(case.state)
        if not blocked_by_returns(case, move)
        and possible_now(case, move, by_reporter=actor.kind == "reporter")
        and not (tie and used_up(tie, case, move.code))
        and (verdict := may(actor, move.action, case))
        and (verdict.hat is None or has_yet_to(verdict.hat, case, move.code))
    ]


def rechecks(actor: Actor, *, limit: int) -> list[ReCheck]:
    """Closed cases drawn for a second look that nobody has answered, the oldest draw first."""
    mine = Case.objects.filter(visible(actor, "case.recheck", "case"))
    rows = ReCheck.objects.filter(result="", case__in=mine)
    return list(
        rows.select_related("case__condition__subclass", "case__filed_area").order_by("drawn_at")[:limit]
    )


def queue(actor: Actor, wanted: Filter, *, after: str = "", limit: int = limits.PAGE) -> Page:
    """One page of the cases the actor may list, ordered by deadline (or by filing, newest first)."""
    limit = max(1, min(limit, limits.PAGE_MOST))
    found = list(picked(_shown(actor, wanted, after, limit + 1)).select_related(*lookups.NAMED))
    more, found = len(found) > limit, found[:limit]
    return Page(_lines(found, actor), _key(found[-1], wanted) if more else "")


def versions(
    actor: Actor, wanted: Filter, *, after: str = "", limit: int = limits.PAGE
) -> list[tuple[str, int]]:
    """Number and version of what that page shows, in its order: another answer means that it would look otherwise."""
    return list(_shown(actor, wanted, after, limit).values_list("number", "version"))


def _shown(actor: Actor, wanted: Filter, after: str, most: int) -> QuerySet[Case]:
    rows = Case.objects.filter(_condition(actor, wanted), _after(wanted, after))
    order = ("-filed_at", "-id") if wanted.order == "filed" else ("due_at", "id")
    rows = rows.order_by(*order)
    # Open cases have an index for each relation, and so has whoever is granted no area. Of all there ever were in an
    # area, the newest few are soon met by walking back.
    open_by_due = wanted.open and wanted.order == "due"
    apart = not wanted.mine and (open_by_due or not stands(actor, "case.list", "area"))
    open_only = wanted.open is True
    return (
        first(rows, actor, most=most, open_only=open_only)
        if apart
        else _listed(rows, actor, open_only)[:most]
    )


def first(rows: QuerySet[Case], actor: Actor, *, most: int, open_only: bool) -> QuerySet[Case]:
    """The first `most` of these ordered rows that the actor may list.

    Each relation to a case brings its own first ones by its own index, and the first of those are the first of all.
    """
    each = [
        rows.filter(way).values("pk")[:most] for way in ways(actor, "case.list", "case", open_only=open_only)
    ]
    # Wrapped once more, since SQLite takes no limit inside a union.
    ids = [Case.objects.filter(pk__in=found).values("pk") for found in each]
    return rows.filter(pk__in=ids[0].union(*ids[1:]) if len(ids) > 1 else ids[0])[:most]


def picked(rows: QuerySet[Case]) -> QuerySet[Case]:
    """These few ordered rows once more, by their ids, to join to them what is shown beside.

    PostgreSQL plans at most eight tables together. In one statement it would join every open case to all that is named
    of it and pick the few from that, or, with a table fewer, plan ten times longer than it reads.
    """
    ids = list(rows.values_list("pk", flat=True))
    return Case.objects.filter(pk__in=ids).order_by(*rows.query.order_by)


def count_open(actor: Actor, wanted: Filter, *, most: int = 1000) -> int:
    """How many, up to `most`: a list says “1000+” rather than count a million."""
    rows = _listed(Case.objects.filter(_condition(actor, wanted)), actor, open_only=wanted.open is True)
    return rows.order_by().values("pk")[: most + 1].count()


def count_views(actor: Actor, wanted: Mapping[str, Filter], *, most: int) -> dict[str, int]:
    """How many of the next `most` open cases fall under each of these views, in one query for all of them.

    Only what stands in the case's own row is asked: state, overdue and who holds it.
    """
    rows = Case.objects.filter(is_open=True).order_by("due_at", "id")
    following = first(rows, actor, most=most, open_only=True).values(
        "pk", "state", "overdue_at", "holder_post_id", "holder_unit_id"
    )
    return following.aggregate(
        **{
            code: Count("pk", filter=_condition(actor, replace(one, open=None)))
            for code, one in wanted.items()
        }
    )


def actor_for_receipt(report_id: UUID) -> Actor:
    """The reporter who holds this receipt, tied to the case it now belongs to."""
    report = lookups.report(report_id)
    case_id = report.case.merged_into_id or report.case_id
    return Actor(kind="reporter", report_id=report.pk, case_id=case_id, via="receipt")


def actor_for_number(number: str) -> Actor:
    """The same by the receipt's number, once its secret (or cookie) has been checked."""
    report_id = lookups.report_numbered(number)
    if report_id is None:
        raise NotFound
    return actor_for_receipt(report_id)


def tie_of(actor: Actor) -> Report:
    """The acting reporter's own tie."""
    if actor.report_id is None:
        raise NotFound
    return Report.objects.select_related("case", "case__merged_into").get(pk=actor.report_id)


def joinable(number: str) -> Case:
    """An open ordinary case, which a neighbour may join; everything else is not there."""
    rows = Case.objects.select_related("condition__subclass", "filed_area")
    case = rows.filter(number=number, is_open=True, sensitivity=NORMAL).first()
    if case is None:
        raise NotFound
    return case


def accepted_by(case: Case) -> datetime:
    """When it is decided at the latest who takes care of a new case: told to its reporter, so with the hour."""
    if not hides_hours(case):
        return case.due_at
    running = Clock.objects.filter(case=case, kind=ACCEPT, stopped_at=None)
    return running.values_list("due_at", flat=True).first() or case.due_at


def held_receipt(number: str) -> receipts.Held | None:
    """Where receipts are stored: their keyed hash by number."""
    found = Report.objects.filter(number=number).values_list("id", "mac").first()
    return receipts.Held(holder=found[0], mac=bytes(found[1])) if found else None


def first_holder(case: Case, level: str) -> tuple[Post | None, Unit | None]:
    """Who takes a case that comes back to `level`: at D the category's department, else the level's triage post."""
    if level == levels.DISTRICT:
        return None, case.department
    above = paths.covering(case.scope_path)
    posts = Post.objects.filter(role=TRIAGE_ROLE[level], level=level, area__path__in=above, is_active=True)
    post = posts.select_related("unit").order_by("code").first()
    return (post, post.unit) if post else (None, None)


def holders_offered(case: Case) -> list[tuple[str, str]]:
    """Posts and units of the case's level that serve its place: `post:CODE` or `unit:CODE`, and the words to show."""
    path = case.scope_path
    above = paths.covering(path)
    acting = [
        code for code, role in ROLES.items() if role.level == case.level or code in {"worker", "handler"}
    ]
    posts = Post.objects.filter(
        level=case.level, area__path__in=above, is_active=True, role__in=acting
    ).order_by("code")
    units = serving(path).filter(level=case.level, is_active=True).order_by("code")
    offered = [(f"unit:{unit.code}", name_of(unit)) for unit in units]
    return offered + [(f"post:{post.code}", name_of(post)) for post in posts]


def serving(path: str) -> QuerySet[Unit]:
    """Units that serve a place: of no area, of one above it, or covering one above it."""
    above = paths.covering(path)
    return Unit.objects.filter(
        Q(area=None) | Q(area__path__in=above) | Q(coverage__area__path__in=above)
    ).distinct()


def _condition(actor: Actor, wanted: Filter) -> Q:
    found = Q()
    if wanted.open is not None:
        found &= Q(is_open=wanted.open)
    for name in ("state", "level", "confirmation", "closing"):
        if value := getattr(wanted, name):
            found &= Q(**{name: value})
    if wanted.area:
        found &= _area(wanted.area)
    if wanted.category:
        code = wanted.category
        found &= (
            Q(condition__code=code)
            | Q(condition__subclass__code=code)
            | Q(condition__subclass__parent__code=code)
        )
    if wanted.overdue:
        found &= Q(overdue_at__isnull=False)
    if wanted.number:
        found &= Q(number=_number(wanted.number))
    if wanted.mine:
        found &= held_by(actor)
    if wanted.due_before is not None:
        found &= Q(due_at__lt=wanted.due_before)
    if wanted.desk:
        found &= at_desk_of(actor)
    if wanted.resting:
        found &= Q(state=WAITING) | Q(asked_at__isnull=False) | Q(state=HANDLED, verified_at__isnull=False)
    if wanted.mark in marks.MARKS:
        found &= marks.MARKS[wanted.mark].rows()
    if wanted.moved:
        found &= marks.moved(wanted.moved, wanted.since, wanted.until)
    else:
        happened = "closed_at" if wanted.open is False else "filed_at"
        found &= marks.on_days(happened, wanted.since, wanted.until)
    return found


def _area(code: str) -> Q:
    area = Area.objects.filter(code=code).order_by("-valid_from").first()
    if area is None:
        raise Invalid.at("area", "unknown", _("This area is not known."))
    return below(area.path)


def _listed(rows: QuerySet[Case], actor: Actor, open_only: bool) -> QuerySet[Case]:
    """Those that the actor may list, by one condition."""
    return rows.filter(visible(actor, "case.list", "case", open_only=open_only))


def held(rows: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """Those of these open ones that the actor holds; few, so their index leads and relations are only checked."""
    return _listed(rows, actor, open_only=True).filter(held_by(actor))


def held_by(actor: Actor) -> Q:
    """Held by one of the actor's posts, or by one of their units as a whole."""
    posts = [hat.post_id for hat in actor.hats]
    units = [hat.unit_id for hat in actor.hats if hat.unit_id]
    return Q(holder_post_id__in=posts) | Q(holder_post=None, holder_unit_id__in=units)


def at_desk_of(actor: Actor) -> Q:
    """Waits to be accepted or assigned by one of the actor's posts of triage."""
    found = Q(pk__in=[])
    for hat in actor.hats:
        if hat.role in TRIAGE:
            found |= RELATIONS["desk"].rows(hat)
    return found & Q(state__in=[SUBMITTED, ACCEPTED])


def _lines(cases: list[Case], actor: Actor) -> list[Line]:
    # The beginning of the text stands in lists of ordinary cases only: private ones are opened one by one.
    _know_parts(cases, actor)
    readable = {case.pk for case in cases if case.sensitivity == NORMAL and may(actor, "case.read", case)}
    words = texts.read([case.text_id for case in cases if case.pk in readable])
    return [
        Line(_shown_row(case), words.get(case.text_id, "")[:EXCERPT], case.pk in readable) for case in cases
    ]


def _shown_row(case: Case) -> Case:
    return told(case) if hides_hours(case) else case


def _know_parts(cases: list[Case], actor: Actor) -> None:
    """Of cases that no hat reads by its area alone, fetch at once what `may` asks: parts, and who typed them in."""
    alone = (replace(actor, hats=(hat,)) for hat in actor.hats)
    by_area = [
        one.hats[0] for one in alone if any(stands(one, "case.read", name) for name in ("area", "area_open"))
    ]
    prefetch_related_objects(
        [case for case in cases if not any(covers(hat, case) for hat in by_area)], "parties", "reports"
    )


def _after(wanted: Filter, after: str) -> Q:
    """What follows the key. The moment stands outside the OR, so that the index is entered there."""
    if not after:
        return Q()
    moment, row = _read_key(after)
    if wanted.order == "filed":
        return Q(filed_at__lte=moment) & (Q(filed_at__lt=moment) | Q(id__lt=row))
    return Q(due_at__gte=moment) & (Q(due_at__gt=moment) | Q(id__gt=row))


def _key(case: Case, wanted: Filter) -> str:
    moment = case.filed_at if wanted.order == "filed" else case.due_at
    return f"{moment.isoformat()}~{case.pk.hex}"


def _read_key(after: str) -> tuple[datetime, UUID]:
    moment, _sep, row = after.partition("~")
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(row)
    except (ValueError, OverflowError):
        raise Invalid.at(
            "after", "unknown", _("This page of the list is not known. Please start again.")
        ) from None


def _number(number: str) -> str:
    """However it was typed; what cannot be a number names nothing."""
    try:
        return str(CaseNumber.parse(number))
    except Invalid:
        raise NotFound from None
