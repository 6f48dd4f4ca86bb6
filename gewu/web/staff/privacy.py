"""The privacy officer's desk: how long data stays, what was erased, and erasing for a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from gewu.core import chance, limits
from gewu.core.errors import Invalid
from gewu.domain.cases.actions import personal
from gewu.domain.privacy import retention
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
    "sealed": pgettext_lazy("erasure", "Sealed to the identity officers instead"),
}


@require_http_methods(["GET", "POST"])
@staff("privacy.erase")
def rules(request: Request) -> HttpResponse:
    """The rules, and the latest erasures with their proof."""
    typed, failure = forms.typed(request, "code", "days", "source"), None
    if request.method == "POST":
        try:
            days, source = forms.number(typed["days"], at="days"), typed["source"]
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
            (CLASSES.get(code, code), days, _source(sources.get(code, retention.SHIPPED)))
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


def _source(said: str) -> str:
    """Where a term comes from, as whoever set it wrote it."""
    return _("as the program sets it") if said == retention.SHIPPED else said


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
        "reasons": [(code, REASONS[code]) for code in personal.REASONS],
        "key": chance.new_id(),
    }
    return render(request, "staff/erase.html", context, status=failure.status if failure else 200)


def _erase(request: Request, typed: dict[str, str]) -> bytes:
    if not typed["sure"]:
        raise Invalid.at("sure", "required", _("Please confirm that this is for good."))
    number, what, reason = typed["number"], typed["what"], typed["reason"]
    return personal.erase(number, what, reason, actor=request.actor, now=request.now).pk.bytes
