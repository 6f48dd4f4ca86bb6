"""Figures of areas, units, categories, levels and days; never of a person. True numbers inside one's own area."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal, get_args

from django.http import HttpResponse

from gewu.api.endpoint import Call, endpoint
from gewu.api.v1.people import XLSX
from gewu.api.v1.shapes import Out
from gewu.core.errors import Invalid, NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import may
from gewu.domain.areas import queries as areas
from gewu.domain.areas.models import Area
from gewu.domain.figures.queries import Period
from gewu.domain.insight import export, queries
from gewu.domain.insight.indicators import INDICATORS
from gewu.domain.people.queries import today

Group = Literal["area", "unit", "category", "level", "day"]
ASKED = ("area", "first", "last", "by", "indicators")
USUAL_DAYS = 30
MOST_DAYS = 3_660


class CellOut(Out, frozen=True):
    """One value with its interval; `n`: what it is a share of, or how many values a median has."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    hits: int | None = None
    n: int | None = None

    @classmethod
    def of(cls, cell: queries.Cell) -> CellOut:
        return cls(value=cell.value, low=cell.low, high=cell.high, hits=cell.hits, n=cell.n)


class RowOut(Out, frozen=True):
    """One area, unit, category, level or day."""

    key: str
    name: str
    cells: dict[str, CellOut]


class TableOut(Out, frozen=True):
    """Rows in the order of codes, and the whole."""

    area: str
    first: date
    last: date
    by: str
    rows: list[RowOut]
    whole: dict[str, CellOut]


class IndicatorOut(Out, frozen=True):
    """What a column means."""

    code: str
    name: str
    definition: str
    formula: str
    source: str


class IndicatorsOut(Out, frozen=True):
    """All indicators."""

    items: list[IndicatorOut]


class FlowOut(Out, frozen=True):
    """How many cases went from one level to another."""

    left: str
    arrived: str
    cases: int


class FlowsOut(Out, frozen=True):
    """The flow between levels in a period."""

    area: str
    first: date
    last: date
    items: list[FlowOut]


class SeriesOut(Out, frozen=True):
    """One day of the dashboard."""

    day: date
    reported: int
    closed: int


class DashboardOut(Out, frozen=True):
    """What a centre sees first: now, today, and the last thirty days."""

    area: str
    day: date
    open: int
    overdue: int
    open_by_level: dict[str, int]
    today: dict[str, int]
    series: list[SeriesOut]
    shares: dict[str, CellOut]
    flows: list[FlowOut]


@endpoint("GET", "indicators", answer=IndicatorsOut, guard="figures.see")
def list_indicators(call: Call[None]) -> IndicatorsOut:
    """What each indicator means and what it is made of."""
    return IndicatorsOut(
        items=[
            IndicatorOut(
                code=one.code,
                name=str(one.name),
                definition=str(one.definition),
                formula=str(one.formula),
                source=str(one.source),
            )
            for one in INDICATORS.values()
        ]
    )


@endpoint("GET", "figures", answer=TableOut, guard="figures.see", query=ASKED)
def show_table(call: Call[None]) -> TableOut:
    """Indicators of an area, by what lies below it, by unit, category, level or day."""
    area, found = _table(call, "figures.see")
    return TableOut(
        area=area.code,
        first=found.period.first,
        last=found.period.last,
        by=found.by,
        rows=[
            RowOut(key=_key(row.label), name=str(row.label.name), cells=_cells(row.cells))
            for row in found.rows
        ],
        whole=_cells(found.whole),
    )


@endpoint("GET", "figures/workbook", answer=XLSX, guard="figures.export", query=ASKED)
def export_table(call: Call[None]) -> HttpResponse:
    """The same table as a workbook."""
    _area, found = _table(call, "figures.export")
    return HttpResponse(
        export.export_xlsx(found),
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="figures.xlsx"', "Cache-Control": "no-store"},
    )


@endpoint("GET", "figures/flows", answer=FlowsOut, guard="figures.see", query=("area", "first", "last"))
def show_flows(call: Call[None]) -> FlowsOut:
    """How many cases went from level to level."""
    area, period = _area(call, "figures.see"), _period(call)
    return FlowsOut(
        area=area.code,
        first=period.first,
        last=period.last,
        items=_flows(queries.flows(area.path, period)),
    )


@endpoint("GET", "figures/dashboard", answer=DashboardOut, guard="figures.see", query=("area",))
def show_dashboard(call: Call[None]) -> DashboardOut:
    """Open and overdue now, today, and thirty days."""
    area = _area(call, "figures.see")
    found = queries.dashboard(area.path, now=call.now)
    return DashboardOut(
        area=area.code,
        day=found.day,
        open=found.open,
        overdue=found.overdue,
        open_by_level=dict(found.open_by_level),
        today=dict(found.today),
        series=[SeriesOut(day=day, reported=new, closed=closed) for day, new, closed in found.series],
        shares=_cells(found.shares),
        flows=_flows(found.flows),
    )


def _area(call: Call[Any], action: str) -> Area:
    """The area asked for, if it lies in that of a post which may; else the first such post's own."""
    paths = [hat.area_path for hat in call.actor.hats if _may(call.actor, hat.post_id, action)]
    if not paths:
        raise NotFound
    code = call.word("area")
    if not code:
        return Area.objects.get(path=paths[0])
    area = areas.get_area(code)
    if not any(area.path.startswith(path) for path in paths):
        raise NotFound
    return area


def _may(actor: Actor, post_id: Any, action: str) -> bool:
    return bool(may(actor.wearing(post_id), action))


def _table(call: Call[Any], action: str) -> tuple[Area, queries.Table]:
    area, by = _area(call, action), call.word("by", "area")
    codes = [code for code in call.word("indicators").split(",") if code]
    if by not in get_args(Group):
        raise Invalid.at("by", "choice", ", ".join(get_args(Group)))
    if unknown := [code for code in codes if code not in INDICATORS]:
        raise Invalid.at("indicators", "unknown", ", ".join(unknown))
    return area, queries.table(area.path, _period(call), by=by, codes=codes or None)  # type: ignore[arg-type]


def _period(call: Call[Any]) -> Period:
    last = call.day("last") or today(call.now)
    first = call.day("first") or max(date.min + timedelta(USUAL_DAYS), last) - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (last - first).days <= MOST_DAYS:
        raise Invalid.at("first", "out_of_range", f"0-{MOST_DAYS}")
    return Period(first, last)


def _key(label: Any) -> str:
    return str(label.code)


def _cells(cells: Any) -> dict[str, CellOut]:
    return {code: CellOut.of(cell) for code, cell in cells.items()}


def _flows(found: Any) -> list[FlowOut]:
    return [FlowOut(left=left, arrived=arrived, cases=cases) for (left, arrived), cases in found.items()]
