"""The code of a suggestion: twelve random digits, read tolerantly and stored as a keyed hash."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gewu.core import crypto
from gewu.core.errors import Invalid
from gewu.core.text import digits_of
from gewu.domain.privacy import keys

DIGITS = 12


def mac_of(code: str) -> bytes:
    """What is stored of a code. Its label keeps it apart from the receipts under the same secret."""
    return crypto.mac(keys.secret("receipt"), "suggestion", code)


def parse_code(typed: object, *, field: str = "code") -> str:
    """The digits, however they were grouped."""
    code = digits_of(typed)
    if len(code) != DIGITS:
        raise Invalid.at(field, "code_malformed", _("The code has %(digits)s digits.") % {"digits": DIGITS})
    return code
