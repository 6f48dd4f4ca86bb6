"""Signs on paper: eight on a sheet, in Chinese and English, in batches that are set within seconds.

All the signs of a town in one PDF would hold a web process for half a minute and most of a small machine's memory. So
a long list is printed in batches of `limits.SIGNS`; each is one PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from gewu.core.documents import qr_svg, set_pdf
from gewu.domain.access.actor import Actor
from gewu.domain.names import name_of
from gewu.domain.papers import links
from gewu.domain.place import queries as installation
from gewu.domain.places import actions
from gewu.domain.places.codes import format_number
from gewu.domain.places.models import Place


def print_signs(places: Sequence[Place], *, actor: Actor, now: datetime) -> bytes:
    """The PDF of these signs; they count as printed from now on."""
    made = set_pdf("signs", _data(places))
    actions.note_printed(list(places), actor=actor, now=now)
    return made


def _data(places: Sequence[Place]) -> dict[str, Any]:
    return {
        "signs": [
            {
                "qr": qr_svg(links.place(one.sign)),
                "number": format_number(one.number),
                "name": name_of(one),
                "area": " ".join(name_of(area) for area in (one.area.parent, one.area) if area),
            }
            for one in places
        ],
        "phone": installation.installation().phone,
        "address": links.shown(links.address(links.FIND_PLACE)),
        "words": _words("zh-hans"),
        "english": _words("en"),
    }


def _words(language: str) -> dict[str, str]:
    """A sign speaks to whoever stands before it, not to who prints it: both languages, always."""
    with translation.override(language):
        return {
            "scan": _("Scan: report here, and see what is reported"),
            "torn": _("Torn? Type the number at"),
            "phone": _("Service phone"),
            "urgent": _("Danger: 110 police, 119 fire, 120 ambulance first"),
        }
