"""Visits to homes: only by appointment, never in quiet hours, with a slip for the resident, who can call it off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gewu.core import chance, limits
from gewu.core.errors import FieldError, Invalid, NotFound
from gewu.core.text import clean, digits_of
from gewu.core.worktime import is_quiet
from gewu.domain.access.actor import ANYONE, Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.journal import actions as journal
from gewu.domain.patrols import rules
from gewu.domain.patrols.actions.rounds import When, once
from gewu.domain.patrols.kinds import PURPOSES
from gewu.domain.patrols.models import Visit, VisitNote
from gewu.domain.people.models import Post
from gewu.domain.people.queries import today
from gewu.domain.place import queries as installation
from gewu.domain.privacy import contacts, texts
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.requests.work import unit_of_work

CODE_DIGITS = 12


@dataclass(frozen=True)
class VisitInput:
    """An appointment as it was agreed. The door is needed, a name or phone only if the resident wants to give one."""

    post: str
    purpose: str
    begins: datetime | None
    ends: datetime | None
    where: str
    contact: ContactInput | None = None
    agreed: bool = False  # the resident has asked for it or agreed


def agree(given: VisitInput, *, actor: Actor, now: datetime) -> Visit:
    """Write an appointment down; its code stands on the slip."""
    post, where, begins, ends = _checked(given, now)
    visit = Visit(
        area=post.area, post=post, purpose=given.purpose, begins=begins, ends=ends,
        code=chance.digits(CODE_DIGITS),
    )  # fmt: skip
    check_allowed(may(actor, "visit.agree", visit))
    with unit_of_work():
        visit.where_id = texts.keep(where, kind="visit").id
        visit.contact_id = contacts.keep(given.contact).id if given.contact else None
        visit.save(force_insert=True)
        data = {"purpose": visit.purpose, "area": post.area.code}
        _record("visit.agreed", visit, actor, now, data)
    return visit


def call_off(typed: str, *, now: datetime, actor: Actor = ANYONE) -> Visit:
    """The resident with the code of the slip, or the post that would have come, ends it; twice is once."""
    visit = by_code(typed)
    if actor.kind == "staff":
        check_allowed(may(actor, "visit.agree", visit))
    with unit_of_work():
        if Visit.objects.filter(pk=visit.pk, state="agreed").update(state="cancelled", ended_on=today(now)):
            _record("visit.cancelled", visit, actor, now, {"by": actor.kind})
    visit.refresh_from_db()
    return visit


def visited(visit_id: UUID, text: str, *, when: When, actor: Actor, now: datetime) -> dict[str, object]:
    """It took place; what was agreed is kept as long as the matter. No photos: homes are not photographed.

    If it had been called off or was over by then, what was written is kept as a note and changes nothing.
    """
    visit = Visit.objects.select_related("area", "post").filter(pk=visit_id).first()
    if visit is None or not may(actor, "visit.see", visit):
        raise NotFound
    check_allowed(may(actor, "visit.agree", visit))
    words = clean(text or "", max_length=limits.TEXT, lines=True, field="text")

    def perform(day: date) -> dict[str, object]:
        kept = texts.keep(words, kind="visit") if words else None
        done = Visit.objects.filter(pk=visit.pk, state="agreed").update(
            state="done", ended_on=day, note_id=kept.id if kept else None
        )
        if not done and kept:
            VisitNote.objects.create(visit=visit, text_id=kept.id, on=day)
        if done or kept:
            data = {"on": day.isoformat(), "commitments": [kept.commitment] if kept else []}
            _record("visit.done" if done else "visit.noted", visit, actor, now, data)
        return {"kept": "" if done else "late"}

    return once(when, perform, actor=actor, now=now)


def by_code(typed: str) -> Visit:
    """The appointment of a slip, however its code was grouped."""
    code = digits_of(typed)
    visit = Visit.objects.select_related("area", "post").filter(code=code).first() if code else None
    if visit is None:
        raise NotFound
    return visit


def _checked(given: VisitInput, now: datetime) -> tuple[Post, str, datetime, datetime]:
    faults: list[FieldError] = []
    post = Post.objects.select_related("area").filter(code=given.post, is_active=True).first()
    if post is None:
        faults.append(FieldError("post", "unknown", _("This post is not known.")))
    if given.purpose not in PURPOSES:
        faults.append(FieldError("purpose", "choice", _("Please choose one of the list.")))
    if not given.agreed:
        faults.append(FieldError("agreed", "required", _("A home is visited only if the resident agreed.")))
    faults += _time_faults(given, now)
    where = ""
    try:
        where = clean(given.where, max_length=limits.ADDRESS, lines=False, field="where", required=True)
    except Invalid as error:
        faults += error.errors
    if faults or post is None or given.begins is None or given.ends is None:
        raise Invalid(faults)
    return post, where, given.begins, given.ends


def _time_faults(given: VisitInput, now: datetime) -> list[FieldError]:
    if given.begins is None or given.ends is None:
        name = "begins" if given.begins is None else "ends"
        return [FieldError(name, "required", _("Please fill this in."))]
    if given.begins <= now:
        return [FieldError("begins", "past", _("This time is over."))]
    if not given.begins < given.ends <= given.begins + rules.VISIT_MOST:
        return [FieldError("ends", "order", _("A visit ends within three hours after it begins."))]
    zone = installation.calendar().zone
    if is_quiet(given.begins, zone) or is_quiet(given.ends, zone):
        return [FieldError("begins", "quiet", _("Nobody is visited between 21:00 and 8:00."))]
    return []


def _record(kind: str, visit: Visit, actor: Actor, now: datetime, data: Mapping[str, object]) -> None:
    path = visit.area.path
    journal.record(kind, actor=actor, subject=("visit", visit.pk), scope_path=path, at=now, data=data)
