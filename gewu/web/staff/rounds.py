"""One round at the desk: the sheet to walk with, and where its marks and findings are entered afterwards.

For those without a phone. What is entered goes through the same actions as the phone's, place by place; what is wrong
at one place keeps its words and hinders no other. Nothing here says who walked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from gewu.core import chance
from gewu.core.errors import Invalid, NotFound
from gewu.core.punctuation import listed
from gewu.domain.access.table import may
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.catalogue.rules import NEUTRAL
from gewu.domain.patrols import actions, queries
from gewu.domain.patrols.actions import When
from gewu.domain.patrols.kinds import KINDS
from gewu.domain.patrols.models import Round, Stop
from gewu.web.forms.photos import NO_PHOTOS, Photos
from gewu.web.request import Request
from gewu.web.staff.cases import picture
from gewu.web.staff.forms import EXPECTED, Failure, failure_of, keep_photos
from gewu.web.staff.guard import staff

RESULTS: dict[str, Any] = {
    "fine": pgettext_lazy("patrol result", "Fine"),
    "finding": pgettext_lazy("patrol result", "Finding"),
    "unreached": pgettext_lazy("patrol result", "Could not be reached"),
    "": pgettext_lazy("patrol result", "not yet"),
}
FIELDS = ("text", "condition", "photos")  # of a place, at which something can be wrong

Wrong = Mapping[
    UUID, tuple["Entered", Mapping[str, str]]
]  # by stop: what was typed, and the faults by their field


@dataclass(frozen=True)
class Entered:
    """What stands on the sheet for one place."""

    result: str = ""
    text: str = ""
    settled: bool = False
    condition: str = ""
    photos: Photos = NO_PHOTOS
    faults: list[str] = field(default_factory=list)

    def fresh(self, stop: Stop) -> list[str]:
        """What was ticked now; a sheet comes back with the ticks it was drawn with."""
        return [code for code in self.faults if code not in stop.faults]

    def is_finding(self, stop: Stop) -> bool:
        """Ticks alone say what was found; beside a result that was chosen they are part of it."""
        ticked = not self.result and bool(self.fresh(stop))
        told = self.text or self.settled or self.condition or self.photos != NO_PHOTOS
        return self.result == "finding" or bool(told) or ticked

    def same(self) -> bytes:
        """What makes two sendings of a finding the same."""
        words = [self.text, self.settled, self.condition, self.faults]
        return msgspec.json.encode([words, self.photos.fingerprint()])


@dataclass(frozen=True)
class Line:
    """A place of the round as the page shows it: with what was typed when it was not taken in, and why."""

    stop: Stop
    found: list[queries.Found]
    typed: Entered
    errors: Mapping[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "POST"])
@staff("patrol.see")
def walk(request: Request, round_id: UUID) -> HttpResponse:
    """One round: a sheet to print, and the place to enter a round walked on paper."""
    row = queries.get_round(round_id, actor=request.actor)
    if request.method == "GET":
        return _page(request, row)
    late, wrong = _enter(request, row)
    if wrong:
        return _page(request, queries.get_round(round_id, actor=request.actor), wrong)
    if request.POST.get("close") and not late:
        late = bool(actions.close_round(row.pk, when=When(), actor=request.actor, now=request.now)["kept"])
    if late:
        messages.warning(request, _("The round was over already. What you entered is kept as a note."))
        return redirect("staff:patrol_round", round_id=row.pk)
    if request.POST.get("close"):
        messages.success(request, _("The round is closed."))
        return redirect("staff:patrols")
    messages.success(request, _("Kept."))
    return redirect("staff:patrol_round", round_id=row.pk)


@require_GET
@staff("patrol.see")
def photo(request: Request, finding_id: UUID, photo_id: UUID) -> HttpResponse:
    """A photo of what was settled on the spot, as nothing but a picture."""
    row = queries.get_finding(finding_id, actor=request.actor)
    return picture(request, photo_id if photo_id.hex in row.photo_ids else None)


def _enter(request: Request, row: Round) -> tuple[bool, Wrong]:
    """Take in the sheet. Did something come too late; and what could not be taken in, with the reason."""
    late, wrong = False, {}
    for stop in row.stops.all():
        sent = _typed(request, stop)
        photos, failure = keep_photos(request, suffix=_behind(stop))
        typed = replace(sent, photos=photos)
        if failure is None:
            try:
                told = _take_in(request, row, stop, typed, sent.same())
            except EXPECTED as error:
                failure, typed = failure_of(error), replace(typed, photos=photos.unclaimed())
            else:
                late = late or bool(told.get("kept"))
        if failure is not None:
            wrong[stop.pk] = typed, _at_fields(failure)
    return late, wrong


def _take_in(request: Request, row: Round, stop: Stop, typed: Entered, sent: bytes) -> dict[str, Any]:
    """The act of this sheet and no other: a second click changes and keeps nothing twice."""
    actor, now, at = request.actor, request.now, stop.place.code
    if typed.is_finding(stop):
        names = {item.code: str(item.label) for item in KINDS[row.plan.kind].checklist}
        text = typed.text or listed(
            names[code] for code in typed.fresh(stop) or typed.faults if code in names
        )
        if not text:
            raise Invalid.at("text", "required", _("Please write what was found, or tick it in the list."))
        given = {
            "text": text, "settled": typed.settled, "condition": typed.condition, "photos": typed.photos.kept
        }  # fmt: skip
        when = _when(request, stop, sent)
        return actions.find(row.pk, at, given, faults=typed.faults, when=when, actor=actor, now=now)
    if typed.result in ("fine", "unreached") and (typed.result != stop.result or typed.faults):
        when = When(uuid5(stop.pk, typed.result + "".join(typed.faults)))
        return actions.tick(row.pk, at, typed.result, faults=typed.faults, when=when, actor=actor, now=now)
    return {}


def _when(request: Request, stop: Stop, sent: bytes) -> When:
    """The key of the form, the place and what was written there make the act: what is written anew is not lost."""
    try:
        return When(uuid5(UUID(request.POST.get("key", "")), stop.pk.hex + sent.hex()))
    except ValueError:
        raise NotFound from None


def _behind(stop: Stop) -> str:
    """What stands behind the names of the fields of a place."""
    return f"-{stop.pk}"


def _typed(request: Request, stop: Stop) -> Entered:
    sent, behind = request.POST, _behind(stop)
    return Entered(
        sent.get(f"result{behind}", ""),
        sent.get(f"text{behind}", "").strip(),
        bool(sent.get(f"settled{behind}")),
        sent.get(f"condition{behind}", ""),
        Photos.read(request, behind),
        sent.getlist(f"fault{behind}"),
    )


def _at_fields(failure: Failure) -> dict[str, str]:
    """Each sentence at its field; what is said of the place as a whole stands at the words."""
    found = {name: said for name, said in failure.errors.items() if name in FIELDS}
    others = [said for name, said in failure.errors.items() if name not in FIELDS]
    whole = " ".join(filter(None, [failure.said, *others, found.pop("text", "")]))
    return {"text": whole, **found} if whole else found


def _known(stop: Stop) -> Entered:
    return Entered(stop.result, faults=stop.faults)


def _page(request: Request, row: Round, wrong: Wrong | None = None) -> HttpResponse:
    found = defaultdict(list)
    for one in queries.findings_of(row):
        found[one.row.place_id].append(one)
    context = {
        "walk": row,
        "kind": KINDS[row.plan.kind],
        "lines": [
            Line(stop, found[stop.place_id], *(wrong or {}).get(stop.pk, (_known(stop), {})))
            for stop in row.stops.all()
        ],
        "results": RESULTS,
        "categories": [
            (tile.condition.code, tile.name) for tile in catalogue.tiles() if tile.condition.code != NEUTRAL
        ],
        "may_walk": row.state == "open" and may(request.actor, "patrol.walk", row),
        "wrong": wrong,
        "key": chance.new_id(),
    }
    return render(request, "staff/patrol_round.html", context, status=422 if wrong else 200)
