"""What anyone may see and say without an account: who serves a grid, the place behind a sign, suggestions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _

from gewu.api.endpoint import ANYONE, Call, endpoint
from gewu.api.files import PDF, download
from gewu.api.v1.shapes import DoneOut, Out
from gewu.core.errors import Invalid, NotFound
from gewu.domain.cases.similar import open_here
from gewu.domain.names import name_of
from gewu.domain.papers import grids
from gewu.domain.papers.words import duties
from gewu.domain.people.queries import today
from gewu.domain.people.roles import name as role_name
from gewu.domain.place.queries import installation
from gewu.domain.places import actions as places
from gewu.domain.places import queries as signs
from gewu.domain.places.codes import format_number
from gewu.domain.places.kinds import KINDS
from gewu.domain.places.models import Place
from gewu.domain.suggestions import actions, queries

POSTERS_AN_HOUR = 120
SIGNS_AN_HOUR = 60  # numbers somebody may try; a whole office may stand behind one address
WRITTEN_AN_HOUR, READ_AN_HOUR = 20, 60


class ServingOut(Out, frozen=True):
    """One post of the grid's card; without `name` it is vacant at present."""

    role: str
    role_name: str
    duties: str
    name: str = ""


class CardOut(Out, frozen=True):
    """The public card of a grid, as the law asks it to be posted."""

    code: str
    name: str
    community: str
    phone: str
    supervision_phone: str
    people: list[ServingOut]


class OpenHereOut(Out, frozen=True):
    """An open ordinary case of a place: only what is public of it."""

    number: str
    state: str
    category: dict[str, str]
    filed_on: date


class SignOut(Out, frozen=True, omit_defaults=False):
    """The place behind a sign. `sign` is the code that counts now, also when a former one was asked for."""

    sign: str
    number: str
    name: str
    kind: str
    area: str
    active: bool
    keeper: str
    attributes: dict[str, Any]
    cases: list[OpenHereOut]


class NumberIn(msgspec.Struct, frozen=True):
    """The number that stands beside the code. `unreadable`: and the code itself cannot be read."""

    number: str
    unreadable: bool = False


class SuggestionIn(msgspec.Struct, frozen=True):
    """What this service could do better. No contact is asked for."""

    text: str


class SuggestionCodeIn(msgspec.Struct, frozen=True):
    """The code that was given for the suggestion."""

    code: str


class SuggestionCodeOut(Out, frozen=True):
    """Opens the suggestion and its answer; it exists nowhere else."""

    code: str


class SuggestionOut(Out, frozen=True):
    """A suggestion and its answer, if there is one. Erased words are empty."""

    text: str
    written_at: datetime
    answer: str = ""
    answered_at: datetime | None = None
    id: UUID | None = None  # for the desk alone

    @classmethod
    def of(cls, found: queries.Read, *, for_desk: bool = False) -> SuggestionOut:
        row = found.row
        return cls(found.text, row.written_at, found.answer, row.answered_at, row.pk if for_desk else None)


class SuggestionsOut(Out, frozen=True):
    """The oldest open ones first, or the newest answered ones."""

    items: list[SuggestionOut]


@endpoint("GET", "grids/<code>", answer=CardOut, guard=ANYONE)
def show_card(call: Call[None], code: str) -> CardOut:
    """Who serves this grid."""
    grid, place = grids.get_grid(code), installation()
    people = [
        ServingOut(
            role=one.post.role,
            role_name=str(role_name(one.post.role)),
            duties=duties(one.post),
            name=name_of(one.user),
        )
        for one in grids.who_serves(grid, now=call.now)
    ]
    return CardOut(
        code=grid.code,
        name=name_of(grid),
        community=name_of(grid.parent),
        phone=place.phone,
        supervision_phone=place.supervision_phone,
        people=people,
    )


@endpoint("GET", "grids/<code>/poster", answer=PDF, guard=ANYONE, an_hour=POSTERS_AN_HOUR)
def show_poster(call: Call[None], code: str) -> HttpResponse:
    """The card on paper, A4."""
    grid = grids.get_grid(code)
    return download(grids.poster(grid, now=call.now), f"{grid.code}.pdf", PDF)


@endpoint("GET", "signs/<sign>", answer=SignOut, guard=ANYONE)
def open_sign(call: Call[None], sign: str) -> SignOut:
    """The place behind a sign that was scanned. Of a scan only the day is kept."""
    place, _former = signs.by_sign(sign)
    places.note_scan(place, now=call.now)
    return _sign(place, call.now)


@endpoint(
    "POST", "signs/find", body=NumberIn, answer=SignOut, guard=ANYONE, an_hour=SIGNS_AN_HOUR, keyed=False
)
def find_sign(call: Call[NumberIn]) -> SignOut:
    """The place of a torn sign by its number."""
    try:
        place = signs.by_number(call.body.number)
    except NotFound:
        raise Invalid.at("number", "unknown", _("No sign has this number.")) from None
    if call.body.unreadable:
        places.say_unreadable(place, now=call.now)
    return _sign(place, call.now)


@endpoint("POST", "signs/<sign>/unreadable", answer=DoneOut, guard=ANYONE, an_hour=SIGNS_AN_HOUR)
def say_sign_unreadable(call: Call[None], sign: str) -> DoneOut:
    """The sign is damaged; it will be printed anew."""
    place, _former = signs.by_sign(sign)
    places.say_unreadable(place, now=call.now)
    return DoneOut()


@endpoint(
    "POST", "suggestions", body=SuggestionIn, answer=SuggestionCodeOut, guard=ANYONE, status=201,
    an_hour=WRITTEN_AN_HOUR,
)  # fmt: skip
def write_suggestion(call: Call[SuggestionIn]) -> SuggestionCodeOut:
    """Suggest something about this service itself; the code in the answer is shown once."""
    return SuggestionCodeOut(code=actions.write(call.body.text, now=call.now))


@endpoint(
    "POST", "suggestions/read", body=SuggestionCodeIn, answer=SuggestionOut, guard=ANYONE, keyed=False,
    an_hour=READ_AN_HOUR,
)  # fmt: skip
def read_suggestion(call: Call[SuggestionCodeIn]) -> SuggestionOut:
    """What was suggested and answered, for whoever has the code."""
    return SuggestionOut.of(queries.by_code(call.body.code))


@endpoint("GET", "suggestions", answer=SuggestionsOut, guard="suggestion.answer", query=("answered",))
def list_suggestions(call: Call[None]) -> SuggestionsOut:
    """Those that wait, or with `answered=1` those answered last."""
    found = queries.for_desk(call.actor, answered=call.flag("answered"))
    return SuggestionsOut(items=[SuggestionOut.of(one, for_desk=True) for one in found])


@endpoint(
    "POST",
    "suggestions/<uuid:suggestion_id>/answer",
    body=SuggestionIn,
    answer=DoneOut,
    guard="suggestion.answer",
)
def answer_suggestion(call: Call[SuggestionIn], suggestion_id: UUID) -> DoneOut:
    """Answer it, once."""
    actions.answer(suggestion_id, call.body.text, actor=call.actor, now=call.now)
    return DoneOut()


def _sign(place: Place, now: datetime) -> SignOut:
    kind = KINDS.get(place.kind)
    known = {one.code for one in kind.attributes} if kind else set()
    here = open_here(place.pk, now=now) if place.is_active else []
    return SignOut(
        sign=place.sign,
        number=format_number(place.number),
        name=name_of(place),
        kind=place.kind,
        area=place.area.code,
        active=place.is_active,
        keeper=name_of(place.keeper),
        attributes={code: value for code, value in place.attributes.items() if code in known},
        cases=[
            OpenHereOut(
                number=case.number,
                state=case.state,
                category=case.condition.subclass.names,
                filed_on=today(case.filed_at),
            )
            for case in here
        ],
    )
