"""The public card of a grid: who serves it, on the page and on paper, A4 (posted as the law asks)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gewu.core.documents import qr_svg, set_pdf
from gewu.core.errors import NotFound
from gewu.domain.areas.models import Area, Level
from gewu.domain.areas.queries import get_area
from gewu.domain.names import name_of
from gewu.domain.papers import links
from gewu.domain.papers.words import duties
from gewu.domain.people.queries import Serving, people_of
from gewu.domain.people.roles import name as role_name
from gewu.domain.place import queries as installation

SHOWN_ROLES = ("lead", "worker")


def get_grid(code: str) -> Area:
    """A grid or a microgrid of this code; other areas have no card."""
    area = get_area(code)
    if area.level not in (Level.GRID, Level.MICROGRID):
        raise NotFound
    return area


def who_serves(grid: Area, *, now: datetime) -> list[Serving]:
    """The posts that the card shows, each with who holds it today."""
    return people_of(grid.path, SHOWN_ROLES, now=now)


def poster(grid: Area, *, now: datetime) -> bytes:
    """The card as PDF, with a code that opens its page."""
    return set_pdf("poster", _data(grid, now))


def _data(grid: Area, now: datetime) -> dict[str, Any]:
    place, address = installation.installation(), links.grid(grid.code)
    return {
        "place": name_of(place),
        "community": name_of(grid.parent),
        "grid": name_of(grid),
        "code": grid.code,
        "people": [
            {
                "role": role_name(one.post.role),
                "name": name_of(one.user) if one.user else _("vacant at present"),
                "duties": duties(one.post),
            }
            for one in who_serves(grid, now=now)
        ],
        "phone": place.phone,
        "supervision": place.supervision_phone,
        "qr": qr_svg(address),
        "address": links.shown(address),
        "model": place.is_model,
        "words": {
            "phone": _("Service phone"),
            "supervision": _("Supervision"),
            "scan": _("Scan to report, to follow a matter, or to see who serves you"),
            "urgent": _("Danger: 110 police, 119 fire, 120 ambulance first"),
            "model": _("Model, not official"),
        },
    }
