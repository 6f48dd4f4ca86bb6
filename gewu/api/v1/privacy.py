"""What is kept about people and for how long; the receipt's pass; opening a sealed identity by two officers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from gewu.api.endpoint import ANYONE, REPORTER, SIGNED_IN, Call, endpoint
from gewu.api.v1.cases import ContactOut
from gewu.api.v1.shapes import DoneOut, Out
from gewu.core import limits
from gewu.core.errors import NotFound
from gewu.domain.cases.actions import personal
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import tie_of
from gewu.domain.privacy import openings, receipts, registry, retention, sealing
from gewu.domain.privacy.models import Erasure, Opening

Days = Annotated[int, Meta(ge=1, le=36_500)]


class PassOut(Out, frozen=True, rename={"pass_": "pass"}):
    """Stands for the receipt for an hour: `Authorization: Receipt PASS`."""

    number: str
    pass_: str


class FieldOut(Out, frozen=True):
    """What one stored field says about people, why it is kept, how long, who may see it."""

    model: str
    field: str
    kind: str
    purpose: str
    basis: str
    retention: str
    readers: str


class NoticeOut(Out, frozen=True):
    """The privacy notice, as data."""

    items: list[FieldOut]


class RuleIn(msgspec.Struct, frozen=True):
    """Another number of days, and where it comes from."""

    days: Days
    source: str


class RulesOut(Out, frozen=True):
    """Days after closing, by class of data."""

    days: dict[str, int]


class ErasureOut(Out, frozen=True):
    """Proof that something was erased: why, how many of which class, the digest of their ids."""

    at: datetime
    reason: str
    counts: dict[str, int]
    digest: str


class ErasuresOut(Out, frozen=True):
    """Erasures, newest first."""

    items: list[ErasureOut]


class ErasureIn(msgspec.Struct, frozen=True):
    """By the number of a receipt or case: `contact` and rating of this receipt, or everything of the `case`."""

    number: str
    what: str
    reason: str


class IdentityIn(msgspec.Struct, frozen=True):
    """Why the identity behind a case is needed, who is to read it, and how many days later the reporter is told."""

    number: str
    motive: str
    reader: str
    defer: int = 0
    ground: str = ""


class OpeningOut(Out, frozen=True):
    """A request to learn who reported. It looks the same whether or not an identity exists."""

    id: str
    number: str
    state: str
    asked_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, row: Opening, number: str) -> OpeningOut:
        return cls(
            id=str(row.id), number=number, state=row.state, asked_at=row.asked_at, expires_at=row.expires_at
        )


class OpeningsOut(Out, frozen=True):
    """Requests, newest first."""

    items: list[OpeningOut]


class WholeOpeningOut(Out, frozen=True):
    """A request with its motive; `ground` says why the reporter is told later."""

    opening: OpeningOut
    motive: str
    ground: str = ""
    inform_at: datetime | None = None


class PassphraseIn(msgspec.Struct, frozen=True):
    """The officer's own passphrase; it is used once and stored nowhere."""

    passphrase: str


class ResealIn(msgspec.Struct, frozen=True):
    """The caller's passphrase, and user name and passphrase of the other officer who is present."""

    passphrase: str
    other: str
    other_passphrase: str


class ResealedOut(Out, frozen=True, omit_defaults=False):
    """How many sealed contacts were sealed anew, and how many these two could not open."""

    done: int
    left: int


@endpoint("POST", "receipts", answer=PassOut, guard=REPORTER, keyed=False)
def open_receipt(call: Call[None]) -> PassOut:
    """A pass for an hour in exchange for a receipt, so that its secret is not sent again and again."""
    number = tie_of(call.actor).number
    return PassOut(number=number, pass_=receipts.cookie_for(number, now=call.now))


@endpoint("GET", "privacy/notice", answer=NoticeOut, guard=ANYONE)
def show_notice(call: Call[None]) -> NoticeOut:
    """What this program keeps about people, field by field."""
    return NoticeOut(
        items=[
            FieldOut(
                model=line.model,
                field=line.field,
                kind=line.kind,
                purpose=str(line.purpose),
                basis=line.basis,
                retention=line.retention,
                readers=str(line.readers),
            )
            for line in registry.notice()
        ]
    )


@endpoint("GET", "privacy/retention", answer=RulesOut, guard="privacy.erase")
def show_retention(call: Call[None]) -> RulesOut:
    """How long each class of data stays after closing."""
    return RulesOut(days=retention.rules())


@endpoint("POST", "privacy/retention/<code>", body=RuleIn, answer=RulesOut, guard="privacy.erase")
def change_retention(call: Call[RuleIn], code: str) -> RulesOut:
    """Another number of days for one class."""
    retention.change_rule(code, days=call.body.days, source=call.body.source, actor=call.actor, now=call.now)
    return RulesOut(days=retention.rules())


@endpoint("GET", "privacy/erasures", answer=ErasuresOut, guard="privacy.erase", query=("limit",))
def list_erasures(call: Call[None]) -> ErasuresOut:
    """What was erased, as numbers."""
    rows = Erasure.objects.order_by("-at")[: call.limit]
    return ErasuresOut(
        items=[ErasureOut(at=row.at, reason=row.reason, counts=row.counts, digest=row.digest) for row in rows]
    )


@endpoint("POST", "privacy/erasures", body=ErasureIn, answer=ErasureOut, guard="privacy.erase", status=201)
def erase_personal(call: Call[ErasureIn]) -> ErasureOut:
    """Erase for good, backups included. The answer is the proof that stays."""
    body = call.body
    done = personal.erase(body.number, body.what, body.reason, actor=call.actor, now=call.now)
    return ErasureOut(at=done.at, reason=done.reason, counts=done.counts, digest=done.digest)


@endpoint(
    "POST", "officers", body=PassphraseIn, answer=DoneOut, guard="identity.open", status=201, keyed=False
)
def take_office(call: Call[PassphraseIn]) -> DoneOut:
    """Whoever holds the post of an identity officer makes the own key, under a passphrase nobody can restore."""
    sealing.take_office(call.body.passphrase[: limits.TEXT], actor=call.actor, now=call.now)
    return DoneOut()


@endpoint("POST", "officers/leave", answer=DoneOut, guard="identity.open")
def leave_office(call: Call[None]) -> DoneOut:
    """The officer's own end of office; it also ends with the post."""
    sealing.leave_office(actor=call.actor, now=call.now)
    return DoneOut()


@endpoint("POST", "officers/reseal", body=ResealIn, answer=ResealedOut, guard="identity.open", keyed=False)
def reseal(call: Call[ResealIn]) -> ResealedOut:
    """Two officers present seal what there is to the officers of today."""
    body = call.body
    done = sealing.reseal_together(
        body.passphrase[: limits.TEXT],
        body.other,
        body.other_passphrase[: limits.TEXT],
        actor=call.actor,
        now=call.now,
    )
    return ResealedOut(done=done.done, left=done.left)


@endpoint("POST", "openings", body=IdentityIn, answer=OpeningOut, guard="identity.open", status=201)
def ask_identity(call: Call[IdentityIn]) -> OpeningOut:
    """Ask to learn who reported; two other officers decide."""
    body = call.body
    asked = personal.ask_identity(
        body.number,
        motive=body.motive,
        reader=body.reader,
        defer=body.defer,
        ground=body.ground,
        actor=call.actor,
        now=call.now,
    )
    return OpeningOut.of(asked, Case.objects.values_list("number", flat=True).get(pk=asked.case_id))


@endpoint("GET", "openings", answer=OpeningsOut, guard="identity.open", query=("limit",))
def list_openings(call: Call[None]) -> OpeningsOut:
    """Requests to learn who reported, for the officers."""
    rows = list(openings.shown_to(call.actor)[: call.limit])
    numbers = dict(Case.objects.filter(pk__in=[row.case_id for row in rows]).values_list("pk", "number"))
    return OpeningsOut(items=[OpeningOut.of(row, numbers.get(row.case_id, "")) for row in rows])


@endpoint("GET", "openings/<uuid:opening_id>", answer=WholeOpeningOut, guard="identity.open")
def show_opening(call: Call[None], opening_id: UUID) -> WholeOpeningOut:
    """One request with its motive, which an officer reads before agreeing."""
    row = openings.shown_one(opening_id, actor=call.actor)
    number = Case.objects.filter(pk=row.case_id).values_list("number", flat=True).first() or ""
    asked = openings.in_words(row)
    return WholeOpeningOut(OpeningOut.of(row, number), asked.motive, asked.ground, row.inform_at)


@endpoint(
    "POST",
    "openings/<uuid:opening_id>/approve",
    body=PassphraseIn,
    answer=DoneOut,
    guard="identity.open",
    keyed=False,
)
def approve_opening(call: Call[PassphraseIn], opening_id: UUID) -> DoneOut:
    """One officer's consent and half; the second officer's opens it for the named reader."""
    passphrase = call.body.passphrase[: limits.TEXT]
    openings.approve(opening_id, passphrase=passphrase, actor=call.actor, now=call.now)
    return DoneOut()


@endpoint("POST", "openings/<uuid:opening_id>/refuse", answer=DoneOut, guard="identity.open")
def refuse_opening(call: Call[None], opening_id: UUID) -> DoneOut:
    """An officer says no; that ends the request."""
    openings.refuse(opening_id, actor=call.actor, now=call.now)
    return DoneOut()


@endpoint("POST", "openings/<uuid:opening_id>/read", answer=ContactOut, guard=SIGNED_IN, keyed=False)
def read_opening(call: Call[None], opening_id: UUID) -> ContactOut:
    """The identity, for the named reader, within fifteen minutes."""
    found = openings.read(opening_id, actor=call.actor, now=call.now)
    if found is None:
        raise NotFound
    return ContactOut(name=found.name, phone=found.phone, email=found.email)
