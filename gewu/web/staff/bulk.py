"""One move on many cases: chosen in the queue, looked at, asked for, held back ten seconds, answered case by case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gewu.core import chance, limits
from gewu.core.errors import Invalid, NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.cases import queries
from gewu.domain.cases.actions import asks, bulk
from gewu.domain.cases.models import Bulk
from gewu.domain.cases.workflow import MOVES
from gewu.web.request import Request
from gewu.web.staff.cases import move_form, typed_of
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, perform_once
from gewu.web.staff.guard import staff

REFRESH_SECONDS = "3"


@require_POST
@staff("case.bulk")
def preview(request: Request) -> HttpResponse:
    """What would happen: how many go, how many of them are overdue, which cannot. Nothing is written."""
    code, numbers = request.POST.get("move", ""), request.POST.getlist("number")
    return _preview(request, code, numbers, {}, Failure(status=200))


@require_POST
@staff("case.bulk")
def ask(request: Request) -> HttpResponse:
    """Put it down; it starts ten seconds later, or after a second person's word."""
    code, numbers = request.POST.get("move", ""), request.POST.getlist("number")
    if code not in bulk.MOVES_IN_BULK:
        raise NotFound
    typed = typed_of(request, MOVES[code])
    try:
        _check_given(request, code, numbers, typed)
        done = perform_once(
            request,
            [code, numbers, typed],
            lambda: bulk.ask(code, numbers, typed, actor=request.actor, now=request.now).pk.bytes,
        )
    except EXPECTED as error:
        return _preview(request, code, numbers, typed, failure_of(error))
    return redirect("staff:bulk", bulk_id=UUID(bytes=done))


@require_GET
@staff("case.bulk")
def show(request: Request, bulk_id: UUID) -> HttpResponse:
    """Where it stands. While it waits or runs the page asks again by itself."""
    row = _row(bulk_id, request.actor)
    context = {
        "bulk": row,
        "move": MOVES[row.move],
        "mine": row.user_id == request.actor.user_id,
        "seconds": max(0, round((row.starts_at - request.now).total_seconds())) if row.starts_at else None,
        "answers": [(number, _answer(row.results.get(number, ""))) for number in row.numbers],
        "failed": sum(answer != "done" for answer in row.results.values()),
    }
    response = render(request, "staff/bulk.html", context)
    if row.state in {"waiting", "running"} and row.starts_at is not None:
        response["Refresh"] = REFRESH_SECONDS
    return response


@require_GET
@staff("case.bulk")
def waiting(request: Request) -> HttpResponse:
    """Large ones that wait for a second person."""
    rows = Bulk.objects.filter(state="waiting", starts_at=None).exclude(user_id=request.actor.person)
    context = {
        "rows": [(row, MOVES[row.move], len(row.numbers)) for row in rows.order_by("asked_at")[: limits.PAGE]]
    }
    return render(request, "staff/bulk_waiting.html", context)


@require_POST
@staff("case.bulk")
def confirm(request: Request, bulk_id: UUID) -> HttpResponse:
    """The second person says yes."""
    bulk.confirm(bulk_id, actor=request.actor, now=request.now)
    messages.success(request, _("Confirmed. It starts in ten seconds."))
    return redirect("staff:bulk_waiting")


@require_POST
@staff("case.bulk")
def call_off(request: Request, bulk_id: UUID) -> HttpResponse:
    """Back out while it waits."""
    bulk.call_off(bulk_id, actor=request.actor, now=request.now)
    return redirect("staff:bulk", bulk_id=bulk_id)


def _preview(
    request: Request, code: str, numbers: list[str], typed: dict[str, Any], failure: Failure
) -> HttpResponse:
    try:
        found = bulk.preview(code, numbers, actor=request.actor)
    except Invalid as error:
        failure = failure_of(error)
        return render(request, "staff/bulk_empty.html", {"failure": failure}, status=failure.status)
    ready = [number for number in dict.fromkeys(numbers) if number not in found.refused]
    form = None
    if ready:
        case = queries.get_case(ready[0], actor=request.actor)
        form = move_form(MOVES[code], case, typed or None, failure.errors)
    context = {
        "move": MOVES[code],
        "found": found,
        "ready": ready,
        "form": form,
        "failure": failure if failure.status != 200 else None,
        "alone": limits.BULK_ALONE,
        "key": chance.new_id(),
    }
    return render(request, "staff/bulk_preview.html", context, status=failure.status)


def _check_given(request: Request, code: str, numbers: list[str], typed: dict[str, Any]) -> None:
    """What is given is read once before anything is put down, by the first case: errors stand at their field."""
    if not numbers:
        raise Invalid.at("numbers", "required", _("Choose at least one case."))
    case = queries.get_case(numbers[0], actor=request.actor)
    asks.read(MOVES[code], typed, case, now=request.now)


def _row(bulk_id: UUID, actor: Actor) -> Bulk:
    """Whoever asked sees it; others only while it waits for their word."""
    row = Bulk.objects.filter(pk=bulk_id).first()
    if row is None or (
        row.user_id != actor.user_id and (row.state != "waiting" or row.starts_at is not None)
    ):
        raise NotFound
    return row


def _answer(result: str) -> tuple[str, str]:
    """How one case went: code and words."""
    code, _colon, words = result.partition(": ")
    return code, words
