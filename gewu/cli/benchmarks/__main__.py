"""One store, one process: `python -m gewu.cli.benchmarks JOB`. Prints a line of JSON for each figure."""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gewu.cli.benchmarks.copies import Book
    from gewu.cli.benchmarks.results import Figure

SMALL = 10_000
FILLED = frozenset({"queue", "case", "dashboard", "verify"})  # need many cases


def main() -> None:
    job = json.loads(sys.argv[1])
    os.environ["DJANGO_SETTINGS_MODULE"] = "gewu.config.settings"
    import django

    django.setup()
    for one in _figures(job):
        print(json.dumps(one.as_dict()), flush=True)


def _figures(job: dict[str, Any]) -> Iterable[Figure]:
    from gewu.cli.benchmarks import intake, reading, results, serving, town, whole

    results.set_rounds(job["rounds"])
    names, store, now = set(job["names"]), job["store"], _moment(job)
    town.open_place(now - timedelta(weeks=5))
    if names & FILLED:
        yield from _filled(job, names)
    if "locate" in names and store == "sqlite":
        yield from reading.locate(store)
    if "start" in names:
        yield from serving.start(store)
    if "memory" in names:
        yield from serving.memory(store)
    if "replay" in names:
        yield from whole.replay(store)
    if "intake" in names:  # last: its floor leaves rows behind that nobody can open
        yield from intake.measure(store, job["url"], now)


def _filled(job: dict[str, Any], names: set[str]) -> Iterable[Figure]:
    from gewu.cli.benchmarks import copies, reading, whole
    from gewu.cli.benchmarks.results import Sample, figure
    from gewu.domain.areas.models import Area
    from gewu.domain.insight.queries import dashboard

    store, cases, now = job["store"], job["cases"], _moment(job)
    small = min(SMALL, cases)
    begun = time.perf_counter()
    book, held = _book(job)
    copier = copies.Copier(book, held=held)
    if not held:
        copier.share()
    copier.fill(small, now=now)
    path = Area.objects.get(level="subdistrict").path
    before = reading.medians(reading.lists(now) | {"dashboard": lambda: dashboard(path, now=now)})
    copier.fill(cases, now=now)
    whole.analyse()
    yield figure(f"filled with {cases} cases", store, Sample.of([time.perf_counter() - begun]), "s")
    if "queue" in names:
        yield from reading.queue(store, now, before)
    if "case" in names:
        yield from reading.case(store, now)
    if "dashboard" in names:
        yield from reading.overview(store, now, before["dashboard"])
    if "verify" in names:
        yield from whole.verify(store)


def _moment(job: dict[str, Any]) -> datetime:
    """When the run began; the same on every store, since ids follow from it."""
    return datetime.fromisoformat(job["now"])


def _book(job: dict[str, Any]) -> tuple[Book, int]:
    """The originals: made here on the first store, read from a file on the next one."""
    from gewu.cli.benchmarks import copies

    file = Path(job["book"])
    if file.exists():
        return pickle.loads(file.read_bytes()), 0  # noqa: S301 - written by this very run
    book = copies.make_originals(job["made"], _moment(job))
    file.write_bytes(pickle.dumps(book))
    return book, len(book.originals)


if __name__ == "__main__":
    main()
