"""The supervisor's desk: what happened, in the order in which it was sealed; its heads; and who looked at what.

Kinds, codes and numbers, never a person: the page shows no actor, and nothing here can be sorted or counted by one.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from gewu.core import limits
from gewu.core.errors import Invalid
from gewu.core.punctuation import listed
from gewu.domain.access.table import CONFIDENTIAL
from gewu.domain.cases.models import Case
from gewu.domain.cases.story import tells_hour
from gewu.domain.journal import heads, queries
from gewu.domain.journal.models import Entry
from gewu.domain.journal.verify import is_sound, verify
from gewu.domain.people.queries import today
from gewu.domain.privacy.looks import REASONS, said
from gewu.domain.privacy.models import Look
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import failure_of
from gewu.web.staff.guard import post_only, staff

# Fields that name a person by id; the journal keeps them for the sealed record, the page leaves them out.
PERSONS = {"user", "stand_in", "outgoing", "incoming", "reader", "officer"}
FACETS: dict[str, Any] = {
    "contact": pgettext_lazy("looked at", "Contact"),
    "lookup": pgettext_lazy("looked at", "Cases of a caller"),
    "identity": pgettext_lazy("looked at", "Sealed identity"),
    "text": pgettext_lazy("looked at", "Text of a private case"),
    "photo": pgettext_lazy("looked at", "Photo"),
}


@require_GET
@staff("journal.see")
def journal(request: Request) -> HttpResponse:
    """Newest first, a page at a time by position."""
    return _page(request)


@staff("journal.see")
@post_only("staff:journal")
def check(request: Request) -> HttpResponse:
    """Recompute everything and compare it with the published heads."""
    folder = Path(settings.HEADS)
    findings = verify(heads=folder if folder.is_dir() else None, now=request.now)
    return _page(request, findings=findings, sound=is_sound(findings), checked=True)


@require_GET
@staff("access_log.see")
def looks(request: Request) -> HttpResponse:
    """Who looked at what is personal: date, post, case, reason; the same that the reporter reads."""
    typed = {name: request.GET.get(name, "").strip() for name in ("first", "last")}
    this_day = today(request.now)
    try:
        first = forms.day(typed["first"], at="first", required=False) or this_day - timedelta(days=30)
        last = forms.day(typed["last"], at="last", required=False) or this_day
    except Invalid as error:
        context = {"typed": typed, "failure": failure_of(error), "rows": []}
        return render(request, "staff/looks.html", context, status=422)
    zone = timezone.get_default_timezone()
    rows = Look.objects.filter(
        at__gte=datetime.combine(first, time(), zone),
        at__lt=datetime.combine(last + timedelta(days=1), time(), zone),
    ).order_by("-at", "-id")[: limits.PAGE_MOST]
    numbers = dict(Case.objects.filter(pk__in={row.case_id for row in rows}).values_list("pk", "number"))
    called = said(list(rows))
    context = {
        "typed": {"first": first.isoformat(), "last": last.isoformat()},
        "rows": [
            (
                row,
                called[row.pk],
                numbers.get(row.case_id, "") if row.case_id else "",
                FACETS[row.facet],
                REASONS[row.reason],
            )
            for row in rows
        ],
        "most": limits.PAGE_MOST if len(rows) == limits.PAGE_MOST else None,
    }
    return render(request, "staff/looks.html", context)


def _page(request: Request, **more: Any) -> HttpResponse:
    last = queries.last_position()
    typed = request.GET.get("before", "")
    upto = min(int(typed) - 1, last) if typed.isdecimal() and len(typed) < 16 else last
    start = max(0, upto - limits.PAGE)
    entries = [
        entry for entry in queries.after(start, limits.PAGE) if entry.position and entry.position <= upto
    ]
    published = heads.last_published(Path(settings.HEADS))
    context = {
        "rows": [(entry, _facts(entry), _by_day(entry)) for entry in reversed(entries)],
        "earlier": start + 1 if start > 0 else None,
        "last": last,
        "head": queries.head(),
        "published": published,
        "published_at": published and datetime.fromisoformat(published.at),
        "unsealed": Entry.objects.filter(position=None).count(),
        **more,
    }
    return render(request, "staff/journal.html", context)


def _facts(entry: Entry) -> list[tuple[str, str]]:
    # How long a clock ran until a moment that is shown tells when it began.
    hidden = PERSONS | {"stage"} if entry.data.get("sensitivity") == CONFIDENTIAL else PERSONS
    return [(name, _short(value)) for name, value in sorted(entry.data.items()) if name not in hidden]


def _by_day(entry: Entry) -> bool:
    """Of what the reporter of a confidential case did the page shows the day; the sealed record keeps the moment."""
    return entry.data.get("sensitivity") == CONFIDENTIAL and tells_hour(entry)


def _short(value: Any) -> str:
    """A long id or commitment by its beginning; it is there to be compared, not read."""
    text = listed(value) if isinstance(value, list) else str(value)
    if isinstance(value, dict):
        text = listed(f"{key}={one}" for key, one in value.items())
    return f"{text[:12]}…" if len(text) > 40 or _is_id(text) else text


def _is_id(text: str) -> bool:
    try:
        return len(text) >= 32 and bool(UUID(text))
    except ValueError:
        return False
