"""What access may ask about a case: how a post stands to it.

Each relation stands twice, side by side: as a check on one case (whose parties are loaded) and as a condition on many.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.lookups import Exact

from gewu.core import levels
from gewu.domain.access.actor import Hat
from gewu.domain.access.table import Relation, register_relations
from gewu.domain.areas import paths
from gewu.domain.areas.queries import within
from gewu.domain.cases.models import GRID_PATH, Case, Party, Report, beginning
from gewu.domain.cases.rules import RETURNS_TO_DECIDE
from gewu.domain.statements import ID, Prepared, Slot


def register() -> None:
    """Hand the relations and the workflow's grants to the access table."""
    from gewu.domain.access.table import register_grants
    from gewu.domain.cases.workflow import grants

    register_relations("case", RELATIONS)
    register_relations("photo", {"area": RELATIONS["area"]})  # asked with the case the photo belongs to
    register_grants(grants())


def below(path: str) -> Q:
    """The cases of an area and all beneath it; "" is everything.

    A range over the path, as other rows have it (`areas.queries.within`), would have to be sorted by deadline. With the
    beginning of the path equal, an index holds the open cases of a community or a grid in that order.
    """
    if not path:
        return Q()
    whole = Q(Exact(beginning(min(len(path), GRID_PATH)), path[:GRID_PATH]))
    return whole if len(path) <= GRID_PATH else whole & within(path, "scope_path")


def covers(hat: Hat, case: Case) -> bool:
    """The case lies in the area of the hat's post."""
    return case.scope_path.startswith(hat.area_path)


def holds(hat: Hat, case: Case) -> bool:
    """The hat's post holds the case, or its unit does."""
    if case.holder_post_id is not None:
        return bool(case.holder_post_id == hat.post_id)
    return case.holder_unit_id is not None and case.holder_unit_id == hat.unit_id


def _hold_rows(hat: Hat) -> Q:
    held = Q(holder_post_id=hat.post_id)
    return held | Q(holder_post=None, holder_unit_id=hat.unit_id) if hat.unit_id else held


def _is_party(hat: Hat, case: Case, relations: frozenset[str]) -> bool:
    return any(party.relation in relations and _is_hats(party, hat) for party in case.parties.all())


def _is_hats(party: Party, hat: Hat) -> bool:
    return party.post_id == hat.post_id or (party.unit_id is not None and party.unit_id == hat.unit_id)


def _party_rows(hat: Hat, which: Q, *, open_only: bool = False) -> Q:
    # Ids, not EXISTS: an area's range and a list of ids can each use their own index, a correlated subquery cannot.
    # Post and unit apart: SQLite sees of an OR each side by itself, and would not find the index of open cases.
    parts = _of_open(Party.objects.filter(which), open_only).values("case_id")
    mine = Q(pk__in=parts.filter(post_id=hat.post_id))
    return mine | Q(pk__in=parts.filter(unit_id=hat.unit_id)) if hat.unit_id else mine


def _of_open(rows: QuerySet[Any], open_only: bool) -> QuerySet[Any]:
    """Of all a team or a clerk ever had to do with, open cases are a small part; an index keeps them apart."""
    return rows.filter(of_open=True) if open_only else rows


ANY_PART = frozenset({"held", "helper", "whistled", "heard"})
# Parts that go on: who helps or was whistled until it leaves, who is heard until it has spoken or was decided.
GOING_ON = Q(until=None) & (Q(relation__in=["helper", "whistled"]) | Q(relation="heard", answered_at=None))


def _takes_part(hat: Hat, case: Case) -> bool:
    return any(
        party.until is None
        and (
            party.relation in {"helper", "whistled"}
            or (party.relation == "heard" and party.answered_at is None)
        )
        and _is_hats(party, hat)
        for party in case.parties.all()
    )


def has_yet_to(hat: Hat, case: Case, move: str) -> bool:
    """A call is answered once, and who has left or holds the case as its leader does not leave: not offered again.

    The functions of the moves refuse it too, with words; of all other moves it says nothing.
    """
    mine = [party for party in case.parties.all() if party.until is None and _is_hats(party, hat)]
    if move == "confirm_arrival":
        return any(party.relation == "whistled" and party.answered_at is None for party in mine)
    if move == "leave":
        parts = [party for party in mine if party.relation in {"helper", "whistled"}]
        return any(not (party.leads and party.unit_id == case.holder_unit_id) for party in parts)
    return True


def _stands_above(hat: Hat, case: Case) -> bool:
    """The next level up over the case's area; above the district there is only the district itself."""
    return covers(hat, case) and hat.level == (levels.above(case.level) or levels.DISTRICT)


def _above_rows(hat: Hat) -> Q:
    lower = [level for level in levels.LADDER if (levels.above(level) or levels.DISTRICT) == hat.level]
    return below(hat.area_path) & Q(level__in=lower)


def _reach(hat: Hat) -> tuple[str, ...]:
    """The levels whose cases this hat triages: its own and those below. The subdistrict also routes and checks what
    lies with a department (rules.md 2: handing up to D is confirmed by its dispatcher); the district only its own."""
    if hat.level == levels.DISTRICT:
        return (levels.DISTRICT,)
    if hat.level == levels.SUBDISTRICT:
        return levels.LADDER
    return levels.LADDER[: levels.LADDER.index(hat.level) + 1]


def _triages(hat: Hat, case: Case) -> bool:
    return covers(hat, case) and case.level in _reach(hat)


def _triage_rows(hat: Hat) -> Q:
    return below(hat.area_path) & Q(level__in=_reach(hat))


def _at_desk(hat: Hat, case: Case) -> bool:
    """The case waits with the triage of the hat's own level: nobody holds it yet."""
    nobody = case.holder_post_id is None and case.holder_unit_id is None
    return nobody and covers(hat, case) and case.level == hat.level


def _desk_rows(hat: Hat) -> Q:
    return below(hat.area_path) & Q(level=hat.level, holder_post=None, holder_unit=None)


def _holder_posts(case: Case) -> Q:
    if case.holder_post_id:
        return Q(pk=case.holder_post_id)
    return Q(unit_id=case.holder_unit_id) if case.holder_unit_id else Q(pk__in=[])


def _posts_over(case: Case) -> Q:
    """Posts whose area holds the case: their path is a beginning of the case's path."""
    path = case.scope_path
    return Q(area__path__in=paths.covering(path))


def _part_rows(hat: Hat, *, open_only: bool = False) -> Q:
    return _hold_rows(hat) | _party_rows(hat, Q(relation__in=sorted(ANY_PART)), open_only=open_only)


def _entered_rows(hat: Hat, *, open_only: bool = False) -> Q:
    return Q(pk__in=_of_open(Report.objects.filter(entered_by=hat.post_id), open_only).values("case_id"))


_ENTERED_BY = Prepared(
    lambda: Report.objects.filter(case=Slot("case", ID)).values_list("entered_by", flat=True)
)


def _entered(hat: Hat, case: Case) -> bool:
    fetched = vars(case).get("_prefetched_objects_cache", {}).get("reports")
    by = _ENTERED_BY(case=case.pk) if fetched is None else [one.entered_by for one in fetched]
    return hat.post_id in by


RELATIONS = {
    "area": Relation(covers, lambda hat: below(hat.area_path), _posts_over),
    "area_open": Relation(
        lambda hat, case: case.is_open and covers(hat, case),
        lambda hat: below(hat.area_path) & Q(is_open=True),
        _posts_over,
    ),
    "holder": Relation(holds, _hold_rows, _holder_posts),
    "helper": Relation(
        lambda hat, case: _is_party(hat, case, frozenset({"helper", "whistled"})),
        lambda hat: _party_rows(hat, Q(relation__in=["helper", "whistled"])),
    ),
    "whistled": Relation(
        lambda hat, case: _is_party(hat, case, frozenset({"whistled"})),
        lambda hat: _party_rows(hat, Q(relation="whistled")),
    ),
    # Holds it now, held it before, helps, was whistled or heard.
    "party": Relation(
        lambda hat, case: holds(hat, case) or _is_party(hat, case, ANY_PART),
        _part_rows,
        _holder_posts,
        partial(_part_rows, open_only=True),
    ),
    # Works on it now: holds it, helps, was whistled, or is asked for its word.
    "assigned": Relation(
        lambda hat, case: holds(hat, case) or _takes_part(hat, case),
        lambda hat: _hold_rows(hat) | _party_rows(hat, GOING_ON),
        _holder_posts,
    ),
    "triage": Relation(_triages, _triage_rows, lambda case: _posts_over(case) & Q(level=case.level)),
    "desk": Relation(_at_desk, _desk_rows),
    "at_district": Relation(
        lambda hat, case: covers(hat, case) and case.level == levels.DISTRICT,
        lambda hat: below(hat.area_path) & Q(level=levels.DISTRICT),
    ),
    "above": Relation(
        _stands_above,
        _above_rows,
        lambda case: _posts_over(case) & Q(level=levels.above(case.level) or levels.DISTRICT),
    ),
    # Of the subdistrict's cases the district sees those that wait for it: overdue, or to be decided.
    "up_to_district": Relation(
        lambda hat, case: (
            covers(hat, case)
            and case.level == levels.SUBDISTRICT
            and (case.overdue_at is not None or case.returns >= RETURNS_TO_DECIDE)
        ),
        lambda hat: (
            below(hat.area_path)
            & Q(level=levels.SUBDISTRICT)
            & (Q(overdue_at__isnull=False) | Q(returns__gte=RETURNS_TO_DECIDE))
        ),
    ),
    # A district department sees the cases of a category that starts with it.
    "category": Relation(
        lambda hat, case: (
            case.start_level == levels.DISTRICT
            and hat.unit_id is not None
            and case.department_id == hat.unit_id
        ),
        lambda hat: (
            Q(start_level=levels.DISTRICT, department_id=hat.unit_id) if hat.unit_id else Q(pk__in=[])
        ),
    ),
    "entered": Relation(
        _entered,
        _entered_rows,
        open_rows=partial(_entered_rows, open_only=True),
    ),
}
