"""The phone of somebody who is on the way: one contact that brings all, moves done without network, and the lost phone.

Everything else a phone sends goes to the same addresses as any other caller's: reports, photos, rounds.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.core import signing
from django.middleware.csrf import get_token

from gewu.api.endpoint import SIGNED_IN, Call, endpoint
from gewu.api.v1.shapes import GIVEN, CaseOut, Moment, MoveOut, Out, Version
from gewu.domain.accounts.models import User
from gewu.domain.accounts.queries import LOST, were_ended
from gewu.domain.areas import queries as areas
from gewu.domain.cases.actions.afield import bring
from gewu.domain.cases.pocket import Taken, take_along
from gewu.domain.names import name_of

DEVICE_SALT = "gewu.field.device"
TRIES_AN_HOUR = 600


class PocketCaseOut(Out, frozen=True):
    """A case to read and to act on without network."""

    case: CaseOut
    category: dict[str, str]
    holder: str
    mine: bool
    readable: bool
    text: str = ""
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    moves: list[MoveOut] = []

    @classmethod
    def of(cls, taken: Taken) -> PocketCaseOut:
        exact = taken.readable and taken.case.sensitivity != "confidential"
        case = CaseOut.of(taken.case)
        return cls(
            case=case,
            category=taken.case.condition.subclass.names,
            holder=case.holder.name if case.holder else "",
            mine=taken.mine,
            readable=taken.readable,
            text=taken.text,
            place=taken.place if exact else "",
            lon=taken.case.lon if exact else None,
            lat=taken.case.lat if exact else None,
            moves=[MoveOut.of(move, taken.case) for move in taken.moves],
        )


class GridOut(Out, frozen=True):
    """An area of the own posts with its border, for the map on the phone."""

    code: str
    name: str
    own: bool
    border: msgspec.Raw


class PocketOut(Out, frozen=True):
    """One contact: whose session this is, the server's clock, and what the phone may take along."""

    now: datetime
    user: str
    name: str
    device: str
    cases: list[PocketCaseOut]
    grids: list[GridOut]


class DeviceIn(msgspec.Struct, frozen=True):
    """What the last contact signed for this phone."""

    device: str


class DeviceOut(Out, frozen=True, omit_defaults=False):
    """Whether this phone was reported lost since: then it deletes what it keeps for this person."""

    lost: bool


class AfieldIn(msgspec.Struct, frozen=True):
    """A move done without network: what it asks for, the version that was seen, when it was done and sent."""

    given: dict[str, Any] = {}
    version: Version | None = None
    done_at: Moment | None = None


class AfieldOut(Out, frozen=True):
    """The case now. `note` says why the act was kept as a note instead of being applied."""

    case: CaseOut
    note: str = ""


@endpoint("GET", "field", answer=PocketOut, guard=SIGNED_IN)
def contact(call: Call[None]) -> PocketOut:
    """What a phone takes along, and the token for its next acts (the CSRF cookie is set anew)."""
    get_token(call.request)
    user = User.objects.get(pk=call.actor.person)
    return PocketOut(
        now=call.now,
        user=user.username,
        name=name_of(user),
        device=signing.dumps([user.username, call.now.timestamp()], salt=DEVICE_SALT),
        cases=[PocketCaseOut.of(taken) for taken in take_along(call.actor)],
        grids=_grids(call),
    )


@endpoint(
    "POST",
    "field/device",
    body=DeviceIn,
    answer=DeviceOut,
    guard="anyone",
    an_hour=TRIES_AN_HOUR,
    keyed=False,
)
def look_up_device(call: Call[DeviceIn]) -> DeviceOut:
    """Asked by a phone whose session is over, without one: is it only over, or was the phone reported lost?"""
    try:
        username, since = signing.loads(call.body.device, salt=DEVICE_SALT)
    except (signing.BadSignature, ValueError):
        return DeviceOut(lost=False)
    user = User.objects.filter(username=username).only("pk").first()
    told = datetime.fromtimestamp(since, UTC)
    return DeviceOut(lost=user is not None and were_ended(user.pk, since=told, by=LOST))


@endpoint(
    "POST",
    "field/cases/<number>/moves/<move>",
    body=AfieldIn,
    answer=AfieldOut,
    guard="case.list",
    fields=GIVEN,
)
def bring_move(call: Call[AfieldIn], number: str, move: str) -> AfieldOut:
    """A move done without network; on a case that has moved on it is kept as a note with its photos."""
    body = call.body
    brought = bring(
        move, number, body.given, actor=call.actor, now=call.now, version=body.version, done_at=body.done_at
    )
    return AfieldOut(case=CaseOut.of(brought.case), note=brought.note)


def _grids(call: Call[None]) -> list[GridOut]:
    """The areas of the caller's posts and what lies beside them; whole subdistricts are not for a phone."""
    own = {area.pk: area for area in areas.areas_at({hat.area_path for hat in call.actor.hats})}
    found: dict[UUID, GridOut] = {}
    for area in own.values():
        if area.level not in ("grid", "microgrid"):
            continue
        for one, border in areas.neighbourhood(area):
            drawn = msgspec.Raw(border.encode() if isinstance(border, str) else border)
            found[one.pk] = GridOut(code=one.code, name=name_of(one), own=one.pk in own, border=drawn)
    return list(found.values())
