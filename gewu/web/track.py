"""One's own report: where it stands, what happened, what one can do now. Everything here belongs to the holder of the
receipt, through the cookie of `receipt`; acts are moves of the one workflow table.

Who joined a neighbour's report follows its progress, but reads nothing the neighbour wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gewu.core.errors import GewuError, NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.cases import actions, queries, rules, story
from gewu.domain.cases.models import CasePhoto, Report
from gewu.domain.cases.queries import CaseView
from gewu.domain.cases.workflow import REFUSE_REASONS
from gewu.domain.media.queries import SERVED_WITH, photo_bytes
from gewu.domain.privacy import looks
from gewu.domain.requests import actions as requests
from gewu.domain.requests.caller import address_of
from gewu.web import errors, progress
from gewu.web.forms.faults import NO_FAULTS, Faults
from gewu.web.forms.photos import NO_PHOTOS, Photos
from gewu.web.forms.report import new_key, read_key
from gewu.web.receipt import ended, holder
from gewu.web.request import Request, count_in

MOVES = ("answer", "rate", "refuse", "reopen", "add", "correct", "withdraw")
TYPED = ("text", "reason", "rating")


@dataclass(frozen=True)
class Typed:
    """What stands in one of the forms after it was refused, or after an hour that ended too early."""

    move: str = ""
    values: dict[str, str] | None = None
    photos: Photos = NO_PHOTOS

    def word(self, name: str) -> str:
        return (self.values or {}).get(name, "")


@never_cache
@require_safe
def show(request: Request) -> HttpResponse:
    """The page of one report."""
    actor = holder(request)
    if actor is None:
        return redirect(f"{reverse('resident:receipt')}?ended")
    return _page(request, actor, done=request.GET.get("done", ""))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Request, move: str) -> HttpResponse:
    """One move by the reporter; a second press does nothing more, a refusal keeps every word."""
    if move not in MOVES:
        raise NotFound
    if request.method != "POST":  # the address of a refused form, opened again
        return redirect("resident:track")
    typed = Typed(
        move, {name: request.POST.get(name, "").replace("\x00", "") for name in TYPED}, Photos.read(request)
    )
    actor = holder(request)
    if actor is None:
        photos, faults = typed.photos.keep(sender=address_of(request), now=request.now)
        words = {f"kept_{name}": typed.word(name) for name in TYPED}
        return ended(request, {"kept_move": move, "kept_photos": " ".join(photos.kept), **words}, faults)
    try:
        photos, faults = typed.photos.keep(sender=address_of(request), now=request.now)
        body = msgspec.json.encode([sorted((typed.values or {}).items()), typed.photos.fingerprint()])
        typed = Typed(move, typed.values, photos)
        if faults:
            return _page(request, actor, typed=typed, faults=faults, status=422)
        _act_once(request, actor, typed, body)
    except GewuError as error:
        page = _page(request, actor, typed=typed, faults=Faults.of(error), status=errors.status_of(error))
        return errors.with_retry(page, error)
    response = redirect(f"{reverse('resident:track')}?done={move}")
    response.status_code = 303
    return response


@require_safe
def photo(request: Request, photo_id: UUID) -> HttpResponse:
    """A photo of the own report, served so that nothing in it can run."""
    actor = holder(request)
    if actor is None or actor.case_id is None:
        raise NotFound
    row = CasePhoto.objects.filter(story.parts_for(actor), case_id=actor.case_id, photo_id=photo_id).first()
    if row is None:
        raise NotFound
    data = photo_bytes(row.photo_id, part="thumb" if "small" in request.GET else "full")
    if data is None:
        raise NotFound
    return HttpResponse(data, headers=SERVED_WITH)


def page_with_kept(request: Request, number: str) -> HttpResponse:
    """Back in after the hour was over: what was written before stands in its form again."""
    values = {name: request.POST.get(f"kept_{name}", "") for name in TYPED}
    actor = queries.actor_for_number(number)
    photos = Photos.named(request.POST.get("kept_photos", "").split())
    return _page(request, actor, typed=Typed(request.POST.get("kept_move", ""), values, photos))


def _act_once(request: Request, actor: Actor, typed: Typed, body: bytes) -> None:
    now, version = request.now, count_in(request.POST.get("version", ""))
    given: dict[str, Any] = {**(typed.values or {}), "photos": list(typed.photos.kept)}
    number = _case_number(actor)

    def perform() -> bytes:
        actions.act(typed.move, number, given, actor=actor, now=now, version=version)
        return b"done"

    key = read_key(request.POST.get("key", ""))
    requests.once(f"form:{typed.move}:{actor.report_id}", key, body, now=now, perform=perform)


def _case_number(actor: Actor) -> str:
    case = queries.tie_of(actor).case
    return str((case.merged_into or case).number)


def _page(
    request: Request, actor: Actor, *, typed: Typed | None = None, faults: Faults = NO_FAULTS,
    status: int = 200, done: str = "",
) -> HttpResponse:  # fmt: skip
    now = request.now
    tie = queries.tie_of(actor)
    view = queries.view_case(_case_number(actor), actor=actor)
    shown = {
        "tie": tie,
        "case": view.case,
        "view": view,
        "own": _is_own(tie),
        "opened": request.GET.get("open", ""),
        "photos": _photos(view),
        "standing": progress.standing(view, now=now),
        "events": progress.events(view, tie),
        "question": progress.open_question(view),
        "offers": _offers(view, now),
        "looks": looks.of_reporter(tie.case_id, contact_id=tie.contact_id or tie.sealed_id, now=now),
        "reasons": REFUSE_REASONS.items(),
        "typed": typed or Typed(),
        "faults": faults,
        "done": progress.thanks(done),
        "key": new_key(),
    }
    return render(request, "resident/track.html", shown, status=status)


def _offers(view: CaseView, now: Any) -> set[str]:
    """The moves of the table, less those whose time is over."""
    codes = {move.code for move in view.moves} & set(MOVES)
    if not rules.may_correct(view.case, now):
        codes.discard("correct")
    if not rules.may_reopen(view.case, by_reporter=True, now=now):
        codes.discard("reopen")
    return codes


def _photos(view: CaseView) -> list[CasePhoto]:
    return [photo for one in view.story for photo in one.photos]


def _is_own(tie: Report) -> bool:
    """Is this the case the reporter opened, or one they were tied to?"""
    return not tie.joined and tie.case.merged_into_id is None
