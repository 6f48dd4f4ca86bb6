"""Who may see and do what, in one table; three questions are answered from it and from nothing else.

    may(actor, action, row)       may this person do this to this row, and if not, why
    visible(actor, action, noun)  which rows may this person reach, as a condition of the query
    ways(actor, action, noun)     the same, each relation by itself
    stands(actor, action, relation)   is one of them this relation
    who(action, row)              which posts may do this here

A `Grant` names roles, the relation they must stand in to the row, and the sensitivities it is good for. A noun
registers its relations (`relations.py`): each as a check on one row and as a condition on many, side by side, so
that a list and a single look cannot differ. The moves of a case are granted by its workflow table, which registers
them here; everything else stands below.

Roles that demand a second factor (rules.md 4) count only in a session that has shown one; a grant that is `strong` asks
everybody for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from gewu.core.errors import Refused
from gewu.core.sentences import sentence as _
from gewu.domain.access.actor import Actor, Hat
from gewu.domain.people.roles import ROLES

NORMAL, PRIVATE, CONFIDENTIAL = "normal", "private", "confidential"
ANY_SENSITIVITY = frozenset({NORMAL, PRIVATE, CONFIDENTIAL})
OPEN_ONLY = frozenset({NORMAL})
CLOSED_UP = frozenset({PRIVATE, CONFIDENTIAL})
BELOW_DISTRICT = frozenset("GVS")
DISTRICT_ONLY = frozenset("D")

TRIAGE = frozenset({"lead", "director", "intake", "dispatcher", "duty_lead"})
HANDLERS = frozenset(
    {"worker", "lead", "director", "handler", "unit_head", "dispatcher", "duty_lead", "intake"}
)
CENTRE = frozenset({"intake", "dispatcher", "duty_lead"})


@dataclass(frozen=True)
class Grant:
    """These roles, standing in this relation, for rows of these sensitivities. `roles` None: any role."""

    relation: str
    roles: frozenset[str] | None = None
    levels: frozenset[str] | None = None
    sensitivity: frozenset[str] = ANY_SENSITIVITY
    logged: bool = False  # needs a reason, is written to the reporter's log
    strong: bool = False  # asks everybody for a second factor, as before a reveal or an export (rules.md 4)
    kind: str = "staff"


@dataclass(frozen=True)
class Verdict:
    """The answer to `may`. `hat` is the post under which it is allowed; `reason` says why not."""

    allowed: bool
    reason: str = ""
    hat: Hat | None = None
    logged: bool = False

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class Relation:
    """One relation between a hat and a row of a noun.

    `check(hat, row)` for one row; `rows(hat)` the same as a condition on the noun's table; `posts(row)` the same as a
    condition on `people.Post`, None where no post follows from the row; `open_rows(hat)` a shorter way to those of its
    rows that are open, where there is one.
    """

    check: Callable[[Hat, Any], bool]
    rows: Callable[[Hat], Q]
    posts: Callable[[Any], Q] | None = None
    open_rows: Callable[[Hat], Q] | None = None

    def condition(self, hat: Hat, *, open_only: bool) -> Q:
        """The rows of this relation; `open_only` where whoever asks leaves out the others."""
        return (self.open_rows if open_only and self.open_rows else self.rows)(hat)


NOTHING = Q(pk__in=[])

GRANTS: dict[str, tuple[Grant, ...]] = {
    # Number, category, grid, state and clocks of a case: no text, no photo, no name.
    "case.list": (
        Grant("area_open", frozenset({"worker"}), sensitivity=OPEN_ONLY),
        Grant("area", TRIAGE, levels=BELOW_DISTRICT),
        Grant("at_district", frozenset({"dispatcher"}), levels=DISTRICT_ONLY),
        Grant("up_to_district", frozenset({"dispatcher"}), levels=DISTRICT_ONLY),
        Grant("area", frozenset({"adviser"}), sensitivity=OPEN_ONLY),
        Grant("party", HANDLERS | {"adviser"}),
        Grant("category", frozenset({"handler", "unit_head", "dispatcher"})),
        Grant("entered"),
    ),
    # Text, photos and history. Of a private case only those assigned, while they are; the duty lead with a reason and a
    # log. Who typed it in has no more of it than triage has.
    "case.read": (
        Grant("area_open", frozenset({"worker"}), sensitivity=OPEN_ONLY),
        Grant("area", TRIAGE | {"adviser"}, levels=BELOW_DISTRICT, sensitivity=OPEN_ONLY),
        Grant("at_district", frozenset({"dispatcher"}), levels=DISTRICT_ONLY, sensitivity=OPEN_ONLY),
        Grant("up_to_district", frozenset({"dispatcher"}), levels=DISTRICT_ONLY, sensitivity=OPEN_ONLY),
        Grant("party", HANDLERS | {"adviser"}, sensitivity=OPEN_ONLY),
        Grant("assigned", HANDLERS | {"adviser"}, sensitivity=CLOSED_UP),
        Grant("category", frozenset({"handler", "unit_head", "dispatcher"}), sensitivity=OPEN_ONLY),
        Grant("entered", sensitivity=OPEN_ONLY),
    ),
    "case.read_reasoned": (
        Grant(
            "area",
            frozenset({"duty_lead"}),
            levels=BELOW_DISTRICT,
            sensitivity=CLOSED_UP,
            logged=True,
        ),
    ),
    # The reporter's ordinary contact: with a reason from a list, one case, logged and shown to the reporter.
    "case.reveal": (
        Grant("party", HANDLERS - {"worker"}, sensitivity=OPEN_ONLY, logged=True, strong=True),
        Grant("assigned", HANDLERS - {"worker"}, sensitivity=frozenset({PRIVATE}), logged=True, strong=True),
        Grant("area", CENTRE, levels=BELOW_DISTRICT, sensitivity=OPEN_ONLY, logged=True, strong=True),
    ),
    "case.report_for": (
        Grant("anywhere", frozenset({"contact", "worker", "lead", "director", "intake", "duty_lead"})),
    ),
    "case.find_by_phone": (Grant("anywhere", frozenset({"intake", "duty_lead"}), logged=True, strong=True),),
    "case.export": (Grant("anywhere", frozenset({"director", "dispatcher", "duty_lead"}), strong=True),),
    # One's own desk: views, hints, which cases are open before one, which two were told apart.
    "desk.arrange": (Grant("anywhere"),),
    "command.see": (Grant("anywhere", TRIAGE | {"adviser"}),),
    "case.import": (Grant("anywhere", frozenset({"intake", "duty_lead"})),),
    "case.bulk": (Grant("anywhere", TRIAGE),),
    "case.recheck": (Grant("area", frozenset({"adviser", "duty_lead"})),),
    "photo.release": (Grant("area", frozenset({"director", "duty_lead"}), sensitivity=OPEN_ONLY),),
    "area.see": (Grant("anywhere"),),
    "area.edit": (Grant("anywhere", frozenset({"administrator"})),),
    "place.see": (Grant("anywhere"),),
    "place.edit": (
        Grant("area", frozenset({"lead", "director"})),
        Grant("anywhere", frozenset({"administrator"})),
    ),
    # What a worker sees on the spot: details of a place, and a sign that cannot be read.
    "place.note": (
        Grant("area", frozenset({"worker", "lead", "director"})),
        Grant("anywhere", frozenset({"administrator"})),
    ),
    "patrol.see": (Grant("area", frozenset({"worker", "lead", "director", "duty_lead", "adviser"})),),
    "patrol.walk": (Grant("area", frozenset({"worker", "lead", "director"})),),
    "patrol.plan": (Grant("area", frozenset({"lead", "director"})),),
    "visit.see": (Grant("area", frozenset({"worker", "lead", "director"})),),
    "visit.agree": (Grant("area", frozenset({"worker", "lead", "director"})),),
    "people.see": (
        Grant("anywhere", frozenset({"administrator", "director", "duty_lead", "dispatcher", "supervisor"})),
    ),
    "people.edit": (Grant("anywhere", frozenset({"administrator"})),),
    "catalogue.see": (Grant("anywhere"),),
    "catalogue.edit": (Grant("anywhere", frozenset({"administrator"})),),
    "calendar.edit": (Grant("anywhere", frozenset({"administrator"})),),
    "patterns.see": (Grant("anywhere"),),
    "suggestion.answer": (Grant("anywhere", frozenset({"administrator", "duty_lead"})),),
    "token.edit": (Grant("anywhere", frozenset({"administrator"})),),
    "figures.see": (
        Grant(
            "anywhere",
            frozenset(
                {
                    "lead",
                    "director",
                    "adviser",
                    "dispatcher",
                    "duty_lead",
                    "unit_head",
                    "evaluator",
                    "supervisor",
                }
            ),
        ),
    ),
    "figures.export": (
        Grant("anywhere", frozenset({"director", "duty_lead", "evaluator", "supervisor"}), strong=True),
    ),
    "journal.see": (Grant("anywhere", frozenset({"supervisor"})),),
    "access_log.see": (Grant("anywhere", frozenset({"supervisor", "privacy_officer"})),),
    "identity.open": (Grant("anywhere", frozenset({"identity_officer"})),),
    "privacy.erase": (Grant("anywhere", frozenset({"privacy_officer"})),),
}

_relations: dict[str, dict[str, Relation]] = {}
ANYWHERE = Relation(check=lambda hat, row: True, rows=lambda hat: Q())


def register_relations(noun: str, relations: dict[str, Relation]) -> None:
    """A noun tells what access may ask about its rows. Called once, when its app is ready."""
    _relations[noun] = {"anywhere": ANYWHERE, **relations}


def register_grants(grants: dict[str, tuple[Grant, ...]]) -> None:
    """The workflow table hands over who takes its moves. An action has one home, so a second one is an error."""
    for action, rows in grants.items():
        if GRANTS.get(action, rows) != rows:
            raise ValueError(f"two homes for {action}")
        GRANTS[action] = rows


def may(actor: Actor, action: str, row: Any = None) -> Verdict:
    """May `actor` do `action` to `row`? `row` None asks whether any of the actor's posts could at all."""
    grants = GRANTS[action]
    if actor.kind == "system":
        return Verdict(True)
    if actor.kind == "reporter":
        return _reporter_may(actor, grants, row)
    if _beyond_token(actor, action):
        return Verdict(False, "scope")
    waiting_for_factor = False
    for hat in actor.hats:
        for grant in grants:
            if not _fits(grant, hat, row, noun_of(action)):
                continue
            if needs_factor(hat, actor) or (grant.strong and not actor.strong):
                waiting_for_factor = True
                continue
            return Verdict(True, hat=hat, logged=grant.logged)
    return Verdict(False, "second_factor" if waiting_for_factor else "not_yours")


def could(actor: Actor, action: str, row: Any = None) -> bool:
    """May do it, or may once a second factor was shown: for whom a page shows the way there."""
    verdict = may(actor, action, row)
    return bool(verdict) or verdict.reason == "second_factor"


def check_allowed(verdict: Verdict) -> None:
    """Go on, or say in words why not."""
    if verdict:
        return
    if verdict.reason == "second_factor":
        raise Refused(_("Please confirm with your second factor first."), code="second_factor")
    if verdict.reason == "scope":
        raise Refused(_("This token is not made for that."), code="scope")
    raise Refused(_("This step belongs to somebody else."), code="not_yours")


def visible(actor: Actor, action: str, noun: str, *, open_only: bool = False) -> Q:
    """The rows of `noun` on which `may(actor, action, row)` says yes, as one condition.

    `open_only` promises that the query asks for open rows alone: of what there ever was they are a small part, and some
    relations find them without the rest.
    """
    if actor.kind == "system":
        return Q()
    found = NOTHING
    if actor.kind == "reporter" or _beyond_token(actor, action):
        return found
    for hat in actor.hats:
        if needs_factor(hat, actor):
            continue
        for grant in GRANTS[action]:
            if grant.kind != "staff" or not _wears(grant, hat) or (grant.strong and not actor.strong):
                continue
            rows = _relations[noun][grant.relation].condition(hat, open_only=open_only)
            if grant.sensitivity != ANY_SENSITIVITY:
                rows &= Q(sensitivity__in=sorted(grant.sensitivity))
            if not rows:  # an empty condition means every row
                return Q()
            found = rows if found is NOTHING else found | rows
    return found


def ways(actor: Actor, action: str, noun: str, *, open_only: bool = False) -> list[Q]:
    """What `visible` says, taken apart: rows that any of these lets through.

    An index keeps the rows of one relation in order; nothing keeps the rows of several in order, so a store that is
    asked for the first few of all at once reads everything.
    """
    reach = visible(actor, action, noun, open_only=open_only)
    if reach.connector != Q.OR or reach.negated:
        return [reach]
    return [Q(one) for one in reach.children]


def stands(actor: Actor, action: str, relation: str) -> bool:
    """One of the actor's hats is granted this to whatever it has this relation to."""
    return any(
        grant.relation == relation and grant.kind == "staff" and _wears(grant, hat)
        for hat in actor.hats
        for grant in GRANTS[action]
        if not needs_factor(hat, actor)
    )


def who(action: str, row: Any) -> Q:
    """The posts that may do `action` to `row`, as a condition on `people.Post`."""
    noun = _relations[noun_of(action)]
    found = NOTHING
    for grant in GRANTS[action]:
        relation = noun[grant.relation] if grant.kind == "staff" else None
        if relation is None or relation.posts is None or not _good_for(grant, row):
            continue
        posts = relation.posts(row)
        if grant.roles is not None:
            posts &= Q(role__in=sorted(grant.roles))
        if grant.levels is not None:
            posts &= Q(level__in=sorted(grant.levels))
        found = posts if found is NOTHING else found | posts
    return found


def noun_of(action: str) -> str:
    return action.split(".", 1)[0]


def needs_factor(hat: Hat, actor: Actor) -> bool:
    """True when this hat counts only after a second factor, and none was shown."""
    return ROLES[hat.role].strong and not actor.strong


def _reporter_may(actor: Actor, grants: Iterable[Grant], row: Any) -> Verdict:
    known = row is not None and actor.case_id == row.pk
    if known and any(grant.kind == "reporter" for grant in grants):
        return Verdict(True)
    return Verdict(False, "not_yours")


def _fits(grant: Grant, hat: Hat, row: Any, noun: str) -> bool:
    if grant.kind != "staff" or not _wears(grant, hat):
        return False
    if row is None or grant.relation == "anywhere":
        return True
    return _good_for(grant, row) and _relations[noun][grant.relation].check(hat, row)


def _wears(grant: Grant, hat: Hat) -> bool:
    return (grant.roles is None or hat.role in grant.roles) and (
        grant.levels is None or hat.level in grant.levels
    )


def _good_for(grant: Grant, row: Any) -> bool:
    return getattr(row, "sensitivity", NORMAL) in grant.sensitivity


def _beyond_token(actor: Actor, action: str) -> bool:
    """A token does only what its scopes name: `case:read` covers looking, `case:write` the moves, others by noun."""
    if actor.via != "api":
        return False
    noun, verb = action.split(".", 1)
    looking = verb in {"list", "read", "see"}
    return f"{noun}:{'read' if looking else 'write'}" not in (actor.scopes or frozenset())
