"""Reading what a move needs: from plain input (a form, JSON) to things of the domain, with an error at each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from gewu.core import limits, text
from gewu.core.errors import FieldError, Invalid
from gewu.core.levels import LADDER, is_higher
from gewu.core.sentences import sentence as _
from gewu.domain.cases.models import Case
from gewu.domain.cases.workflow import Ask, Move
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.media.models import Photo
from gewu.domain.people.models import Post, Unit
from gewu.domain.statements import TEXT, Prepared, Slot

_POST = Prepared(lambda: Post.objects.select_related("unit", "area").filter(code=Slot("code", TEXT)))
_UNIT = Prepared(lambda: Unit.objects.filter(code=Slot("code", TEXT), is_active=True))
LONGEST_WAIT = timedelta(days=90)


@dataclass(frozen=True)
class Holder:
    """Who is to hold a case: a post, or a unit as a whole."""

    post: Post | None
    unit: Unit | None
    level: str


@dataclass(frozen=True)
class Given:
    """What was given with a move, read and checked."""

    values: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


def read(move: Move, raw: Mapping[str, Any], case: Case, *, now: datetime) -> Given:
    """Every field the table asks for; all faults are told at once, each at its field."""
    values: dict[str, Any] = {}
    faults: list[FieldError] = []
    for ask in move.asks:
        value = raw.get(ask.name)
        if value in (None, "", [], ()) or (isinstance(value, str) and not value.strip()):
            if ask.required:
                faults.append(FieldError(ask.name, "required", _("Please fill this in.")))
            continue
        try:
            values[ask.name] = READERS[ask.kind](ask, value, case, now)
        except Invalid as error:
            faults.extend(error.errors)
    if faults:
        raise Invalid(faults)
    return Given(values)


def holder_named(value: str, field_name: str) -> Holder:
    """`post:CODE` or `unit:CODE`, as lists of holders offer them."""
    kind, _sep, code = str(value).partition(":")
    if kind == "post":
        post = _POST.first(code=code)
        if post is not None:
            return Holder(post=post, unit=post.unit, level=post.level)
    elif kind == "unit":
        unit = _unit(code)
        if unit is not None:
            return Holder(post=None, unit=unit, level=unit.level)
    raise Invalid.at(field_name, "unknown", _("This post or unit is not known."))


def _unit(code: str) -> Unit | None:
    return _UNIT.first(code=code)


def _text(ask: Ask, value: Any, case: Case, now: datetime) -> str:
    return clean(value, ask.name)


def clean(value: Any, field_name: str, *, most: int = limits.TEXT) -> str:
    """Text as it may be kept; refusals stand at `field_name`."""
    if not isinstance(value, str):
        raise Invalid.at(field_name, "type", _("This must be text."))
    return text.clean(value, max_length=most, lines=True, field=field_name)


def _one_of(ask: Ask, value: Any, case: Case, now: datetime) -> str:
    if not isinstance(value, str) or value not in ask.choices:
        raise Invalid.at(ask.name, "choice", _("Please choose one of the list."))
    return value


def _yes(ask: Ask, value: Any, case: Case, now: datetime) -> bool:
    return value in (True, "1", "on", "yes", "true")


def _photos(ask: Ask, value: Any, case: Case, now: datetime) -> list[Photo]:
    return photos_named(value, ask.name)


def photos_named(value: Any, field_name: str) -> list[Photo]:
    """Photos kept before, by id; each belongs to one act only (the unique photo of a case sees to it)."""
    ids = [value] if isinstance(value, str) else list(value)
    if len(ids) > limits.PHOTOS:
        raise Invalid.at(field_name, "too_many", _("At most %(most)s photos at once.", most=limits.PHOTOS))
    try:
        wanted = [one if isinstance(one, UUID) else UUID(str(one)) for one in ids]
    except ValueError:
        raise Invalid.at(field_name, "unknown", _("A photo was not found. Please add it again.")) from None
    found = {photo.id: photo for photo in Photo.objects.filter(id__in=wanted)}
    if len(found) != len(set(wanted)):
        raise Invalid.at(field_name, "unknown", _("A photo was not found. Please add it again."))
    return [found[one] for one in dict.fromkeys(wanted)]


def _holder(ask: Ask, value: Any, case: Case, now: datetime) -> Holder:
    return holder_named(value, ask.name)


def _one_unit(ask: Ask, value: Any, case: Case, now: datetime) -> Unit:
    unit = _unit(str(value).removeprefix("unit:"))
    if unit is None:
        raise Invalid.at(ask.name, "unknown", _("This unit is not known."))
    return unit


def _units(ask: Ask, value: Any, case: Case, now: datetime) -> list[Unit]:
    named = [value] if isinstance(value, str) else list(value)
    if len(named) > 20:
        raise Invalid.at(ask.name, "too_many", _("At most 20 units."))
    return [_one_unit(ask, one, case, now) for one in dict.fromkeys(map(str, named))]


def _condition(ask: Ask, value: Any, case: Case, now: datetime) -> Any:
    return condition_named(value, ask.name)


def condition_named(value: Any, field_name: str) -> Any:
    """A filing condition that may be chosen for a case, by its code."""
    condition = catalogue.condition(str(value)) if isinstance(value, str) else None
    if condition is None or condition.kind != "case" or condition.valid_to is not None:
        raise Invalid.at(field_name, "unknown", _("This category is not in the catalogue."))
    return condition


def _level(ask: Ask, value: Any, case: Case, now: datetime) -> str:
    if value not in LADDER or not is_higher(str(value), than=case.level):
        raise Invalid.at(ask.name, "choice", _("Please choose a level above the present one."))
    return str(value)


def _date(ask: Ask, value: Any, case: Case, now: datetime) -> datetime:
    """A day to wake up on, at the start of its working hours; tomorrow at the earliest."""
    from gewu.domain.place import queries as place

    zone = place.calendar().zone
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        at = datetime(day.year, day.month, day.day, 8, tzinfo=zone)
        in_range = now < at <= now + LONGEST_WAIT
    except (ValueError, OverflowError):
        raise Invalid.at(ask.name, "date", _("Please give a date such as 2026-03-25.")) from None
    if not in_range:
        raise Invalid.at(ask.name, "range", _("Please choose a day within the next 90 days."))
    return at


def _number(ask: Ask, value: Any, case: Case, now: datetime) -> str:
    return clean(value, ask.name, most=limits.CODE).upper()


def _rating(ask: Ask, value: Any, case: Case, now: datetime) -> int:
    if str(value) not in {"1", "2", "3", "4", "5"}:
        raise Invalid.at(ask.name, "choice", _("Please choose 1 to 5."))
    return int(value)


READERS: dict[str, Callable[[Ask, Any, Case, datetime], Any]] = {
    "text": _text, "reason": _one_of, "choice": _one_of, "closing": _one_of, "yes": _yes, "photos": _photos,
    "holder": _holder, "unit": _one_unit, "units": _units, "condition": _condition, "level": _level, "date": _date,
    "number": _number, "rating": _rating,
}  # fmt: skip
