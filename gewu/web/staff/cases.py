"""The case: one matter with its story, and exactly the moves the table allows; as a page and beside the queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gewu.core import chance
from gewu.core.errors import Conflict, NotFound, Refused
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import could, may
from gewu.domain.cases import opened, queries
from gewu.domain.cases.actions import act, looking
from gewu.domain.cases.models import Party
from gewu.domain.cases.story import Story
from gewu.domain.cases.workflow import MOVES
from gewu.domain.desk import actions as desk
from gewu.domain.desk import queries as desks
from gewu.domain.desk.rules import WHY, why
from gewu.domain.media.queries import SERVED_WITH, Part, photo_bytes
from gewu.domain.privacy.looks import CONTACT_REASONS, REASONS
from gewu.web.forms.photos import NO_PHOTOS, Photos
from gewu.web.request import Request, count_in
from gewu.web.staff import story
from gewu.web.staff.case_forms import move_form, typed_of
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, keep_photos, perform_once
from gewu.web.staff.forms import number as number_of
from gewu.web.staff.guard import post_only, staff

# One press beside the list: what they ask for besides is rarely given. A word to add needs its field.
QUICK = frozenset({"accept", "start", "resume", "verify", "take_over", "confirm_arrival", "leave"})


@require_GET
@staff("case.list")
def show(request: Request, number: str) -> HttpResponse:
    """One case as this person may see it."""
    return _page(request, _view(request, number))


@require_GET
@staff("case.list")
def pane(request: Request, number: str) -> HttpResponse:
    """The same case as a part of the queue's page, for a script to put beside the list."""
    return _page(request, _view(request, number), part=True)


@require_POST
@staff("case.list")
def presence(request: Request, number: str) -> HttpResponse:
    """“I have this case open”: said each half minute by a page that is looked at; answers who else has."""
    case = queries.get_case(number, actor=request.actor)
    if request.POST.get("leave"):
        desk.look_away(case, actor=request.actor)
        return HttpResponse(status=204)
    desk.look_at(case, actor=request.actor, now=request.now)
    names = desks.others_at(case, actor=request.actor, now=request.now)
    return render(request, "staff/presence.html", {"names": names})


@staff("case.list")
@post_only("staff:case", "number", do="code")
def move(request: Request, number: str, code: str) -> HttpResponse:
    """Do one move; what was typed comes back with every error at its field."""
    if code not in MOVES:
        raise NotFound
    typed, photos = typed_of(request, MOVES[code]), NO_PHOTOS
    given = dict(typed)
    if any(ask.kind == "photos" for ask in MOVES[code].asks):
        photos, wrong = keep_photos(request, kind="after")
        if wrong:
            return _again(request, number, code, typed, wrong, photos)
        given["photos"] = list(photos.kept)
    try:
        _once(request, number, code, given)
    except EXPECTED as error:
        crossed = isinstance(error, Conflict | Refused)
        return _again(request, number, code, typed, failure_of(error), photos, crossed=crossed)
    return _done(request, number, _("Done: %(move)s.") % {"move": MOVES[code].name})


@staff("case.reveal")
@post_only("staff:case", "number")
def contact(request: Request, number: str) -> HttpResponse:
    """The reporter's contact, for a reason; on record, and shown to the reporter."""
    reason = request.POST.get("reason", "")
    found = looking.reveal_contact(number, reason=reason, actor=request.actor, now=request.now)
    return _page(request, _view(request, number), contact=found)


@staff("case.read_reasoned")
@post_only("staff:case", "number")
def read(request: Request, number: str) -> HttpResponse:
    """A private case opened with a reason."""
    reason = request.POST.get("reason", "")
    view = looking.read_with_reason(number, reason=reason, actor=request.actor, now=request.now)
    session = request.session.session_key
    word = opened.word_for(view.case.number, actor=request.actor, session=session, now=request.now)
    return _page(request, view, photo_pass=word)


@require_GET
@staff("case.read")
def photo(request: Request, number: str, photo_id: UUID) -> HttpResponse:
    """A photo of a case this person may read, or has opened with a reason just now, as nothing but a picture."""
    word, session = request.GET.get("pass", ""), request.session.session_key
    found = queries.get_photo(
        number, photo_id, actor=request.actor, now=request.now, word=word, session=session
    )
    return picture(request, found)


def picture(request: Request, photo_id: UUID | None) -> HttpResponse:
    """A photo that this person was found to be allowed to see: small, or whole with `?size=full`."""
    size: Part = "full" if request.GET.get("size") == "full" else "thumb"
    data = photo_bytes(photo_id, part=size) if photo_id else None
    if data is None:
        raise NotFound
    return HttpResponse(data, headers=SERVED_WITH)


def _view(request: Request, number: str) -> queries.CaseView:
    before = count_in(request.GET.get("before", ""))
    return queries.view_case(number, actor=request.actor, before_version=before)


def _page(request: Request, view: queries.CaseView, **more: Any) -> HttpResponse:
    """The page, or the part beside the list for the script that asks for it."""
    case, actor, chosen = view.case, request.actor, request.GET.get("do", "")
    form = more.pop("form", None) or next(
        (move_form(m, case, actor=actor) for m in view.moves if m.code == chosen), None
    )
    context = {
        "view": view,
        "case": case,
        "exact": view.exact,
        "why": [
            WHY[code] for code in why(case, actor, _own_parts(case.parties.all(), actor), now=request.now)
        ],
        "back": back_of(request),
        "quick": [one for one in view.moves if one.code in QUICK],
        "form": form,
        "key": chance.new_id(),
        "names": desks.others_at(case, actor=actor, now=request.now),
        "reasons": {code: REASONS[code] for code in CONTACT_REASONS},
        "read_reasons": {code: REASONS[code] for code in ("duty", "danger")},
        "may_release": view.readable and may(actor, "photo.release", case),
        "may_export": view.readable and could(actor, "case.export"),
        "may_see_place": may(actor, "place.note"),
        "has_contact": any(report.contact_id for report in view.reports),
        **story.context(view, request.now),
        **more,
    }
    template = "staff/case_pane.html" if more.get("part") or is_part(request) else "staff/case.html"
    return render(request, template, context, status=more.get("status", 200))


def is_part(request: Request) -> bool:
    """Asked for by the script of the queue, to be put beside the list."""
    return bool(request.headers.get("X-Part"))


def _done(request: Request, number: str, said: str) -> HttpResponse:
    """On to the case as it is now, or back to the list; beside the list the case with a word of what was done."""
    if not is_part(request):
        messages.success(request, said)
        return redirect(back_of(request) or reverse("staff:case", args=[number]))
    try:
        return _page(request, queries.view_case(number, actor=request.actor), done=said)
    except NotFound:  # it went where this person may not follow
        return render(request, "staff/case_gone.html", {"done": said, "number": number})


def _own_parts(parties: Any, actor: Actor) -> list[tuple[str, bool]]:
    def is_own(party: Party) -> bool:
        return party.until is None and any(
            party.post_id == hat.post_id or (party.unit_id is not None and party.unit_id == hat.unit_id)
            for hat in actor.hats
        )

    return [(party.relation, party.answered_at is not None) for party in parties if is_own(party)]


def back_of(request: Request) -> str:
    """The list somebody came from, and only such a list: a form elsewhere must not lead on through us."""
    asked = request.POST.get("back", "") or request.GET.get("back", "")
    return asked if asked.startswith(reverse("staff:queue") + "?") or asked == reverse("staff:queue") else ""


def _again(
    request: Request,
    number: str,
    code: str,
    typed: dict[str, Any],
    failure: Failure,
    photos: Photos,
    *,
    crossed: bool = False,
) -> HttpResponse:
    """The page once more, the form open, everything typed still there; after a conflict with what the other one did."""
    view = _view(request, number)
    form = move_form(MOVES[code], view.case, typed, failure.errors, actor=request.actor)
    meanwhile = _meanwhile(request, view) if crossed else []
    return _page(
        request, view, form=form, failure=failure, photos=photos, meanwhile=meanwhile, status=failure.status
    )


def _meanwhile(request: Request, view: queries.CaseView) -> list[Story]:
    """The acts since the version the form was drawn from: both texts are seen, and nothing typed is lost."""
    seen = count_in(request.POST.get("version", ""))
    if seen is None:
        return []
    return [one for one in view.story if (one.entry.subject_version or 0) > seen]


def _once(request: Request, number: str, code: str, given: dict[str, Any]) -> None:
    """A double click or a reload after a lost answer does the move once."""
    version = number_of(request.POST.get("version", ""), at="version")

    def perform() -> bytes:
        act(code, number, given, actor=request.actor, now=request.now, version=version)
        return b""

    perform_once(request, [version, {k: v for k, v in given.items() if k != "photos"}], perform)
