"""The privacy officer's desk: how long data stays, what was erased, and erasing for a reason."""

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
from gewu.core.errors import Invalid
from gewu.core.text import CaseNumber
from gewu.domain.cases.models import Case, CasePhoto, CaseText, Report
from gewu.domain.privacy import erasure, retention
from gewu.domain.privacy.models import Erasure, RetentionRule
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, failure_of, perform_once
from gewu.web.staff.guard import staff

CLASSES: dict[str, Any] = {
    "contact": pgettext_lazy("kind of data", "Contact data"),
    "text": pgettext_lazy("kind of data", "Texts of cases"),
    "photo": pgettext_lazy("kind of data", "Photos of cases"),
}
COUNTED: dict[str, Any] = {
    "contacts": pgettext_lazy("erased", "Contacts"),
    "texts": pgettext_lazy("erased", "Texts"),
    "photos": pgettext_lazy("erased", "Photos"),
}
WHAT: dict[str, Any] = {
    "contact": pgettext_lazy("to erase", "Contact and rating of this receipt"),
    "case": pgettext_lazy("to erase", "All texts, photos and contacts of the case"),
}
REASONS: dict[str, Any] = {
    "request": pgettext_lazy("erasure", "The person asked for it"),
    "unlawful": pgettext_lazy("erasure", "Should never have been stored"),
    "order": pgettext_lazy("erasure", "Ordered by an authority"),
    "retention": pgettext_lazy("erasure", "Its time was over"),
    "unclaimed": pgettext_lazy("erasure", "Photo of no report"),
}
CHOSEN = ("request", "unlawful", "order")


@require_http_methods(["GET", "POST"])
@staff("privacy.erase")
def rules(request: Request) -> HttpResponse:
    """The rules, and the latest erasures with their proof."""
    typed, failure = forms.typed(request, "code", "days", "source"), None
    if request.method == "POST":
        try:
            if not typed["source"]:
                raise Invalid.at("source", "required", _("Please say where this comes from."))
            days = forms.number(typed["days"], at="days")
            source = typed["source"][: limits.NAME]
            retention.change_rule(
                typed["code"], days=days, source=source, actor=request.actor, now=request.now
            )
        except EXPECTED as error:
            failure = failure_of(error)
        else:
            messages.success(request, _("Changed."))
            return redirect("staff:retention")
    sources = dict(RetentionRule.objects.values_list("code", "source"))
    context = {
        "rules": [
            (CLASSES.get(code, code), days, sources.get(code, retention.DEFAULTS[code][1]))
            for code, days in retention.rules().items()
        ],
        "classes": CLASSES,
        "typed": typed,
        "failure": failure,
        "erasures": [
            (row, REASONS.get(row.reason, row.reason), [(COUNTED[k], n) for k, n in row.counts.items() if n])
            for row in Erasure.objects.order_by("-at")[: limits.PAGE]
        ],
    }
    return render(request, "staff/retention.html", context, status=failure.status if failure else 200)


@require_http_methods(["GET", "POST"])
@staff("privacy.erase")
def erase(request: Request) -> HttpResponse:
    """By the number of a receipt or case. What is erased is gone from backups too."""
    typed, failure = forms.typed(request, "number", "what", "reason", "sure"), None
    if request.method == "POST":
        try:
            perform_once(request, typed, lambda: _erase(request, typed))
        except EXPECTED as error:
            failure = failure_of(error)
        else:
            messages.success(request, _("Erased."))
            return redirect("staff:retention")
    context = {
        "typed": typed,
        "failure": failure,
        "what": WHAT,
        "reasons": [(code, REASONS[code]) for code in CHOSEN],
        "key": chance.new_id(),
    }
    return render(request, "staff/erase.html", context, status=failure.status if failure else 200)


def _erase(request: Request, typed: dict[str, str]) -> bytes:
    for name, choices in (("what", WHAT), ("reason", CHOSEN)):
        if typed[name] not in choices:
            raise Invalid.at(name, "choice", _("Please choose one of the list."))
    if not typed["sure"]:
        raise Invalid.at("sure", "required", _("Please confirm that this is for good."))
    texts, photos, contacts = (
        _of_case(typed["number"]) if typed["what"] == "case" else _of_receipt(typed["number"])
    )
    done = erasure.erase(
        texts, photos, contacts, reason=typed["reason"], now=request.now, actor=request.actor
    )
    return done.pk.bytes


Ids = tuple[set[UUID], set[UUID], set[UUID]]


def _of_receipt(typed: str) -> Ids:
    report = Report.objects.filter(number=_number(typed)).first()
    if report is None:
        raise _unknown()
    found = {one for one in (report.contact_id, report.sealed_id) if one}
    return ({report.rating_text_id} if report.rating_text_id else set()), set(), found


def _of_case(typed: str) -> Ids:
    case = Case.objects.filter(number=_number(typed)).first()
    if case is None:
        raise _unknown()
    reports = list(Report.objects.filter(case=case))
    texts = {case.text_id, case.place_text_id, *(report.rating_text_id for report in reports)}
    texts |= set(CaseText.objects.filter(case=case).values_list("text_id", flat=True))
    photos = set(CasePhoto.objects.filter(case=case).values_list("photo_id", flat=True))
    contacts = {one for report in reports for one in (report.contact_id, report.sealed_id)}
    return {one for one in texts if one}, photos, {one for one in contacts if one}


def _number(typed: str) -> str:
    try:
        return str(CaseNumber.parse(typed))
    except Invalid:
        raise _unknown() from None


def _unknown() -> Invalid:
    return Invalid.at("number", "unknown", _("There is no such number."))
