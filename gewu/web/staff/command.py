"""The command screen: the town live, for those who steer it. Each number opens the cases behind it in the queue.

The page is whole without script: numbers, alerts, the list by grid and the tables of the charts come from the server.
The script draws the map and the charts, from these same tables, and asks `/live` each second; when something changed
it fetches the parts of the page anew (`/live/command`) and moves the points on the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_http_methods, require_safe

from gewu.core.errors import Invalid
from gewu.core.levels import LADDER
from gewu.core.punctuation import bracketed, percent
from gewu.domain.access.table import may
from gewu.domain.areas.models import Area
from gewu.domain.cases.bulks import awaiting_second
from gewu.domain.cases.marks import CLOCKS, MARKS
from gewu.domain.cases.queries import get_case
from gewu.domain.cases.workflow import LEVELS, STATES, SUBMITTED
from gewu.domain.catalogue.models import Class, Subclass
from gewu.domain.desk import actions as desk_actions
from gewu.domain.desk import queries as desk
from gewu.domain.figures import indicators as counted
from gewu.domain.insight import board, grounds, live
from gewu.domain.insight.queries import DASHBOARD_DAYS, Cell
from gewu.domain.names import in_language, name_of
from gewu.web import screen
from gewu.web.live import as_json
from gewu.web.request import Request
from gewu.web.staff.forms import failure_of
from gewu.web.staff.guard import post_only, staff
from gewu.web.staff.scope import Number, areas_of, chosen

STALE_AFTER = 120  # seconds of silence after which the screen says so
TURN_LEAST = 10  # seconds a big screen stays with one community, when it is told to turn at all


@dataclass(frozen=True)
class Line:
    """A row of a table: its name, where it leads, and its numbers."""

    name: str
    cells: list[Number]
    code: str = ""
    above: str = ""


@require_safe
@staff("command.see", on_wall=True)
def command(request: Request) -> HttpResponse:
    """The whole page, for one area; `?big=1` for a wall: larger, without controls."""
    if request.is_wall and request.GET.get("big") != "1":
        return redirect(f"{reverse('staff:command')}?big=1")
    answer = _command(request)
    if not request.is_wall and screen.COOKIE in request.COOKIES:
        answer.delete_cookie(screen.COOKIE)  # somebody is at this device again
    return answer


@require_http_methods(["GET", "POST"])
@staff("command.see")
def leave_on_wall(request: Request) -> HttpResponse:
    """The big screen goes on here for a shift, and nobody stays signed in; asked first, since it signs out at once."""
    actor, sent = request.actor, request.GET if request.method == "GET" else request.POST
    area = _area_of(areas_of(actor, "command.see"), request, sent.get("area", ""))
    if request.method == "GET":
        return render(
            request, "staff/command/wall.html", {"area": area, "hours": screen.LASTS // timedelta(hours=1)}
        )
    logout(request)
    answer = redirect(f"{reverse('staff:command')}?{urlencode({'big': 1, 'area': area.code})}")
    screen.give(answer, actor, now=request.now)
    return answer


@staff("command.see")
@post_only("staff:command")
def seen(request: Request, number: str) -> HttpResponse:
    """One's post has taken note of an alert; it says so on every screen until anything happens to the case."""
    desk_actions.say_seen(get_case(number, actor=request.actor), actor=request.actor)
    area = _area_of(areas_of(request.actor, "command.see"), request, request.POST.get("area", ""))
    return redirect(f"{reverse('staff:command')}?{urlencode({'area': area.code})}#alerts-title")


def _command(request: Request) -> HttpResponse:
    areas = areas_of(request.actor, "command.see")
    try:
        area = _area(request, areas)
    except Invalid as error:
        area = _area_of(areas, request, "")
        context = _context(request, area, areas) | {"failure": failure_of(error)}
        return render(request, "staff/command/page.html", context, status=422)
    return render(request, "staff/command/page.html", _context(request, area, areas))


@require_safe
@staff("command.see", on_wall=True)
@gzip_page
def parts(request: Request) -> HttpResponse:
    """What changes on the page, drawn anew."""
    areas = areas_of(request.actor, "command.see")
    return render(request, "staff/command/parts.html", _context(request, _area(request, areas), areas))


class Points(msgspec.Struct, frozen=True):
    """All open cases below the area, and the token from which on to ask for changes."""

    since: str
    rows: list[live.CaseRow]


@require_safe
@staff("command.see", on_wall=True)
@gzip_page
def points(request: Request) -> HttpResponse:
    """The cases as the map draws them: once, then `/live` tells what changed."""
    area = _area(request, areas_of(request.actor, "command.see"))
    token = live.token_now()
    return as_json(Points(str(token), live.rows(request.actor, path=area.path)), etag=str(token))


def _etag(request: HttpRequest) -> str | None:
    key = grounds.key_of(_top(request).path)  # type: ignore[arg-type]
    return f'"{sha256(repr(key).encode()).hexdigest()[:32]}"' if key else None


@require_safe
@staff("command.see", kept=True, on_wall=True)
@condition(etag_func=_etag)
@gzip_page
def ground(request: Request) -> HttpResponse:
    """The grids of this person's area by the map in force; the browser keeps it and asks whether it still holds."""
    answer = HttpResponse(grounds.draw(_top(request).path), content_type="application/geo+json")
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _top(request: Request) -> Area:
    return _area_of(areas_of(request.actor, "command.see"), request, "")


def _area(request: Request, areas: list[Area]) -> Area:
    return _area_of(areas, request, request.GET.get("area", ""))


def _area_of(areas: list[Area], request: Request, code: str) -> Area:
    return chosen(areas, code, refused=_("The cases of this area are not open to you."))


def _context(request: Request, area: Area, areas: list[Area]) -> dict[str, Any]:
    sort = request.GET.get("sort", "code")
    since = live.token_now()  # before anything is read: what comes in between is told by the first question
    now = board.board(request.actor, area, now=request.now, sort=sort if sort in board.SORTS else "code")
    top = _area_of(areas, request, "")
    seen = desk.alerts_seen(alert.case.pk for alert in now.alerts)
    return {
        "area": area,
        "top": top,
        "is_top": area == top,
        "title": _("The town now") if area == top else name_of(area),
        "areas": [(one.code, "\u3000" * _depth(one, top) + name_of(one)) for one in areas],
        "board": now,
        "since": str(since),
        "numbers": _numbers(area, now),
        "alerts": [
            (alert, [MARKS[code] for code in alert.marks], seen.get(alert.case.pk, ""))
            for alert in now.alerts
        ],
        "alert_kinds": [
            (MARKS[code], Number(count, _queue(area, mark=code))) for code, count in now.alert_counts.items()
        ],
        "waiting": _waiting(request),
        "columns": _columns(request, sort),
        "places": _places(now),
        "flow": _flow(area, now),
        "lowest": (now.month.shares["solved_in_grid"], _percents(now.month.shares["solved_in_grid"])),
        "classes": _classes(area, now),
        "clocks": [mark.name for mark in CLOCKS.values()],
        "clock_lines": _clocks(area, now),
        "days": DASHBOARD_DAYS,
        "is_big": request.GET.get("big") == "1",
        "script": _for_script(request, since, top),
    }


def _depth(area: Area, top: Area) -> int:
    return (len(area.path) - len(top.path)) // 3


def _queue(area: Area, **wanted: str) -> str:
    """The queue with the same filter. `view` names the tab it stands under."""
    # A thousand of these stand on one page: all values are codes, so nothing needs to be quoted.
    query = "&".join(
        f"{name}={value}" for name, value in ({"view": "open", "area": area.code} | wanted).items()
    )
    return f"{_queue_address()}?{query}"


@cache
def _queue_address() -> str:
    return reverse("staff:queue")


def _numbers(area: Area, now: board.Board) -> list[tuple[str, Number, str]]:
    today = now.month.today
    said = _("Today %(reported)s reported, %(closed)s closed") % {
        "reported": today[counted.REPORTED],
        "closed": today[counted.CLOSED],
    }
    whole = now.whole
    return [
        (pgettext("number", "Open"), Number(whole.open, _queue(area)), said),
        (pgettext("number", "Overdue"), Number(whole.overdue, _queue(area, mark="overdue")),
         _("The promise or the time of a level is over")),
        (pgettext("number", "Soon due"), Number(whole.red, _queue(area, mark="red")), _("80 % of a limit is used")),
        (pgettext("number", "To accept"), Number(whole.new, _queue(area, state=SUBMITTED)), _("Nobody has looked yet")),
    ]  # fmt: skip


def _waiting(request: Request) -> int:
    """Acts on many cases that wait for a second person, where this one's word would do."""
    return awaiting_second(actor=request.actor).count() if may(request.actor, "case.bulk") else 0


def _columns(request: Request, sort: str) -> list[tuple[str, str, bool]]:
    """Headings of the list by grid; each is a link that sorts by it."""
    names = (pgettext("column", "Open"), pgettext("column", "Overdue"), pgettext("column", "Soon due"),
             pgettext("column", "To accept"))  # fmt: skip
    found = []
    for code, name in zip(board.SORTS[1:], names, strict=True):
        query = request.GET.copy()
        query["sort"] = "code" if code == sort else code
        found.append((name, f"?{query.urlencode()}", code == sort))
    return found


def _places(now: board.Board) -> list[Line]:
    return [
        Line(
            name_of(place.area),
            [
                Number(place.count.open, _queue(place.area)),
                Number(place.count.overdue, _queue(place.area, mark="overdue")),
                Number(place.count.red, _queue(place.area, mark="red")),
                Number(place.count.new, _queue(place.area, state=SUBMITTED)),
            ],
            place.area.code,
            name_of(place.parent) if place.parent else "",
        )
        for place in now.places
    ]


def _flow(area: Area, now: board.Board) -> list[Line]:
    """What happened on each level in thirty days: solved here, handed up, handed back."""
    by_level, until = now.month.by_level, now.month.day
    days = {"since": (until - timedelta(days=DASHBOARD_DAYS - 1)).isoformat(), "until": until.isoformat()}
    lines = []
    for level in LADDER:
        solved = {"view": "closed", "level": level, "closing": "solved"} | days
        lines.append(
            Line(
                str(LEVELS[level]),
                [
                    Number(by_level.get((level, counted.SOLVED_AT_LEVEL), 0), _queue(area, **solved)),
                    Number(
                        by_level.get((level, counted.HANDED_UP), 0),
                        _queue(area, view="all", moved=f"{level}:up", **days),
                    ),
                    Number(
                        by_level.get((level, counted.HANDED_BACK), 0),
                        _queue(area, view="all", moved=f"{level}:down", **days),
                    ),
                ],
                level,
            )
        )
    return lines


def _classes(area: Area, now: board.Board) -> list[Line]:
    names = {one.code: in_language(one.names) for one in Class.objects.all()}
    return [
        Line(
            names.get(code, code),
            [
                Number(count.open - count.overdue, _queue(area, category=code, mark="kept")),
                Number(count.overdue, _queue(area, category=code, mark="overdue")),
                Number(count.open, _queue(area, category=code)),
            ],
            code,
        )
        for code, count in now.by_class.items()
    ]


def _clocks(area: Area, now: board.Board) -> list[Line]:
    return [
        Line(
            str(LEVELS[level]),
            [Number(now.clocks[level, code], _queue(area, level=level, mark=code)) for code in CLOCKS],
            level,
        )
        for level in LADDER
    ]


def _percents(cell: Cell) -> str:
    """“62 % (58–66)”; empty when nothing was solved."""
    if cell.value is None:
        return ""
    around = f"{100 * (cell.low or 0):.0f}–{100 * (cell.high or 0):.0f}" if cell.low is not None else ""
    return percent(f"{100 * cell.value:.0f}") + (bracketed(around) if around else "")


def _for_script(request: Request, since: live.Token, top: Area) -> dict[str, Any]:
    """Words and addresses for the script: strings have one home."""
    turn = request.GET.get("turn", "")
    return {
        "live": reverse("live"),
        "parts": reverse("live_command"),
        "points": reverse("live_points"),
        "ground": reverse("staff:command_ground"),
        "case": reverse("staff:case", args=["NUMBER"]),
        "since": str(since),
        "stale": STALE_AFTER,
        "top": top.code,
        "zone": settings.TIME_ZONE,
        "big": request.GET.get("big") == "1",
        "turn": max(int(turn), TURN_LEAST) if turn.isdecimal() and len(turn) < 6 and turn != "0" else 0,
        "states": {code: str(name) for code, name in STATES.items()},
        "subclasses": {one.code: in_language(one.names) for one in Subclass.objects.all()},
        "words": {
            "asOf": _("Data as of %s"),
            "stale": _("No new data for %s minutes"),
            "signedOut": _("You are signed out. Sign in to go on."),
            "noMap": _("This device cannot draw the map. The list has the same facts."),
            "map": _("Map of the grids: colour by open cases, a point for each case"),
            "overdue": pgettext("mark", "Overdue"),
            "open": pgettext("column", "Open"),
            "zoomIn": _("Zoom in"),
            "zoomOut": _("Zoom out"),
            "twoFingers": _("Use two fingers to move the map"),
            "changed": _("Updated: {open} open, {overdue} overdue"),
            "chart": _("The table beside it has the same numbers."),
        },
    }
