"""One's own desk: saved views, who else has a case open, alerts taken note of, hints, and what may be one matter."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from gewu.api.endpoint import ANYONE, SIGNED_IN, Call, endpoint
from gewu.api.v1.areas import position
from gewu.api.v1.shapes import DoneOut, Out
from gewu.core.errors import Invalid, NotFound
from gewu.domain.cases.queries import get_case
from gewu.domain.cases.similar import Found, Here, similar
from gewu.domain.catalogue.queries import condition
from gewu.domain.catalogue.rules import sure_class
from gewu.domain.desk import actions, queries
from gewu.domain.desk.models import SavedView
from gewu.domain.people.queries import today
from gewu.domain.places.queries import by_sign

SIMILAR_AN_HOUR = 600  # a choice of another category asks again


class ViewIn(msgspec.Struct, frozen=True):
    """A filter under a name: `view` and what narrows it. `share`: with everybody on the first of one's own posts."""

    name: str
    filters: dict[str, str] = {}
    share: bool = False


class ViewOut(Out, frozen=True, omit_defaults=False):
    """A saved view. `mine`: only its owner can drop it."""

    id: UUID
    name: str
    filters: dict[str, str]
    shared: bool
    mine: bool


class ViewsOut(Out, frozen=True):
    """One's own views and those shared with one's posts, by name."""

    items: list[ViewOut]


class OtherIn(msgspec.Struct, frozen=True):
    """The number of the other case."""

    other: str


class LikeOut(Out, frozen=True):
    """A case that may be the same matter: only what is public of it. `metres` is left out at the same place."""

    number: str
    state: str
    area: str
    category: dict[str, str]
    filed_on: date
    open: bool
    metres: int | None = None

    @classmethod
    def of(cls, found: Found) -> LikeOut:
        case = found.case
        return cls(
            number=case.number,
            state=case.state,
            area=case.filed_area.code,
            category=case.condition.subclass.names,
            filed_on=today(case.filed_at),
            open=case.is_open,
            metres=found.metres,
        )


class LikesOut(Out, frozen=True):
    """The likeliest first."""

    items: list[LikeOut]


class LookingOut(Out, frozen=True, omit_defaults=False):
    """Who else has the case open now; nobody keeps it for longer than a minute."""

    names: list[str]


class HintsOut(Out, frozen=True, omit_defaults=False):
    """The roles whose first-run hint is put away."""

    away: list[str]


class HintIn(msgspec.Struct, frozen=True):
    """The role whose hint is needed no more."""

    role: str


@endpoint("GET", "views", answer=ViewsOut, guard=SIGNED_IN)
def list_views(call: Call[None]) -> ViewsOut:
    """The caller's saved views."""
    return ViewsOut(items=[_shown(row, call) for row in queries.views_of(call.actor)])


@endpoint("POST", "views", body=ViewIn, answer=ViewOut, guard="desk.arrange", status=201)
def save_view(call: Call[ViewIn]) -> ViewOut:
    """Keep a filter of the list under a name; the same name again replaces it."""
    body = call.body
    return _shown(actions.save_view(body.name, body.filters, share=body.share, actor=call.actor), call)


@endpoint("DELETE", "views/<uuid:view_id>", answer=DoneOut, guard="desk.arrange")
def drop_view(call: Call[None], view_id: UUID) -> DoneOut:
    """Take one of one's own views away."""
    actions.drop_view(view_id, actor=call.actor)
    return DoneOut()


@endpoint("GET", "cases/<number>/similar", answer=LikesOut, guard="case.list")
def list_alike(call: Call[None], number: str) -> LikesOut:
    """Cases that may be the same matter as this one, that the caller may know of and nobody has told apart."""
    case = get_case(number, actor=call.actor)
    return LikesOut(items=[LikeOut.of(one) for one in queries.alike(case, actor=call.actor, now=call.now)])


@endpoint(
    "GET", "similar", answer=LikesOut, guard=ANYONE, an_hour=SIMILAR_AN_HOUR,
    query=("lon", "lat", "system", "sign", "condition"),
)  # fmt: skip
def list_similar(call: Call[None]) -> LikesOut:
    """What is reported already at a place (`sign`) or around a position; of the class of `condition`, or of any."""
    found = similar(_here(call), now=call.now, of_class=sure_class(condition(call.word("condition"))))
    return LikesOut(items=[LikeOut.of(one) for one in found])


@endpoint("POST", "cases/<number>/apart", body=OtherIn, answer=DoneOut, guard="desk.arrange")
def tell_apart(call: Call[OtherIn], number: str) -> DoneOut:
    """Two different matters: they are not offered to each other again."""
    one, other = (get_case(name, actor=call.actor) for name in (number, call.body.other))
    actions.tell_apart(one, other, actor=call.actor)
    return DoneOut()


@endpoint("POST", "cases/<number>/looking", answer=LookingOut, guard="desk.arrange", keyed=False)
def look_at(call: Call[None], number: str) -> LookingOut:
    """“I have this case open”, for a minute; answers who else has."""
    case = get_case(number, actor=call.actor)
    actions.look_at(case, actor=call.actor, now=call.now)
    return LookingOut(names=queries.others_at(case, actor=call.actor, now=call.now))


@endpoint("DELETE", "cases/<number>/looking", answer=DoneOut, guard="desk.arrange", keyed=False)
def look_away(call: Call[None], number: str) -> DoneOut:
    """It is open no more."""
    actions.look_away(get_case(number, actor=call.actor), actor=call.actor)
    return DoneOut()


@endpoint("POST", "cases/<number>/seen", answer=DoneOut, guard="command.see")
def say_alert_seen(call: Call[None], number: str) -> DoneOut:
    """One's post has taken note of the alert; good until anything happens to the case."""
    actions.say_seen(get_case(number, actor=call.actor), actor=call.actor)
    return DoneOut()


@endpoint("GET", "hints", answer=HintsOut, guard=SIGNED_IN)
def list_hints(call: Call[None]) -> HintsOut:
    """Which first-run hints are put away."""
    return HintsOut(away=sorted(queries.hints_put_away(call.actor)))


@endpoint("POST", "hints/away", body=HintIn, answer=HintsOut, guard="desk.arrange")
def put_hint_away(call: Call[HintIn]) -> HintsOut:
    """Show the hint of one of one's own kinds of post no more."""
    actions.put_hint_away(call.body.role, actor=call.actor)
    return HintsOut(away=sorted(queries.hints_put_away(call.actor)))


@endpoint("POST", "hints/back", answer=HintsOut, guard="desk.arrange")
def call_hints_back(call: Call[None]) -> HintsOut:
    """Show all hints again."""
    actions.call_hints_back(actor=call.actor)
    return HintsOut(away=[])


def _shown(row: SavedView, call: Call[ViewIn] | Call[None]) -> ViewOut:
    return ViewOut(
        id=row.pk,
        name=row.name,
        filters=row.filters,
        shared=row.post_id is not None,
        mine=row.user_id == call.actor.person,
    )


def _here(call: Call[None]) -> Here:
    if sign := call.word("sign"):
        try:
            place, _former = by_sign(sign)
        except NotFound:
            raise Invalid.at("sign", "unknown", _("This code is not known.")) from None
        return Here(place.lon, place.lat, place.pk)
    return Here(*position(call))
