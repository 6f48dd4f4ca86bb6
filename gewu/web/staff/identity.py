"""Opening a sealed identity: asked with a motive, agreed by two officers, read once by the named reader.

No page tells whether an identity exists; only the named reader learns it in the end.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from gewu.core import chance, limits
from gewu.core.errors import Invalid, NotFound
from gewu.domain.cases.actions import personal
from gewu.domain.cases.models import Case
from gewu.domain.names import name_of
from gewu.domain.privacy import enough, openings, sealing
from gewu.domain.privacy.models import Officer, Opening
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, perform_once
from gewu.web.staff.guard import post_only, staff

STATES: dict[str, Any] = {
    "asked": pgettext_lazy("opening", "Asked"),
    "halved": pgettext_lazy("opening", "One officer agreed"),
    "opened": pgettext_lazy("opening", "Open to the reader"),
    "refused": pgettext_lazy("opening", "Refused"),
    "ended": pgettext_lazy("opening", "Ended"),
}
FIELDS = ("number", "motive", "reader", "defer", "ground")


@require_http_methods(["GET", "POST"])
@staff("identity.open")
def requests(request: Request) -> HttpResponse:
    """The requests, and a new one."""
    typed, failure = forms.typed(request, *FIELDS), None
    if request.method == "POST":
        try:
            opened = perform_once(request, typed, lambda: _ask(request, typed).id.bytes)
        except EXPECTED as error:
            failure = failure_of(error)
        else:
            return redirect("staff:opening", opening_id=UUID(bytes=opened))
    return _list_page(request, typed, failure)


@require_http_methods(["GET", "POST"])
@staff("identity.open")
def opening(request: Request, opening_id: UUID) -> HttpResponse:
    """One request: its motive; an officer agrees with the passphrase, or refuses."""
    row = openings.shown_one(opening_id, actor=request.actor)
    if request.method == "GET":
        return _opening_page(request, row)
    try:
        if request.POST.get("do") == "refuse":
            openings.refuse(opening_id, actor=request.actor, now=request.now)
        else:
            passphrase = request.POST.get("passphrase", "")
            openings.approve(opening_id, passphrase=passphrase, actor=request.actor, now=request.now)
    except EXPECTED as error:
        return _opening_page(request, row, failure_of(error))
    messages.success(request, _("Noted."))
    return redirect("staff:opening", opening_id=opening_id)


@require_http_methods(["GET", "POST"])
@staff("area.see", strong=True)
def read(request: Request, opening_id: UUID) -> HttpResponse:
    """The identity, for the named reader within a quarter of an hour. Looking is an act of its own."""
    mine = Opening.objects.filter(reader_id=request.actor.person, state="opened", expires_at__gt=request.now)
    row = mine.filter(pk=opening_id).first()
    if row is None:
        raise NotFound
    context: dict[str, Any] = {"opening": row, "number": _case_number(row)}
    if request.method == "POST":
        found = openings.read(opening_id, actor=request.actor, now=request.now)
        context |= {"read": True, "contact": found}
    return render(request, "staff/opening_read.html", context)


@staff("identity.open")
@post_only("staff:openings")
def take_office(request: Request) -> HttpResponse:
    """Whoever holds the post makes the own key, under a passphrase the program never stores."""
    typed = forms.typed(request, "passphrase", "again")
    try:
        if typed["passphrase"] != typed["again"]:
            raise Invalid.at("again", "not_the_same", _("The two passphrases differ."))
        sealing.take_office(typed["passphrase"], actor=request.actor, now=request.now)
    except EXPECTED as error:
        failure = failure_of(error)
        context = {"rows": [], "typed": {}, "failure": failure, "officer": None, "key": chance.new_id()}
        context |= officers_of(None)
        return render(request, "staff/openings.html", context, status=failure.status)
    messages.success(request, _("The key is made. Keep the passphrase; nobody can restore it."))
    return redirect("staff:openings")


@staff("identity.open")
@post_only("staff:openings")
def leave_office(request: Request) -> HttpResponse:
    """The officer's own end of office."""
    sealing.leave_office(actor=request.actor, now=request.now)
    messages.success(request, _("Your office has ended. Two of those who stay please seal everything anew."))
    return redirect("staff:openings")


@staff("identity.open")
@post_only("staff:openings")
def reseal(request: Request) -> HttpResponse:
    """Two officers at one desk seal what there is to the officers of today."""
    other = request.POST.get("other", "").strip()
    words = request.POST.get("own_passphrase", ""), request.POST.get("other_passphrase", "")
    try:
        done = sealing.reseal_together(words[0], other, words[1], actor=request.actor, now=request.now)
    except EXPECTED as error:
        typed = dict.fromkeys(FIELDS, "") | {"other": other}
        return _list_page(request, typed, failure_of(error, at={"passphrase": "own_passphrase"}))
    messages.success(request, _("Sealed anew: %(done)s.") % {"done": done.done})
    if done.left:
        messages.warning(request, _("Not possible with you two: %(left)s.") % {"left": done.left})
    return redirect("staff:openings")


def _list_page(request: Request, typed: dict[str, str], failure: Failure | None = None) -> HttpResponse:
    rows = list(openings.shown_to(request.actor)[: limits.PAGE])
    numbers = dict(Case.objects.filter(pk__in={row.case_id for row in rows}).values_list("pk", "number"))
    context = {
        "rows": [(row, numbers.get(row.case_id, ""), STATES[row.state]) for row in rows],
        "typed": typed,
        "failure": failure,
        "officer": _officer(request),
        "to_reseal": sealing.to_reseal().count(),
        **officers_of(request.actor.person),
        "key": chance.new_id(),
    }
    return render(request, "staff/openings.html", context, status=failure.status if failure else 200)


def officers_of(leaving: UUID | None) -> dict[str, Any]:
    """What the officers of today can seal (`here`), and what those who stay when this one leaves (`stay`)."""
    here = enough.officers()
    officer = Officer.objects.filter(user_id=leaving, ended_at=None).first() if leaving else None
    stay = here.without(officer) if officer else here
    return {"here": _in_words(here), "stay": _in_words(stay), "fewest": enough.FEWEST}


def _in_words(officers: enough.Officers) -> dict[str, Any]:
    return {
        "total": officers.total,
        "can_seal": officers.can_seal(),
        "short": [name_of(unit) for unit in enough.named(officers.short)] if officers.short else [],
        "more": officers.more,
    }


def _ask(request: Request, typed: dict[str, str]) -> Opening:
    return personal.ask_identity(
        typed["number"],
        motive=typed["motive"],
        reader=typed["reader"],
        defer=forms.number(typed["defer"] or "0", at="defer"),
        ground=typed["ground"],
        actor=request.actor,
        now=request.now,
    )


def _opening_page(request: Request, row: Opening, failure: Failure | None = None) -> HttpResponse:
    asked = openings.in_words(row)
    officer = _officer(request)
    takes_part = officer is not None and request.actor.user_id not in (row.reader_id, row.asked_by)
    context = {
        "opening": row,
        "number": _case_number(row),
        "state": STATES[row.state],
        "motive": asked.motive,
        "ground": asked.ground,
        "may_answer": takes_part and row.state in {"asked", "halved"} and row.expires_at > request.now,
        "is_reader": row.reader_id == request.actor.user_id and row.state == "opened",
        "failure": failure,
    }
    return render(request, "staff/opening.html", context, status=failure.status if failure else 200)


def _officer(request: Request) -> Officer | None:
    return Officer.objects.filter(user_id=request.actor.person, ended_at=None).first()


def _case_number(row: Opening) -> str:
    return Case.objects.filter(pk=row.case_id).values_list("number", flat=True).first() or ""
