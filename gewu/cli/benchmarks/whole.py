"""What concerns the whole store: proving its history, replaying days."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.db import connection

from gewu.cli.benchmarks.results import Figure, Sample, figure
from gewu.core import clock
from gewu.core.errors import Broken
from gewu.domain.journal import verify as journal
from gewu.domain.journal.models import Entry

REPLAYED = 500


def analyse() -> None:
    """PostgreSQL does so by itself within minutes; the bench does not wait for that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def verify(store: str) -> Iterator[Figure]:
    """Everything recomputed, the figures with it. Once: it reads the whole store."""
    entries = Entry.objects.count()
    begun = time.perf_counter()
    findings = journal.verify(now=clock.now())
    took = time.perf_counter() - begun
    if not journal.is_sound(findings):
        raise Broken(f"The bench's own installation does not hold: {findings[0].message}")
    yield figure(
        f"verify, {entries} entries with their figures", store, Sample.of([entries / took]), "entries/s"
    )


def replay(store: str) -> Iterator[Figure]:
    """Recorded days through the program, as many as a few minutes allow; only with the data sets."""
    sets = os.environ.get("GEWU_DATASETS")
    if not sets or find_spec("gewu.cli.replay") is None:
        return
    begun = time.perf_counter()
    played = subprocess.run(
        [sys.executable, "-m", "gewu.cli", "--data", str(settings.DATA), "replay", str(Path(sets) / "boston311_2011"),
         "--limit", str(REPLAYED), "--json"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    if played.returncode:
        raise Broken(f"The replay failed: {played.stderr[-300:]}")
    rate = REPLAYED / (time.perf_counter() - begun)
    yield figure(f"replay of {REPLAYED} requests", store, Sample.of([rate]), "/s")
