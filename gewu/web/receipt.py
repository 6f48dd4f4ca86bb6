"""The receipt: shown once after reporting, and the cookie that stands for it for an hour."""

from __future__ import annotations

from base64 import b64encode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gewu.core.errors import NotFound
from gewu.core.text import format_secret
from gewu.domain.access.actor import Actor
from gewu.domain.cases import queries
from gewu.domain.cases.clocks import first_word_by
from gewu.domain.cases.rules import CORRECT_WITHIN
from gewu.domain.cases.workflow import SUBMITTED
from gewu.domain.place.queries import calendar
from gewu.domain.privacy import receipts
from gewu.web.forms.faults import NO_FAULTS, Faults
from gewu.web.request import Request

KEPT = "kept_"  # how names begin of what was written before the hour was over
COOKIE = "__Host-gewu-receipt" if settings.HTTPS else "gewu_receipt"


def shown(request: Request, number: str, secret: str) -> HttpResponse:
    """The receipt, right as the answer to the form: a reload sends the form again and gets the same one."""
    tie = queries.tie_of(queries.actor_for_number(number))
    payload = receipts.qr_payload(settings.ADDRESS, number, secret)
    picture = b64encode(receipts.qr_svg(payload).encode()).decode("ascii")
    correct_until = tie.filed_at + CORRECT_WITHIN
    accepted_by = queries.accepted_by(tie.case) if tie.case.state == SUBMITTED else None
    response = render(
        request,
        "resident/receipt.html",
        {
            "tie": tie,
            "case": tie.case,
            "number": number,
            "secret": format_secret(secret),
            "qr": f"data:image/svg+xml;base64,{picture}",
            "address": settings.ADDRESS.split("://")[-1].rstrip("/") + reverse("resident:receipt"),
            "accepted_by": accepted_by,
            "first_word": first_word_by(accepted_by, calendar()) if accepted_by else None,
            "correct_until": correct_until,
            "can_correct": not tie.joined and tie.case.state == SUBMITTED and request.now < correct_until,
        },
        status=201,
    )
    return with_cookie(response, number, request)


def holder(request: Request) -> Actor | None:
    """The reporter whose receipt was shown within the last hour."""
    number = receipts.number_in(request.COOKIES.get(COOKIE, ""), now=request.now)
    if number is None:
        return None
    try:
        return queries.actor_for_number(number)
    except NotFound:
        return None


def ended(request: Request, kept: dict[str, str], faults: Faults = NO_FAULTS) -> HttpResponse:
    """The hour is over while somebody typed: what they wrote waits in this page until they are back in. `faults` names
    what could not be kept."""
    return ask_page(request, hint("ended") | faults, 403, kept)


def ask_page(
    request: Request, faults: Faults = NO_FAULTS, status: int = 200, kept: dict[str, str] | None = None
) -> HttpResponse:
    """Asks for number and secret; words written before the hour was over travel along in `kept`."""
    kept = kept_in(request) if kept is None else kept
    shown = {
        "faults": faults,
        "number": request.POST.get("number", ""),
        "secret": request.POST.get("secret", ""),
        "kept": kept,
        "kept_words": [words for name, words in kept.items() if name.endswith("_text")],
        "redraws": "receipt",
    }
    return render(request, "resident/ask.html", shown, status=status)


def kept_in(request: Request) -> dict[str, str]:
    """What such a page brings back."""
    return {name: request.POST[name] for name in request.POST if name.startswith(KEPT)}


def hint(code: str) -> Faults:
    """What is said above an empty form."""
    return {
        "wrong": Faults({"secret": _("This did not open a report. Please type number and code again.")}),
        "ended": Faults(
            {
                "number": _(
                    "For safety the page closes after an hour. Please show your receipt again. If you see this "
                    "at once, your browser refuses cookies: allow them for this page, or call us with your number."
                )
            }
        ),
        "over": Faults(
            {
                "number": _(
                    "This link is no longer needed or has run out. Your receipt still opens the report."
                )
            }
        ),
    }.get(code, NO_FAULTS)


def with_cookie(response: HttpResponse, number: str, request: Request) -> HttpResponse:
    """The answer, with the hour of this receipt."""
    response.set_cookie(
        COOKIE,
        receipts.cookie_for(number, now=request.now),
        max_age=int(receipts.COOKIE_AGE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    response["Cache-Control"] = "no-store"
    return response
