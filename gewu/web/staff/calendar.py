"""The working calendar: the edited days of a year, publishing a year, working hours, and what is not known yet."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gewu.core.errors import NotFound
from gewu.core.worktime import FIRST_YEAR, LAST_YEAR
from gewu.domain.people.queries import today
from gewu.domain.place import actions, queries
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, file_of
from gewu.web.staff.guard import post_only, staff


@require_GET
@staff("calendar.edit")
def calendar(request: Request) -> HttpResponse:
    """A year: edited days, working days by month, provisional or not."""
    return _page(request, _year(request.GET.get("year", ""), request))


@staff("calendar.edit")
@post_only("staff:calendar")
def publish(request: Request) -> HttpResponse:
    """The whole table of a year from a file; deadlines follow at once."""
    typed = forms.typed(request, "publish", "source", "version")

    def perform() -> None:
        actions.import_days(
            file_of(request),
            publish=forms.number(typed["publish"], at="publish"),
            source=typed["source"],
            expected_version=forms.number(typed["version"], at="version"),
            actor=request.actor,
            now=request.now,
        )

    return _change(request, typed, perform, _("Published. Deadlines follow."))


@staff("calendar.edit")
@post_only("staff:calendar")
def set_hours(request: Request) -> HttpResponse:
    """Other working hours."""
    typed = forms.typed(request, "hours", "version")

    def perform() -> None:
        actions.set_hours(
            typed["hours"],
            expected_version=forms.number(typed["version"], at="version"),
            actor=request.actor,
            now=request.now,
        )

    return _change(request, typed, perform, _("Changed. Deadlines follow."))


def _change(request: Request, typed: dict[str, str], perform: Callable[[], None], done: str) -> HttpResponse:
    try:
        perform()
    except EXPECTED as error:
        return _page(request, today(request.now).year, typed, failure_of(error))
    messages.success(request, done)
    return redirect("staff:calendar")


def _page(
    request: Request, year: int, typed: dict[str, str] | None = None, failure: Failure | None = None
) -> HttpResponse:
    known = queries.calendar()
    context = {
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "days": queries.days_of(year),
        "months": [_month(known, year, month) for month in range(1, 13)],
        "hours": str(known.hours),
        "version": queries.installation().calendar_version,
        "findings": queries.provisional_findings(now=request.now),
        "years_known": queries.years_known(now=request.now),
        "typed": typed or {},
        "failure": failure,
    }
    return render(request, "staff/calendar.html", context, status=failure.status if failure else 200)


def _month(known: Any, year: int, month: int) -> tuple[date, int, list[date]]:
    """First day, how many working days, and the weekdays that are none or weekend days that are."""
    first = date(year, month, 1)
    days = [first + timedelta(days=n) for n in range(monthrange(year, month)[1])]
    working = [day for day in days if known.is_workday(day).working]
    unusual = [day for day in days if (day in working) != (day.weekday() < 5)]
    return first, len(working), unusual


def _year(typed: str, request: Request) -> int:
    if not typed:
        return today(request.now).year
    year = int(typed) if typed.isdecimal() and len(typed) == 4 else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound
    return year
