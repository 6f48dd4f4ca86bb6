"""The report form as typed, and what it means: one screen for a new report, and the shorter one for joining."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gewu.core import chance, geo
from gewu.core.errors import Invalid, NotFound
from gewu.domain.cases.actions import ReportInput
from gewu.domain.cases.similar import Here
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.catalogue.rules import NEUTRAL, sure_class
from gewu.domain.names import in_language
from gewu.domain.places import queries as places
from gewu.domain.places.models import Place
from gewu.domain.privacy.contacts import ContactInput
from gewu.web.forms.photos import NO_PHOTOS, Photos

TYPED = (
    "tile", "condition", "text", "sign", "number", "area", "place", "lon", "lat", "system", "contact_name",
    "contact_phone", "contact_email", "confidential", "about_unit", "wants_answer",
)  # fmt: skip
FROM_LINK = {name: name for name in ("tile", "condition", "area", "lon", "lat", "system")} | {"sign": "at"}
OPENED_AGAIN = {"sign": ("sign", "number"), "condition": ("condition", "tile"), "area": ("area",)}
SYSTEMS = ("wgs84", "gcj02")


@dataclass(frozen=True)
class ReportForm:
    """What stands in the form. `key` is made by the server, so that a second press sends the same report."""

    key: UUID
    values: Mapping[str, str] = field(default_factory=dict)
    photos: Photos = NO_PHOTOS
    called: bool = False  # has seen the emergency numbers and reports all the same
    seen: bool = False  # has seen what is known here already and reports all the same

    @classmethod
    def empty(cls, request: HttpRequest) -> ReportForm:
        """With what the link or QR code already says."""
        known = {name: _plain(request.GET.get(said, "")) for name, said in FROM_LINK.items()}
        return cls(new_key(), {**known, "wants_answer": "1"})

    @classmethod
    def read(cls, request: HttpRequest) -> ReportForm:
        """As it was sent."""
        sent = request.POST
        values = {name: _plain(sent.get(name, "")) for name in TYPED}
        called, seen = sent.get("called") == "1", sent.get("seen") == "1"
        return cls(read_key(sent.get("key", "")), values, Photos.read(request), called, seen)

    def body(self) -> bytes:
        """The normalised request: the same for two sendings of one report."""
        return msgspec.json.encode([sorted(self.values.items()), self.photos.fingerprint()])

    def condition(self) -> Any:
        """The category chosen by link or tile; None when nobody is sure."""
        if code := self.values.get("condition"):
            return catalogue.condition(code)
        return next(
            (tile.condition for tile in catalogue.tiles() if tile.code == self.values.get("tile")), None
        )

    def sign(self) -> str:
        """The code of the place: from the link, or found by the number somebody typed from a torn sign."""
        if code := self.values.get("sign"):
            return code
        typed = self.values.get("number", "").strip()
        if not typed:
            return ""
        try:
            return places.by_number(typed).sign
        except NotFound:
            message = _("No sign has this number. Please compare it, or choose the village or community.")
            raise Invalid.at("number", "unknown", message) from None

    def place(self) -> Place | None:
        """The place of the sign, None when it is not known or closed."""
        try:
            found = places.by_sign(self.sign())[0] if self.sign() else None
        except (Invalid, NotFound):
            return None
        return found if found is not None and found.is_active else None

    def here(self) -> Here:
        """Where it is, as far as it is known before sending."""
        if place := self.place():
            return Here(place.lon, place.lat, place.pk)
        lon, lat = _number(self.values.get("lon", "")), _number(self.values.get("lat", ""))
        if not (isinstance(lon, float) and isinstance(lat, float)):
            return Here()
        try:
            lon, lat = geo.check_lonlat(lon, lat)
        except Invalid:
            return Here()
        return Here(*(geo.gcj02_to_wgs84(lon, lat) if self.values.get("system") == "gcj02" else (lon, lat)))

    def sure_condition(self) -> Any:
        """The category when somebody is sure of it: "not sure" is a tile as well."""
        condition = self.condition()
        return None if condition is None or condition.code == NEUTRAL else condition

    def of_class(self) -> str:
        """The class of the chosen category; empty when nobody is sure."""
        return sure_class(self.condition())

    def text(self) -> str:
        """The words; a tile and a photo say enough without any."""
        condition = self.sure_condition()
        if self.values["text"].strip() or condition is None or not self.photos.kept:
            return self.values["text"]
        return str(in_language(condition.names))

    def given(self) -> ReportInput:
        """What the action is given."""
        values, condition = self.values, self.condition()
        return ReportInput(
            text=self.text(),
            sign=self.sign(),
            condition=values["condition"] or (condition.code if condition else None),
            lon=_number(values["lon"]),
            lat=_number(values["lat"]),
            system=values["system"] if values["system"] in SYSTEMS else SYSTEMS[0],
            place=values["place"],
            area_code=values["area"],
            photos=self.photos.kept,
            contact=self.contact(),
            confidential=values["confidential"] == "1",
            about_unit=values["about_unit"],
            wants_answer=values["wants_answer"] == "1",
            source="page",
            language=language(),
        )

    def contact(self) -> ContactInput | None:
        """None when the reporter stays unknown."""
        name, phone, email = (self.values[f"contact_{part}"].strip() for part in ("name", "phone", "email"))
        if not (name or phone or email):
            return None
        return ContactInput(name=name, phone=phone, email=email, language=language())

    def without(self, name: str) -> ReportForm:
        """With one answer open again: the sign, the category or the area that a link had given."""
        if name not in OPENED_AGAIN:
            return self
        return replace(self, values={**self.values, **dict.fromkeys(OPENED_AGAIN[name], "")}, seen=False)

    def anew(self) -> ReportForm:
        """The same words as a report of their own. Photos that belong to the first one stay with it."""
        return replace(self, key=new_key(), photos=self.photos.unclaimed())


def new_key() -> UUID:
    """All bits at random: the answer is sealed under a key made from this one."""
    return UUID(bytes=chance.token_bytes(16), version=4)


def read_key(text: str) -> UUID:
    """The key of the form; one that somebody spoilt is replaced."""
    try:
        return UUID(text)
    except ValueError:
        return new_key()


def language() -> str:
    """What the reader reads now: messages to them are written in it."""
    return get_language() or "zh-hans"


def _number(text: str) -> float | str:
    """A number where it is one; else the words themselves, for the domain to refuse."""
    try:
        return float(text)
    except ValueError:
        return text.strip()


def _plain(text: str) -> str:
    # No store keeps this character in text, and no keyboard makes it.
    return text.replace("\x00", "")
