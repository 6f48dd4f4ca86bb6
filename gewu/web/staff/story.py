"""A case's history as a story: who did what by post, how long it took, its photos in pairs, and where the time went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gewu.core.levels import LADDER
from gewu.domain.cases.models import Case, Stage
from gewu.domain.cases.queries import CaseView
from gewu.domain.cases.story import Story
from gewu.domain.cases.workflow import ENDED
from gewu.domain.names import called
from gewu.domain.people.models import Post
from gewu.domain.people.queries import day_of

BAR = 1000  # width of the ledger's bar in its own units


@dataclass
class Chapter:
    """An act as the page tells it. `by` is the post, or what kind of actor; `after` how long since the act before.
    What clocks said one after the other is one chapter: nobody reads ten times that time is running."""

    story: Story
    by: str
    after: timedelta | None
    is_last: bool = False
    warnings: list[Story] = field(default_factory=list)


@dataclass(frozen=True)
class Share:
    """The time a level had, as words, and as its part of the bar."""

    level: str
    time: timedelta
    percent: int
    x: int
    width: int


@dataclass(frozen=True)
class Relations:
    """Cases tied to this one."""

    joined: list[Case]
    parts: list[Case]
    parent: Case | None


def context(view: CaseView, now: datetime) -> dict[str, Any]:
    """Chapters, ledger, photos before and after, clocks that run and those that ended, relations."""
    photos = [photo for one in view.story for photo in one.photos]
    return {
        "chapters": _chapters(view.story, _titles(view.story)),
        "shares": shares(view.stages, day_of(now) if view.by_day else now),
        "before": [one for one in photos if one.kind != "after"],
        "after": [one for one in photos if one.kind == "after"],
        "running": [one for one in view.clocks if one.stopped_at is None],
        "ended": [one for one in view.clocks if one.stopped_at is not None],
        "tied": _relations(view),
    }


def shares(stages: Iterable[Stage], now: datetime) -> list[Share]:
    """Time by level, lowest first: what was booked to it, until now for the open stretch."""
    times: dict[str, timedelta] = {}
    for stage in stages:
        time = (stage.ended_at or now) - stage.began_at
        if stage.state not in ENDED:
            times[stage.charged_level] = times.get(stage.charged_level, timedelta()) + time
    return _bar(times)


def _bar(times: dict[str, timedelta]) -> list[Share]:
    whole = sum(times.values(), timedelta())
    if not whole:
        return []
    found: list[Share] = []
    for level in LADDER:
        if times.get(level):
            start = found[-1].x + found[-1].width if found else 0
            part = times[level] / whole
            found.append(Share(level, times[level], round(100 * part), start, max(4, round(BAR * part))))
    return found


def _chapters(story: list[Story], titles: dict[UUID, str]) -> list[Chapter]:
    found: list[Chapter] = []
    before = None
    for one in story:
        is_warning = one.entry.kind == "case.warned"
        if is_warning and found and found[-1].warnings:
            found[-1].warnings.append(one)
            continue
        post = one.entry.post_id if one.entry.actor_kind == "staff" else None
        after = None if before is None or one.day_only else one.entry.at - before
        found.append(
            Chapter(one, titles.get(post, "") if post else "", after, warnings=[one] if is_warning else [])
        )
        before = None if one.day_only else one.entry.at
    if found:
        found[-1].is_last = True
    return found


def _titles(story: list[Story]) -> dict[UUID, str]:
    """Posts, never persons: the seat acted, whoever sat on it."""
    posts = {one.entry.post_id for one in story if one.entry.post_id and one.entry.actor_kind == "staff"}
    found = Post.objects.filter(pk__in=posts).values_list("id", "title", "names") if posts else []
    return {post: called(title, names) for post, title, names in found}


def _relations(view: CaseView) -> Relations:
    tied = view.tied
    return Relations(
        joined=[one for one in tied if one.merged_into_id == view.case.pk],
        parts=[one for one in tied if one.split_from_id == view.case.pk],
        parent=next((one for one in tied if one.pk == view.case.split_from_id), None),
    )
