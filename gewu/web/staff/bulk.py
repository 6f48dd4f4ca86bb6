"""One move on many cases: chosen in the queue, looked at, asked for, held back ten seconds, answered case by case."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gewu.core import chance, limits
from gewu.core.errors import Conflict, Invalid, NotFound
from gewu.domain.cases import queries
from gewu.domain.cases.actions import bulk
from gewu.domain.cases.bulks import DONE, answer_of, awaiting_second, get_bulk
from gewu.domain.cases.workflow import MOVES
from gewu.web.request import Request
from gewu.web.staff.case_forms import move_form, typed_of
from gewu.web.staff.cases import back_of
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, perform_once
from gewu.web.staff.guard import post_only, staff


@staff("case.bulk")
@post_only("staff:queue")
def preview(request: Request) -> HttpResponse:
    """What would happen: how many go, how many of them are overdue, which cannot. Nothing is written."""
    code, numbers = request.POST.get("move", ""), request.POST.getlist("number")
    return _preview(request, code, numbers, {}, Failure(status=200))


@staff("case.bulk")
@post_only("staff:queue")
def ask(request: Request) -> HttpResponse:
    """Put it down; it starts ten seconds later, or after a second person's word."""
    code, numbers = request.POST.get("move", ""), request.POST.getlist("number")
    if code not in bulk.MOVES_IN_BULK:
        raise NotFound
    typed = typed_of(request, MOVES[code])
    try:
        done = perform_once(
            request,
            [code, numbers, typed],
            lambda: bulk.ask(code, numbers, typed, actor=request.actor, now=request.now).pk.bytes,
        )
    except EXPECTED as error:
        return _preview(request, code, numbers, typed, failure_of(error))
    return _to(UUID(bytes=done), back_of(request))


@require_GET
@staff("case.bulk")
def show(request: Request, bulk_id: UUID) -> HttpResponse:
    """Where it stands. While it waits or runs the page asks again by itself, with script or without."""
    row = get_bulk(bulk_id, actor=request.actor)
    left = (row.starts_at - request.now).total_seconds() if row.starts_at else None
    answers = [(number, answer_of(row, number)) for number in row.numbers]
    context = {
        "bulk": row,
        "move": MOVES[row.move],
        "mine": row.user_id == request.actor.user_id,
        "seconds": None if left is None else max(0, math.ceil(left)),
        "wait": int(bulk.WAIT.total_seconds()),
        "is_over": row.state in {"done", "off"},
        "goes_on": row.state in {"waiting", "running"} and row.starts_at is not None,
        # What did not work comes first: it is what somebody still has to see to.
        "answers": sorted(answers, key=lambda one: one[1].code in {DONE, ""}),
        "done": sum(answer == DONE for answer in row.results.values()),
        "failed": sum(answer != DONE for answer in row.results.values()),
        "back": back_of(request),
    }
    return render(request, "staff/bulk.html", context)


@require_GET
@staff("case.bulk")
def waiting(request: Request) -> HttpResponse:
    """Large ones that wait for a second person."""
    rows = awaiting_second(actor=request.actor)[: limits.PAGE]
    context = {"rows": [(row, MOVES[row.move], len(row.numbers)) for row in rows]}
    return render(request, "staff/bulk_waiting.html", context)


@staff("case.bulk")
@post_only("staff:bulk", "bulk_id")
def confirm(request: Request, bulk_id: UUID) -> HttpResponse:
    """The second person says yes."""
    bulk.confirm(bulk_id, actor=request.actor, now=request.now)
    messages.success(request, _("Confirmed. It starts in ten seconds."))
    return redirect("staff:bulk_waiting")


@staff("case.bulk")
@post_only("staff:bulk", "bulk_id")
def call_off(request: Request, bulk_id: UUID) -> HttpResponse:
    """Back out while it waits; whoever was too late learns how far it is."""
    try:
        bulk.call_off(bulk_id, actor=request.actor, now=request.now)
    except Conflict as error:
        messages.error(request, str(error))
    return _to(bulk_id, back_of(request))


def _to(bulk_id: UUID, back: str) -> HttpResponse:
    """On to where it stands, and from there back to the list one came from."""
    address = reverse("staff:bulk", args=[bulk_id])
    return redirect(f"{address}?{urlencode({'back': back})}" if back else address)


def _preview(
    request: Request, code: str, numbers: list[str], typed: dict[str, Any], failure: Failure
) -> HttpResponse:
    try:
        found = bulk.preview(code, numbers, actor=request.actor)
    except Invalid as error:
        failure = failure_of(error)
        context = {"failure": failure, "back": back_of(request)}
        return render(request, "staff/bulk_empty.html", context, status=failure.status)
    ready = [number for number in dict.fromkeys(numbers) if number not in found.refused]
    form = None
    if ready:
        case = queries.get_case(ready[0], actor=request.actor)
        form = move_form(MOVES[code], case, typed or None, failure.errors, actor=request.actor)
    context = {
        "move": MOVES[code],
        "found": found,
        "ready": ready,
        "form": form,
        "failure": failure if failure.status != 200 else None,
        "alone": limits.BULK_ALONE,
        "back": back_of(request),
        "key": chance.new_id(),
    }
    return render(request, "staff/bulk_preview.html", context, status=failure.status)
