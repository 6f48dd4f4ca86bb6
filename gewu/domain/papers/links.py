"""Where paper leads: the addresses of residents' pages as they stand on slips, signs and posters."""

from __future__ import annotations

from django.conf import settings

VISIT_OFF, FIND_PLACE = "/visit", "/p"


def address(path: str) -> str:
    """The whole address, for a QR code."""
    return settings.ADDRESS.rstrip("/") + path


def place(sign: str) -> str:
    """Behind the sign of a place."""
    return address(f"/p/{sign}")


def grid(code: str) -> str:
    """The public card of a grid."""
    return address(f"/g/{code}")


def shown(whole: str) -> str:
    """As somebody types it."""
    return whole.split("://")[-1]
