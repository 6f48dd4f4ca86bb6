"""The case: one matter with its story, and exactly the moves the table allows; as a page and beside the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gewu.core import chance
from gewu.core.errors import NotFound
from gewu.core.levels import is_higher
from gewu.domain.access.table import may
from gewu.domain.cases import queries
from gewu.domain.cases.actions import act, looking
from gewu.domain.cases.models import Case, CasePhoto
from gewu.domain.cases.workflow import LEVELS, MOVES, Ask, Move
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.desk import actions as desk
from gewu.domain.desk import queries as desks
from gewu.domain.media.actions import keep_photo
from gewu.domain.media.queries import photo_bytes
from gewu.domain.people.models import Unit
from gewu.domain.privacy.looks import CONTACT_REASONS, REASONS
from gewu.web.request import Request
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, perform_once
from gewu.web.staff.forms import number as number_of
from gewu.web.staff.guard import staff
from gewu.web.words import in_language

PHOTO_POLICY = "sandbox; default-src 'none'"


@dataclass
class FormField:
    """One thing a move asks for, as the page draws it: its value as typed, its error, its choices."""

    ask: Ask
    id: str
    value: Any = ""
    error: str = ""
    choices: list[tuple[str, list[tuple[str, str]]]] | list[tuple[str, str]] | None = None


@dataclass
class MoveForm:
    """One move with its fields; only the one somebody has opened is drawn, the others are links to it."""

    move: Move
    fields: list[FormField]


@require_GET
@staff("case.list")
def show(request: Request, number: str) -> HttpResponse:
    """One case as this person may see it."""
    return _page(request, _view(request, number))


@require_GET
@staff("case.list")
def pane(request: Request, number: str) -> HttpResponse:
    """The same case as a part of the queue's page, for a script to put beside the list."""
    return _page(request, _view(request, number), template="staff/case_pane.html")


@require_POST
@staff("case.list")
def presence(request: Request, number: str) -> HttpResponse:
    """“I have this case open”: said each half minute by a page that is looked at; answers who else has."""
    case = queries.get_case(number, actor=request.actor)
    desk.look_at(case, actor=request.actor, now=request.now)
    names = desks.others_at(case, actor=request.actor, now=request.now)
    return render(request, "staff/presence.html", {"names": names})


@require_POST
@staff("case.list")
def move(request: Request, number: str, code: str) -> HttpResponse:
    """Do one move; what was typed comes back with every error at its field."""
    if code not in MOVES:
        raise NotFound
    typed, photos = typed_of(request, MOVES[code]), request.POST.getlist("kept")
    wants_photos = any(ask.kind == "photos" for ask in MOVES[code].asks)
    try:
        if wants_photos:
            photos += _new_photos(request)
        _once(request, number, code, {**typed, "photos": photos} if wants_photos else typed)
    except EXPECTED as error:
        return _again(request, number, code, typed, failure_of(error), photos)
    messages.success(request, _("Done: %(move)s.") % {"move": MOVES[code].name})
    return redirect(back_of(request) or reverse("staff:case", args=[number]))


@require_POST
@staff("case.reveal")
def contact(request: Request, number: str) -> HttpResponse:
    """The reporter's contact, for a reason; on record, and shown to the reporter."""
    reason = request.POST.get("reason", "")
    found = looking.reveal_contact(number, reason=reason, actor=request.actor, now=request.now)
    return _page(request, _view(request, number), contact=found)


@require_POST
@staff("case.read_reasoned")
def read(request: Request, number: str) -> HttpResponse:
    """A private case opened with a reason."""
    reason = request.POST.get("reason", "")
    view = looking.read_with_reason(number, reason=reason, actor=request.actor, now=request.now)
    return _page(request, view)


@require_GET
@staff("case.read")
def photo(request: Request, number: str, photo_id: UUID) -> HttpResponse:
    """A photo of a case this person may read, as nothing but a picture."""
    view = _view(request, number)
    row = CasePhoto.objects.filter(case=view.case, photo_id=photo_id).first() if view.readable else None
    part = "full" if request.GET.get("size") == "full" else "thumb"
    data = photo_bytes(row.photo_id, part=part) if row is not None else None  # type: ignore[arg-type]
    if data is None:
        raise NotFound
    response = HttpResponse(data, content_type="image/jpeg")
    response["Content-Security-Policy"] = PHOTO_POLICY
    return response


def _view(request: Request, number: str) -> queries.CaseView:
    before = request.GET.get("before", "")
    return queries.view_case(
        number, actor=request.actor, before_version=int(before) if before.isdigit() else None
    )


def _page(request: Request, view: queries.CaseView, **more: Any) -> HttpResponse:
    chosen = request.GET.get("do", "")
    form = more.pop("form", None) or next(
        (move_form(m, view.case) for m in view.moves if m.code == chosen), None
    )
    exact = view.readable and view.case.sensitivity != "confidential"
    context = {
        "view": view,
        "case": view.case,
        "exact": exact,
        "back": back_of(request),
        "quick": [one for one in view.moves if not any(ask.required for ask in one.asks)],
        "pairs": _before_and_after(view),
        "form": form,
        "key": chance.new_id(),
        "reasons": {code: REASONS[code] for code in CONTACT_REASONS},
        "read_reasons": {code: REASONS[code] for code in ("duty", "danger")},
        "may_release": view.readable and may(request.actor, "photo.release", view.case),
        "has_contact": any(report.contact_id for report in view.reports),
        **more,
    }
    return render(request, more.get("template", "staff/case.html"), context, status=more.get("status", 200))


def back_of(request: Request) -> str:
    """The list somebody came from, and only such a list: a form elsewhere must not lead on through us."""
    asked = request.POST.get("back", "") or request.GET.get("back", "")
    return asked if asked.startswith(reverse("staff:queue") + "?") or asked == reverse("staff:queue") else ""


def _before_and_after(view: queries.CaseView) -> tuple[list[CasePhoto], list[CasePhoto]]:
    """Photos of the matter as reported, and as it was left: looked at side by side."""
    photos = [photo for story in view.story for photo in story.photos]
    before = [photo for photo in photos if photo.kind in ("report", "before")]
    after = [photo for photo in photos if photo.kind == "after"]
    return (before, after) if before and after else ([], [])


def _again(
    request: Request,
    number: str,
    code: str,
    typed: dict[str, Any],
    failure: Failure,
    photos: list[str],
) -> HttpResponse:
    """The page once more, the form open, everything typed still there."""
    view = _view(request, number)
    form = move_form(MOVES[code], view.case, typed, failure.errors)
    return _page(request, view, form=form, failure=failure, kept=photos, status=failure.status)


def move_form(
    move: Move,
    case: Case,
    typed: dict[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> MoveForm:
    fields = [
        FormField(
            ask=ask,
            id=f"{move.code}-{ask.name}",
            value=(typed or {}).get(ask.name, ""),
            error=(errors or {}).get(ask.name, ""),
            choices=_choices(ask, case),
        )
        for ask in move.asks
    ]
    return MoveForm(move, fields)


def _choices(ask: Ask, case: Case) -> Any:
    if ask.choices is not None:
        return [(code, str(words)) for code, words in ask.choices.items()]
    if ask.kind == "holder":
        return queries.holders_offered(case)
    if ask.kind in {"unit", "units"}:
        units = Unit.objects.filter(is_active=True, level__in=["V", "S", "D"]).order_by("level", "code")
        return [(unit.code, in_language(unit.names) or unit.name) for unit in units]
    if ask.kind == "condition":
        return catalogue.tree()
    if ask.kind == "level":
        return [(code, str(words)) for code, words in LEVELS.items() if is_higher(code, than=case.level)]
    return None


def typed_of(request: Request, move: Move) -> dict[str, Any]:
    """What was typed, by field: lists where several may be chosen."""
    return {
        ask.name: request.POST.getlist(ask.name) if ask.kind == "units" else request.POST.get(ask.name, "")
        for ask in move.asks
        if ask.kind != "photos"
    }


def _new_photos(request: Request) -> list[str]:
    """Photos of the form, kept before the act begins; should it fail, they come back by id and are not sent again."""
    return [
        keep_photo(file.read(), now=request.now, kind="after", field="photos").id.hex
        for file in request.FILES.getlist("photos")
    ]


def _once(request: Request, number: str, code: str, given: dict[str, Any]) -> None:
    """A double click or a reload after a lost answer does the move once."""
    version = number_of(request.POST.get("version", ""), at="version")

    def perform() -> bytes:
        act(code, number, given, actor=request.actor, now=request.now, version=version)
        return b""

    perform_once(request, [version, {k: v for k, v in given.items() if k != "photos"}], perform)
