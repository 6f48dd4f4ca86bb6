"""Opening a sealed identity: a motive, two officers of different units, one named reader, fifteen minutes.

    asked --first officer--> halved --second officer--> opened --15 minutes--> ended
      any of them --an officer refuses--> refused

Officers of the unit complained of know nothing of it: to them there is no such request, unless they asked themselves.

Every answer on the way is the same whether or not the reporter left an identity: for a case without one, made-up
halves take the same road. Only the named reader learns it in the end. What an opening holds lies under a row key of
its own, which is destroyed when it ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from nacl.secret import SecretBox
from nacl.utils import random as os_random

from gewu.core.errors import Conflict, Invalid, NotFound, Refused
from gewu.domain.access.actor import Actor
from gewu.domain.journal import actions as journal
from gewu.domain.privacy import envelope, looks, rowkeys, sealing, texts
from gewu.domain.privacy.contact_data import ContactInput, pack, unpack
from gewu.domain.privacy.models import Officer, Opening, SealedContact, SealedShare
from gewu.domain.requests.work import unit_of_work

ANSWER_WITHIN = timedelta(days=7)
SECOND_WITHIN = timedelta(hours=24)
READ_WITHIN = timedelta(minutes=15)
LONGEST_DEFERRAL = timedelta(days=30)
RUNNING = ("asked", "halved", "opened")
_PART = "opening"
_NOBODY = pack(ContactInput())


@dataclass(frozen=True)
class Asked:
    """Why the identity is needed, and why the reporter is told later, if so."""

    motive: str
    ground: str


def shown_to(actor: Actor) -> QuerySet[Opening]:
    """The requests an officer knows of, newest first: none about the own unit, whatever post ties them to it."""
    person = actor.person
    mine = {hat.unit_id for hat in actor.hats if hat.unit_id}
    mine |= set(Officer.objects.filter(user_id=person, ended_at=None).values_list("unit_id", flat=True))
    known = Q(excluded_unit_id=None) | ~Q(excluded_unit_id__in=mine) | Q(asked_by=person)
    return Opening.objects.filter(known).order_by("-asked_at", "-id")


def shown_one(opening_id: UUID, *, actor: Actor) -> Opening:
    """One of these, or it is not there."""
    opening = shown_to(actor).filter(id=opening_id).first()
    if opening is None:
        raise NotFound()
    return opening


def in_words(opening: Opening) -> Asked:
    """What was written when it was asked for."""
    words = texts.read([one for one in (opening.motive_id, opening.deferral_id) if one])
    ground = words.get(opening.deferral_id, "") if opening.deferral_id else ""
    return Asked(words.get(opening.motive_id, ""), ground)


def ask(
    case_id: UUID, *, sealed_id: UUID | None, excluded_unit: UUID | None, motive: str, reader_id: UUID,
    reader_post_id: UUID, actor: Actor, now: datetime, defer: timedelta = timedelta(0), ground: str = "",
) -> Opening:  # fmt: skip
    """Ask to learn who reported. Telling the reporter may be put off by at most 30 days, with a written ground."""
    if not motive.strip():
        raise Invalid.at("motive", "required", _("Please say why the identity is needed."))
    if not timedelta(0) <= defer <= LONGEST_DEFERRAL:
        raise Invalid.at("defer", "too_long", _("The reporter can be told at most 30 days later."))
    if defer and not ground.strip():
        raise Invalid.at("ground", "required", _("Please write down why the reporter is told later."))
    with unit_of_work():
        why = texts.keep(motive, kind="motive")
        deferral = texts.keep(ground, kind="deferral") if defer else None
        opening = Opening.objects.create(
            case_id=case_id, sealed_id=sealed_id, excluded_unit_id=excluded_unit, motive_id=why.id,
            reader_id=reader_id, reader_post_id=reader_post_id, asked_by=_person(actor), asked_at=now,
            expires_at=now + ANSWER_WITHIN, inform_at=now + defer, deferral_id=deferral.id if deferral else None,
        )  # fmt: skip
        _record(
            "identity.asked", opening, actor, now, reader=str(reader_id), motive=why.commitment,
            deferral=deferral.commitment if deferral else "", inform_at=opening.inform_at.isoformat(),
        )  # fmt: skip
    return opening


def approve(opening_id: UUID, *, passphrase: str, actor: Actor, now: datetime) -> Opening:
    """One officer's consent and half. The second officer's opens it for the named reader."""
    opening, officer = _running(opening_id, actor, now), _officer(actor)
    _check_part(opening, officer)
    key = sealing.unlock_once(officer, passphrase, now=now)
    with unit_of_work():
        if opening.state == "asked":
            _first(opening, key, now)
            _record("identity.halved", opening, actor, now, officer=str(officer.id))
        else:
            _second(opening, key, now)
            _record("identity.opened", opening, actor, now, officer=str(officer.id))
    return Opening.objects.get(id=opening_id)


def refuse(opening_id: UUID, *, actor: Actor, now: datetime) -> None:
    """An officer says no; that ends the request."""
    opening, officer = _running(opening_id, actor, now), _officer(actor)
    _check_part(opening, officer)
    with unit_of_work():
        _move(opening, "refused", held=None)
        rowkeys.destroy([opening.id])
        _record("identity.refused", opening, actor, now, officer=str(officer.id))


def read(opening_id: UUID, *, actor: Actor, now: datetime) -> ContactInput | None:
    """The identity, for the named reader within fifteen minutes; None when the reporter left none."""
    reader = _person(actor)
    with unit_of_work(durable=True):
        opening = Opening.objects.filter(
            id=opening_id, state="opened", reader_id=reader, expires_at__gt=now
        ).first()
        key = rowkeys.of([opening_id]).get(opening_id)
        if opening is None or opening.held is None or key is None:
            raise NotFound()
        contact = unpack(envelope.unseal(key, opening.held, row=opening.id, part=_PART))
        looks.note(
            "identity", reason="opening", actor=actor, now=now, case_id=opening.case_id,
            contact_id=opening.sealed_id, shown_from=max(now, opening.inform_at),
        )  # fmt: skip
        _record("identity.read", opening, actor, now)
    return contact if contact.phone or contact.email else None


def end_expired(*, now: datetime) -> int:
    """End what has run out and destroy its keys; called by the worker each minute."""
    ended = 0
    due = Opening.objects.filter(state__in=RUNNING, expires_at__lte=now)
    for opening_id in list(due.values_list("id", flat=True)):
        with unit_of_work():
            ended += due.filter(id=opening_id).update(state="ended", held=None)
            rowkeys.destroy([opening_id])
    return ended


def _first(opening: Opening, key: sealing.Key, now: datetime) -> None:
    officer, halves = key.officer, {}
    for other in sealing.eligible_beside(officer, excluded_unit=opening.excluded_unit_id):
        share = sealing.share_of(opening.sealed_id, officer, other) if opening.sealed_id else None
        halves[other.id.hex] = _half(share, key)
    held = envelope.seal(rowkeys.make(opening.id), msgspec.json.encode(halves), row=opening.id, part=_PART)
    _move(opening, "halved", held=held, first=officer, expires_at=now + SECOND_WITHIN)


def _second(opening: Opening, key: sealing.Key, now: datetime) -> None:
    officer, first = key.officer, opening.first
    if first is None or first.id == officer.id:
        raise Refused(_("The other half must come from another officer."), code="same_officer")
    if first.unit_id == officer.unit_id:
        raise Refused(_("Two officers of different units are needed."), code="same_unit")
    row_key = rowkeys.of([opening.id])[opening.id]
    halves = msgspec.json.decode(
        envelope.unseal(row_key, opening.held or b"", row=opening.id, part=_PART), type=dict[str, bytes]
    )
    found = _NOBODY
    if opening.sealed_id:
        share = sealing.share_of(opening.sealed_id, first, officer)
        sealed = SealedContact.objects.filter(id=opening.sealed_id).first()
        if sealed is not None and share is None:
            raise Refused(_("Officers have changed: seal anew first, then ask again."), code="reseal_first")
        if sealed is not None and share is not None:
            found = pack(sealing.combine(sealed, halves[officer.id.hex], sealing.half_of(share, key)))
    held = envelope.seal(row_key, found, row=opening.id, part=_PART)
    _move(opening, "opened", held=held, second=officer, expires_at=now + READ_WITHIN)


def _half(share: SealedShare | None, key: sealing.Key) -> bytes:
    return sealing.half_of(share, key) if share is not None else os_random(SecretBox.KEY_SIZE)


def _running(opening_id: UUID, actor: Actor, now: datetime) -> Opening:
    opening = (
        shown_to(actor)
        .select_related("first")
        .filter(id=opening_id, state__in=("asked", "halved"), expires_at__gt=now)
        .first()
    )
    if opening is None:
        raise NotFound()
    return opening


def _officer(actor: Actor) -> Officer:
    officer = Officer.objects.filter(user_id=_person(actor), ended_at=None).first()
    if officer is None:
        raise Refused(_("Only an identity officer can do this."), code="not_officer")
    return officer


def _check_part(opening: Opening, officer: Officer) -> None:
    if officer.user_id in (opening.reader_id, opening.asked_by):
        raise Refused(_("Who asks or reads cannot be one of the two officers."), code="own_request")


def _person(actor: Actor) -> UUID:
    """The user who acts, after a second factor."""
    if actor.user_id is None or not actor.strong:
        raise Refused(_("Please confirm with your second factor first."), code="second_factor")
    return actor.user_id


def _move(opening: Opening, state: str, **fields: Any) -> None:
    """The state it was read in decides: of two officers at once, one is told that the other was first."""
    if not Opening.objects.filter(id=opening.id, state=opening.state).update(state=state, **fields):
        raise Conflict(_("Another officer has just acted on this request."), code="opening_moved")


def _record(kind: str, opening: Opening, actor: Actor, now: datetime, **data: Any) -> None:
    journal.record(
        kind,
        actor=actor,
        subject=("opening", opening.id),
        at=now,
        data={"case": str(opening.case_id), **data},
    )
