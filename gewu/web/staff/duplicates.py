"""Are these two the same matter? What is likely the same is found by one function for residents and staff alike; two
cases are looked at side by side, and the answer is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from gewu.core import chance, geo
from gewu.domain.areas.queries import neighbourhood
from gewu.domain.cases import queries
from gewu.domain.cases.actions import act
from gewu.domain.cases.by_day import hides_hours
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import CaseView
from gewu.domain.cases.workflow import LEVELS, SOURCES
from gewu.domain.desk import actions as desk
from gewu.domain.desk import queries as desks
from gewu.domain.names import name_of
from gewu.domain.papers.words import category, holder
from gewu.web.outline import draw_around
from gewu.web.request import Request
from gewu.web.staff.cases import back_of
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, perform_once
from gewu.web.staff.guard import post_only, staff

AROUND_M = 40.0


@dataclass(frozen=True)
class Line:
    """One thing said of both cases; it is marked where they differ."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return self.one != self.other


@require_GET
@staff("case.list")
def alike(request: Request, number: str) -> HttpResponse:
    """Cases that may be the same matter as this one."""
    case = queries.get_case(number, actor=request.actor)
    found = desks.alike(case, actor=request.actor, now=request.now)
    return render(request, "staff/alike.html", {"case": case, "found": found})


@staff("case.list")
@post_only("staff:queue")
def compare_two(request: Request) -> HttpResponse:
    """From the list: the two that were ticked."""
    chosen = list(dict.fromkeys(request.POST.getlist("number")))
    if len(chosen) != 2:
        messages.error(request, _("Please choose exactly two cases to compare."))
        return redirect(back_of(request) or "staff:queue")
    one, other = (queries.get_case(number, actor=request.actor).number for number in chosen)
    return redirect("staff:compare", number=one, other=other)


@require_http_methods(["GET", "POST"])
@staff("case.list")
def compare(request: Request, number: str, other: str) -> HttpResponse:
    """Two cases side by side; the same, different, or not sure."""
    views = [queries.view_case(name, actor=request.actor) for name in (number, other)]
    # The older one stands on the right and is the one that stays, whichever was opened first.
    two, one = sorted(views, key=lambda view: (view.case.filed_at, view.case.number))
    if request.method == "GET":
        return _compare_page(request, one, two)
    answer = request.POST.get("answer", "")
    if answer == "different":
        desk.tell_apart(one.case, two.case, actor=request.actor)
        messages.success(request, _("Kept: two different matters."))
        return redirect("staff:alike", number=number)
    if answer != "same":
        return redirect("staff:alike", number=number)
    try:
        _join(request, one.case, two.case)
    except EXPECTED as error:
        return _compare_page(request, one, two, failure_of(error))
    messages.success(request, _("Joined. Both reporters keep their receipts; it can be undone."))
    return redirect(reverse("staff:case", args=[two.case.number]))


def _join(request: Request, one: Case, two: Case) -> None:
    """The first is joined into the second, once however often the button is pressed."""

    def perform() -> bytes:
        given: dict[str, Any] = {"into": two.number}
        act("merge", one.number, given, actor=request.actor, now=request.now, version=one.version)
        return b""

    perform_once(request, [one.number, two.number], perform)


def _compare_page(
    request: Request, one: CaseView, two: CaseView, failure: Failure | None = None
) -> HttpResponse:
    can_join = any(move.code == "merge" for move in one.moves)
    context = {
        "one": one,
        "two": two,
        "lines": _lines(one, two),
        "texts": _marked(one.text, two.text) if one.readable and two.readable else None,
        "photos": [[photo for story in view.story for photo in story.photos] for view in (one, two)],
        "drawing": _drawing(one.case, two.case) if one.exact and two.exact else None,
        "metres": _metres(one.case, two.case) if one.exact and two.exact else None,
        "can_join": can_join,
        "failure": failure,
        "key": chance.new_id(),
    }
    return render(request, "staff/compare.html", context, status=failure.status if failure else 200)


def _lines(one: CaseView, two: CaseView) -> list[Line]:
    def both(label: str, say: Any) -> Line:
        return Line(label, str(say(one.case)), str(say(two.case)))

    return [
        both(_("Category"), category),
        both(_("Area"), lambda case: name_of(case.filed_area)),
        Line(_("Place"), _place(one), _place(two)),
        both(pgettext("on what day", "Reported"), _reported),
        both(_("Source"), lambda case: SOURCES[case.source]),
        both(_("Level"), lambda case: LEVELS[case.level]),
        both(_("Holder"), holder),
    ]


def _place(view: CaseView) -> str:
    """The grid alone of a case that is not open to this reader, or confidential."""
    return name_of(view.case.place) if view.exact else ""


def _reported(case: Case) -> str:
    """The day alone of a confidential report."""
    moment = case.filed_at.astimezone(get_default_timezone())
    return f"{moment:%m-%d}" if hides_hours(case) else f"{moment:%m-%d %H:%M}"


def _marked(one: str, other: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts in pieces; True where they differ."""
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for word, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        differs = word != "equal"
        left += [(one[a:b], differs)] if b > a else []
        right += [(other[c:d], differs)] if d > c else []
    return left, right


def _drawing(one: Case, two: Case) -> Any:
    """Where both lie; nothing for a place that is only known as a grid."""
    if any(case.lon is None for case in (one, two)):
        return None
    borders = neighbourhood(one.filed_area) if one.filed_area.parent_id else []
    return draw_around(
        [(case.lon, case.lat) for case in (one, two) if case.lon is not None and case.lat is not None],
        ((name_of(area), border, area.pk == one.filed_area_id) for area, border in borders),
        metres=AROUND_M,
    )


def _metres(one: Case, two: Case) -> int | None:
    """How far apart; None when one place is known as a grid only."""
    if any(case.lon is None or case.lat is None for case in (one, two)):
        return None
    return round(geo.distance_m((one.lon or 0, one.lat or 0), (two.lon or 0, two.lat or 0)))
