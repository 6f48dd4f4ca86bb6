"""Texts as people type them: cleaned, and read as case numbers, receipts, phones or tables.

For forms, API and imports alike. What was typed is kept; only the form of its characters is settled (NFC, line
ends, blanks around it). What cannot be stored or shown safely is refused with a code, never silently dropped.
Numbers and secrets are read tolerantly (blanks, hyphens, full-width digits) and written in one way.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from gewu.core.errors import Invalid
from gewu.core.sentences import sentence as _

SECRET_DIGITS = 16
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)  # a day before or after them can still be counted

# Everything below U+0020 but tab and line feed, DEL and the C1 controls; and two code points XML cannot carry.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_EDGE = "\u200b\u2060\ufeff"  # invisible; typed by nobody, left behind by copying
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−－_.·•・／/#:：,，]+")


def read_day(text: str) -> date:
    """A day as 2026-03-10, as forms and addresses send it; ValueError when it is none, or too far off to count with."""
    found = date.fromisoformat(text)
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError(text)
    return found


def clean(text: object, *, max_length: int, lines: bool, field: str = "text", required: bool = False) -> str:
    """Settle the form of what was typed, or refuse it at `field`.

    `lines` allows several lines. Without it a tab becomes a blank (tables are pasted into fields) and a line
    break inside is refused. Length counts characters after normalisation.
    """
    if not isinstance(text, str):
        raise Invalid.at(field, "not_text", _("This must be text."))
    if len(text) > 4 * max_length + 100:
        raise _too_long(field, max_length)  # before any work is spent on it
    if _SURROGATE.search(text):
        raise Invalid.at(field, "broken_character", _("The text contains a broken character."))
    settled = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(settled):
        raise Invalid.at(field, "control_character", _("The text contains an invisible control character."))
    settled = _trim(unicodedata.normalize("NFC", settled))
    if not lines:
        if "\n" in settled:
            raise Invalid.at(field, "several_lines", _("Please write this in one line."))
        settled = settled.replace("\t", " ")
    if len(settled) > max_length:
        raise _too_long(field, max_length)
    if required and not settled:
        raise Invalid.at(field, "required", _("Please fill this in."))
    return settled


# Damm's quasigroup of order 10: no element commutes with another, and x * x = 0. So one wrong digit, or two
# neighbours swapped, always changes the end result.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def check_digit(digits: str) -> str:
    """The digit that makes `digits` end at zero in Damm's table."""
    state = "0"
    for digit in digits:
        state = _DAMM[int(state)][int(digit)]
    return state


@dataclass(frozen=True, order=True)
class CaseNumber:
    """``LT-2026-000123-7``: prefix of the installation, year, serial number, check digit over all digits."""

    prefix: str
    year: int
    serial: int

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Z]{1,6}", self.prefix):
            raise ValueError("the prefix has one to six capital letters")
        if not 1000 <= self.year <= 9999 or not 1 <= self.serial <= 999_999_999:
            raise ValueError("year or serial number out of range")

    @property
    def check(self) -> str:
        return check_digit(self._digits)

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.serial:06d}-{self.check}"

    @property
    def _digits(self) -> str:
        return f"{self.year}{self.serial:06d}"

    @classmethod
    def parse(cls, text: str, *, field: str = "number") -> CaseNumber:
        """Read a number as people write it; a slip in the digits is told apart from something else."""
        return cls._read(_compact(text, 64), field)

    @classmethod
    def _read(cls, compact: str, field: str) -> CaseNumber:
        found = re.fullmatch(r"([A-Z]{1,6})([1-9]\d{3})(\d{6,9})(\d)", compact.upper(), re.ASCII)
        if not found or not int(found[3]) or (len(found[3]) > 6 and found[3][0] == "0"):
            message = _("A case number looks like LT-2026-000123-7.")
            raise Invalid.at(field, "number_malformed", message)
        number = cls(found[1], int(found[2]), int(found[3]))
        if number.check != found[4]:
            message = _("This case number has a slip in it. Please compare the digits.")
            raise Invalid.at(field, "number_check", message)
        return number


def format_secret(secret: str) -> str:
    """``4821 0937 5516 2048``."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def parse_secret(text: str, *, field: str = "secret") -> str:
    """The 16 digits of a receipt's secret, however they were grouped."""
    return _secret(_compact(text, 80), field)


def format_receipt(number: CaseNumber | str, secret: str) -> str:
    """``LT-2026-000123-7 · 4821 0937 5516 2048``."""
    return f"{number} · {format_secret(secret)}"


def parse_receipt(text: str, *, field: str = "receipt") -> tuple[CaseNumber, str]:
    """Number and secret of a receipt, as shown, as in its QR code, or typed in one go."""
    compact = _compact(text, 160)
    return (
        CaseNumber._read(compact[:-SECRET_DIGITS], field),
        _secret(compact[-SECRET_DIGITS:], field),
    )


def normal_phone(text: str, *, field: str = "phone") -> str:
    """One way to write a phone: mainland numbers as dialled there, others as ``+`` and digits.

    The keyed hash that finds a caller is made from this, so every way of typing must end alike.
    """
    typed = unicodedata.normalize("NFKC", text[:80]).strip() if isinstance(text, str) else ""
    digits = re.sub(r"[\s\-‐‑‒–—―−()（）./\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+", "", typed)
    digits = re.sub(r"^\+0*", "+", re.sub("^00", "+", digits))
    home = digits.removeprefix("+86") if digits.startswith("+86") else digits
    home = re.sub(r"^86(?=1[3-9]\d{9}$)", "", home, flags=re.ASCII)
    if re.fullmatch(r"1[3-9]\d{9}", home, re.ASCII):
        return home
    if home != digits and not home.startswith("0"):
        home = "0" + home  # +86 523 ... is dialled 0523 ... at home
    if re.fullmatch(r"0(10|2\d|[3-9]\d{2})[2-9]\d{6,7}", home, re.ASCII):
        return home
    if re.fullmatch(r"\+(?!86)[1-9]\d{6,14}", digits, re.ASCII):
        return digits
    message = _("This is not a phone number we can reach. A land line needs its area code.")
    raise Invalid.at(field, "phone_malformed", message)


def decode_csv(data: bytes, *, field: str = "file") -> str:
    """The text of a table as office programs save it: UTF-8, UTF-16 with its mark, or GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # A file of another kind decodes by accident, but then into controls.
        if not _CONTROL.search(text.replace("\r", "")):
            return text
    message = _("This file is not a readable table. Save it as CSV in UTF-8 and try again.")
    raise Invalid.at(field, "encoding_unknown", message)


def _trim(text: str) -> str:
    before = None
    while before != text:
        before, text = text, text.strip().strip(_BLANK_EDGE)
    return text


def digits_of(text: object) -> str:
    """The digits of a short number however it was grouped; empty when it holds anything else."""
    compact = _compact(text, 40)
    return compact if re.fullmatch(r"\d+", compact, re.ASCII) else ""


def _compact(text: object, most: int) -> str:
    """Digits and letters alone, full-width ones made plain; nonsense stays and fails the pattern after."""
    if not isinstance(text, str) or len(text) > most:
        return ""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).strip(_BLANK_EDGE))


def _secret(compact: str, field: str) -> str:
    if not re.fullmatch(rf"\d{{{SECRET_DIGITS}}}", compact, re.ASCII):
        message = _("The secret of a receipt has %(digits)s digits.", digits=SECRET_DIGITS)
        raise Invalid.at(field, "secret_malformed", message)
    return compact


def _too_long(field: str, most: int) -> Invalid:
    return Invalid.at(field, "too_long", _("At most %(limit)s characters.", limit=most))
