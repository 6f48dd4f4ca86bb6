"""The privacy notice: what is kept about people, why, on what ground, how long and who may see it.

It is drawn from the register of fields, so that a new field cannot be stored without standing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from gewu.domain.privacy import registry, retention
from gewu.web.request import Request

# What a resident calls the things that rows hold.
THINGS: dict[str, Any] = {
    "media.Photo": gettext_lazy("Photos of the matter, without place and device data"),
    "privacy.Contact": gettext_lazy("Name, phone and e-mail, encrypted"),
    "privacy.Contact.phone_mac": gettext_lazy("A keyed code of the phone number, which cannot be read back"),
    "privacy.Opening": gettext_lazy("Record of an opened identity"),
    "privacy.SealedContact": gettext_lazy(
        "Name, phone and e-mail of a confidential report, sealed to officers"
    ),
    "privacy.SealedShare": gettext_lazy("The officers' halves of the seal"),
    "privacy.Text": gettext_lazy("What you write about the matter, encrypted"),
}


@dataclass(frozen=True)
class Line:
    """One row of the notice."""

    what: Any
    why: Any
    ground: Any
    how_long: str
    who: Any


@require_safe
def notice(request: Request) -> HttpResponse:
    """The notice, in the reader's language."""
    return render(request, "resident/privacy.html", {"lines": _lines()})


def _lines() -> list[Line]:
    """Fields that are alike in everything stand in one row."""
    days = retention.rules()
    found: dict[tuple[str, ...], Line] = {}
    for line in registry.notice():
        what = f"{line.model}.{line.field}"
        name = what if what in THINGS else line.model
        key = (name, line.purpose, line.basis, line.retention, line.readers)
        found[key] = Line(
            THINGS.get(name, what),
            registry.PURPOSES[line.purpose],
            registry.BASES[line.basis],
            _how_long(line.retention, days),
            registry.READERS[line.readers],
        )
    return list(found.values())


def _how_long(code: str, days: dict[str, int]) -> str:
    if code in days:
        n = days[code]
        if years := _years(n):
            told = ngettext(
                "%(years)s year after closing (%(n)s days)",
                "%(years)s years after closing (%(n)s days)",
                years,
            )
            return told % {"years": years, "n": n}
        return ngettext("%(n)s day after closing", "%(n)s days after closing", n) % {"n": n}
    return _("For good, without personal data") if code == "journal" else _("As long as the case exists")


def _years(days: int) -> int:
    """How many whole years these days are, leap days counted in; 0 when they are no whole years."""
    years = days // 365
    return years if days - 365 * years <= (years + 3) // 4 else 0
