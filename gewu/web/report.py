"""Reporting without an account and without script: one screen in, a receipt out.

A second press, a reload after a lost answer and "back, and send again" all carry the key the server put into the form,
and get the first receipt. Nothing typed is lost: every refusal draws the form again with all words, and photos that
arrived are kept and named by their ids.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gewu.core.errors import GewuError, Invalid, NotFound
from gewu.core.text import CaseNumber
from gewu.domain.access.actor import ANYONE
from gewu.domain.areas import queries as areas
from gewu.domain.areas.models import Level
from gewu.domain.cases.actions import Reported, join_report
from gewu.domain.cases.actions import report as file_report
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import joinable
from gewu.domain.cases.similar import Found, similar
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.names import name_of
from gewu.domain.people.queries import today, units
from gewu.domain.privacy import enough
from gewu.domain.requests import actions as requests
from gewu.domain.requests.caller import address_of
from gewu.web import errors, receipt
from gewu.web.forms.faults import NO_FAULTS, Faults
from gewu.web.forms.photos import HOUR
from gewu.web.forms.report import ReportForm
from gewu.web.request import Request
from gewu.web.switches import redraw_of, redraws

REPORTS_AN_HOUR = 60  # from one address; a whole office may stand behind it
LOOKS_AN_HOUR = 120
KNOWN_AN_HOUR = 600  # a choice of another tile asks again
SCOPE, JOIN_SCOPE = "form:report", "form:join"

Page = Callable[..., HttpResponse]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@redraws
def report(request: Request) -> HttpResponse:
    """The form; sent, the receipt or the form again with what is wrong."""
    if request.method != "POST":
        return _form_page(request, ReportForm.empty(request))
    form = ReportForm.read(request)

    def perform(ready: ReportForm) -> Reported:
        return file_report(ready.given(), actor=ANYONE, now=request.now)

    return _send(request, form, scope=SCOPE, perform=perform, page=_form_page, ask_first=True)


@never_cache
@require_safe
def known(request: Request) -> HttpResponse:
    """The part of the form that says what is reported here already, for a script to put in; empty when nothing is."""
    requests.spend(f"known:{address_of(request)}", limit=KNOWN_AN_HOUR, window=HOUR, now=request.now)
    found = _known_here(request, ReportForm.empty(request))
    return render(request, "resident/known_part.html", {"found": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@redraws
def join(request: Request, number: str) -> HttpResponse:
    """Follow what a neighbour has reported, with a receipt of one's own."""
    # Numbers follow one another: who tries them out learns little, and not for long.
    address = address_of(request)
    requests.spend(f"join look:{address}", limit=LOOKS_AN_HOUR, window=HOUR, now=request.now)
    try:
        return _join(request, joinable(_as_number(number)))
    except NotFound:
        if request.method != "POST":
            raise
        return _on_its_own(request, number)


def _join(request: Request, case: Case) -> HttpResponse:
    def page(
        request: Request, form: ReportForm, faults: Faults = NO_FAULTS, status: int = 200
    ) -> HttpResponse:
        shown = {"form": form, "faults": faults, "case": case, "redraws": "join"}
        return render(request, "resident/join.html", shown, status=status)

    if request.method != "POST":
        return page(request, ReportForm.empty(request))

    def perform(ready: ReportForm) -> Reported:
        return join_report(case.number, ready.given(), actor=ANYONE, now=request.now)

    form = ReportForm.read(request)
    return _send(request, form, scope=_join_scope(case.number), perform=perform, page=page)


def _on_its_own(request: Request, number: str) -> HttpResponse:
    """It ended or turned private while somebody wrote, or was never there: not a word of which. What was typed stands
    in a report of its own; who had sent it before gets the receipt once more."""
    form = ReportForm.read(request)
    if first := requests.peek(_join_scope(_as_number(number)), form.key, form.body(), now=request.now):
        return receipt.shown(request, *_read(first.body))
    photos, faults = form.photos.keep(sender=address_of(request), now=request.now)
    said = _(
        "This matter can no longer be followed. What you wrote is kept here: please send it as a report of your own."
    )
    form = replace(form, photos=photos).anew()
    return _form_page(request, form, Faults({"form": said}) | faults, 404)


def _join_scope(number: str) -> str:
    return f"{JOIN_SCOPE} {number}"


def _send(
    request: Request,
    form: ReportForm,
    *,
    scope: str,
    perform: Callable[[ReportForm], Reported],
    page: Page,
    ask_first: bool = False,
) -> HttpResponse:
    """First answers before anything costly; then photos, the emergency step, and the act itself."""
    if redraw := redraw_of(request):
        return _drawn_again(request, form.without(redraw), page)
    now, address, body = request.now, address_of(request), form.body()
    sent = form  # its key, body and answer belong together, also once its photos are kept
    try:
        if first := requests.peek(scope, sent.key, body, now=now):
            return receipt.shown(request, *_read(first.body))
        requests.spend(f"{scope}:{address}", limit=REPORTS_AN_HOUR, window=HOUR, now=now)
        photos, faults = form.photos.keep(sender=address, now=now)
        form = replace(form, photos=photos)
        if faults:
            return page(request, form, faults, 422)
        if ask_first and (step := _step_between(request, form)):
            return step

        def act() -> bytes:
            made = perform(form)
            return msgspec.json.encode([made.report.number, made.secret])

        answer = requests.once(scope, sent.key, body, now=now, perform=act)
        return receipt.shown(request, *_read(answer.body))
    except NotFound:
        raise
    except GewuError as error:
        return _again(request, form, error, page)


def _drawn_again(request: Request, form: ReportForm, page: Page) -> HttpResponse:
    """As it was typed: in another language or size, or with one answer open again. Who asked for another language has
    not read the emergency numbers yet: they come again."""
    photos, faults = form.photos.keep(sender=address_of(request), now=request.now)
    return page(request, replace(form, photos=photos, called=False), faults, 422 if faults else 200)


def _step_between(request: Request, form: ReportForm) -> HttpResponse | None:
    """What must be seen before sending: the emergency numbers, then what neighbours have reported here already."""
    shown = {"form": form, "names": form.values.items(), "redraws": "report"}
    if not form.called and _is_emergency(form):
        return render(request, "resident/emergency.html", shown)
    if not form.seen and (found := _known_here(request, form)):
        return render(request, "resident/known.html", {**shown, "found": found})
    return None


def _known_here(request: Request, form: ReportForm) -> list[Found]:
    return similar(form.here(), now=request.now, of_class=form.of_class())


def _again(request: Request, form: ReportForm, error: GewuError, page: Page) -> HttpResponse:
    """The form with everything in it and what is wrong."""
    faults = Faults.of(error)
    if faults["photos"]:  # one of them belongs to another report
        form = replace(form, photos=form.photos.unclaimed())
    if error.code == "key_reused":
        photos, photo_faults = form.photos.keep(sender=address_of(request), now=request.now)
        form = replace(form, photos=photos).anew()
        said = _("This form was sent before with other words. To report this as well, send it again.")
        faults = Faults({"form": said}) | photo_faults
    elif error.code == "officers_missing":
        faults = Faults.of(error, at=str(error.facts.get("field", "confidential")))
    return errors.with_retry(page(request, form, faults, errors.status_of(error)), error)


def _read(body: bytes) -> list[str]:
    number, secret = msgspec.json.decode(body, type=list[str])
    return [number, secret]


def _is_emergency(form: ReportForm) -> bool:
    condition = form.condition()
    return condition is not None and condition.emergency


def _form_page(
    request: Request, form: ReportForm, faults: Faults = NO_FAULTS, status: int = 200
) -> HttpResponse:
    condition = form.condition() if form.values.get("condition") else None
    faults = faults | _dead_sign(form, faults)
    officers, offices = enough.officers(), units()
    shown = {
        "form": form,
        "faults": faults,
        "tiles": catalogue.tiles(),
        "condition": condition,
        "communities": communities(request),
        "area": _known_area(form.values.get("area", "")),
        "at": form.place(),
        "found": _known_here(request, form)
        if form.values.get("tile") or form.values.get("condition")
        else [],
        "can_seal": officers.can_seal(),
        "units": [(unit.code, name_of(unit)) for unit in offices],
        "short": [name_of(unit) for unit in offices if unit.pk in officers.short],
        "must_seal": condition is not None and condition.confidential,
        "redraws": "report",
    }
    return render(request, "resident/report.html", shown, status=status)


def _dead_sign(form: ReportForm, faults: Faults) -> Faults:
    """The link named a sign that leads nowhere any more: said at once, not after everything is typed."""
    if not form.values.get("sign") or form.place() is not None or faults["sign"]:
        return NO_FAULTS
    return Faults({"sign": _("This sign is no longer in use. Please choose where the matter is.")})


def communities(request: Request) -> list[dict[str, Any]]:
    """The places to choose from: each community with its grids, in code order; one query."""
    found: list[dict[str, Any]] = []
    for branch in areas.tree(on=today(request.now), deepest=Level.GRID):
        if branch.area.level == Level.COMMUNITY:
            found.append({"area": branch.area, "grids": []})
        elif branch.area.level == Level.GRID and found:
            found[-1]["grids"].append(branch.area)
    return found


def _known_area(code: str) -> Any:
    try:
        return areas.get_area(code) if code else None
    except NotFound:
        return None


def _as_number(typed: str) -> str:
    try:
        return str(CaseNumber.parse(typed))
    except Invalid:
        raise NotFound from None
