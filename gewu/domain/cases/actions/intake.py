"""How a matter comes in: a report becomes a case, joins one, or is split off one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from gewu.core import chance, geo, levels, limits
from gewu.core.errors import Conflict, FieldError, Invalid, NotFound, Refused
from gewu.core.text import CaseNumber
from gewu.domain import statements
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import CONFIDENTIAL, NORMAL, may
from gewu.domain.areas import queries as areas
from gewu.domain.areas.models import Area
from gewu.domain.cases import by_day, lookups, rules
from gewu.domain.cases.actions import asks
from gewu.domain.cases.actions.step import PHOTO_USED, Step, turn_stage, unit_of
from gewu.domain.cases.clocks import ACCEPT, Board
from gewu.domain.cases.models import Case, CasePhoto, CaseText, Report
from gewu.domain.cases.queries import joinable
from gewu.domain.cases.workflow import SOURCES, SUBMITTED
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.figures import actions as figures
from gewu.domain.figures.derive import deltas_of, durations_of
from gewu.domain.journal import actions as journal
from gewu.domain.people.models import Unit
from gewu.domain.people.queries import day_of
from gewu.domain.place import queries as place
from gewu.domain.places import queries as places
from gewu.domain.places.models import Place
from gewu.domain.privacy import contacts, receipts, texts
from gewu.domain.privacy.contacts import ContactInput
from gewu.domain.requests.work import unit_of_work
from gewu.domain.statements import TEXT, Prepared, Slot

_AREA = Prepared(lambda: Area.objects.filter(code=Slot("code", TEXT), valid_to=None))
FOR_OTHERS = frozenset({"phone", "counter", "worker", "hotline"})


@dataclass(frozen=True)
class ReportInput:
    """What a report says. All fields are as typed; `report` checks them and names every fault at its field.

    `sign` is the code of a place's sign: the matter is then at that place. Without it `lon`/`lat` count, WGS 84 degrees
    unless `system` is ``gcj02``; without a position the area named by `area_code`, and without that the whole
    installation ("place unknown").
    """

    text: Any
    condition: Any = None
    lon: Any = None
    lat: Any = None
    system: str = "wgs84"
    place: Any = ""
    area_code: Any = ""
    sign: Any = ""
    photos: Any = ()
    contact: ContactInput | None = None
    confidential: bool = False
    wants_answer: bool = True
    source: str = "page"
    reference: Any = ""  # the number another system gave it
    about_unit: Any = (
        ""  # code of the unit complained of: none of its officers gets a share of a sealed contact
    )
    language: str = "zh-hans"
    done_at: datetime | None = None  # when a phone without network took it down
    promised_at: datetime | None = None  # set by the system the report comes from, never typed by a person


@dataclass(frozen=True)
class Reported:
    """A new case and the secret of its receipt, which exists nowhere else."""

    case: Case
    report: Report
    secret: str


@dataclass(frozen=True)
class _Where:
    area: Area
    lon: float | None = None
    lat: float | None = None
    on_border: bool = False
    place: Place | None = None


@dataclass
class _Checked:
    text: str
    condition: Any
    where: _Where
    place: str
    reference: str = ""
    photos: list[Any] = field(default_factory=list)


def report(given: ReportInput, *, actor: Actor, now: datetime) -> Reported:
    """Take a report in: checked, located, numbered, its clock started, its receipt made, in one transaction."""
    actor = _reporting_actor(given, actor)
    checked = _check(given)
    # Who names an office that must not learn who they are asks for a confidential report, ticked or not.
    confidential = given.confidential or bool(given.about_unit) or bool(checked.condition.confidential)
    number = take_number(now, apart=confidential)
    try:
        with unit_of_work():
            case = _new_case(checked, number=number, source=given.source, now=now, confidential=confidential)
            case.promised_at = given.promised_at
            _check_new(case)
            secret, tie = _tie(case, given, number=number, actor=actor, now=now)
            _write(case, checked, tie=tie, actor=actor, now=now, done_at=given.done_at)
            statements.insert(tie)
            return Reported(case, tie, secret)
    except IntegrityError:  # the same ticket came in at this very moment
        _check_new(case)
        raise


def join_report(number: str, given: ReportInput, *, actor: Actor, now: datetime) -> Reported:
    """A neighbour reports the same: a receipt of their own to the case that is there already."""
    actor = _reporting_actor(given, actor)
    case = joinable(number)
    if given.confidential or given.about_unit:
        message = _("A confidential report stands alone and joins no other. Please report the matter anew.")
        raise Invalid.at("confidential", "stands_alone", message)
    try:
        return _join(case, given, actor=actor, now=now)
    except Conflict:
        joinable(number)  # of what turned private or ended at this very moment not a word
        raise


def _join(case: Case, given: ReportInput, *, actor: Actor, now: datetime) -> Reported:
    own_number = take_number(now)
    with unit_of_work():
        secret, tie = _tie(case, given, number=own_number, actor=actor, now=now, joined=True)
        statements.insert(tie)
        step = Step(case, "case.joined", actor, now, report=tie)
        step.data["report"] = tie.id.hex
        if given.text:
            step.say("addition", asks.clean(given.text, "text"))
        step.show(asks.photos_named(given.photos, "photos") if given.photos else None, "report")
        step.finish()
        return Reported(case, tie, secret)


def split_off(parent: Case, *, text: str, condition: Any, actor: Actor, now: datetime) -> Case:
    """A new case at the place of `parent`, inside the caller's transaction."""
    area = Area.objects.get(path=parent.scope_path)
    where = _Where(area, parent.lon, parent.lat, parent.on_border, parent.place)
    old_place = (
        texts.read([parent.place_text_id]).get(parent.place_text_id, "") if parent.place_text_id else ""
    )
    checked = _Checked(text=text, condition=condition, where=where, place=old_place)
    confidential = parent.sensitivity == CONFIDENTIAL
    case = _new_case(checked, number=take_number(now), source="split", now=now, confidential=confidential)
    case.sensitivity = rules.stricter(case.sensitivity, parent.sensitivity)
    case.split_from = parent
    _write(case, checked, actor=actor, now=now)
    return case


def take_number(now: datetime, *, apart: bool = False) -> str:
    """The next case number of the installation's year; `apart` one that tells nothing of its hour. Gaps are allowed,
    doubles are not."""
    from gewu.domain.cases.actions.numbers import next_serial, serial_apart

    prefix, calendar = place.numbering()
    year = now.astimezone(calendar.zone).year
    return str(CaseNumber(prefix, year, (serial_apart if apart else next_serial)(year)))


def _reporting_actor(given: ReportInput, actor: Actor) -> Actor:
    """Who types for somebody else says so, under a post that may."""
    if given.source not in SOURCES:
        raise Invalid.at("source", "choice", _("Please choose one of the list."))
    if actor.kind != "staff":
        return actor
    verdict = may(actor, "case.report_for")
    if not verdict or verdict.hat is None:
        raise Refused(_("Your post cannot enter reports."), code=verdict.reason)
    return actor.wearing(verdict.hat.post_id)


def _check(given: ReportInput) -> _Checked:
    """Every field; all faults at once."""
    faults: list[FieldError] = []
    found: dict[str, Any] = {}
    for name, read in (
        ("text", lambda: _text(given)),
        ("condition", lambda: _condition(given)),
        ("where", lambda: _locate(given)),
        ("place", lambda: asks.clean(given.place or "", "place", most=limits.ADDRESS)),
        ("reference", lambda: asks.clean(given.reference or "", "reference", most=64)),
        ("photos", lambda: asks.photos_named(given.photos, "photos") if given.photos else []),
    ):
        try:
            found[name] = read()
        except Invalid as error:
            faults.extend(error.errors)
    if faults:
        raise Invalid(faults)
    return _Checked(**found)


def _text(given: ReportInput) -> str:
    written = asks.clean(given.text or "", "text")
    if not written:
        raise Invalid.at("text", "required", _("Please say what you saw. A few words are enough."))
    return written


def _condition(given: ReportInput) -> Any:
    return (
        asks.condition_named(given.condition, "condition")
        if given.condition
        else catalogue.unsorted_condition()
    )


def _locate(given: ReportInput) -> _Where:
    if given.sign:
        return _at_sign(str(given.sign)[: limits.CODE])
    if given.lon in (None, "") and given.lat in (None, ""):
        return _Where(_named_area(given.area_code))
    lon, lat = geo.check_lonlat(_degrees(given.lon), _degrees(given.lat), field="place")
    if given.system == "gcj02":
        lon, lat = geo.gcj02_to_wgs84(lon, lat)
    found = areas.locate(lon, lat)
    if found.area is None:
        raise Invalid.at(
            "place.lon",
            "outside",
            _("This place lies outside the area we serve. Please call 12345, or choose another place."),
        )
    return _Where(found.area, lon, lat, found.on_border)


def _at_sign(sign: str) -> _Where:
    """The place whose sign was scanned, also by a sign that was replaced since."""
    try:
        found, _former = places.by_sign(sign)
    except NotFound:
        message = _("This code is not known. Please type the number on the sign, or choose the place.")
        raise Invalid.at("sign", "unknown", message) from None
    if not found.is_active:
        message = _("This place is closed. Please choose where the matter is now.")
        raise Invalid.at("sign", "closed", message)
    return _Where(found.area, found.lon, found.lat, place=found)


def _degrees(typed: Any) -> Any:
    """Forms and tables bring numbers as text; what is no number stays as it is and is refused at its field."""
    try:
        return float(typed) if isinstance(typed, str) else typed
    except ValueError:
        return typed


def _named_area(code: Any) -> Area:
    if not code:
        return areas.root()
    area = _AREA.first(code=str(code)[: limits.CODE])
    if area is None:
        raise Invalid.at("area_code", "unknown", _("This area is not known."))
    return area


def _new_case(checked: _Checked, *, number: str, source: str, now: datetime, confidential: bool) -> Case:
    condition, where = checked.condition, checked.where
    sensitivity = rules.sensitivity_of(condition)
    sensitivity = rules.stricter(sensitivity, CONFIDENTIAL) if confidential else sensitivity
    # Of a private matter the grid is told, and nothing smaller.
    area = where.area if sensitivity == NORMAL else areas.grid_of(where.area)
    level = rules.start_level(condition, area.level)
    case = Case(
        number=number,
        state=SUBMITTED,
        level=level,
        start_level=level,
        source=source,
        reference=checked.reference,
        condition=condition,
        sensitivity=sensitivity,
        emergency=condition.emergency,
        department=lookups.unit_for(condition, levels.DISTRICT, area.path),
        place=where.place,
        lon=where.lon,
        lat=where.lat,
        on_border=where.on_border,
        filed_area=area,
        scope_path=area.path,
        filed_at=now,
        touched_at=now,
        moved_at=now,
    )
    if by_day.hides_hours(case):
        case.filed_at = day_of(now)
        case.id = chance.id_told_as(case.filed_at)
    return case


def _tie(
    case: Case, given: ReportInput, *, number: str, actor: Actor, now: datetime, joined: bool = False
) -> tuple[str, Report]:
    """The reporter's tie: a receipt of its own, and the handle of a contact if one was given."""
    secret, mac = receipts.issue(number)
    contact_id = sealed_id = None
    about = _about(given)
    if given.contact is not None:
        if case.sensitivity == CONFIDENTIAL:
            sealed_id = contacts.seal_to_officers(given.contact, excluded_unit=about, now=now).id
        else:
            contact_id = contacts.keep(given.contact).id
    return secret, Report(
        case=case,
        number=number,
        mac=mac,
        contact_id=contact_id,
        sealed_id=sealed_id,
        about_unit=about,
        joined=joined,
        wants_answer=given.wants_answer,
        filed_at=now,
        language=given.language,
        entered_by=actor.post_id if given.source in FOR_OTHERS else None,
    )


def _about(given: ReportInput) -> UUID | None:
    """The unit a confidential report complains of."""
    if not given.about_unit:
        return None
    unit = Unit.objects.filter(code=str(given.about_unit)[: limits.CODE], is_active=True).first()
    if unit is None:
        raise Invalid.at("about_unit", "unknown", _("This unit is not known."))
    return unit.pk


def _check_new(case: Case) -> None:
    """The same ticket of another system may be brought a second time; it stays the case it is."""
    known = (
        Case.objects.filter(source=case.source, reference=case.reference).first() if case.reference else None
    )
    if known is not None:
        raise Conflict(
            _("This ticket is already case %(number)s.") % {"number": known.number},
            code="known",
            number=known.number,
        )


def _write(
    case: Case,
    checked: _Checked,
    *,
    actor: Actor,
    now: datetime,
    tie: Report | None = None,
    done_at: datetime | None = None,
) -> None:
    """The rows of a new case: texts, clock, first stage, journal entry, figures."""
    kept = texts.keep(checked.text, kind="report")
    commitments = [kept.commitment]
    case.text_id = kept.id
    if checked.place:
        kept_place = texts.keep(checked.place, kind="place")
        case.place_text_id = kept_place.id
        commitments.append(kept_place.commitment)
    board = Board(case, place.calendar(), now, {})
    board.start(ACCEPT)
    case.due_at = board.earliest()
    statements.insert(case)
    statements.insert(*board.changed.values())
    turn_stage(case, None, now=now)
    text = CaseText(
        case=case,
        version=1,
        kind="report",
        text_id=kept.id,
        public=True,
        by_reporter=tie is not None,
        report_id=tie.id if tie else None,
        at=now,
    )
    statements.insert(text)
    photos = [
        CasePhoto(
            case=case,
            version=1,
            photo_id=photo.id,
            kind="report",
            public=True,
            by_reporter=True,
            report_id=tie.id if tie else None,
            at=now,
        )
        for photo in checked.photos
    ]
    try:
        statements.insert(*photos)
    except IntegrityError:
        raise Invalid.at("photos", "photo_used", PHOTO_USED) from None
    commitments += [photo.commitment for photo in checked.photos]
    entry = journal.record(
        "case.report",
        actor=actor,
        subject=("case", case.id),
        version=1,
        scope_path=case.scope_path,
        at=now,
        data={
            "move": "report",
            "from": "",
            "to": case.state,
            "level_from": "",
            "level_to": case.level,
            "condition": case.condition.code,
            "grid": case.scope_path,
            "unit": unit_of(case),
            "source": case.source,
            "holder_from": "",
            "holder_to": "",
            "stage": [],
            "returns": 0,
            "sensitivity": case.sensitivity,
            "emergency": int(case.emergency),
            "located": int(case.lon is not None),
            "commitments": commitments,
            "texts": [kept.id.hex],
            "photos": [photo.id.hex for photo in checked.photos],
            **rules.done_earlier(done_at, now),
        },
    )
    figures.add(entry, deltas_of(entry), durations_of(entry))
