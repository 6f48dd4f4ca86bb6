"""Reporting: a photo first if there is one, then the report; a receipt comes back."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Meta

from gewu.api.endpoint import Call, endpoint
from gewu.api.v1.shapes import ContactIn, DoneOut, Moment, Out, ReceiptOut
from gewu.core import limits
from gewu.core.errors import Invalid, NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.cases import queries
from gewu.domain.cases.actions import ReportInput, hotline, join_report, report
from gewu.domain.cases.models import CasePhoto
from gewu.domain.media.actions import keep_photo, release, withhold
from gewu.domain.media.images import Box
from gewu.domain.media.queries import SERVED_WITH, photo_bytes
from gewu.domain.media.storage import FULL, THUMB

REPORTS_AN_HOUR = 60
PHOTOS_AN_HOUR = 300
Pixel = Annotated[int, Meta(ge=0, le=limits.PHOTO_EDGE)]
WHERE = {"area_code": "place.area", "sign": "place.sign"}


class PlaceIn(msgspec.Struct, frozen=True):
    """Where: the code of a sign, or degrees (WGS 84, or GCJ-02 when said so), or the code of an area; and words."""

    lon: float | None = None
    lat: float | None = None
    system: str = "wgs84"
    area: str = ""
    sign: str = ""
    words: str = ""


class ReportIn(msgspec.Struct, frozen=True):
    """A report. Only the text is needed."""

    text: str
    condition: str = ""
    place: PlaceIn = PlaceIn()
    photos: list[str] = []
    contact: ContactIn | None = None
    confidential: bool = False
    about_unit: str = (
        ""  # code of the unit complained of: none of its officers gets a share of a sealed contact
    )
    wants_answer: bool = True
    source: str = ""
    done_at: Moment | None = None  # when a phone without network took it down

    def given(self, actor: Actor, language: str) -> ReportInput:
        """Where it comes from is told by the caller; only staff enter for others and say how it reached them."""
        return ReportInput(
            text=self.text,
            condition=self.condition,
            lon=self.place.lon,
            lat=self.place.lat,
            system=self.place.system,
            place=self.place.words,
            area_code=self.place.area,
            sign=self.place.sign,
            photos=tuple(self.photos),
            contact=self.contact.contact(language) if self.contact else None,
            confidential=self.confidential,
            about_unit=self.about_unit,
            wants_answer=self.wants_answer,
            source=_source(self.source, actor),
            language=language,
            done_at=self.done_at if actor.kind == "staff" else None,
        )


class PhotoOut(Out, frozen=True):
    """A kept photo; name its id in a report or a move within a day."""

    id: str
    width: int
    height: int


class TicketFaultOut(Out, frozen=True):
    """What is wrong in one row of a file."""

    row: int
    column: str
    message: str


class TicketsOut(Out, frozen=True):
    """What an import did, or in a dry run would do; `known`: tickets that came before; `left`: rows that were not taken
    in because the store failed on the way (bring the file again)."""

    created: list[str]
    known: int
    faults: list[TicketFaultOut]
    dry_run: bool
    left: int = 0


class BoxesIn(msgspec.Struct, frozen=True):
    """Rectangles to paint over, in pixels: left, top, width, height; `looked`: somebody has seen the whole photo."""

    boxes: list[tuple[Pixel, Pixel, Pixel, Pixel]] = []
    looked: bool = False


@endpoint(
    "POST", "reports", body=ReportIn, answer=ReceiptOut, guard="anyone", status=201, an_hour=REPORTS_AN_HOUR,
    fields=WHERE,
)  # fmt: skip
def file_report(call: Call[ReportIn]) -> ReceiptOut:
    """Report a matter; the receipt in the answer is shown once."""
    return ReceiptOut.of(report(call.body.given(call.actor, _language()), actor=call.actor, now=call.now))


@endpoint(
    "POST",
    "cases/<number>/join",
    body=ReportIn,
    answer=ReceiptOut,
    guard="anyone",
    status=201,
    an_hour=REPORTS_AN_HOUR,
    fields=WHERE,
)
def join_case(call: Call[ReportIn], number: str) -> ReceiptOut:
    """Report the same matter as an open case: a receipt of one's own to follow it."""
    return ReceiptOut.of(
        join_report(number, call.body.given(call.actor, _language()), actor=call.actor, now=call.now)
    )


@endpoint("POST", "photos", answer=PhotoOut, guard="anyone", status=201, raw=True, an_hour=PHOTOS_AN_HOUR)
def add_photo(call: Call[None]) -> PhotoOut:
    """Keep a photo: the body is the file itself (JPEG, PNG, WebP or HEIC)."""
    photo = keep_photo(call.file(limits.PHOTO_BYTES), now=call.now)
    return PhotoOut(id=str(photo.id), width=photo.width, height=photo.height)


@endpoint(
    "POST", "cases/import", answer=TicketsOut, guard="case.import", raw=True, query=("system", "dry_run")
)
def import_tickets(call: Call[None]) -> TicketsOut:
    """Hotline tickets from a CSV or XLSX file: with a fault no row is taken in; `dry_run=1` only names the faults."""
    done = hotline.import_tickets(
        call.file(limits.IMPORT_BYTES),
        system=call.word("system", "wgs84"),
        actor=call.actor,
        now=call.now,
        dry_run=call.flag("dry_run"),
    )
    return TicketsOut(
        created=list(done.created),
        known=done.known,
        faults=[TicketFaultOut(row=one.row, column=one.column, message=one.message) for one in done.faults],
        dry_run=done.dry_run,
        left=done.left,
    )


@endpoint(
    "GET", "cases/<number>/photos/<uuid:photo_id>", answer="image/jpeg", guard="case.read", reporter=True,
    query=("part", "pass"),
)  # fmt: skip
def show_photo(call: Call[None], number: str, photo_id: UUID) -> HttpResponse:
    """The bytes of a photo of a case the caller may read, `part=thumb` for the small one; nothing in them can run.

    `pass` is the `photo_pass` of a private case that was opened with a reason.
    """
    word = call.word("pass")
    found = queries.get_photo(
        number, photo_id, actor=call.actor, now=call.now, word=word, session=call.session
    )
    return photo_of(call, found)


@endpoint(
    "POST",
    "cases/<number>/photos/<uuid:photo_id>/release",
    body=BoxesIn,
    answer=DoneOut,
    guard="photo.release",
)
def release_photo(call: Call[BoxesIn], number: str, photo_id: UUID) -> DoneOut:
    """Let the public see a copy with these rectangles painted over."""
    photo = _releasable(call, number, photo_id)
    boxes = [Box(*box) for box in call.body.boxes]
    release(photo, boxes, looked=call.body.looked, actor=call.actor, now=call.now)
    return DoneOut()


@endpoint("DELETE", "cases/<number>/photos/<uuid:photo_id>/release", answer=DoneOut, guard="photo.release")
def withhold_photo(call: Call[None], number: str, photo_id: UUID) -> DoneOut:
    """Take the public copy away again."""
    withhold(_releasable(call, number, photo_id), actor=call.actor, now=call.now)
    return DoneOut()


def _releasable(call: Call[Any], number: str, photo_id: UUID) -> UUID:
    view = queries.view_case(number, actor=call.actor)
    row = CasePhoto.objects.filter(case=view.case, photo_id=photo_id).first() if view.readable else None
    if row is None:
        raise NotFound
    check_allowed(may(call.actor, "photo.release", view.case))
    return row.photo_id


def photo_of(call: Call[Any], photo_id: UUID | None) -> HttpResponse:
    """A photo the caller was found to be allowed to see, whole or with `part=thumb`, as nothing but a picture."""
    part = call.word("part", FULL)
    if part not in (FULL, THUMB):
        raise Invalid.at("part", "choice", f"{FULL}, {THUMB}")
    data = photo_bytes(photo_id, part=THUMB if part == THUMB else FULL) if photo_id else None
    if data is None:
        raise NotFound
    return HttpResponse(data, headers=SERVED_WITH)


def _source(named: str, actor: Actor) -> str:
    usual = "worker" if actor.kind == "staff" else "api" if actor.via == "api" else "page"
    if actor.kind != "staff" and named not in ("", usual):
        raise Invalid.at("source", "choice", _("Please choose one of the list."))
    return named or usual


def _language() -> str:
    return get_language() or "zh-hans"
