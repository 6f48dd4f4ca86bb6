"""The kinds of places, and what is noted of each. One table; forms, import and checks read it.

An attribute has a type, so that what is typed once can be read by machines later: `text`, `number`, `day`, `yes`. No
attribute names a private person: a keeper is a unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gewu.core.errors import FieldError, Invalid
from gewu.core.text import clean

NUMBER_MOST = 10**6
TEXT_MOST = 80
YES = {"1", "yes", "on", "true", "是", "有"}  # what forms, JSON and tables write


@dataclass(frozen=True)
class Attribute:
    """One thing noted of a kind of place."""

    code: str
    label: Any
    type: str = "text"  # text, number, day, yes


@dataclass(frozen=True)
class Kind:
    """One kind of place. `homes`: people live there, so it has households."""

    code: str
    name: Any
    attributes: tuple[Attribute, ...] = ()
    homes: bool = False


_ENTRANCES = Attribute("entrances", pgettext_lazy("place attribute", "Entrances"), "number")
_FLOORS = Attribute("floors", pgettext_lazy("place attribute", "Floors"), "number")
_LIFTS = Attribute("lifts", pgettext_lazy("place attribute", "Lifts"), "number")
_HOURS = Attribute("hours", pgettext_lazy("place attribute", "Opening hours"))
_EXTINGUISHERS = Attribute("extinguishers", pgettext_lazy("place attribute", "Fire extinguishers"), "number")
_CHECKED = Attribute("checked_on", pgettext_lazy("place attribute", "Last official check"), "day")
_STEP_FREE = Attribute("step_free", pgettext_lazy("place attribute", "Step-free"), "yes")
_LENGTH = Attribute("length_m", pgettext_lazy("place attribute", "Length in metres"), "number")

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("compound", pgettext_lazy("place kind", "Housing compound"), (_ENTRANCES, _LIFTS), homes=True),
        Kind("building", pgettext_lazy("place kind", "Building"), (_FLOORS, _LIFTS, _ENTRANCES), homes=True),
        Kind("building_group", pgettext_lazy("place kind", "Group of buildings"), (_ENTRANCES,), homes=True),
        Kind("village_group", pgettext_lazy("place kind", "Village group"), homes=True),
        Kind("facility", pgettext_lazy("place kind", "Public facility"), (_CHECKED, _STEP_FREE)),
        Kind("venue", pgettext_lazy("place kind", "Venue"), (_HOURS, _STEP_FREE)),
        Kind("shop", pgettext_lazy("place kind", "Shop or small venue"), (_HOURS, _EXTINGUISHERS, _CHECKED)),
        Kind("fire_lane", pgettext_lazy("place kind", "Fire lane"), (_LENGTH,)),
        Kind("water", pgettext_lazy("place kind", "River or pond"), (_LENGTH,)),
        Kind(
            "charging_shed", pgettext_lazy("place kind", "E-bike charging shed"), (_EXTINGUISHERS, _CHECKED)
        ),
        Kind("waste_point", pgettext_lazy("place kind", "Waste collection point"), (_HOURS,)),
        Kind("manhole", pgettext_lazy("place kind", "Manhole cover"), (_CHECKED,)),
    )
}
_WRONG = {
    "number": gettext_lazy("Please write a whole number."),
    "day": gettext_lazy("Please write a day like 2026-03-10."),
}


def kind_named(code: str, *, field: str = "kind") -> Kind:
    """The kind, or a refusal at `field`."""
    if code not in KINDS:
        raise Invalid.at(field, "unknown", _("This kind of place is not known."))
    return KINDS[code]


def check_attributes(kind: Kind, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given for this kind, each in its type; empty ones are left out, others are refused."""
    known = {attribute.code: attribute for attribute in kind.attributes}
    faults = [
        FieldError(f"attributes.{code}", "unknown", _("This kind of place has no such detail."))
        for code in given
        if code not in known
    ]
    settled: dict[str, Any] = {}
    for code, attribute in known.items():
        try:
            value = _settled(attribute, given.get(code))
        except Invalid as error:
            faults += error.errors
            continue
        if value is not None:
            settled[code] = value
    if faults:
        raise Invalid(faults)
    return settled


def _settled(attribute: Attribute, value: Any) -> Any:
    """The value in its type; None for nothing."""
    field = f"attributes.{attribute.code}"
    if value is None or value == "":
        return None
    if attribute.type == "yes":
        return True if str(value).strip().lower() in YES else None
    if attribute.type == "text":
        return clean(value, max_length=TEXT_MOST, lines=False, field=field) or None
    try:
        if attribute.type == "day":
            return date.fromisoformat(str(value).strip()).isoformat()
        number = int(str(value).strip())
    except ValueError:
        raise Invalid.at(field, attribute.type, _WRONG[attribute.type]) from None
    if not 0 <= number <= NUMBER_MOST:
        raise Invalid.at(field, "range", _WRONG["number"])
    return number
