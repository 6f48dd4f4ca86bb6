"""The slip of a visit on paper, A6: when, who, what for, and the code to call it off."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gewu.core.documents import qr_svg, set_pdf
from gewu.core.text import format_secret
from gewu.domain.names import name_of
from gewu.domain.papers import links
from gewu.domain.patrols.kinds import PURPOSES
from gewu.domain.patrols.models import Visit
from gewu.domain.place import queries as installation


def visit_slip(visit: Visit) -> bytes:
    """The PDF."""
    return set_pdf("visit_slip", _data(visit))


def _data(visit: Visit) -> dict[str, Any]:
    place, zone = installation.installation(), installation.calendar().zone
    begins, ends = visit.begins.astimezone(zone), visit.ends.astimezone(zone)
    address = links.address(links.VISIT_OFF)
    return {
        "place": name_of(place),
        "when": f"{begins:%Y-%m-%d %H:%M} – {ends:%H:%M}",
        "purpose": str(PURPOSES[visit.purpose]),
        "post": name_of(visit.post),
        "code": format_secret(visit.code),
        "address": links.shown(address),
        "qr": qr_svg(address),
        "phone": place.phone,
        "words": {
            "title": _("We are coming to see you"),
            "off": _("You can call it off at any time, without a reason: by phone, or with this code at"),
            "phone": _("Service phone"),
            "home": _(
                "Nobody takes photos in your home. Whoever comes shows a badge; you need not let anybody in."
            ),
        },
    }
