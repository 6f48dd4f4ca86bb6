"""The queue: what waits, seen through views, with the case one has opened beside it.

Every view is an address; a reading pane, keys and live counts are improvements of a page that works without script.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from gewu.domain.access.actor import Actor
from gewu.domain.access.table import may
from gewu.domain.cases import queries
from gewu.domain.cases.actions.bulk import MOVES_IN_BULK
from gewu.domain.cases.marks import MARKS
from gewu.domain.cases.workflow import CLOSINGS, CONFIRMATIONS, LEVELS, MOVES, STATES
from gewu.domain.catalogue.models import Class
from gewu.domain.desk import actions as desk
from gewu.domain.desk import queries as desks
from gewu.domain.desk.models import SavedView
from gewu.web.request import Request
from gewu.web.staff.forms import EXPECTED, day, failure_of
from gewu.web.staff.guard import staff

# Named views of the queue: what they are called, and what they filter.
VIEWS: tuple[tuple[str, Any, dict[str, Any]], ...] = (
    ("due", pgettext_lazy("queue", "Soon due"), {}),
    ("mine", pgettext_lazy("queue", "Held by me"), {"mine": True}),
    ("overdue", pgettext_lazy("queue", "Overdue"), {"overdue": True}),
    ("new", pgettext_lazy("queue", "To accept"), {"state": "submitted"}),
    ("check", pgettext_lazy("queue", "To check"), {"state": "handled"}),
    ("closed", pgettext_lazy("queue", "Closed"), {"open": False, "order": "filed"}),
    ("all", pgettext_lazy("queue", "All"), {"open": None, "order": "filed"}),
)
UNCOUNTED = {"closed", "all"}  # they only grow
COUNTED = {code: queries.Filter(**filters) for code, _name, filters in VIEWS if code not in UNCOUNTED}
COUNT_MOST = 99
COUNT_AMONG = 1000  # of the next deadlines; counting a million would cost each reader
FILTERS = (
    "state", "level", "category", "area", "closing", "confirmation", "mark", "moved", "since", "until",
)  # fmt: skip
# These come with a number's link; the form has no field for them.
KEPT = ("closing", "confirmation", "moved", "since", "until")
HANDS_ON = {"handler", "unit_head"}  # who works on what they hold; others see what comes in


@dataclass(frozen=True)
class Own:
    """A saved view as a tab."""

    view: SavedView
    url: str
    is_here: bool
    is_mine: bool


@require_GET
@staff("case.list")
def queue(request: Request) -> HttpResponse:
    """What waits, the next deadline first."""
    view = request.GET.get("view") or first_view(request.actor)
    wanted = wanted_of(request.GET, view)
    after = request.GET.get("after", "")
    page = queries.queue(request.actor, wanted, after=after)
    counts = queries.count_views(request.actor, COUNTED, most=COUNT_AMONG)
    more = counts["due"] >= COUNT_AMONG
    context = {
        "page": page,
        "view": view,
        "views": [(code, name, _shown(counts.get(code, 0), more)) for code, name, _filters in VIEWS],
        "own": _own_views(request),
        "wanted": wanted,
        "filtered": any(request.GET.get(name) for name in FILTERS),
        "kept": [(name, request.GET[name]) for name in KEPT if request.GET.get(name)],
        "narrowed": _narrowed(wanted),
        "after": after,
        "states": STATES,
        "levels": LEVELS,
        "marks": [(code, mark.name) for code, mark in MARKS.items()],
        "classes": Class.objects.order_by("code"),
        "query": _query_without(request, "after"),
        "can_report": may(request.actor, "case.report_for"),
        "can_export": may(request.actor, "case.export"),
        "bulk_moves": [MOVES[code] for code in MOVES_IN_BULK if may(request.actor, MOVES[code].action)]
        if may(request.actor, "case.bulk")
        else [],
        "mine": _mine(request.actor),
        "filters": FILTERS,
        "here": request.get_full_path(),
    }
    return render(request, "staff/queue.html", context)


@require_GET
@staff("case.list")
def jump(request: Request) -> HttpResponse:
    """Straight to a case by its number."""
    case = queries.get_case(request.GET.get("number", ""), actor=request.actor)
    return redirect("staff:case", number=case.number)


@require_POST
@staff("case.list")
def save_view(request: Request) -> HttpResponse:
    """Keep the filter of this page under a name."""
    filters = {name: request.POST.get(name, "") for name in ("view", *FILTERS)}
    try:
        desk.save_view(
            request.POST.get("name", ""), filters, share=bool(request.POST.get("share")), actor=request.actor
        )
        messages.success(request, _("The view is kept."))
    except EXPECTED as error:
        messages.error(request, " ".join(failure_of(error).errors.values()))
    return redirect(f"{reverse('staff:queue')}?{urlencode({k: v for k, v in filters.items() if v})}")


@require_POST
@staff("case.list")
def drop_view(request: Request, view_id: UUID) -> HttpResponse:
    """Take one of one's own views away."""
    desk.drop_view(view_id, actor=request.actor)
    return redirect("staff:queue")


def first_view(actor: Actor) -> str:
    """Where a post begins: units that work see what they hold, all others what runs out first."""
    return "mine" if actor.roles and actor.roles <= HANDS_ON else "due"


def wanted_of(sent: QueryDict, view: str) -> queries.Filter:
    """The filter of an address: the view's own conditions go before what was chosen."""
    chosen = next((filters for code, _name, filters in VIEWS if code == view), {})
    typed = {name: sent.get(name, "") for name in FILTERS if name not in ("since", "until")}
    days = {name: _day(sent, name) for name in ("since", "until")}
    return queries.Filter(**{**typed, **days, **chosen})


def _mine(actor: Actor) -> set[UUID]:
    return {hat.post_id for hat in actor.hats} | {hat.unit_id for hat in actor.hats if hat.unit_id}


def _own_views(request: Request) -> list[Own]:
    here = {name: value for name, value in request.GET.items() if name in ("view", *FILTERS) and value}
    return [
        Own(
            view=row,
            url=f"{reverse('staff:queue')}?{urlencode(row.filters)}",
            is_here=row.filters == here,
            is_mine=row.user_id == request.actor.user_id,
        )
        for row in desks.views_of(request.actor)
    ]


def _day(sent: QueryDict, name: str) -> date | None:
    typed = sent.get(name, "").strip()
    return day(typed, at=name) if typed else None


def _narrowed(wanted: queries.Filter) -> str:
    """In words what no field of the form shows: where a number's link has led."""
    level, _sep, to = wanted.moved.partition(":")
    moved = {"up": _("handed up from: %s"), "down": _("handed back from: %s")}.get(to)
    said = [str(moved % LEVELS[level]) if moved else f"{LEVELS[level]} → {LEVELS[to]}" if to in LEVELS else ""]
    said += [str(CLOSINGS.get(wanted.closing, "")), str(CONFIRMATIONS.get(wanted.confirmation, ""))]
    if wanted.since or wanted.until:
        said.append(f"{wanted.since or ''} – {wanted.until or ''}")
    return " · ".join(words for words in said if words)


def _shown(count: int, more: bool) -> str:
    """A count as a tab shows it: nothing for none, “99+” when it is not worth counting further."""
    if not count:
        return ""
    return f"{min(count, COUNT_MOST)}+" if more or count > COUNT_MOST else str(count)


def _query_without(request: Request, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return query.urlencode()
