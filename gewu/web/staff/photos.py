"""Releasing a photo to the public: somebody looks at it and covers faces and plates first."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gewu.core.errors import NotFound
from gewu.domain.access.table import may
from gewu.domain.cases import queries
from gewu.domain.cases.models import Case, CasePhoto
from gewu.domain.media import actions
from gewu.domain.media import queries as media
from gewu.domain.media.images import Box
from gewu.domain.media.models import Photo
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, failure_of
from gewu.web.staff.guard import staff

ROWS = range(6)
SIDES = ("left", "top", "width", "height")


@require_http_methods(["GET", "POST"])
@staff("photo.release")
def release(request: Request, number: str, photo_id: UUID) -> HttpResponse:
    """The photo, its size, and rectangles in its pixels; what is public already can be taken back."""
    case, photo = _photo(request, number, photo_id)
    typed = {f"{side}-{row}": request.POST.get(f"{side}-{row}", "").strip() for row in ROWS for side in SIDES}
    failure = None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "withhold":
                actions.withhold(photo_id, actor=request.actor, now=request.now)
            else:
                boxes, looked = _boxes(typed), bool(request.POST.get("looked"))
                actions.release(photo_id, boxes, looked=looked, actor=request.actor, now=request.now)
        except EXPECTED as error:
            failure = failure_of(error)
        else:
            messages.success(request, _("Done."))
            return redirect("staff:photo_release", number=number, photo_id=photo_id)
    context = {
        "case": case,
        "photo": photo,
        "lines": [
            (row + 1, [(f"{side}-{row}", side, typed[f"{side}-{row}"]) for side in SIDES]) for row in ROWS
        ],
        "failure": failure,
    }
    return render(request, "staff/photo_release.html", context, status=failure.status if failure else 200)


def _photo(request: Request, number: str, photo_id: UUID) -> tuple[Case, Photo]:
    case = queries.get_case(number, actor=request.actor)
    named = CasePhoto.objects.filter(case=case, photo_id=photo_id).exists()
    photo = media.photos([photo_id]).get(photo_id) if named else None
    if photo is None or not may(request.actor, "photo.release", case):
        raise NotFound
    return case, photo


def _boxes(typed: dict[str, str]) -> list[Box]:
    """Rows with something in them; a rectangle needs all four numbers."""
    boxes = []
    for row in ROWS:
        sides = [typed[f"{side}-{row}"] for side in SIDES]
        if any(sides):
            boxes.append(
                Box(
                    *(forms.number(text, at=f"{side}-{row}") for side, text in zip(SIDES, sides, strict=True))
                )
            )
    return boxes
