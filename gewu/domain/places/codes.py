"""The two names a place carries on its sign: a code for cameras and a number for people.

The code (in the QR) is 80 random bits, so nobody finds a place by trying. The number beside it is short enough to be
typed from a torn sign: six random digits and a check digit. Neither says anything about the place.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from gewu.core import chance
from gewu.core.errors import Invalid
from gewu.core.text import check_digit, digits_of

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that looks like something else
CODE_LENGTH = 16
NUMBER_DIGITS = 6


def new_code() -> str:
    """80 random bits."""
    draw = chance.random().randrange
    return "".join(ALPHABET[draw(32)] for _place in range(CODE_LENGTH))


def new_number(taken: Callable[[str], bool]) -> str:
    """Six random digits and a check digit, another one while it is taken."""
    while True:
        digits = chance.digits(NUMBER_DIGITS)
        number = digits + check_digit(digits)
        if not taken(number):
            return number


def format_number(number: str) -> str:
    """``204 1187``."""
    return f"{number[:3]} {number[3:]}"


def parse_number(text: str, *, field: str = "number") -> str:
    """The number however it was typed; a slip is told apart from something else."""
    digits = digits_of(text)
    if len(digits) != NUMBER_DIGITS + 1:
        message = _("The number on the sign has seven digits, like 204 1187.")
        raise Invalid.at(field, "number_malformed", message)
    if check_digit(digits) != "0":
        raise Invalid.at(field, "number_check", _("This number has a slip in it. Please compare the digits."))
    return digits
