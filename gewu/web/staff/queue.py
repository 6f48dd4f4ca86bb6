"""The queue: what waits, seen through views, and why each case is in it; with the case one has opened beside it.

Every view is an address; a reading pane, keys and counts are improvements of a page that works without script. So is
the line that says that the list would look otherwise now: an open page asks each second, and its rows stay where they
are until somebody wants the new ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from gewu.core.errors import Invalid, NotFound
from gewu.domain.access.table import could, may
from gewu.domain.cases import queries
from gewu.domain.cases.actions.bulk import MOVES_IN_BULK
from gewu.domain.cases.marks import MARKS
from gewu.domain.cases.models import Case
from gewu.domain.cases.workflow import CLOSINGS, CONFIRMATIONS, LEVELS, MOVES, STATES
from gewu.domain.catalogue.models import Class
from gewu.domain.desk import actions as desk
from gewu.domain.desk import queries as desks
from gewu.domain.desk import views
from gewu.domain.desk.models import SavedView
from gewu.domain.desk.rules import WHY, why
from gewu.domain.insight import live
from gewu.web.live import as_json, nothing_new
from gewu.web.request import Request
from gewu.web.staff.forms import EXPECTED, Failure, failure_of
from gewu.web.staff.guard import post_only, staff

COUNT_MOST = 99
COUNT_AMONG = 1000  # of the next deadlines; counting a million would cost each reader
# These come with a number's link; the form has no field for them.
KEPT = ("closing", "confirmation", "moved", "since", "until")
UNCOUNTED = ("mark", "moved", "closing", "confirmation")  # ask more than the case's own row


@dataclass(frozen=True)
class Tab:
    """A view as its tab shows it."""

    name: Any
    url: str
    count: str
    is_here: bool
    saved: SavedView | None = None
    is_mine: bool = False


@dataclass(frozen=True)
class Row:
    """A case of the list, why it stands there, and who else has it open."""

    line: queries.Line
    why: str
    others: list[str]


class ListNews(msgspec.Struct, frozen=True):
    """What the list is now, in one word, and the token to ask with next."""

    since: str
    list: str


@require_GET
@staff("case.list")
def queue(request: Request) -> HttpResponse:
    """What waits, the next deadline first. A filter that cannot be read is told at its field and stays."""
    asked = _asked(request)
    after = request.GET.get("after", "")
    try:
        wanted = views.filter_of(asked, now=request.now)
        page = queries.queue(request.actor, wanted, after=after)
    except Invalid as error:
        return _page(request, asked, queries.Filter(), queries.Page([]), failure=failure_of(error))
    return _page(request, asked, wanted, page, after=after)


@require_safe
@staff("case.list")
def news(request: Request) -> HttpResponse:
    """Whether the list of an open page (`list`: its address) would look otherwise now. The list is read only after
    something has happened anywhere."""
    since = request.GET.get("since", "")
    token = live.moved_on(live.Token.parse(since))
    if token is None:
        return nothing_new(since)
    asked = dict(parse_qsl(request.GET.get("list", "")))
    wanted = views.filter_of(asked, now=request.now)
    shown = queries.versions(request.actor, wanted, after=asked.get("after", ""))
    return as_json(ListNews(str(token), _word_for(shown)), etag=str(token))


def _word_for(shown: Iterable[tuple[str, int]]) -> str:
    """The same as long as the same cases stand there in the same order and nothing happened to them."""
    return sha256(msgspec.json.encode(list(shown))).hexdigest()[:16]


def _page(
    request: Request,
    asked: Mapping[str, str],
    wanted: queries.Filter,
    page: queries.Page,
    *,
    after: str = "",
    failure: Failure | None = None,
    here: str = "",
) -> HttpResponse:
    context = {
        "rows": _rows(request, page),
        "next": page.next,
        "tabs": _tabs(request, asked),
        "asked": asked,
        "filters": [(name, asked[name]) for name in views.FIELDS if asked.get(name)],
        "kept": [(name, asked[name]) for name in KEPT if asked.get(name)],
        "narrowed": _narrowed(wanted),
        "after": after,
        "list_word": _word_for((line.case.number, line.case.version) for line in page.lines),
        "live": "" if failure else _asks_at(asked, after),
        "states": STATES,
        "levels": LEVELS,
        "marks": [(code, mark.name) for code, mark in MARKS.items()],
        "classes": Class.objects.order_by("code"),
        "query": urlencode(views.narrowing(asked)),
        "can_export": could(request.actor, "case.export"),
        "bulk_moves": _bulk_moves(request),
        "here": here or request.get_full_path(),
        "failure": failure,
        "view_typed": {name: request.POST.get(name, "") for name in ("name", "share")},
    }
    return render(request, "staff/queue.html", context, status=failure.status if failure else 200)


@require_GET
@staff("case.list")
def jump(request: Request) -> HttpResponse:
    """Straight to a case by its number; a slip stays in the field, above the list one begins with."""
    try:
        case = queries.get_case(request.GET.get("number", ""), actor=request.actor)
    except NotFound:
        unknown = Failure({"number": _("There is no such number.")}, status=404)
        asked = {"view": views.landing(request.actor), "number": request.GET.get("number", "")}
        wanted = views.filter_of(asked, now=request.now)
        page = queries.queue(request.actor, wanted)
        return _page(request, asked, wanted, page, failure=unknown, here=reverse("staff:queue"))
    return redirect("staff:case", number=case.number)


@staff("case.list")
@post_only("staff:queue")
def save_view(request: Request) -> HttpResponse:
    """Keep the filter of this page under a name."""
    filters = views.narrowing({name: request.POST.get(name, "") for name in ("view", *views.FIELDS)})
    try:
        desk.save_view(
            request.POST.get("name", ""), filters, share=bool(request.POST.get("share")), actor=request.actor
        )
        messages.success(request, _("The view is kept."))
    except EXPECTED as error:
        return _refused_view(request, filters, failure_of(error, at={"name": "view-name"}))
    return redirect(f"{reverse('staff:queue')}?{urlencode(filters)}")


def _refused_view(request: Request, filters: dict[str, str], failure: Failure) -> HttpResponse:
    """The list it was to be a view of, with the name as it was typed."""
    wanted = views.filter_of(filters, now=request.now)
    here = f"{reverse('staff:queue')}?{urlencode(filters)}"
    return _page(request, filters, wanted, queries.queue(request.actor, wanted), failure=failure, here=here)


@staff("case.list")
@post_only("staff:queue")
def drop_view(request: Request, view_id: UUID) -> HttpResponse:
    """Take one of one's own views away."""
    desk.drop_view(view_id, actor=request.actor)
    return redirect("staff:queue")


def _asks_at(asked: Mapping[str, str], after: str) -> str:
    shown = urlencode(views.narrowing(asked) | ({"after": after} if after else {}))
    return f"{reverse('live_queue')}?{urlencode({'list': shown})}"


def _asked(request: Request) -> dict[str, str]:
    """The view and what narrows it; without a view a post begins with its own, and a number's link with all."""
    found = {str(name): str(value) for name, value in request.GET.items()}
    if found.get("view") not in views.VIEWS:
        narrowed = any(found.get(name) for name in views.FIELDS)
        found["view"] = "open" if narrowed else views.landing(request.actor)
    return found


def _rows(request: Request, page: queries.Page) -> list[Row]:
    found = desks.beside([line.case.pk for line in page.lines], actor=request.actor, now=request.now)
    return [
        Row(
            line,
            _why(request, line.case, found.part_in(line.case)),
            found.others_at(line.case),
        )
        for line in page.lines
    ]


def _why(request: Request, case: Case, parts: list[tuple[str, bool]]) -> str:
    return " · ".join(str(WHY[code]) for code in why(case, request.actor, parts, now=request.now))


def _tabs(request: Request, asked: Mapping[str, str]) -> list[Tab]:
    """The usual views and the saved ones, all counted in one query."""
    offered: list[tuple[Any, dict[str, str], SavedView | None]] = [
        (view.name, {"view": view.code}, None) for view in views.views_of(request.actor)
    ]
    offered += [(row.name, row.filters, row) for row in desks.views_of(request.actor)]
    counted = {
        str(place): views.filter_of(query, now=request.now)
        for place, (_name, query, _row) in enumerate(offered)
        if _is_counted(query)
    }
    counts = queries.count_views(request.actor, counted, most=COUNT_AMONG)
    more = max(counts.values(), default=0) >= COUNT_AMONG
    here = views.narrowing(asked)
    return [
        Tab(
            name,
            f"{reverse('staff:queue')}?{urlencode(query)}",
            _shown(counts.get(str(place), 0), more),
            query == here,
            row,
            row is not None and row.user_id == request.actor.user_id,
        )
        for place, (name, query, row) in enumerate(offered)
    ]


def _is_counted(query: Mapping[str, str]) -> bool:
    """Closed cases only grow; marks and past movements ask more than the case's own row."""
    view = views.VIEWS.get(query.get("view", views.DUE))
    return bool(view and view.counted) and not any(query.get(name) for name in UNCOUNTED)


def _bulk_moves(request: Request) -> list[Any]:
    if not may(request.actor, "case.bulk"):
        return []
    return [MOVES[code] for code in MOVES_IN_BULK if may(request.actor, MOVES[code].action)]


def _narrowed(wanted: queries.Filter) -> str:
    """In words what no field of the form shows: where a number's link has led."""
    level, _sep, to = wanted.moved.partition(":")
    moved = {"up": _("handed up from: %s"), "down": _("handed back from: %s")}.get(to)
    said = [
        str(moved % LEVELS[level]) if moved else f"{LEVELS[level]} → {LEVELS[to]}" if to in LEVELS else ""
    ]
    said += [str(CLOSINGS.get(wanted.closing, "")), str(CONFIRMATIONS.get(wanted.confirmation, ""))]
    if wanted.since or wanted.until:
        said.append(f"{wanted.since or ''} – {wanted.until or ''}")
    return " · ".join(words for words in said if words)


def _shown(count: int, more: bool) -> str:
    """A count as a tab shows it: nothing for none, “99+” when it is not worth counting further."""
    if not count:
        return ""
    return f"{min(count, COUNT_MOST)}+" if more or count > COUNT_MOST else str(count)
