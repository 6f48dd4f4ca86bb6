"""The pattern book: every component of the design system on one page, as pages should use it.

Each style sheet of `frontend/css/components/` has its template here; tests/shape/test_pattern_book.py holds the two
to each other, tests/web/staff/test_patterns.py runs axe over this page in every mode. Whoever makes a page looks here
first.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from gewu.domain.cases.workflow import STATES
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
}


@require_GET
@staff("patterns.see")
def patterns(request: Request) -> HttpResponse:
    """All components below one another."""
    chapters = [(code, name, f"staff/patterns/{code}.html") for code, name in BOOK.items()]
    return render(request, "staff/patterns.html", {"chapters": chapters, "states": STATES})
