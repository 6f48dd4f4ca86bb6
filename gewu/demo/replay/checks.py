"""What must hold after a replay, whatever was played: each sentence names one thing that does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db.models import Count, F, Max, Min, Q

from gewu.core.errors import GewuError
from gewu.domain.cases import clocks
from gewu.domain.cases.by_day import as_told
from gewu.domain.cases.models import Case, Clock, Stage
from gewu.domain.figures import proof
from gewu.domain.journal.models import Entry
from gewu.domain.journal.verify import verify
from gewu.domain.privacy import receipts

TOLD = 50


def broken(
    *,
    acknowledged: Collection[str],
    secrets: Mapping[str, str],
    promised: Mapping[str, datetime],
    now: datetime,
) -> tuple[str, ...]:
    """Everything that does not hold. `acknowledged`: numbers given to reporters; `secrets`: of some receipts;
    `promised`: the deadlines that were recorded."""
    return (
        *islice(_journal(now), TOLD),
        *(f"figures: {finding.message} ({finding.where})" for finding in islice(proof.prove(), TOLD)),
        *islice(_missing(acknowledged), TOLD),
        *islice(_versions(), TOLD),
        *islice(_stages(), TOLD),
        *islice(_clocks(), TOLD),
        *islice(_promises(promised), TOLD),
        *islice(_receipts(secrets, now), TOLD),
    )


def _journal(now: datetime) -> Iterator[str]:
    for finding in verify(heads=settings.HEADS, now=now):
        if finding.severity != "note":
            yield f"journal: {finding.message} ({finding.where})"


def _missing(acknowledged: Collection[str]) -> Iterator[str]:
    there = set(Case.objects.values_list("number", flat=True))
    for number in sorted(set(acknowledged) - there):
        yield f"{number}: acknowledged, and not there"


def _versions() -> Iterator[str]:
    """The entries of a case are 1, 2, 3 ... up to its version, each once."""
    written = Entry.objects.filter(subject_kind="case", subject_version__isnull=False).values_list(
        "subject_id"
    )
    spans = {
        row[0]: row[1:]
        for row in written.annotate(
            n=Count("id"), first=Min("subject_version"), last=Max("subject_version")
        ).order_by()
    }
    for pk, number, version in Case.objects.values_list("id", "number", "version"):
        if spans.get(pk) != (version, 1, version):
            yield f"{number}: version {version}, entries {spans.get(pk)}"


def _stages() -> Iterator[str]:
    """An open case has one open stretch in the time ledger, an ended one has none."""
    counted = dict(
        Stage.objects.filter(ended_at=None).values_list("case_id").annotate(n=Count("id")).order_by()
    )
    for pk, number, is_open in Case.objects.values_list("id", "number", "is_open"):
        if counted.get(pk, 0) != int(is_open):
            yield f"{number}: {counted.get(pk, 0)} open stages"


def _clocks() -> Iterator[str]:
    """Ended cases have no running clock; what an open one is sorted by is its earliest deadline."""
    for number in Clock.objects.filter(
        stopped_at=None, case__is_open=False, case__merged_into=None
    ).values_list("case__number", flat=True):
        yield f"{number}: ended, and a clock runs"
    for number in Clock.objects.filter(Q(stopped_at__lt=F("started_at"))).values_list(
        "case__number", flat=True
    ):
        yield f"{number}: a clock stopped before it began"
    due: dict[object, list[datetime]] = defaultdict(list)
    running = Clock.objects.filter(stopped_at=None, due_at__isnull=False, case__is_open=True)
    for case_id, moment in running.values_list("case_id", "due_at"):
        if moment is not None:
            due[case_id].append(moment)
    for case in Case.objects.filter(is_open=True).only("id", "number", "due_at", "sensitivity"):
        first = min(due.get(case.pk, [clocks.NOTHING_DUE]))
        if case.due_at != (first if first == clocks.NOTHING_DUE else as_told(case, first)):
            yield f"{case.number}: sorted by {case.due_at}, due {due.get(case.pk)}"


def _promises(promised: Mapping[str, datetime]) -> Iterator[str]:
    """The promise ends at the very moment that was recorded, and there is none where none was.

    A few were recorded as due before they were filed: their time is over at the moment the clock begins.
    """
    if not promised:
        return
    begun = Clock.objects.filter(kind=clocks.PROMISE).values_list("case__number", "due_at", "started_at")
    for number, due, began in begun:
        given = promised.get(number)
        if given is None or due != max(given, began):
            yield f"{number}: promised for {given}, the clock says {due}"


def _receipts(secrets: Mapping[str, str], now: datetime) -> Iterator[str]:
    for number, secret in secrets.items():
        try:
            receipts.check(number, secret, address="replay", now=now)
        except GewuError as error:
            yield f"{number}: its receipt is refused ({error.code})"
