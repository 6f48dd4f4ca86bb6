"""The public page: what was reported, how it ended, how fast, and how we count; and the same as open data.

Only what `insight.public` releases is shown. Charts are drawn by the server, beside their tables; no script is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, conditional_page, require_safe

from gewu.core import tables
from gewu.core.errors import NotFound
from gewu.core.punctuation import percent
from gewu.domain.figures import indicators as of
from gewu.domain.figures.masks import Hidden, Shown
from gewu.domain.insight import public
from gewu.domain.insight.public import AREA, BLOCKS, CLASS, DAY, Line, Month
from gewu.domain.journal import heads
from gewu.domain.names import name_of
from gewu.domain.papers.words import span
from gewu.domain.place import queries as place
from gewu.web.request import Request

LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
KEEP = "public, max-age=3600"
HEADS_SHOWN = 400  # days of signed heads handed out at once


@dataclass(frozen=True)
class Bar:
    """One bar of a chart, in units of the drawing; without a height where the number is masked."""

    x: float
    y: float
    height: float
    label: str
    says: str


CHART_WIDTH, CHART_HEIGHT, FOOT = 600, 120, 24


@require_safe
@conditional_page
def page(request: Request) -> HttpResponse:
    """One month in numbers, the months before it as a line, and where the data are."""
    path = public.top()
    known = public.months(path, now=request.now)
    first = _month_of(request.GET["month"]) if request.GET.get("month") else (known[0] if known else None)
    month = public.publish(path, first, now=request.now) if first else None
    if month is None and request.GET.get("month"):
        raise NotFound
    history = [one for day in known if (one := public.publish(path, day, now=request.now))]
    head = _newest_head()
    context: dict[str, Any] = {
        "month": month,
        "months": [day.isoformat()[:7] for day in known],
        "chosen": month.first.isoformat()[:7] if month else "",
        "blocks": BLOCKS,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "head": head,
        "signed_at": datetime.fromisoformat(head["at"]) if head else None,
    }
    if month is not None:
        context |= {
            "whole": dict(zip(public.CODES, _numbers(month.whole), strict=True)),
            "kept": _share(month.whole, of.DONE_IN_TIME, of.DONE_LATE),
            "half_within": _half(month.whole),
            "by_area": _table(path, month, AREA),
            "by_class": _table(path, month, CLASS),
            "by_day": _days(month),
            "trend": [
                (one.first.isoformat()[:7], _numbers(one.whole), _half(one.whole))
                for one in reversed(history)
            ],
            "bars": _bars(
                [(one.first.isoformat()[:7], one.whole.shown[of.REPORTED]) for one in reversed(history)]
            ),
        }
    return render(request, "resident/open.html", context)


def _etag(request: HttpRequest, month: str) -> str | None:
    """Past months do not change; should one be recounted, its numbers differ and with them this tag."""
    found = _published(request, month)
    said = repr((request.path, get_language(), found.lines if found else ""))
    return f'"{sha256(said.encode()).hexdigest()[:32]}"' if found else None


@require_safe
@condition(etag_func=_etag)
def as_csv(request: Request, month: str) -> HttpResponse:
    """A month as a table with one number a row; fields are described in `datapackage.json`."""
    rows = [[getattr(row, name) for name in public.COLUMNS] for row in _records(request, month)]
    answer = HttpResponse(tables.write_csv([public.COLUMNS, *rows]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="gewu-{month}.csv"'
    return _kept(answer)


@require_safe
@condition(etag_func=_etag)
def as_json(request: Request, month: str) -> HttpResponse:
    """The same as JSON, with its licence."""
    body = {"licence": LICENCE, "licence_url": LICENCE_URL, "attribution": _attribution(),
            "fields": _fields(), "rows": _records(request, month)}  # fmt: skip
    return _kept(HttpResponse(msgspec.json.encode(body), content_type="application/json"))


@require_safe
def package(request: Request) -> HttpResponse:
    """Licence, files and fields for machines, as a Data Package (frictionlessdata.io)."""
    known = [day.isoformat()[:7] for day in public.months(public.top(), now=request.now)]
    body = {
        "profile": "tabular-data-package",
        "name": "gewu-open-data",
        "title": str(_("How reports were handled")),
        "licenses": [{"name": LICENCE, "path": LICENCE_URL, "title": "Creative Commons Attribution 4.0"}],
        "contributors": [{"title": _attribution(), "role": "publisher"}],
        "resources": [
            {
                "name": f"month-{month}",
                "path": request.build_absolute_uri(reverse("open_csv", args=[month])),
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {"fields": _fields(), "missingValues": [""]},
            }
            for month in known
        ],
    }
    return _kept(HttpResponse(msgspec.json.encode(body), content_type="application/json"))


@require_safe
def signed_heads(request: Request) -> HttpResponse:
    """The journal's signed daily heads: with these anyone can later prove that nothing was changed behind them."""
    folder = Path(settings.HEADS)
    documents = [document for _where, document in heads.daily_heads(folder)][-HEADS_SHOWN:]
    body = {"key": heads.public_key(folder), "heads": documents}
    return _kept(HttpResponse(msgspec.json.encode(body), content_type="application/json"))


def _kept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = KEEP
    answer["Access-Control-Allow-Origin"] = "*"  # open data may be read by anybody's page
    return answer


def _month_of(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None


def _published(request: HttpRequest, month: str) -> Month | None:
    return public.publish(public.top(), _month_of(month), now=request.now)  # type: ignore[attr-defined]


def _records(request: Request, month: str) -> list[public.Record]:
    found = _published(request, month)
    if found is None:
        raise NotFound
    return public.records(public.top(), found)


def _attribution() -> str:
    return name_of(place.installation())


def _fields() -> list[dict[str, Any]]:
    """What each column means; measures with their definitions."""
    measures = [
        {"value": fact.code, "title": str(fact.name), "description": str(fact.definition)}
        for block in BLOCKS
        for fact in block.facts
    ]
    return [
        {"name": "month", "type": "yearmonth", "description": str(_("The whole month the row speaks of."))},
        {"name": "by", "type": "string", "constraints": {"enum": ["whole", AREA, CLASS, DAY]},
         "description": str(_("How the whole is divided: by community, by class of matter, by day."))},
        {"name": "code", "type": "string", "description": str(_("Code of the community or class, or the day."))},
        {"name": "name", "type": "string", "description": str(_("Its name."))},
        {"name": "measure", "type": "string", "categories": measures, "description": str(_("What is counted."))},
        {"name": "value", "type": "integer", "description": str(_("How many; empty where it is masked."))},
        {"name": "masked", "type": "string", "constraints": {"enum": ["", "<10", "hidden", "withheld"]},
         "description": str(_("Why it is empty: below 10, would give a small number away, or the table is withheld."))},
    ]  # fmt: skip


def _said(shown: Shown | None) -> str:
    if shown is None:
        return "–"
    return str(shown.value) if isinstance(shown, Hidden) else str(shown)


def _numbers(line: Line) -> list[str]:
    return [_said(line.shown[code]) for code in public.CODES]


def _half(line: Line) -> str:
    return span(timedelta(seconds=line.half_within)) if line.half_within is not None else ""


def _share(line: Line, yes: str, no: str) -> str:
    """A share is shown only where both its parts are."""
    good, bad = line.shown[yes], line.shown[no]
    if not isinstance(good, int) or not isinstance(bad, int) or not good + bad:
        return ""
    return percent(f"{100 * good / (good + bad):.0f}")


def _table(path: str, month: Month, by: str) -> list[tuple[str, list[str], str]]:
    """Name, numbers, and the time in which half were done; in code order."""
    called = public.names(path, by)
    return [(called[line.key][1], _numbers(line), _half(line)) for line in month.lines[by]]


def _days(month: Month) -> list[tuple[str, list[str]]]:
    return [(line.key[5:] or pgettext("open data", "Not known"), _numbers(line)) for line in month.lines[DAY]]


def _bars(values: list[tuple[str, Shown | None]]) -> list[Bar]:
    """Months as bars; the table below says the same."""
    numbers = [shown for _month, shown in values if isinstance(shown, int)]
    if not numbers:
        return []
    step = CHART_WIDTH / max(len(values), 6)
    bars = []
    for at, (name, shown) in enumerate(values):
        height = CHART_HEIGHT * shown / max(numbers) if isinstance(shown, int) else 0
        bars.append(
            Bar(
                round(at * step + step / 2, 1),
                round(CHART_HEIGHT - height + FOOT, 1),
                round(height, 1),
                name[2:],
                _said(shown),
            )
        )
    return bars


def _newest_head() -> dict[str, Any] | None:
    found = None
    for _where, document in heads.daily_heads(Path(settings.HEADS)):
        found = document or found
    return found
