"""Filling a store with very many cases: those made by the actions, copied set-wise with new keys, numbers and dates.

A copy is moved by whole weeks, so that working days stay working days and every deadline stays right. Texts are
shared: a copy names the text of its original. Journal entries get their own digests and are sealed afterwards, day
rows are summed here and their totals made by the program, so `gewu verify --figures` holds as for any installation.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, models, transaction

from gewu.cli.benchmarks import town
from gewu.core import chance
from gewu.core.text import CaseNumber
from gewu.domain.cases.models import Case, CaseText, Clock, Party, Report, Stage
from gewu.domain.figures import actions as figures
from gewu.domain.figures.models import DayRow, Delta, Duration
from gewu.domain.journal import actions as journal
from gewu.domain.journal.canonical import digest, encode_data
from gewu.domain.journal.models import Entry
from gewu.domain.place import queries as place
from gewu.domain.privacy.models import RowKey, Text

OPEN_MOST = 20_000
WEEKS = 100  # how far back copies of closed cases reach
FIRST_SERIAL = 1_000_000  # above what the actions hand out
CHUNK = 2_000  # copies written at a time
SEALED_AT_ONCE = 20_000
PARTS = (Report, Clock, Stage, CaseText, Party)  # rows of a case, in the order of the tables
KEYED = (RowKey, Text)  # shared by all copies


@dataclass
class Original:
    """One case with its rows, as dictionaries of what the models hold."""

    is_open: bool
    case: dict[str, Any]
    parts: dict[type[models.Model], list[dict[str, Any]]]
    entries: list[dict[str, Any]]
    durations: list[dict[str, Any]]
    deltas: list[tuple[Any, ...]]

    @cached_property
    def told(self) -> list[str]:
        """The data of its entries as the journal keeps them; copies say the same."""
        return [encode_data(row["data"]).decode() for row in self.entries]


@dataclass
class Book:
    """All originals, and the shared rows they need on another store."""

    originals: list[Original]
    shared: dict[type[models.Model], list[dict[str, Any]]]


def read() -> Book:
    """The cases of this store that the actions have made, before their figures are folded."""
    rows_of = {model: _by_case(model, "case_id") for model in (*PARTS, Duration)}
    entries = _by_case(Entry.objects.filter(subject_kind="case"), "subject_id")
    deltas: dict[UUID, list[tuple[Any, ...]]] = {}
    for row in Delta.objects.order_by("id").values_list("entry_id", *figures.KEY, "amount"):
        deltas.setdefault(row[0], []).append(row[1:])
    originals = []
    for case in Case.objects.order_by("id").values():
        own = entries.get(case["id"], [])
        originals.append(
            Original(
                case["is_open"], dict(case), {model: rows_of[model].get(case["id"], []) for model in PARTS}, own,
                rows_of[Duration].get(case["id"], []),
                [delta for entry in own for delta in deltas.get(entry["id"], ())],
            )
        )  # fmt: skip
    return Book(
        originals, {model: [dict(row) for row in model.objects.order_by("id").values()] for model in KEYED}
    )


def _by_case(rows: Any, name: str) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    query = rows if isinstance(rows, models.QuerySet) else rows.objects.all()
    for row in map(dict, query.order_by("id").values()):
        found.setdefault(row[name], []).append(row)
    return found


class Copier:
    """Writes copies until the store holds as many cases as asked for; may be asked again for more."""

    def __init__(self, book: Book, *, held: int) -> None:
        self.book = book
        self.held = held
        self.opened = sum(one.is_open for one in book.originals) if held else 0
        self._closed = itertools.cycle([one for one in book.originals if not one.is_open])
        self._open = itertools.cycle([one for one in book.originals if one.is_open])
        self._serial = itertools.count(FIRST_SERIAL)
        self._ids = _ids()
        self._sums: Counter[tuple[Any, ...]] = Counter()
        self._writers: dict[type[models.Model], _Writer] = {
            model: _Writer(model) for model in (Case, *PARTS, Entry, Duration, DayRow)
        }
        self._prefix, calendar = place.numbering()
        self._year = book.originals[0].case["filed_at"].astimezone(calendar.zone).year

    def share(self) -> None:
        """On another store than that of the originals: the rows all copies name."""
        for model, rows in self.book.shared.items():
            writer = _Writer(model)
            writer.write([row[name] for name in writer.names] for row in rows)

    def fill(self, cases: int, *, now: datetime) -> None:
        """Copy, seal, and bring the figures up to date."""
        while self.held < cases:
            self._chunk(min(CHUNK, cases - self.held), of=cases)
        with transaction.atomic():
            self._write_sums()
        while figures.fold(batch=5000):
            pass
        figures.rebuild_totals()
        _seal(now)

    def _chunk(self, size: int, *, of: int) -> None:
        rows: dict[type[models.Model], list[list[Any]]] = {model: [] for model in self._writers}
        wanted = min(OPEN_MOST, of // 2)
        for _ in range(size):
            is_open = self.opened * of < wanted * self.held  # evenly among the others
            self.opened += is_open
            self.held += 1
            self._copy(next(self._open if is_open else self._closed), rows)
        with transaction.atomic():
            for model, made in rows.items():
                self._writers[model].write(made)

    def _copy(self, one: Original, rows: dict[type[models.Model], list[list[Any]]]) -> None:
        serial = next(self._serial)
        # Open cases stay where they are, seconds apart; closed ones go back by weeks.
        shift = timedelta(seconds=serial % 600) if one.is_open else -timedelta(weeks=1 + serial % WEEKS)
        case_id = next(self._ids)
        number = str(CaseNumber(self._prefix, self._year, serial))
        rows[Case].append(self._moved(Case, one.case, shift, id=case_id, number=number))
        # Rows of a case may name one another (a text its report): the copies name the copies.
        renamed = {row["id"]: next(self._ids) for originals in one.parts.values() for row in originals}
        renamed[one.case["id"]] = case_id
        for model, originals in one.parts.items():
            for row in originals:
                named = {name: renamed[value] for name, value in row.items() if value in renamed}
                new = {"number": number} if model is Report else {}
                rows[model].append(self._moved(model, row, shift, **named, **new))
        for row, told in zip(one.entries, one.told, strict=True):
            rows[Entry].append(self._entry(row, told, shift, case_id))
        for row in one.durations:
            moved = self._moved(
                Duration, row, shift, id=next(self._ids), case_id=case_id, entry_id=next(self._ids),
                day=_day(row["day"], shift),
            )  # fmt: skip
            rows[Duration].append(moved)
        for delta in one.deltas:
            self._sums[(_day(delta[0], shift), *delta[1:-1])] += delta[-1]

    def _moved(
        self, model: type[models.Model], row: dict[str, Any], shift: timedelta, **new: Any
    ) -> list[Any]:
        return [
            new[name] if name in new
            else value + shift if isinstance(value := row[name], datetime) and value.year < 2100
            else value
            for name in self._writers[model].names
        ]  # fmt: skip

    def _entry(self, row: dict[str, Any], told: str, shift: timedelta, case_id: UUID) -> list[Any]:
        new = {**row, "id": next(self._ids), "at": row["at"] + shift, "subject_id": case_id, "position": None}
        new["digest"] = digest(SimpleNamespace(**new | {"data": msgspec.Raw(told.encode())}))
        new["data"] = told
        return [new[name] for name in self._writers[Entry].names]

    def _write_sums(self) -> None:
        """Day rows of the copies; added to nothing, since the originals are folded after them."""
        writer = self._writers[DayRow]
        keys = ("id", *figures.KEY, "amount")
        place_of = [keys.index(name) for name in writer.names]
        sums, self._sums = self._sums, Counter()
        held = _add_to_held(sums)
        new = ((next(self._ids), *key, amount) for key, amount in sums.items() if amount and key not in held)
        writer.write([row[place] for place in place_of] for row in new)


def _add_to_held(sums: Counter[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Sums of keys that have a row already are added to it."""
    held = {
        tuple(row[1:]): row[0]
        for row in DayRow.objects.values_list("id", *figures.KEY)
        if tuple(row[1:]) in sums
    }
    table, key_of = DayRow._meta.db_table, DayRow._meta.pk.get_db_prep_save
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET amount = amount + %s WHERE id = %s",  # noqa: S608 - our own model's name
            [[sums[key], key_of(row, connection)] for key, row in held.items()],
        )
    return set(held)


class _Writer:
    """Many rows of one table at a time: COPY where the store has it, else one statement for all of them."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        self.names = [field.attname for field in fields]
        self.table = model._meta.db_table
        self.columns = ", ".join(f'"{field.column}"' for field in fields)
        self.adapters = [_adapter(field) for field in fields]

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        adapted = (
            [
                value if adapt is None or value is None else adapt(value)
                for adapt, value in zip(self.adapters, row, strict=True)
            ]
            for row in rows
        )
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self.table} ({self.columns}) FROM STDIN") as copy:
                    for row in adapted:
                        copy.write_row(row)
            else:
                marks = ", ".join(["?"] * len(self.names))
                sql = f"INSERT INTO {self.table} ({self.columns}) VALUES ({marks})"  # noqa: S608 - our own models
                connection.connection.executemany(sql, adapted)


def _adapter(field: Any) -> Any:
    """What the store wants of a field's value; None where it is the value itself."""
    kind = field.get_internal_type()
    sqlite = connection.vendor == "sqlite"
    if isinstance(field, models.ForeignKey):
        kind = field.target_field.get_internal_type()
    if kind == "UUIDField":
        return _hex if sqlite else None
    if kind == "DateTimeField":
        return _stamp if sqlite else None
    if kind == "DateField":
        return str if sqlite else None
    if kind == "JSONField":
        return lambda value: msgspec.json.encode(value).decode()
    return bytes if kind == "BinaryField" else None


def _hex(value: UUID) -> str:
    return value.hex


def _stamp(value: datetime) -> str:
    """As Django writes moments into SQLite: in UTC, microseconds only where there are some."""
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _day(day: date, shift: timedelta) -> date:
    return day + timedelta(days=shift.days) if shift.days < 0 else day


def _ids() -> Iterator[UUID]:
    """Keys that rise, as those of the program do, without asking the clock for each."""
    first = chance.new_id().int
    return (UUID(int=first + step) for step in itertools.count(1))


def _seal(now: datetime) -> None:
    lease = journal.take_lease(journal.SEALER, "bench", now=now, seconds=86_400)
    if lease is None:
        raise RuntimeError("A bench installation has no other worker.")
    while journal.seal(now=now, fence=lease.fence, batch=SEALED_AT_ONCE):
        pass
    journal.release_lease(journal.SEALER, fence=lease.fence, now=now)


def make_originals(number: int, now: datetime) -> Book:
    """Let the actions make them here, and read them."""
    for _ in town.make(number, now):
        pass
    return read()
