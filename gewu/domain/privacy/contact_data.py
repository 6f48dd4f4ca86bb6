"""A way to reach somebody as typed, checked and settled into one form before it is sealed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from gewu.core.errors import FieldError, Invalid
from gewu.core.text import clean, normal_phone

CHANNELS = ("sms", "email")
NAME_LENGTH = 60
EMAIL_LENGTH = 254
# A sealed contact is padded to a multiple of this, so that its length does not tell a short name from a long one.
_BLOCK = 512


@dataclass(frozen=True)
class ContactInput:
    """Name, phone and e-mail, each may be empty; `channel` empty takes what was given."""

    name: str = ""
    phone: str = ""
    email: str = ""
    channel: str = ""
    wants_news: bool = True
    language: str = "zh-hans"


def settled(given: ContactInput, *, field: str = "contact") -> ContactInput:
    """The contact in its one form; Invalid names every wrong field at once."""
    faults: list[FieldError] = []
    name, phone, email = "", "", ""
    try:
        name = clean(given.name, max_length=NAME_LENGTH, lines=False, field=f"{field}.name")
    except Invalid as error:
        faults += error.errors
    if given.phone.strip():
        try:
            phone = normal_phone(given.phone, field=f"{field}.phone")
        except Invalid as error:
            faults += error.errors
    try:
        email = _email(given.email, f"{field}.email")
    except Invalid as error:
        faults += error.errors
    if not faults and not phone and not email:
        faults.append(
            FieldError(f"{field}.phone", "required", _("Please give a phone number or an e-mail address."))
        )
    channel = given.channel or ("sms" if phone else "email")
    if not faults and (channel not in CHANNELS or not (phone if channel == "sms" else email)):
        faults.append(
            FieldError(f"{field}.channel", "no_address", _("There is no address for this way of news."))
        )
    if faults:
        raise Invalid(faults)
    return replace(given, name=name, phone=phone, email=email, channel=channel)


def pack(contact: ContactInput) -> bytes:
    """The bytes to seal: name, phone, e-mail, channel, padded."""
    data = msgspec.json.encode(asdict(contact))
    return data + b" " * (-len(data) % _BLOCK)


def unpack(data: bytes) -> ContactInput:
    """What `pack` made."""
    return msgspec.json.decode(data, type=ContactInput)


def _email(typed: str, field: str) -> str:
    email = clean(typed, max_length=EMAIL_LENGTH, lines=False, field=field)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Invalid.at(field, "email_malformed", _("This is not an e-mail address.")) from None
    return email
