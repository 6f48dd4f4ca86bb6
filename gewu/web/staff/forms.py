"""What every form of the staff pages does the same way: errors to their fields, a key so that a double click acts once.

A view reads its input, calls one domain action inside `try`, and on one of EXPECTED draws its page again with what was
typed and a `Failure`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _

from gewu.core.errors import Conflict, GewuError, Invalid, NotFound, Refused
from gewu.core.text import read_day
from gewu.domain.requests.actions import once
from gewu.web.errors import status_of
from gewu.web.forms.faults import field_id
from gewu.web.forms.photos import Photos
from gewu.web.request import Request

DIGITS = 9  # more is a slip, and no store holds it
EXPECTED = (Invalid, Conflict, Refused)
WHOLE = {"form": "", "version": "", "key": ""}  # said of the form as a whole


@dataclass(frozen=True)
class Failure:
    """Why nothing was done: words by the id of their field, or one sentence for the whole; and the answer's status."""

    errors: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    status: int = 422


def failure_of(error: GewuError, *, at: Mapping[str, str] = WHOLE) -> Failure:
    """An expected error as the page shows it; `at`: what only this form calls otherwise, "" for no field."""
    if not isinstance(error, Invalid):
        return Failure(said=str(error), status=status_of(error))
    found: dict[str, str] = {}
    for one in error.errors:
        name = {**WHOLE, **at}.get(one.field, field_id(one.field))
        found[name] = f"{found[name]} {one.message}" if name in found else str(one.message)
    said = found.pop("", "")
    return Failure(found, said, status=status_of(error))


def typed(request: Request, *names: str) -> dict[str, str]:
    """These fields as they were typed, without blanks around them."""
    return {name: request.POST.get(name, "").strip() for name in names}


def day(text: str, *, at: str, required: bool = True) -> date | None:
    """A day as a date field sends it."""
    if not text and not required:
        return None
    try:
        return read_day(text)
    except ValueError:
        raise Invalid.at(at, "day_malformed", _("Please give a day like 2026-03-01.")) from None


def number(text: str, *, at: str) -> int:
    """A whole number."""
    try:
        if len(text) > DIGITS:
            raise ValueError
        return int(text)
    except ValueError:
        raise Invalid.at(at, "number_malformed", _("Please give a whole number.")) from None


def file_of(request: Request, name: str = "file") -> bytes:
    """The uploaded file, or why there is none."""
    found = request.FILES.get(name)
    if found is None:
        raise Invalid.at(name, "required", _("Please choose a file."))
    return bytes(found.read())


def keep_photos(request: Request, *, kind: str = "report", suffix: str = "") -> tuple[Photos, Failure | None]:
    """The photos of a form, kept before the act begins; those that cannot be taken are told, the others stay."""
    sent = Photos.read(request, suffix)
    photos, faults = sent.keep(sender=f"staff:{request.actor.user_id}", now=request.now, kind=kind)
    return photos, Failure(faults.by_field) if faults else None


def perform_once(request: Request, body: Any, perform: Callable[[], bytes]) -> bytes:
    """Do it once for the key of this form; a second sending gets the first answer."""
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        raise NotFound from None
    packed = msgspec.json.encode([request.path, body])
    scope = f"staff:{request.actor.user_id}"
    return once(scope, key, packed, now=request.now, perform=perform).body


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
