"""Figures for those who steer: indicators with intervals and definitions, the flow between levels, and as a workbook.

Rows stand in the order of their codes, without ranks. What the queue can show stands behind its number as a link.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from gewu.core.errors import Invalid, NotFound
from gewu.core.levels import GRID as LOWEST
from gewu.core.levels import LADDER
from gewu.core.punctuation import percent
from gewu.domain.access.table import could
from gewu.domain.areas.models import Area
from gewu.domain.cases.workflow import LEVELS
from gewu.domain.figures.queries import Period
from gewu.domain.insight import queries
from gewu.domain.insight.export import export_xlsx
from gewu.domain.insight.indicators import INDICATORS, MEDIAN, SHARE, Indicator
from gewu.domain.names import name_of
from gewu.domain.papers.words import span
from gewu.domain.people.queries import today
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import XLSX, download, failure_of
from gewu.web.staff.guard import staff
from gewu.web.staff.nav import WORKS_ON_CASES
from gewu.web.staff.scope import Number, areas_of, chosen

BY: dict[str, Any] = {
    "area": pgettext_lazy("figures by", "Area"),
    "unit": pgettext_lazy("figures by", "Unit"),
    "category": pgettext_lazy("figures by", "Category"),
    "level": pgettext_lazy("figures by", "Level"),
    "day": pgettext_lazy("figures by", "Day"),
}
USUAL = ("reported", "open", "overdue", "handling_in_time", "solved_in_grid", "return", "rework")
LONGEST = timedelta(days=3 * 366)
# The cases behind an indicator, as filters of the queue: of a stock those of today, of a share those that count for it.
NOW_BEHIND = {"open": {"view": "open"}, "overdue": {"view": "open", "mark": "broken"}}
BEHIND: dict[str, dict[str, str]] = {
    "reported": {"view": "all"},
    "closing": {"view": "closed"},
    "solved": {"view": "closed", "confirmation": "confirmed"},
    "unconfirmed": {"view": "closed", "confirmation": "unconfirmed"},
    "solved_in_grid": {"view": "closed", "closing": "solved", "level": LOWEST},
}
FILTER_OF = {"area": "area", "category": "category", "level": "level"}


@dataclass(frozen=True)
class Shown:
    """A cell in words; `url` leads to the cases behind it."""

    value: str
    interval: str = ""
    n: int | None = None
    url: str = ""


@dataclass(frozen=True)
class Wanted:
    """What is asked for, read and checked."""

    area: Area
    by: Any
    period: Period
    codes: list[str]


@require_GET
@staff("figures.see")
def figures(request: Request) -> HttpResponse:
    """One table, its definitions, and the flow between levels."""
    typed = {name: request.GET.get(name, "").strip() for name in ("area", "by", "first", "last")}
    typed["codes"] = request.GET.getlist("codes")  # type: ignore[assignment]
    context: dict[str, Any] = {
        "by_choices": BY,
        "indicators": [(one.code, one.name) for one in INDICATORS.values()],
    }
    context["areas"] = [(area.code, name_of(area)) for area in areas_of(request.actor, "figures.see")]
    try:
        wanted = _read(request)
    except Invalid as error:
        failure = failure_of(error)
        return render(
            request, "staff/figures.html", context | {"failure": failure, "typed": typed}, status=422
        )
    table = queries.table(wanted.area.path, wanted.period, by=wanted.by, codes=wanted.codes)
    links = _Links(wanted, request)
    flows = queries.flows(wanted.area.path, wanted.period)
    context |= {
        "typed": {
            "area": wanted.area.code,
            "by": wanted.by,
            "first": wanted.period.first.isoformat(),
            "last": wanted.period.last.isoformat(),
            "codes": wanted.codes,
        },
        "table": table,
        "lines": [(row.label, _line(table, row.cells, row.label.code, links)) for row in table.rows],
        "whole": _line(table, table.whole, "", links),
        "tiles": list(zip(table.indicators, _line(table, table.whole, "", links), strict=True)),
        "area_name": name_of(wanted.area),
        "levels": LEVELS,
        "flows": [
            (LEVELS[left], [Number(flows[left, to], links.flow(left, to)) for to in LADDER])
            for left in LADDER
        ],
        "may_export": could(request.actor, "figures.export"),
        "query": request.GET.urlencode(),
    }
    return render(request, "staff/figures.html", context)


@require_GET
@staff("figures.export")
def export(request: Request) -> HttpResponse:
    """The same table as a workbook."""
    wanted = _read(request)
    table = queries.table(wanted.area.path, wanted.period, by=wanted.by, codes=wanted.codes)
    name = f"figures-{wanted.area.code}-{wanted.period.first}-{wanted.period.last}.xlsx"
    return download(export_xlsx(table), name, XLSX)


def _read(request: Request) -> Wanted:
    this_day = today(request.now)
    first = _day(request, "first", this_day.replace(day=1))
    last = _day(request, "last", this_day)
    if not first <= last <= first + LONGEST:
        raise Invalid.at("last", "period", _("The last day lies after the first, at most three years later."))
    by = request.GET.get("by") or "area"
    codes = request.GET.getlist("codes") or list(USUAL)
    if by not in BY or any(code not in INDICATORS for code in codes):
        raise NotFound
    return Wanted(_area(request), by, Period(first, last), codes)


def _day(request: Request, name: str, usual: date) -> date:
    typed = request.GET.get(name, "").strip()
    return forms.day(typed, at=name) or usual if typed else usual


def _area(request: Request) -> Area:
    return chosen(
        areas_of(request.actor, "figures.see"),
        request.GET.get("area", ""),
        refused=_("Figures of this area are not open to you."),
    )


class _Links:
    """Where a number leads: to the queue, for those who work on cases."""

    def __init__(self, wanted: Wanted, request: Request) -> None:
        self.wanted = wanted
        self.is_open = bool(request.actor.roles & WORKS_ON_CASES)
        # A stock of an earlier day is not what the queue holds today.
        self.is_now = wanted.period.last >= today(request.now)
        self.days = {"since": wanted.period.first.isoformat(), "until": wanted.period.last.isoformat()}

    def behind(self, one: Indicator, code: str) -> str:
        """The cases that `one` counts in the row of `code`; empty where no list of cases says the same."""
        stock = NOW_BEHIND.get(one.code) if self.is_now else None
        found = stock or BEHIND.get(one.code)
        if not self.is_open or not found or (code and self.wanted.by == "unit"):
            return ""
        query = found | {"area": self.wanted.area.code} | ({} if stock else self.days)
        if code and self.wanted.by == "day":
            query |= {"since": code, "until": code}
        elif code:
            query |= {FILTER_OF[self.wanted.by]: code}
        return self._queue(query)

    def flow(self, left: str, to: str) -> str:
        """The cases that went from level to level; who passes on within a level leaves no trace in the ledger."""
        if not self.is_open or left == to:
            return ""
        return self._queue(
            {"view": "all", "area": self.wanted.area.code, "moved": f"{left}:{to}"} | self.days
        )

    def _queue(self, query: dict[str, str]) -> str:
        return f"{reverse('staff:queue')}?{urlencode(query)}"


def _line(table: queries.Table, cells: Any, code: str, links: _Links) -> list[Shown]:
    return [_shown(one, cells[one.code], links.behind(one, code)) for one in table.indicators]


def _shown(one: Indicator, cell: queries.Cell, url: str) -> Shown:
    if cell.value is None:
        return Shown("–", n=cell.n)
    if one.kind == SHARE:
        between = "" if cell.low is None else f"{_percent(cell.low)}–{_percent(cell.high)}"
        return Shown(percent(_percent(cell.value)), between, cell.n, url if cell.hits else "")
    if one.kind == MEDIAN:
        between = "" if cell.low is None else f"{_time(cell.low)}–{_time(cell.high)}"
        return Shown(_time(cell.value), between, cell.n)
    return Shown(str(round(cell.value)), url=url if cell.value else "")


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f}"


def _time(seconds: float | None) -> str:
    return span(timedelta(seconds=seconds or 0))
