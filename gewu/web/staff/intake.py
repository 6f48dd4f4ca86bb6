"""Entering a report for somebody on the phone or at the counter, and finding the caller's cases."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from gewu.core import chance
from gewu.core.text import format_receipt
from gewu.domain.areas.models import Area
from gewu.domain.cases.actions import ReportInput, looking, report
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.names import name_of
from gewu.domain.people.queries import units
from gewu.domain.privacy import receipts
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.privacy.looks import LOOKUP_REASONS, REASONS
from gewu.web.forms.photos import NO_PHOTOS, Photos
from gewu.web.request import Request
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, keep_photos, perform_once
from gewu.web.staff.guard import staff

SOURCES = {"phone": _("Phone call"), "counter": _("At the counter"), "worker": _("Seen by me")}
FIELDS = (
    "text", "condition", "place", "lon", "lat", "area", "source", "contact_name", "contact_phone", "contact_email",
    "confidential", "about_unit",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff("case.report_for")
def enter(request: Request) -> HttpResponse:
    """One form; the answer is the slip for the caller, with number and secret."""
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    if request.method == "GET":
        return _form(request, {**typed, "source": "phone"}, NO_PHOTOS)
    sent = Photos.read(request).fingerprint()
    photos, wrong = keep_photos(request)
    if wrong:
        return _form(request, typed, photos, wrong)
    try:
        return _slip(request, _take(request, typed, photos, sent))
    except EXPECTED as error:
        missing = error.code == "officers_missing"
        at = str(error.facts.get("field", "confidential"))
        failure = Failure({at: str(error)}) if missing else failure_of(error)
        return _form(request, typed, photos.unclaimed(), failure)


@require_http_methods(["GET", "POST"])
@staff("case.find_by_phone")
def caller(request: Request) -> HttpResponse:
    """With the caller on the line: their cases by the full number. No list, no count, no export."""
    context: dict[str, Any] = {"reasons": {code: REASONS[code] for code in LOOKUP_REASONS}}
    if request.method == "POST":
        phone, reason = request.POST.get("phone", ""), request.POST.get("reason", "")
        try:
            context["found"] = looking.find_caller(phone, reason=reason, actor=request.actor, now=request.now)
        except EXPECTED as error:
            failure = failure_of(error)
            context |= {"failure": failure, "phone": phone}
            return render(request, "staff/caller.html", context, status=failure.status)
    return render(request, "staff/caller.html", context)


def _take(request: Request, typed: dict[str, str], photos: Photos, sent: list[str]) -> dict[str, str]:
    """The report, once for one key: a second sending prints the same slip."""
    given = ReportInput(
        text=typed["text"],
        condition=typed["condition"],
        lon=typed["lon"],
        lat=typed["lat"],
        place=typed["place"],
        area_code=typed["area"],
        photos=photos.kept,
        contact=_contact(typed),
        confidential=bool(typed["confidential"]),
        about_unit=typed["about_unit"],
        source=typed["source"] if typed["source"] in SOURCES else "phone",
        language=get_language() or "zh-hans",
    )

    def perform() -> bytes:
        done = report(given, actor=request.actor, now=request.now)
        return msgspec.json.encode({"number": done.report.number, "secret": done.secret})

    found: dict[str, str] = msgspec.json.decode(perform_once(request, [typed, sent], perform))
    return found


def _contact(typed: dict[str, str]) -> ContactInput | None:
    name, phone, email = (typed[f"contact_{part}"].strip() for part in ("name", "phone", "email"))
    if not (name or phone or email):
        return None
    return ContactInput(name, phone, email, language=get_language() or "zh-hans")


def _slip(request: Request, done: dict[str, str]) -> HttpResponse:
    address = request.build_absolute_uri("/")
    context = {
        "number": done["number"],
        "receipt": format_receipt(done["number"], done["secret"]),
        "qr": receipts.qr_svg(receipts.qr_payload(address, done["number"], done["secret"])),
    }
    return render(request, "staff/slip.html", context, status=201)


def _form(
    request: Request, typed: dict[str, str], photos: Photos, failure: Failure | None = None
) -> HttpResponse:
    paths = {hat.area_path for hat in request.actor.hats}
    areas = [
        (area.code, f"{name_of(area)} {area.code}")
        for area in Area.objects.filter(valid_to=None, level__in=["community", "grid"]).order_by("path")
        if any(area.path.startswith(path) for path in paths)
    ]
    context = {
        "typed": typed,
        "failure": failure,
        "errors": failure.errors if failure else {},
        "photos": photos,
        "sources": SOURCES,
        "classes": catalogue.tree(),
        "areas": areas,
        "units": [(unit.code, name_of(unit)) for unit in units()],
        "key": chance.new_id(),
    }
    return render(request, "staff/report.html", context, status=failure.status if failure else 200)
