"""Places of one's own area: the list with the health of signs, one place, and a list brought in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from gewu.core.errors import Invalid
from gewu.domain.access.table import may
from gewu.domain.areas.models import Level
from gewu.domain.areas.queries import get_area, tree
from gewu.domain.names import name_of
from gewu.domain.people.queries import today, units
from gewu.domain.places import actions, queries, table
from gewu.domain.places.actions import PlaceInput
from gewu.domain.places.codes import format_number
from gewu.domain.places.kinds import KINDS
from gewu.domain.places.models import Place
from gewu.web.forms.faults import field_id
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, XLSX, Failure, download, failure_of, file_of
from gewu.web.staff.guard import post_only, staff

TYPED = (
    "code",
    "kind",
    "name",
    "area",
    "lon",
    "lat",
    "households",
    "residents",
    "keeper",
    "active",
    "version",
)
HEALTH: dict[str, Any] = {
    "unreadable": pgettext_lazy("place health", "Sign cannot be read"),
    "not_printed": pgettext_lazy("place health", "Sign not printed yet"),
    "never_scanned": pgettext_lazy("place health", "Hangs for half a year, never scanned"),
    "not_seen": pgettext_lazy("place health", "Not seen for 30 days"),
}


@require_GET
@staff("place.note")
def listed(request: Request) -> HttpResponse:
    """The list, and what is wrong with signs."""
    rows, day = queries.editable(request.actor, "place.note"), today(request.now)
    asked = wanted(request.GET)
    page = queries.listed(rows, asked, today=day, after=request.GET.get("after", ""))
    counts = queries.health_counts(rows, today=day)
    context = {
        "page": page,
        "wanted": asked,
        "typed": request.GET,
        "kinds": [(code, kind.name) for code, kind in KINDS.items()],
        "health": [(code, name, counts[code]) for code, name in HEALTH.items()],
        "may_edit": may(request.actor, "place.edit"),
        "query": urlencode({name: value for name, value in request.GET.items() if value and name != "after"}),
    }
    return render(request, "staff/places.html", context)


@require_http_methods(["GET", "POST"])
@staff("place.edit")
def add(request: Request) -> HttpResponse:
    """A new place."""
    typed = forms.typed(request, *TYPED)
    if request.method == "GET":
        return _form_page(request, None, {**typed, "active": "yes", "kind": request.GET.get("kind", "")}, {})
    return _keep(request, None, typed)


@require_http_methods(["GET", "POST"])
@staff("place.note")
def place(request: Request, code: str) -> HttpResponse:
    """One place: everything for those who keep it, details and the sign's state for those who pass by."""
    found = queries.get_place(code, actor=request.actor)
    if request.method == "GET":
        return _form_page(request, found, _as_typed(found), found.attributes)
    typed = forms.typed(request, *TYPED)
    if may(request.actor, "place.edit", found):
        return _keep(request, found, typed | {"code": code})
    try:
        version = _version(typed)
        actions.note_attributes(
            found, _details(request), version=version, actor=request.actor, now=request.now
        )
    except EXPECTED as error:
        shown = _as_typed(found) | {"version": typed["version"]}
        return _form_page(request, found, shown, _details(request), failure_of(error))
    messages.success(request, _("Kept."))
    return redirect("staff:place", code=code)


@staff("place.note")
@post_only("staff:place", "code")
def unreadable(request: Request, code: str) -> HttpResponse:
    """The sign cannot be read: onto the reprint list."""
    found = queries.get_place(code, actor=request.actor)
    actions.say_unreadable(found, now=request.now)
    messages.success(request, _("The sign stands on the reprint list."))
    return redirect("staff:place", code=code)


@staff("place.edit")
@post_only("staff:place", "code")
def renew(request: Request, code: str) -> HttpResponse:
    """Another code and number."""
    found = queries.get_place(code, actor=request.actor)
    actions.renew_sign(found, actor=request.actor, now=request.now)
    messages.success(
        request, _("The sign has a new code and number. Please print it; the old code still leads here.")
    )
    return redirect("staff:place", code=code)


@require_http_methods(["GET", "POST"])
@staff("place.edit")
def bring_in(request: Request) -> HttpResponse:
    """A list from a file: looked at first, then taken in wholly or not at all."""
    if request.method == "GET":
        return render(request, "staff/places_import.html", {})
    dry_run = request.POST.get("do") != "import"
    try:
        given = table.read(file_of(request))
        done = actions.set_up(given, actor=request.actor, now=request.now, dry_run=dry_run)
    except Invalid as error:
        shown = {"faults": [_fault(one) for one in error.errors], "failure": failure_of(error)}
        return render(request, "staff/places_import.html", shown, status=422)
    return render(request, "staff/places_import.html", {"done": done, "dry_run": dry_run})


@require_GET
@staff("place.edit")
def template(request: Request) -> HttpResponse:
    """An empty workbook for a list of places."""
    return download(table.template(), "places.xlsx", XLSX)


def wanted(sent: Any) -> queries.Filter:
    """What a list of places was narrowed to, by its address or form."""
    area = sent.get("area", "")
    return queries.Filter(
        area=get_area(area).path if area else "",
        kind=sent.get("kind", ""),
        text=sent.get("text", ""),
        health=sent.get("health", "") if sent.get("health", "") in queries.HEALTH else "",
        closed=sent.get("closed", "") == "yes",
    )


def _keep(request: Request, found: Place | None, typed: dict[str, str]) -> HttpResponse:
    details = _details(request)
    try:
        given = _given(typed, details)
        if found is None:
            kept = actions.add_place(given, actor=request.actor, now=request.now)
        else:
            version = _version(typed)
            kept = actions.change_place(given, version=version, actor=request.actor, now=request.now)
    except EXPECTED as error:
        return _form_page(request, found, typed, details, failure_of(error))
    messages.success(request, _("Kept."))
    return redirect("staff:place", code=kept.code)


def _given(typed: dict[str, str], details: dict[str, str]) -> PlaceInput:
    return PlaceInput(
        code=typed["code"],
        kind=typed["kind"],
        name=typed["name"],
        area=typed["area"],
        lon=_degrees(typed["lon"]),
        lat=_degrees(typed["lat"]),
        households=forms.number(typed["households"] or "0", at="households"),
        residents=forms.number(typed["residents"] or "0", at="residents"),
        keeper=typed["keeper"],
        attributes=details,
        is_active=bool(typed["active"]),
    )


def _version(typed: dict[str, str]) -> int:
    return forms.number(typed["version"], at="version")


def _degrees(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _details(request: Request) -> dict[str, str]:
    start = "attributes_"
    kind = KINDS.get(request.POST.get("kind", ""))
    known = {attribute.code for attribute in kind.attributes} if kind else None
    sent = {
        name.removeprefix(start): request.POST.get(name, "")
        for name in request.POST
        if name.startswith(start)
    }
    # Details of another kind, left in the form when the kind was changed, are not sent on.
    return {code: value for code, value in sent.items() if known is None or code in known}


def _as_typed(found: Place) -> dict[str, str]:
    return {
        "code": found.code,
        "kind": found.kind,
        "name": found.name,
        "area": found.area.code,
        "lon": f"{found.lon:.6f}",
        "lat": f"{found.lat:.6f}",
        "households": str(found.households),
        "residents": str(found.residents),
        "keeper": found.keeper.code if found.keeper else "",
        "active": "yes" if found.is_active else "",
        "version": str(found.version),
    }


def _form_page(
    request: Request,
    found: Place | None,
    typed: dict[str, str],
    details: dict[str, Any],
    failure: Failure | None = None,
) -> HttpResponse:
    kind = KINDS.get(typed.get("kind", ""))
    errors = failure.errors if failure else {}
    paths = {hat.area_path for hat in request.actor.hats}
    context = {
        "at": found,
        "typed": typed,
        "failure": failure,
        "kinds": [(code, one.name) for code, one in KINDS.items()],
        "details": [
            (one, details.get(one.code, ""), errors.get(f"attributes_{one.code}", ""))
            for one in (kind.attributes if kind else ())
        ],
        "grids": [
            (branch.area.code, f"{branch.area.code} {name_of(branch.area)}")
            for branch in tree(on=today(request.now), deepest=Level.GRID)
            if branch.area.level == Level.GRID and any(branch.area.path.startswith(path) for path in paths)
        ],
        "keepers": [(unit.code, name_of(unit)) for unit in units()],
        "number": format_number(found.number) if found else "",
        "may_edit": may(request.actor, "place.edit", found) if found else True,
        "may_note": may(request.actor, "place.note", found) if found else False,
    }
    return render(request, "staff/place.html", context, status=failure.status if failure else 200)


def _fault(error: Any) -> dict[str, Any]:
    """`places.3.name` is the fourth row under the head, so line 5 of the file."""
    _noun, _dot, rest = error.field.partition(".")
    row, _dot, column = rest.partition(".")
    if not row.isdecimal():
        return {"row": "", "column": "", "message": error.message}
    return {
        "row": int(row) + 2,
        "column": table.COLUMNS.get(field_id(column), column),
        "message": error.message,
    }
