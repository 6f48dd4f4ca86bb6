"""What leaves on paper or as a table with a reason: one case file, and a list without texts."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse

from gewu.api.endpoint import Call, endpoint
from gewu.api.files import PDF, XLSX, download
from gewu.api.v1.cases import ReasonIn
from gewu.domain.cases.actions import exporting
from gewu.domain.desk.views import filter_of
from gewu.domain.papers import case_files


class ExportIn(msgspec.Struct, frozen=True):
    """Which list (`filters` as in a saved view), and why it is taken."""

    reason: str
    filters: dict[str, str] = {}


@endpoint("POST", "cases/<number>/file", body=ReasonIn, answer=PDF, guard="case.export", keyed=False)
def take_case_file(call: Call[ReasonIn], number: str) -> HttpResponse:
    """The whole case on paper, as the caller may read it; on record, and the reporter is told of the look."""
    view = exporting.case_file(number, reason=call.body.reason, actor=call.actor, now=call.now)
    return download(
        case_files.case_file(view, actor=call.actor, now=call.now), f"{view.case.number}.pdf", PDF
    )


@endpoint("POST", "cases/workbook", body=ExportIn, answer=XLSX, guard="case.export", keyed=False)
def take_case_list(call: Call[ExportIn]) -> HttpResponse:
    """A list as a workbook: numbers, states, places and clocks; no text, no contact. On record."""
    wanted = filter_of(call.body.filters, now=call.now)
    rows = exporting.case_list(wanted, reason=call.body.reason, actor=call.actor, now=call.now)
    return download(case_files.case_table(rows, actor=call.actor, now=call.now), "cases.xlsx", XLSX)
