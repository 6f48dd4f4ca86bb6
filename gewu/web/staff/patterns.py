"""The pattern book: every component of the design system on one page, as pages should use it.

Each style sheet of `frontend/css/components/` has its template here; tests/shape/test_pattern_book.py holds the two
to each other, tests/web/staff/test_patterns.py runs axe over this page in every mode. Whoever makes a page looks here
first.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from gewu.domain.cases.workflow import STATES
from gewu.web.outline import draw
from gewu.web.request import Request
from gewu.web.staff.guard import staff

# The style sheet, and what its components are called; the order is that of a first reading.
BOOK: dict[str, Any] = {
    "buttons": pgettext_lazy("pattern", "Buttons"),
    "forms": pgettext_lazy("pattern", "Forms"),
    "cases": pgettext_lazy("pattern", "Cases and receipts"),
    "messages": pgettext_lazy("pattern", "Notices, dialogs, tabs"),
    "lists": pgettext_lazy("pattern", "Lists and tables"),
    "numbers": pgettext_lazy("pattern", "Figures"),
    "maps": pgettext_lazy("pattern", "Drawn maps"),
    "desk": pgettext_lazy("pattern", "The desk"),
    "help": pgettext_lazy("pattern", "Hints"),
}


def _square(west: float) -> str:
    """A square kilometre or so, as GeoJSON."""
    east = west + 0.01
    ring = [[west, 32.0], [east, 32.0], [east, 32.01], [west, 32.01], [west, 32.0]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


SQUARES = (("1", _square(120.0), False), ("2", _square(120.01), True))


@require_GET
@staff("patterns.see")
def patterns(request: Request) -> HttpResponse:
    """All components below one another."""
    chapters = [(code, name, f"staff/patterns/{code}.html") for code, name in BOOK.items()]
    context = {"chapters": chapters, "states": STATES, "drawing": draw(SQUARES, [(120.013, 32.004)])}
    return render(request, "staff/patterns.html", context)
