"""Receipts: how a reporter who gave no name comes back to the own case.

A receipt is a number and a 16-digit secret. The secret is random and its tries are limited, so a keyed hash is enough;
it is bound to the number, and its key lies outside the database. Nothing here stores a secret: `issue` hands it out
once, and whoever files the report stores the 32 bytes beside it.

A wrong secret and an unknown number get the same refusal after the same work, so that nobody learns which numbers
exist. Who the receipts belong to is told by the package that stores them (`use_lookup`), which comes after this one.
"""

from __future__ import annotations

import io
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

import segno
from django.utils.translation import gettext_lazy as _

from gewu.core import chance, crypto
from gewu.core.errors import NotFound
from gewu.core.text import SECRET_DIGITS, CaseNumber, parse_secret
from gewu.domain.privacy import keys
from gewu.domain.requests import actions as requests

TRIES = 5
WINDOW = timedelta(minutes=15)
COOKIE_AGE = timedelta(minutes=60)
_NO_MAC = bytes(32)


@dataclass(frozen=True)
class Held:
    """What is stored of one receipt: whose it is, and its keyed hash."""

    holder: UUID
    mac: bytes


class Lookup(Protocol):
    """Finds a receipt by its number."""

    def __call__(self, number: str) -> Held | None: ...


class _Registry:
    lookup: Callable[[str], Held | None] | None = None


def use_lookup(lookup: Lookup) -> None:
    """Called once at start by the package that stores receipts."""
    _Registry.lookup = lookup


def issue(number: str) -> tuple[str, bytes]:
    """A new secret for `number`, and the hash to store; the secret exists nowhere else."""
    secret = chance.digits(SECRET_DIGITS)
    return secret, _mac(number, secret)


def check(number: str, secret: str, *, address: str, now: datetime) -> UUID:
    """Whose receipt this is, however it was typed.

    Invalid when it cannot be a receipt at all (a slip in the digits), NotFound when number or secret is wrong,
    TooMany after five tries in 15 minutes.
    """
    number, secret = str(CaseNumber.parse(number)), parse_secret(secret)
    # Every try is spent before it is judged: guesses sent side by side are counted too.
    requests.spend(f"receipt:{number}:{address}", limit=TRIES, window=WINDOW, now=now)
    held = _lookup(number)
    agrees = crypto.same(_mac(number, secret), bytes(held.mac) if held else _NO_MAC)
    if held is None or not agrees:
        raise NotFound(
            _("Number and secret do not belong together. Please check both."), code="receipt_unknown"
        )
    return held.holder


def cookie_for(number: str, *, now: datetime) -> str:
    """A signed word that stands for a checked receipt for one hour, so that the secret leaves the address bar."""
    until = int((now + COOKIE_AGE).timestamp())
    body = urlsafe_b64encode(f"{number}|{until}".encode()).decode("ascii")
    return f"{body}.{_sign(body)}"


def number_in(cookie: str, *, now: datetime) -> str | None:
    """The number a cookie stands for; None when it is not ours, was changed or has run out."""
    body, _dot, signature = cookie.partition(".")
    if not cookie.isascii() or not crypto.same(signature.encode(), _sign(body).encode()):
        return None
    try:
        number, until = urlsafe_b64decode(body).decode().split("|")
    except (NotBase64, ValueError):
        return None
    return number if now < datetime.fromtimestamp(int(until), tz=UTC) else None


def qr_payload(base: str, number: str, secret: str) -> str:
    """The address in the code. Number and secret stand behind #, which browsers send to nobody."""
    return f"{base.rstrip('/')}/r#{number}.{secret}"


def qr_svg(payload: str, *, scale: int = 4) -> str:
    """The code as an SVG to put into a page, dark on light whatever the page's colours."""
    out = io.BytesIO()
    segno.make(payload, error="m", micro=False).save(
        out, kind="svg", scale=scale, border=4, dark="#000", light="#fff", xmldecl=False, svgns=True, nl=False
    )
    return out.getvalue().decode("utf-8")


def _lookup(number: str) -> Held | None:
    if _Registry.lookup is None:
        raise RuntimeError("Nobody has said where receipts are stored: receipts.use_lookup was not called.")
    return _Registry.lookup(number)


def _mac(number: str, secret: str) -> bytes:
    return crypto.mac(keys.secret("receipt"), "receipt", number, secret)


def _sign(body: str) -> str:
    return crypto.mac(keys.secret("cookie"), "receipt cookie", body).hex()
