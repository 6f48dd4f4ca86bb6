"""What nearly every act looks up about a case, by statements that are written once; nobody is asked whether they may.

Pages and the API come through `queries`, which judges what these find.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from gewu.core.errors import NotFound
from gewu.domain.areas import paths
from gewu.domain.cases.models import Case, Party, Report
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.people.models import Unit
from gewu.domain.statements import ID, TEXT, Prepared, Slot

# What lists and pages name of a case.
NAMED = (
    "condition",
    "condition__subclass",
    "filed_area",
    "holder_post",
    "holder_post__unit",
    "holder_unit",
)
WHOLE = (*NAMED, "holder_post__area", "place")

_SHOWN = Prepared(lambda: Case.objects.select_related(*WHOLE).filter(number=Slot("number", TEXT)))
_TAKING_PART = Prepared(lambda: Party.objects.select_related("unit", "post").filter(case=Slot("case", ID)))
_CASE = Prepared(
    lambda: Case.objects.select_related("holder_post", "holder_unit", "department")
    .filter(number=Slot("number", TEXT))
)  # fmt: skip
_PARTIES = Prepared(lambda: Party.objects.filter(case=Slot("case", ID)))
_JOINED_WITH = Prepared(
    lambda: Case.objects.filter(merged_into=Slot("case", ID)).values_list("pk", flat=True)
)
_REPORTS = Prepared(lambda: Report.objects.filter(case=Slot("case", ID)).order_by("filed_at"))
_REPORT = Prepared(lambda: Report.objects.select_related("case").filter(pk=Slot("report", ID)))
_REPORT_NUMBERED = Prepared(
    lambda: Report.objects.filter(number=Slot("number", TEXT)).values_list("pk", flat=True)
)


def to_act(number: str) -> Case | None:
    """A case with what an act asks of it: holder, department, condition, parties."""
    case = _CASE.first(number=number)
    if case is not None:
        case.condition = catalogue.content_of(case.condition_id)
        _know_parties(case, _PARTIES(case=case.pk))
    return case


def to_show(number: str) -> Case | None:
    """A case with all that pages name of it, its parties with their posts and units."""
    case = _SHOWN.first(number=number)
    if case is not None:
        _know_parties(case, _TAKING_PART(case=case.pk))
    return case


def _know_parties(case: Case, parties: list[Party]) -> None:
    """What `prefetch_related` does: `case.parties.all()` asks no more."""
    for party in parties:
        party.case = case
    fetched: Any = case.parties.all()
    fetched._result_cache, fetched._prefetch_done = parties, True
    vars(case)["_prefetched_objects_cache"] = {"parties": fetched}


def reports_of(case: Case) -> list[Report]:
    """All ties to a case by their time of filing, also those that came with cases joined to it."""
    reports = [one for key in (case.pk, *_JOINED_WITH(case=case.pk)) for one in _REPORTS(case=key)]
    return sorted(reports, key=lambda one: one.filed_at)


def report(report_id: UUID) -> Report:
    """One reporter's tie, with its case."""
    found = _REPORT.first(report=report_id)
    if found is None:
        raise NotFound
    return found


def report_numbered(number: str) -> UUID | None:
    """Whose receipt has this number."""
    return _REPORT_NUMBERED.first(number=number)


def unit_for(condition: Any, level: str, scope_path: str) -> Unit | None:
    """The unit that the category's rule names from `level` on, serving this place."""
    kind = condition.unit_rule.get(level)
    if not kind:
        return None
    above = paths.covering(scope_path)
    return _serving(len(above)).first(kind=kind, **{f"path{place}": path for place, path in enumerate(above)})


@cache
def _serving(depth: int) -> Prepared[Unit]:
    """Units of a kind that serve a place so deep in the tree of areas."""
    above = [Slot(f"path{place}", TEXT) for place in range(depth)]
    return Prepared(
        lambda: (
            Unit.objects.filter(kind__code=Slot("kind", TEXT), is_active=True)
            .filter(Q(area=None) | Q(area__path__in=above) | Q(coverage__area__path__in=above))
            .order_by("code")[:1]
        )
    )
