"""A case on paper (案卷) and a list as a table: with a reason, a second factor, and a line on who took it when."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from gewu.domain.cases.actions import exporting
from gewu.domain.desk import views
from gewu.domain.papers import case_files
from gewu.web.request import Request
from gewu.web.staff.forms import EXPECTED, XLSX, Failure, download, failure_of
from gewu.web.staff.guard import staff


@require_http_methods(["GET", "POST"])
@staff("case.export")
def case_file(request: Request, number: str) -> HttpResponse:
    """The whole case as PDF."""
    if request.method == "GET":
        return _ask(request, number)
    try:
        view = exporting.case_file(
            number, reason=request.POST.get("reason", ""), actor=request.actor, now=request.now
        )
    except EXPECTED as error:
        return _ask(request, number, failure_of(error))
    made = case_files.case_file(view, actor=request.actor, now=request.now)
    return download(made, f"{number}.pdf", "application/pdf")


@require_http_methods(["GET", "POST"])
@staff("case.export")
def list_export(request: Request) -> HttpResponse:
    """The list one was looking at as a table: numbers, states, places and clocks; no text, no contact."""
    if request.method == "GET":
        return _ask(request, "")
    wanted = views.filter_of(request.GET.dict(), now=request.now)
    try:
        rows = exporting.case_list(
            wanted, reason=request.POST.get("reason", ""), actor=request.actor, now=request.now
        )
    except EXPECTED as error:
        return _ask(request, "", failure_of(error))
    made = case_files.case_table(rows, actor=request.actor, now=request.now)
    return download(made, "cases.xlsx", XLSX)


def _ask(request: Request, number: str, failure: Failure | None = None) -> HttpResponse:
    context = {"number": number, "reasons": exporting.REASONS.items(), "failure": failure}
    return render(request, "staff/export.html", context, status=failure.status if failure else 200)
