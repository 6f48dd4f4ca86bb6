"""Proving the figures: the stored sums against the same definition applied to the whole journal.

For `gewu verify` and restore drills. The stored sums grew one delta at a time; here they are counted anew, and every
finished clock is held against the entry that ended it. So that the
journal of years fits into memory, each day is first reduced to one number that only equal contents share (a sum of
keyed hashes times amounts). Only days that differ are opened and told key by key.

The worker may go on meanwhile: a day is told only when a second look finds the same difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext as _

from gewu.domain.figures.actions import KEY, TOTAL_KEY, totals_of
from gewu.domain.figures.derive import Told, deltas_of, durations_of, local_day
from gewu.domain.figures.models import DayRow, DayTotal, Delta, Duration
from gewu.domain.figures.rows import DeltaRow, DurationRow
from gewu.domain.journal.models import Entry
from gewu.domain.journal.verify import Finding

Key = tuple[date, str, str, str, str, str, str]
_MODULUS = 1 << 128
_CHUNK = 5000
_TOLD_A_DAY = 5
_CLOCK = "clock "  # before the kind of a finished clock, where a figure has its indicator
_CLOCK_KEY = (
    "day",
    "grid_path",
    "unit",
    "condition_code",
    "level",
    "case_id",
    "seconds",
    "wall",
    "in_time",
    "kind",
)


def recount(entries: Iterable[Told]) -> Counter[Key]:
    """The figures as the journal has them."""
    counts: Counter[Key] = Counter()
    for entry in entries:
        for row in deltas_of(entry):
            counts[key_of(row)] += row.amount
    return _without_zeros(counts)


def prove() -> list[Finding]:
    """Where the stored figures differ from the journal; nothing when all is well."""
    suspects = _differing(_by_day(_stored()), _by_day(_recounted()))
    return [*_told(suspects), *_totals()]


def key_of(row: DeltaRow) -> Key:
    """Under what a delta is summed."""
    return (row.day, row.grid_path, row.unit_id, row.condition_code, row.level, row.source, row.indicator)


def _clock_key(day: date, *rest: Any) -> Key:
    """A finished clock under a key of the same shape: what it says stands where a figure has its source."""
    grid_path, unit, condition_code, level, case_id, seconds, wall, in_time, kind = rest
    judged = None if in_time is None else bool(in_time)
    return (
        day,
        grid_path,
        unit,
        condition_code,
        level,
        f"{case_id} {seconds} {wall} {judged}",
        _CLOCK + kind,
    )


def _clock_of(entry: Entry, clock: DurationRow) -> Key:
    where = (clock.grid_path, clock.unit_id, clock.condition_code, clock.level)
    return _clock_key(
        clock.day, *where, entry.subject_id, clock.seconds, clock.wall, clock.in_time, clock.kind
    )


def _told(days: Iterable[date]) -> Iterator[Finding]:
    for day in sorted(days):
        first, second = _difference(day), _difference(day)
        same = sorted(key for key in first if first[key] == second.get(key))
        for key in same[:_TOLD_A_DAY]:
            stored, counted = first[key]
            yield Finding(
                "figures_differ",
                _("A stored figure says %(stored)s, the journal says %(counted)s.")
                % {"stored": stored, "counted": counted},
                f"{day} {key[-1]} {key[1] or '-'} {key[4] or '-'} {key[3] or '-'}",
            )
        if len(same) > _TOLD_A_DAY:
            more = len(same) - _TOLD_A_DAY
            yield Finding("figures_differ", _("%(more)s more on this day.") % {"more": more}, str(day))


def _totals() -> Iterator[Finding]:
    """The totals of the areas against the day rows they were folded with, each day as one number too."""
    rows = DayRow.objects.values_list(*KEY, "amount").iterator(chunk_size=_CHUNK)
    wanted = _by_day(_dated(pair) for row in rows for pair in totals_of(row[:-1], row[-1]))
    totals = DayTotal.objects.values_list(*TOTAL_KEY, "amount").iterator(chunk_size=_CHUNK)
    stored = _by_day(_dated((row[:-1], row[-1])) for row in totals)
    if wrong := _differing(stored, wanted):
        yield Finding(
            "totals_differ",
            _("The totals of areas differ from the figures on %(wrong)s days.") % {"wrong": len(wrong)},
            str(min(wrong)),
        )


def _dated(pair: tuple[tuple[Any, ...], int]) -> tuple[tuple[Any, ...], int]:
    """The day in front, as `_by_day` wants it."""
    (path, day, indicator, level), amount = pair
    return (day, path, indicator, level), amount


def _difference(day: date) -> dict[Key, tuple[int, int]]:
    stored = _without_zeros(_counted(_stored(day)))
    counted = _without_zeros(_counted(_recounted(day)))
    return {
        key: (stored.get(key, 0), counted.get(key, 0))
        for key in stored.keys() | counted.keys()
        if stored.get(key, 0) != counted.get(key, 0)
    }


def _stored(day: date | None = None) -> Iterator[tuple[Key, int]]:
    of_day = {} if day is None else {"day": day}
    for model in (Delta, DayRow):  # a fold in between counts a row twice, and the second look finds it gone
        rows = model.objects.filter(**of_day).values_list(*KEY, "amount")
        for row in rows.iterator(chunk_size=_CHUNK):
            yield row[:-1], row[-1]
    for row in Duration.objects.filter(**of_day).values_list(*_CLOCK_KEY).iterator(chunk_size=_CHUNK):
        yield _clock_key(*row), 1


def _recounted(day: date | None = None) -> Iterator[tuple[Key, int]]:
    for entry in Entry.objects.filter(subject_kind="case").iterator(chunk_size=_CHUNK):
        if day is None or local_day(entry.at) == day or entry.kind == "case.appeal":  # which reaches back
            for row in deltas_of(entry):
                if day in (None, row.day):
                    yield key_of(row), row.amount
            for clock in durations_of(entry):
                if day in (None, clock.day):
                    yield _clock_of(entry, clock), 1


def _by_day(pairs: Iterable[tuple[tuple[Any, ...], int]]) -> dict[date, int]:
    sums: defaultdict[date, int] = defaultdict(int)
    for key, amount in pairs:
        # Clocks hardly ever say the same: they would only push the others out of the cache.
        mark = _hash if str(key[-1]).startswith(_CLOCK) else _mark
        sums[key[0]] = (sums[key[0]] + mark(key[1:]) * amount) % _MODULUS
    return sums


def _hash(key: tuple[str, ...]) -> int:
    return int.from_bytes(blake2b(repr(key).encode(), digest_size=16).digest(), "big")


_mark = lru_cache(maxsize=100_000)(_hash)


def _differing(stored: dict[date, int], counted: dict[date, int]) -> set[date]:
    return {day for day in stored.keys() | counted.keys() if stored.get(day, 0) != counted.get(day, 0)}


def _counted(pairs: Iterable[tuple[Key, int]]) -> Counter[Key]:
    counts: Counter[Key] = Counter()
    for key, amount in pairs:
        counts[key] += amount
    return counts


def _without_zeros(counts: Counter[Key]) -> Counter[Key]:
    return Counter({key: amount for key, amount in counts.items() if amount})
