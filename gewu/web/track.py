"""One's own report: where it stands, what happened, what one can do now. Everything here belongs to the holder of the
receipt, through the cookie of `receipt`; acts are moves of the one workflow table.

All moves stand in one form, each with a button of its own: whichever is pressed, whether it is done, refused or drawn
again in another size or language, the page knows what was typed for the others and gives it back. After a move that is
done this page is then the answer to the form itself, so that no word goes through an address or a store; a reload sends
the same key again, and nothing is done twice.

Who joined a neighbour's report follows its progress, but reads nothing the neighbour wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
from gewu.web.receipt import KEPT, ended, holder, kept_in
from gewu.web.request import Request, count_in
from gewu.web.switches import redraws

# What each move is sent with; in the form a name begins with its move.
ASKS = {
    "answer": ("text",), "rate": ("rating", "text"), "refuse": ("reason", "text"), "reopen": ("text",),
    "add": ("text",), "correct": ("text",), "withdraw": (),
}  # fmt: skip
NAMES = tuple(f"{move}_{name}" for move, names in ASKS.items() for name in names)
TAKES_PHOTOS = "add"


@dataclass(frozen=True)
class Typed:
    """What stands in the form by the names of its fields, and the move that was sent; empty when none was."""

    move: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    photos: Photos = NO_PHOTOS

    @classmethod
    def read(cls, request: Request, move: str = "") -> Typed:
        """As it was sent."""
        sent = {name: _plain(request.POST[name]) for name in NAMES if name in request.POST}
        return cls(move, sent, Photos.read(request))

    @classmethod
    def kept(cls, request: Request) -> Typed:
        """As it waited in the page that asked for the receipt."""
        kept = kept_in(request)
        values = {name: kept[KEPT + name] for name in NAMES if KEPT + name in kept}
        return cls(values=values, photos=Photos.named(kept.get(f"{KEPT}photos", "").split()))

    def to_keep(self) -> dict[str, str]:
        """For that page; nothing when nothing was typed."""
        found = {**self.values, "photos": " ".join(self.photos.kept)}
        return {KEPT + name: value for name, value in found.items() if value}

    def own(self) -> dict[str, str]:
        """What belongs to the move that was sent."""
        return {name: self.values.get(f"{self.move}_{name}", "") for name in ASKS[self.move]}

    def body(self) -> bytes:
        """The same for two sendings of one move, whatever stands beside it."""
        photos = self.photos.fingerprint() if self.move == TAKES_PHOTOS else []
        return msgspec.json.encode([sorted(self.own().items()), photos])

    def for_others(self) -> Typed:
        """What stands beside the move that was sent."""
        own = {f"{self.move}_{name}" for name in ASKS[self.move]}
        photos = NO_PHOTOS if self.move == TAKES_PHOTOS else self.photos.unclaimed()
        return Typed(
            values={name: words for name, words in self.values.items() if name not in own}, photos=photos
        )

    def is_untouched(self, unchanged: str) -> bool:
        """Nothing to give back: every field is as the page brings it, the text to correct as it was reported."""
        typed = {name: words for name, words in self.values.items() if words.strip()}
        return typed.items() <= {"correct_text": unchanged}.items() and self.photos == NO_PHOTOS

    def left_over(self, offers: set[str], unchanged: str) -> list[str]:
        """Words for moves that are possible no more, for who wants to copy them."""
        names = [f"{move}_text" for move, asked in ASKS.items() if "text" in asked and move not in offers]
        return [
            words for name in names if (words := self.values.get(name, "").strip()) and words != unchanged
        ]


NOTHING_TYPED = Typed()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@redraws
def show(request: Request) -> HttpResponse:
    """The page of one report; sent, it is drawn again as it was typed and nothing is done."""
    actor = holder(request)
    if request.method == "POST":
        return _drawn_again(request, actor, Typed.read(request))
    if actor is None:
        return redirect(f"{reverse('resident:receipt')}?ended")
    return _page(request, actor, done=request.GET.get("done", ""))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Request, move: str) -> HttpResponse:
    """One move by the reporter; a second press does nothing more, and no word for another move is lost."""
    if move not in ASKS:
        raise NotFound
    if request.method != "POST":  # the address of a refused form, opened again
        return redirect("resident:track")
    actor, typed = holder(request), Typed.read(request, move)
    if actor is None:
        return _drawn_again(request, None, typed)
    body, faults = typed.body(), NO_FAULTS  # before the photos get their ids, which differ each time
    if move == TAKES_PHOTOS:
        typed, faults = _keeping(request, typed)
    if faults:
        return _drawn_again(request, actor, typed, faults, 422)
    try:
        _act_once(request, actor, typed, body)
    except GewuError as error:
        page = _drawn_again(request, actor, typed, Faults.of(error), errors.status_of(error))
        return errors.with_retry(page, error)
    return _done(request, actor, typed)


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
    """Back in after the hour was over: what was written before stands in its place again."""
    return _page(request, queries.actor_for_number(number), typed=Typed.kept(request))


def _drawn_again(
    request: Request, actor: Actor | None, typed: Typed, faults: Faults = NO_FAULTS, status: int = 200
) -> HttpResponse:
    """With every word and photo; without a receipt they wait until it has been shown again."""
    typed, photo_faults = _keeping(request, typed)
    faults = faults | photo_faults
    if actor is None:
        return ended(request, typed.to_keep(), faults)
    if faults and status == 200:
        status = 422
    key = read_key(request.POST.get("key", "")) if status == 200 else new_key()
    return _page(request, actor, typed=typed, faults=faults, status=status, key=key)


def _done(request: Request, actor: Actor, typed: Typed) -> HttpResponse:
    """Says so on the page as it stands now; with words for other moves they are in their places again."""
    others = typed.for_others()
    if others.is_untouched(queries.view_case(_case_number(actor), actor=actor).text):
        response = redirect(f"{reverse('resident:track')}?done={typed.move}")
        response.status_code = 303
        return response
    others, faults = _keeping(request, others)
    return _page(request, actor, typed=others, faults=faults, done=typed.move)


def _keeping(request: Request, typed: Typed) -> tuple[Typed, Faults]:
    photos, faults = typed.photos.keep(sender=address_of(request), now=request.now)
    return replace(typed, photos=photos), faults


def _act_once(request: Request, actor: Actor, typed: Typed, body: bytes) -> None:
    now, version = request.now, count_in(request.POST.get("version", ""))
    photos = typed.photos.kept if typed.move == TAKES_PHOTOS else ()
    given: dict[str, Any] = {**typed.own(), "photos": list(photos)}
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
    request: Request, actor: Actor, *, typed: Typed = NOTHING_TYPED, faults: Faults = NO_FAULTS,
    status: int = 200, done: str = "", key: UUID | None = None,
) -> HttpResponse:  # fmt: skip
    now = request.now
    tie = queries.tie_of(actor)
    view = queries.view_case(_case_number(actor), actor=actor)
    offers = _offers(view, tie, now)
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
        "offers": offers,
        "redraws": "track" if offers else "",
        "looks": looks.of_reporter(tie.case_id, contact_id=tie.contact_id or tie.sealed_id, now=now),
        "reasons": REFUSE_REASONS.items(),
        "typed": replace(typed, values={"correct_text": view.text, **typed.values}),
        "left_over": typed.left_over(offers, view.text),
        "faults": faults,
        "done": progress.thanks(done),
        "key": key or new_key(),
    }
    return render(request, "resident/track.html", shown, status=status)


def _plain(text: str) -> str:
    """Lines as we keep them, without the one character that no store keeps: compared with what was written before."""
    return text.replace("\x00", "").replace("\r\n", "\n")


def _offers(view: CaseView, tie: Report, now: Any) -> set[str]:
    """The moves of the table, less those whose time is over."""
    codes = {move.code for move in view.moves} & set(ASKS)
    if not rules.may_correct(tie, now):
        codes.discard("correct")
    if not rules.may_reopen(view.case, by_reporter=True, now=now):
        codes.discard("reopen")
    return codes


def _photos(view: CaseView) -> list[CasePhoto]:
    return [photo for one in view.story for photo in one.photos]


def _is_own(tie: Report) -> bool:
    """Is this the case the reporter opened, or one they were tied to?"""
    return not tie.joined and tie.case.merged_into_id is None
