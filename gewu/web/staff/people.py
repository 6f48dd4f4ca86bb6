"""Units, posts, who holds them, who is away; and all of it at once as a workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from gewu.core.errors import Invalid, NotFound
from gewu.domain.accounts import actions as accounts
from gewu.domain.accounts.models import User
from gewu.domain.accounts.queries import get_user
from gewu.domain.areas import queries as areas
from gewu.domain.areas.models import Area
from gewu.domain.names import name_of
from gewu.domain.people import actions, queries, workbook
from gewu.domain.people.models import Absence, Appointment, Post
from gewu.domain.people.roles import ROLES
from gewu.domain.people.rules import ABSENCE_REASONS
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, XLSX, Failure, download, failure_of, file_of
from gewu.web.staff.guard import post_only, staff
from gewu.web.staff.identity import officers_of

REASONS: dict[str, Any] = {
    "away": pgettext_lazy("absence", "Away"),
    "leave": pgettext_lazy("absence", "Leave"),
    "training": pgettext_lazy("absence", "Training"),
    "other": pgettext_lazy("absence", "Other"),
}


@require_GET
@staff("people.edit")
def posts(request: Request) -> HttpResponse:
    """Units and posts of an area, who holds them; or only those that nobody holds."""
    area = _area(request)
    vacant = queries.vacancies(area.path, now=request.now)
    only_vacant = request.GET.get("only") == "vacant"
    deep = area.level in {"community", "grid"}
    rows = vacant if only_vacant else queries.posts_in(area.path)
    if not only_vacant and not deep:
        rows = [post for post in rows if post.area_id == area.pk]
    holders = queries.holders([post.id for post in rows], now=request.now)
    away = {one.user.id: one for one in queries.away({user.id for user in holders.values()}, now=request.now)}
    shown = []
    for post in rows:
        user = holders.get(post.id)
        shown.append((post, user, away.get(user.id) if user else None))
    context = {
        "area": area,
        "areas": _area_choices(),
        "units": queries.units(path=area.path),
        "rows": shown,
        "vacant": len(vacant),
        "only_vacant": only_vacant,
        "roles": ROLES,
    }
    return render(request, "staff/people.html", context)


@require_GET
@staff("people.edit")
def post(request: Request, code: str) -> HttpResponse:
    """One seat: its appointments, what lies open there, and what can be done with it."""
    return _post_page(request, queries.get_post(code))


@staff("people.edit")
@post_only("staff:post", "code")
def appoint(request: Request, code: str) -> HttpResponse:
    """Somebody gets the seat."""
    typed = forms.typed(request, "user", "starts", "ends", "full_time")

    def perform(seat: Post) -> None:
        actions.appoint(
            seat,
            _user(typed["user"], at="user"),
            starts=_day(typed["starts"], "starts"),
            ends=forms.day(typed["ends"], at="ends", required=False),
            full_time=bool(typed["full_time"]),
            actor=request.actor,
            now=request.now,
        )

    return _act(request, code, "appoint", typed, perform, _("Appointed."))


@staff("people.edit")
@post_only("staff:post", "code")
def end(request: Request, code: str) -> HttpResponse:
    """The holder's last day."""
    typed = forms.typed(request, "appointment", "last")

    def perform(seat: Post) -> None:
        row = Appointment.objects.select_related("post").filter(post=seat)
        held = get_object_or_404(row, pk=_uuid(typed["appointment"]))
        actions.end_appointment(held, ends=_day(typed["last"], "last"), actor=request.actor, now=request.now)

    return _act(request, code, "end", typed, perform, _("Ended."))


@staff("people.edit")
@post_only("staff:post", "code")
def hand_over(request: Request, code: str) -> HttpResponse:
    """One leaves and another takes over on a day, with everything that lies open."""
    typed = forms.typed(request, "to", "on")

    def perform(seat: Post) -> None:
        actions.hand_over(
            seat,
            _user(typed["to"], at="to"),
            on=_day(typed["on"], "on"),
            actor=request.actor,
            now=request.now,
        )

    return _act(request, code, "hand_over", typed, perform, _("Handed over."))


@staff("people.edit")
@post_only("staff:post", "code")
def phone_lost(request: Request, code: str) -> HttpResponse:
    """The holder's phone is gone: every session ends, and a phone that asks deletes what it keeps."""

    def perform(seat: Post) -> None:
        holder = queries.holders([seat.id], now=request.now).get(seat.id)
        if holder is None:
            raise Invalid.at("phone", "required", _("Nobody holds this post."))
        accounts.end_sessions(holder, actor=request.actor, now=request.now)

    done = _("All sessions ended. A phone that was signed in deletes what it keeps at its next contact.")
    return _act(request, code, "phone", {}, perform, done)


@require_http_methods(["GET", "POST"])
@staff("people.edit")
def absences(request: Request) -> HttpResponse:
    """Who is away now and later, and who stands in."""
    typed = forms.typed(request, "user", "starts", "ends", "stand_in", "reason_code")
    failure = None
    if request.method == "POST":
        try:
            actions.report_absence(
                _user(typed["user"], at="user"),
                starts=_day(typed["starts"], "starts"),
                ends=forms.day(typed["ends"], at="ends", required=False),
                stand_in=_user(typed["stand_in"], at="stand_in") if typed["stand_in"] else None,
                reason_code=typed["reason_code"],
                actor=request.actor,
                now=request.now,
            )
        except EXPECTED as error:
            failure = failure_of(error)
        else:
            messages.success(request, _("Noted."))
            return redirect("staff:absences")
    return _absences_page(request, typed, failure)


def _absences_page(
    request: Request,
    typed: dict[str, str],
    failure: Failure | None = None,
    ended: dict[str, str] | None = None,
) -> HttpResponse:
    """`ended` is what was typed of an absence that could not be ended so."""
    rows = Absence.objects.exclude(ends__lt=queries.today(request.now)).select_related("user", "stand_in")
    context = {
        "rows": rows.order_by("starts", "user__username"),
        "typed": typed,
        "failure": failure,
        "reasons": [(code, REASONS[code]) for code in ABSENCE_REASONS],
        "reason_names": REASONS,
        "ended": ended or {},
    }
    return render(request, "staff/absences.html", context, status=failure.status if failure else 200)


@staff("people.edit")
@post_only("staff:absences")
def end_absence(request: Request) -> HttpResponse:
    """Back again: yesterday was the last day away."""
    typed = forms.typed(request, "absence", "last")
    row = get_object_or_404(Absence, pk=_uuid(typed["absence"]))
    try:
        actions.end_absence(row, ends=_day(typed["last"], "last"), actor=request.actor, now=request.now)
    except EXPECTED as error:
        return _absences_page(request, {}, failure_of(error, at={"last": f"last-{row.pk}"}), typed)
    messages.success(request, _("Noted."))
    return redirect("staff:absences")


@require_GET
@staff("people.edit")
def template(request: Request) -> HttpResponse:
    """The empty workbook with its headings."""
    return download(workbook.template(), "gewu-posts.xlsx", XLSX)


@require_http_methods(["GET", "POST"])
@staff("people.edit")
def bring_in(request: Request) -> HttpResponse:
    """A workbook: looked at, its faults as a sheet, or taken in whole."""
    if request.method == "GET":
        return render(request, "staff/people_import.html")
    wish = request.POST.get("do", "check")
    try:
        found = actions.import_people(
            file_of(request), actor=request.actor, now=request.now, dry_run=wish != "import"
        )
    except EXPECTED as error:
        failure = failure_of(error)
        return render(request, "staff/people_import.html", {"failure": failure}, status=failure.status)
    if wish == "sheet" and found.errors:
        return download(workbook.error_sheet(found.errors), "gewu-faults.xlsx", XLSX)
    context = {
        "found": found,
        "counts": _counts(found),
        "sheets": {one.code: one.label for one in workbook.SHEETS},
    }
    return render(request, "staff/people_import.html", context, status=422 if found.errors else 200)


def _counts(found: actions.Imported) -> list[tuple[str, Any]]:
    done = found.done
    if done is None:
        return []
    return [
        (_("Units"), done.units),
        (_("Posts"), done.posts),
        (_("People"), done.people),
        (_("Appointments"), done.appointments),
    ]


def _act(
    request: Request,
    code: str,
    name: str,
    typed: dict[str, str],
    perform: Callable[[Post], None],
    done: str,
) -> HttpResponse:
    """One act on a seat; on an error the same page with its form as it was typed."""
    seat = queries.get_post(code)
    try:
        perform(seat)
    except EXPECTED as error:
        return _post_page(request, seat, name, typed, failure_of(error))
    messages.success(request, done)
    return redirect("staff:post", code=code)


def _post_page(
    request: Request,
    seat: Post,
    name: str = "",
    typed: dict[str, str] | None = None,
    failure: Failure | None = None,
) -> HttpResponse:
    rows = Appointment.objects.filter(post=seat).select_related("user").order_by("-starts")
    holder = queries.holders([seat.id], now=request.now).get(seat.id)
    day = queries.today(request.now)
    context = {
        "post": seat,
        "role": ROLES[seat.role],
        "holder": holder,
        "serving": queries.serving(seat, now=request.now),
        "appointments": rows,
        "running": [
            (row.pk, f"{name_of(row.user)} · {row.starts}")
            for row in rows
            if row.ends is None or row.ends >= day
        ],
        "pack": queries.handover_pack(seat, now=request.now),
        "typed": {name: typed} if name else {},
        "failure": failure,
        "failed": name,
        **(officers_of(holder.pk if holder else None) if seat.role == "identity_officer" else {}),
    }
    return render(request, "staff/post.html", context, status=failure.status if failure else 200)


def _area(request: Request) -> Area:
    code = request.GET.get("area", "")
    return areas.get_area(code) if code else areas.root()


def _area_choices() -> list[tuple[str, str]]:
    rows = Area.objects.filter(valid_to=None).exclude(level__in=["grid", "microgrid"]).order_by("path")
    return [(row.code, name_of(row)) for row in rows]


def _user(username: str, *, at: str) -> User:
    if not username:
        raise Invalid.at(at, "required", _("Please give a user name."))
    try:
        return get_user(username)
    except NotFound:
        raise Invalid.at(at, "unknown", _("There is no such user name.")) from None


def _day(text: str, at: str) -> Any:
    return forms.day(text, at=at)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
