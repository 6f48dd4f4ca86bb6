"""A case's history: its acts in their order, with what was written and shown with each, and the cases tied to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from gewu.domain.access.actor import Actor
from gewu.domain.cases.clocks import TELLING
from gewu.domain.cases.models import Case, CasePhoto, CaseText
from gewu.domain.cases.relations import RELATIONS
from gewu.domain.journal import queries as journal
from gewu.domain.journal.models import Entry
from gewu.domain.people.queries import day_of

_TELLING = frozenset({"case.report", "case.joined", "case.stuck"})


@dataclass(frozen=True)
class Story:
    """One act as history shows it, with the words that came with it."""

    entry: Entry
    texts: list[tuple[CaseText, str]] = field(default_factory=list)
    photos: list[CasePhoto] = field(default_factory=list)
    day_only: bool = False

    @property
    def at(self) -> datetime:
        """When it was done, as far as its reader is told."""
        return day_of(self.entry.at) if self.day_only else self.entry.at


def tells_hour(entry: Entry) -> bool:
    """Its moment is the reporter's, whoever typed it in, or follows from it: of a confidential case the day is told."""
    if entry.kind == "case.warned":
        return entry.data.get("clock") in TELLING
    return entry.actor_kind == "reporter" or entry.kind in _TELLING


def acts(case: Case, *, before: int | None, most: int) -> tuple[list[Entry], bool]:
    """A page of acts, newest last, and whether there are earlier ones."""
    entries = [
        entry
        for entry in journal.history(("case", case.pk))
        if before is None or (entry.subject_version or 0) < before
    ]
    return entries[-most:], len(entries) > most


def told(case: Case, actor: Actor, entries: list[Entry]) -> tuple[list[CaseText], list[CasePhoto]]:
    """What was written and shown with these acts, as far as this reader sees it."""
    versions = [entry.subject_version for entry in entries if entry.subject_version is not None]
    shown = parts_for(actor)
    rows = CaseText.objects.filter(shown, case=case, version__in=versions)
    if has_part(actor, case):
        rows = rows.exclude(kind="rating")
    return list(rows), list(CasePhoto.objects.filter(shown, case=case, version__in=versions))


def has_part(actor: Actor, case: Case) -> bool:
    """Works or worked on it: a handler never learns who rated what (rules.md 1), and words have a hand."""
    return any(RELATIONS["party"].check(hat, case) for hat in actor.hats)


def tell(
    entries: list[Entry],
    rows: list[CaseText],
    photos: list[CasePhoto],
    words: Mapping[UUID, str],
    *,
    hide_hours: bool = False,
) -> list[Story]:
    """Each act with its own words and photos; `hide_hours`: by the day where its moment tells when a reporter acted."""
    return [
        Story(
            entry,
            [
                (row, words[row.text_id])
                for row in rows
                if row.version == entry.subject_version and row.text_id in words
            ],
            [photo for photo in photos if photo.version == entry.subject_version],
            day_only=hide_hours and tells_hour(entry),
        )
        for entry in entries
    ]


def parts_for(actor: Actor) -> Q:
    """Which texts and photos of a case a reader sees: a reporter what is public and their own, staff everything.

    What came with another report is never shown to a reporter, whoever typed it in: neighbours know each other's hands.
    """
    if actor.kind != "reporter":
        return Q()
    return Q(public=True, by_reporter=False, report_id=None) | Q(report_id=actor.report_id)


def tied(case: Case, entries: list[Entry]) -> list[Case]:
    """Joined cases by their index; parts and parent by what history and case themselves name."""
    split = {UUID(one.data["other"]) for one in entries if one.kind == "case.split" and one.data.get("other")}
    named = split | ({case.split_from_id} if case.split_from_id else set())
    mine = Q(merged_into=case)
    rows = Case.objects.filter(mine | Q(pk__in=named) if named else mine)
    return list(rows.select_related("condition__subclass").order_by("filed_at"))
