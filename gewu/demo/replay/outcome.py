"""What a replay says at its end, and the digest by which two replays are compared."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import F

from gewu.domain.cases.models import Case, Clock


@dataclass(frozen=True)
class Outcome:
    """The figures of one replay."""

    cases: int
    accepted: int
    located: int
    location_agreement: float | None
    closed: int
    reopened: int
    by_level: dict[str, int]
    in_time: int
    invariants_broken: int
    seconds: float
    cases_per_second: float
    digest: str
    refused: dict[str, int]
    broken: tuple[str, ...] = ()


def measure(
    *, agreement: float | None, broken: tuple[str, ...], seconds: float, refused: Mapping[str, int]
) -> Outcome:
    """Read the store and say what became of the cases."""
    cases = Case.objects.count()
    kept = Clock.objects.filter(kind="promise", stopped_at__isnull=False, counted__lte=F("limit_seconds"))
    levels = Counter(Case.objects.values_list("level", flat=True))
    return Outcome(
        cases=cases,
        accepted=Case.objects.filter(accepted_at__isnull=False).count(),
        located=Case.objects.filter(lon__isnull=False).count(),
        location_agreement=agreement,
        closed=Case.objects.filter(is_open=False).count(),
        reopened=Case.objects.filter(reopened__gt=0).count(),
        by_level={level: levels[level] for level in "GVSD"},
        in_time=kept.filter(case__state="closed").values("case_id").distinct().count(),
        invariants_broken=len(broken),
        seconds=round(seconds, 1),
        cases_per_second=round(cases / seconds, 1) if seconds else 0.0,
        digest=digest(),
        refused=dict(sorted(refused.items())),
        broken=broken,
    )


def digest() -> str:
    """One hash over every case and its clocks, in an order no store decides; the same on both stores for one seed."""
    out = hashlib.sha256()
    clocks = _clocks()
    rows = Case.objects.values_list("number", "state", "holder_post__code", "holder_unit__code", "level")
    # Sorted here: stores collate differently.
    for number, state, post, unit, level in sorted(rows, key=lambda row: row[0]):
        held = post or unit or ""
        line = "|".join((number, state, held, level, *clocks.get(number, ())))
        out.update(f"{line}\n".encode())
    return out.hexdigest()


def _clocks() -> dict[str, list[str]]:
    rows = sorted(_clock_rows())
    return {
        number: [word for _number, word in group] for number, group in groupby(rows, key=lambda row: row[0])
    }


def _clock_rows() -> Iterator[tuple[str, str]]:
    fields = ("case__number", "kind", "started_at", "due_at", "stopped_at")
    for number, kind, started, due, stopped in Clock.objects.values_list(*fields).iterator(chunk_size=5000):
        yield number, f"{kind} {_moment(started)} {_moment(due)} {_moment(stopped)}"


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at is not None else "-"
