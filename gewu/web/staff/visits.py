"""Visits to homes by appointment: what is agreed, a new one, and the slip the resident keeps."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gewu.core import chance
from gewu.core.errors import Invalid
from gewu.core.text import format_secret
from gewu.domain.names import name_of
from gewu.domain.papers.slips import visit_slip
from gewu.domain.patrols import actions, queries
from gewu.domain.patrols.actions import VisitInput, When
from gewu.domain.patrols.kinds import PURPOSES
from gewu.domain.patrols.models import Visit
from gewu.domain.people.queries import posts_in
from gewu.domain.place.queries import calendar
from gewu.domain.privacy import texts
from gewu.domain.privacy.contact_data import ContactInput
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, perform_once
from gewu.web.staff.guard import post_only, staff

TYPED = ("post", "purpose", "day", "begins", "ends", "where", "contact_name", "contact_phone", "agreed")
WHO_COMES = frozenset({"worker", "lead", "director"})


@require_GET
@staff("visit.see")
def listed(request: Request) -> HttpResponse:
    """Appointments of the next days."""
    return _list_page(request)


def _list_page(
    request: Request, failure: Failure | None = None, finished: UUID | None = None
) -> HttpResponse:
    """With what was typed of a visit that could not be finished so."""
    found = queries.visits(request.actor, now=request.now)
    doors = texts.read([visit.where_id for visit in found])
    rows = [
        (visit, doors.get(visit.where_id, ""), PURPOSES.get(visit.purpose, visit.purpose)) for visit in found
    ]
    context = {"rows": rows, "failure": failure, "finished": finished, "text": request.POST.get("text", "")}
    return render(request, "staff/visits.html", context, status=failure.status if failure else 200)


@require_http_methods(["GET", "POST"])
@staff("visit.agree")
def agree(request: Request) -> HttpResponse:
    """Write an appointment down, and show its slip."""
    typed = forms.typed(request, *TYPED)
    if request.method == "GET":
        return _form_page(request, typed)
    try:
        given = _given(typed)
        made = perform_once(
            request, typed, lambda: actions.agree(given, actor=request.actor, now=request.now).pk.bytes
        )
    except EXPECTED as error:
        return _form_page(request, typed, failure_of(error))
    return redirect("staff:visit_slip", visit_id=UUID(bytes=made))


@require_GET
@staff("visit.see")
def slip(request: Request, visit_id: UUID) -> HttpResponse:
    """The slip for the resident: when, who, what for, and the code to call it off."""
    visit = queries.get_visit(visit_id, actor=request.actor)
    shown = {"visit": visit, "code": format_secret(visit.code), "purpose": PURPOSES[visit.purpose]}
    return render(request, "staff/visit_slip.html", shown)


@require_GET
@staff("visit.see")
def slip_pdf(request: Request, visit_id: UUID) -> HttpResponse:
    """The slip on paper, A6."""
    visit = queries.get_visit(visit_id, actor=request.actor)
    response = HttpResponse(visit_slip(visit), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="visit.pdf"'
    return response


@staff("visit.agree")
@post_only("staff:visits")
def finish(request: Request, visit_id: UUID) -> HttpResponse:
    """It took place, or it is called off by the post."""
    visit = queries.get_visit(visit_id, actor=request.actor)
    try:
        if request.POST.get("do") == "cancel":
            actions.call_off(visit.code, actor=request.actor, now=request.now)
            messages.success(request, _("Called off."))
        else:
            _took_place(request, visit)
    except EXPECTED as error:
        return _list_page(request, failure_of(error, at={"text": visit.pk.hex}), visit.pk)
    return redirect("staff:visits")


def _took_place(request: Request, visit: Visit) -> None:
    text = request.POST.get("text", "")
    told = actions.visited(visit.pk, text, when=When(), actor=request.actor, now=request.now)
    if told["kept"]:
        messages.warning(
            request, _("This visit was called off or is over. What you wrote is kept as a note.")
        )
    else:
        messages.success(request, _("Kept."))


def _given(typed: dict[str, str]) -> VisitInput:
    name, phone = typed["contact_name"], typed["contact_phone"]
    contact = ContactInput(name=name, phone=phone) if name or phone else None
    return VisitInput(
        post=typed["post"],
        purpose=typed["purpose"],
        begins=_moment(typed["day"], typed["begins"], "begins"),
        ends=_moment(typed["day"], typed["ends"], "ends"),
        where=typed["where"],
        contact=contact,
        agreed=bool(typed["agreed"]),
    )


def _moment(day: str, hour: str, field: str) -> datetime | None:
    if not day or not hour:
        return None
    zone: ZoneInfo = calendar().zone
    try:
        return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=zone)
    except ValueError:
        raise Invalid.at(field, "time", _("Please give day and hour like 2026-03-11 and 10:00.")) from None


def _form_page(request: Request, typed: dict[str, str], failure: Failure | None = None) -> HttpResponse:
    posts = {
        post.code: name_of(post)
        for hat in request.actor.hats
        for post in posts_in(hat.area_path)
        if post.role in WHO_COMES
    }
    context = {
        "typed": typed,
        "failure": failure,
        "posts": posts.items(),
        "purposes": PURPOSES.items(),
        "key": chance.new_id(),
    }
    return render(request, "staff/visit.html", context, status=failure.status if failure else 200)
