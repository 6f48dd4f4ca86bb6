"""Rounds: made by the day, walked place by place, closed by whoever walked the last stretch.

Several people may share a round, on several phones, out of order and twice. So each act has an id, and what is known
of a place only grows: a finding is never overwritten by "fine", "fine" never by "could not reach"; of two equal words
the later day stands, and what was ticked of the checklist adds up. What comes after a round was closed, or for a place
it no longer has, is kept as a note and says so; it is never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError
from django.utils.translation import gettext as _

from gewu.core import limits
from gewu.core.errors import Invalid, NotFound
from gewu.core.text import clean
from gewu.domain.access.actor import SYSTEM, Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.areas.models import Area, Level
from gewu.domain.areas.queries import within
from gewu.domain.cases.actions import ReportInput, report
from gewu.domain.cases.actions.asks import photos_named
from gewu.domain.journal import actions as journal
from gewu.domain.patrols import rules
from gewu.domain.patrols.kinds import KINDS
from gewu.domain.patrols.models import Done, Finding, Late, Plan, Round, Stop
from gewu.domain.people.queries import today
from gewu.domain.place import queries as installation
from gewu.domain.places.actions import seen
from gewu.domain.places.models import Place
from gewu.domain.privacy import texts
from gewu.domain.requests.work import unit_of_work

# What a later word may change: only upward.
WEIGHT = {"": 0, "unreached": 1, "fine": 2, "finding": 3}


@dataclass(frozen=True)
class When:
    """The act's own id and what the phone says of its time; the hour is used to find the day and then thrown away."""

    act: UUID | None = None
    done_at: datetime | None = None
    sent_at: datetime | None = None


def make_rounds(now: datetime) -> int:
    """The rounds that begin by today, each once however often this runs. What was missed while the program stood still
    is made up for as long as it can still be walked."""
    day, made = today(now), 0
    plans = Plan.objects.filter(is_active=True, starts__lte=day).select_related("area").order_by("id")
    for plan in plans.prefetch_related("places"):
        term = (rules.term_ends(day, plan.frequency, plan.every) - day).days
        for back in range(term, -1, -1):
            due = day - timedelta(days=back)
            if _is_due(plan, due):
                until = due + timedelta(days=term)
                made += sum(_make_round(plan, grid, due, until) for grid in _grids(plan))
    return made


def lapse(now: datetime) -> int:
    """Rounds whose days are over and that nobody closed: without blame, their places simply were not seen."""
    return Round.objects.filter(state="open", until__lt=today(now)).update(state="lapsed")


def tick(
    round_id: UUID,
    place: str,
    result: str,
    *,
    faults: Sequence[str] = (),
    when: When,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """One place of a round is fine, or could not be reached."""
    if result not in ("fine", "unreached"):
        raise Invalid.at("result", "choice", _("Please choose one of the list."))
    found = _round(round_id, actor)
    at = _place(place, found)
    _check_marks(faults, found)

    def perform(day: date) -> dict[str, Any]:
        if _mark(found, at, result, faults, day):
            return {"kept": ""}
        Late.objects.create(round=found, place=at, result=result, faults=sorted(set(faults)), on=day)
        return {"kept": "late"}

    return once(when, perform, actor=actor, now=now)


def find(
    round_id: UUID,
    place: str,
    given: dict[str, Any],
    *,
    faults: Sequence[str] = (),
    when: When,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Something is not as it should be. `given`: text, photos, condition, settled.

    It becomes a case at this place by the ordinary action, or it was settled on the spot and is recorded as that.
    """
    found = _round(round_id, actor)
    at = _place(place, found)
    _check_marks(faults, found)
    settled = bool(given.get("settled"))
    words = clean(given.get("text") or "", max_length=limits.TEXT, lines=True, field="text", required=settled)

    def perform(day: date) -> dict[str, Any]:
        late = not _mark(found, at, "finding", faults, day)
        row = Finding(round=found, place=at, settled=settled, late=late, on=day)
        return _settle(row, words, given, now) if settled else _file(row, words, given, actor, now)

    return once(when, perform, actor=actor, now=now)


def close_round(
    round_id: UUID, *, nothing_found: bool = False, when: When, actor: Actor, now: datetime
) -> dict[str, Any]:
    """The walk is over. Places left are said, not hidden; who closes first closes it."""
    found = _round(round_id, actor)

    def perform(day: date) -> dict[str, Any]:
        if not Round.objects.filter(pk=found.pk, state="open").update(state="closed"):
            return {"kept": "late"}
        words = list(found.stops.values_list("result", flat=True))
        quiet = nothing_found and "finding" not in words
        Round.objects.filter(pk=found.pk).update(nothing_found=quiet)
        subject, path = ("round", found.pk), found.area.path
        # Who closed it, and the date; how much was found would be a figure about that person (rules.md 6).
        data = {"on": day.isoformat()}
        journal.record(
            "patrol.round_closed", actor=actor, subject=subject, scope_path=path, at=now, data=data
        )
        return {"kept": "", "left": words.count("")}

    return once(when, perform, actor=actor, now=now)


def once(
    when: When, perform: Callable[[date], dict[str, Any]], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Do it in one transaction; an act that was taken in before gets its first answer. Whose act it is decides too, so
    that nobody is answered with another's; the row shows neither, because the two are mixed into one name."""
    day = rules.day_of(now, installation.calendar().zone, done_at=when.done_at, sent_at=when.sent_at)
    if when.act is None:
        with unit_of_work():
            return perform(day)
    act = uuid5(when.act, f"{actor.kind} {actor.user_id or ''}")
    if known := _answer(act):
        return known
    try:
        with unit_of_work():
            done = Done.objects.create(act=act, answer={}, on=today(now))
            done.answer = perform(day)
            done.save(update_fields=["answer"])
            return dict(done.answer)
    except IntegrityError:
        if known := _answer(act):  # the same act came twice at once
            return known
        raise


def _answer(act: UUID) -> dict[str, Any] | None:
    return Done.objects.filter(act=act).values_list("answer", flat=True).first()


def _is_due(plan: Plan, day: date) -> bool:
    return rules.is_due(
        day, frequency=plan.frequency, every=plan.every, starts=plan.starts,
        begins=plan.season_from, ends=plan.season_to,
    )  # fmt: skip


def _grids(plan: Plan) -> list[Area]:
    if plan.area.level == Level.GRID:
        return [plan.area]
    below = within(plan.area.path)
    return list(Area.objects.filter(below, level=Level.GRID, valid_to=None).order_by("code"))


def _make_round(plan: Plan, grid: Area, due: date, until: date) -> int:
    here = within(grid.path, "area__path")
    rows = Place.objects.filter(here, is_active=True)
    by_hand = [place.pk for place in plan.places.all()]
    rows = rows.filter(pk__in=by_hand) if by_hand else rows.filter(kind__in=plan.place_kinds)
    places = list(rows.order_by("code"))
    if not places or Round.objects.filter(plan=plan, area=grid, due=due).exists():
        return 0
    try:
        with unit_of_work():
            made = Round.objects.create(plan=plan, area=grid, due=due, until=until)
            order = rules.walking_order(places)
            Stop.objects.bulk_create(
                Stop(round=made, place=places[at], rank=rank) for rank, at in enumerate(order)
            )
    except IntegrityError:
        return 0  # another worker made it just now
    return 1


def _round(round_id: UUID, actor: Actor) -> Round:
    found = Round.objects.select_related("plan", "area").filter(pk=round_id).first()
    if found is None or not may(actor, "patrol.see", found):
        raise NotFound
    check_allowed(may(actor, "patrol.walk", found))
    return found


def _place(code: str, found: Round) -> Place:
    """A place of the round, or of its grid; others are not this walk's to speak of."""
    place = Place.objects.select_related("area").filter(code=str(code)[: limits.CODE]).first()
    if place is None or not (
        place.area.path.startswith(found.area.path) or found.stops.filter(place=place).exists()
    ):
        raise Invalid.at("place", "unknown", _("This place is not known."))
    return place


def _check_marks(codes: Sequence[str], found: Round) -> None:
    known = {item.code for item in KINDS[found.plan.kind].checklist}
    if any(code not in known for code in codes):
        raise Invalid.at("faults", "choice", _("Please choose one of the list."))


def _mark(found: Round, place: Place, result: str, faults: Sequence[str], day: date) -> bool:
    """What is known of a place only grows; False when the round is over or does not go there. Either way the place was
    seen, unless nobody could reach it. The round is locked meanwhile, so that two phones do not pass each other."""
    if result != "unreached":
        seen([place.pk], day)
    is_open = Round.objects.select_for_update().filter(pk=found.pk, state="open").first()
    stop = Stop.objects.filter(round=found, place=place).first()
    if is_open is None or stop is None:
        return False
    if (WEIGHT[result], day) > (WEIGHT[stop.result], stop.on or date.min):
        stop.result, stop.on = result, day
    stop.faults = sorted({*stop.faults, *faults})
    stop.save(update_fields=["result", "on", "faults"])
    return True


def _settle(row: Finding, words: str, given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Settled on the spot. The entry says neither who nor where: together with its time that would be a check-in."""
    kept = texts.keep(words, kind="finding")
    photos = photos_named(given["photos"], "photos") if given.get("photos") else []
    row.text_id, row.photo_ids = kept.id, [photo.id.hex for photo in photos]
    row.save(force_insert=True)
    data = {
        "on": row.on.isoformat(),
        "commitments": [kept.commitment, *(photo.commitment for photo in photos)],
    }  # fmt: skip
    path = row.round.area.path
    journal.record(
        "patrol.settled", actor=SYSTEM, subject=("finding", row.pk), scope_path=path, at=now, data=data
    )
    return {"settled": True, "kept": "late" if row.late else ""}


def _file(row: Finding, words: str, given: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    told = report(
        ReportInput(
            text=words, condition=given.get("condition") or None, sign=row.place.sign if row.place.is_active else "",
            lon=row.place.lon, lat=row.place.lat, photos=given.get("photos") or (), wants_answer=False, source="worker",
        ),
        actor=actor,
        now=now,
    )  # fmt: skip
    row.case, row.text_id = told.case, told.case.text_id
    row.save(force_insert=True)
    return {"number": told.case.number, "settled": False, "kept": "late" if row.late else ""}
