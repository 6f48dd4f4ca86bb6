"""What an account's fields may be; decided without a database."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from gewu.core import limits
from gewu.core.errors import Invalid
from gewu.core.punctuation import Listed
from gewu.core.sentences import sentence as _
from gewu.core.text import clean, normal_phone
from gewu.domain.names import LANGUAGES

TOKEN_LIFE = timedelta(days=400)  # a year and time to renew

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}", re.ASCII)
_SCOPE = re.compile(r"[a-z_]{1,20}:[a-z_]{1,20}", re.ASCII)


def username(typed: object, *, field: str = "username") -> str:
    """Small letters, digits, dot, hyphen and underscore: it can be said on the phone and typed on any keyboard."""
    name = clean(typed, max_length=40, lines=False, field=field, required=True).lower()
    if not _USERNAME.fullmatch(name):
        message = _("A user name has 2 to 40 letters a-z, digits, dots or hyphens.")
        raise Invalid.at(field, "username_malformed", message)
    return name


def name(typed: object, *, field: str = "name") -> str:
    """How colleagues call the person."""
    return clean(typed, max_length=60, lines=False, field=field, required=True)


def phone(typed: str, *, field: str = "phone") -> str:
    """The service phone, or nothing."""
    return normal_phone(typed, field=field) if typed.strip() else ""


def email(typed: object, *, field: str = "email") -> str:
    """An address, or nothing: nobody needs one to work here."""
    address = clean(typed, max_length=limits.EMAIL, lines=False, field=field)
    try:
        if address:
            validate_email(address)
    except ValidationError:
        raise Invalid.at(field, "email_malformed", _("This is not an e-mail address.")) from None
    return address


def language(typed: str, *, field: str = "language") -> str:
    """One of the languages of the program; the first when nothing is given."""
    code = typed.strip().lower() or LANGUAGES[0]
    if code not in LANGUAGES:
        message = _("Choose one of %(languages)s.", languages=Listed(LANGUAGES))
        raise Invalid.at(field, "language_unknown", message)
    return code


def scopes(typed: list[str], *, field: str = "scopes") -> list[str]:
    """What a token may do, for instance ``case:read``; at least one."""
    found = sorted(set(typed))
    if not found or not all(_SCOPE.fullmatch(scope) for scope in found):
        raise Invalid.at(field, "scopes_malformed", _("Write scopes like case:read, at least one."))
    return found


def token_end(expires: datetime, *, now: datetime, field: str = "expires") -> datetime:
    """A token ends, and not in the far future: forgotten ones must not work for good."""
    if not now < expires <= now + TOKEN_LIFE:
        message = _("A token ends after today and within %(days)s days.", days=TOKEN_LIFE.days)
        raise Invalid.at(field, "expires_out_of_range", message)
    return expires
