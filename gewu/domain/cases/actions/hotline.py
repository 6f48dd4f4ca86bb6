"""Hotline tickets (12345) from a CSV or XLSX file: each row becomes a case through the ordinary report.

Columns are found by their titles, Chinese in either script or English. The whole file is checked first: while one row
is wrong, none is taken in, and each fault is told at its row. Then rows are taken in by batches of their own, so that
nobody else waits for a long file. When the store fails between two batches, the rest is left; the same file brought
again goes on there, since a ticket that was imported before is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gewu.core import limits
from gewu.core.errors import Conflict, FieldError, Invalid, Refused, Unavailable
from gewu.core.tables import read_csv, read_workbook
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.cases.actions.intake import ReportInput, report
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.requests.work import unit_of_work

ROWS = 5_000
BATCH = 100  # rows in one transaction: others wait for no more than these
COLUMNS: dict[str, tuple[str, ...]] = {
    "reference": ("工单编号", "工单号", "编号", "工單編號", "工單號", "編號", "ticket"),
    "text": ("诉求内容", "内容", "訴求內容", "內容", "text"),
    "category": ("诉求分类", "分类", "訴求分類", "分類", "category"),
    "place": ("诉求地址", "地址", "訴求地址", "place"),
    "area": ("区域代码", "网格代码", "區域代碼", "網格代碼", "area"),
    "lon": ("经度", "經度", "lon", "longitude"),
    "lat": ("纬度", "緯度", "lat", "latitude"),
    "name": ("诉求人", "姓名", "訴求人", "name"),
    "phone": ("联系电话", "电话", "聯繫電話", "聯絡電話", "電話", "phone"),
    "confidential": ("是否保密", "保密", "confidential"),
}
FIELDS = {
    "contact.phone": "phone",
    "contact.name": "name",
    "condition": "category",
    "area_code": "area",
    "place.lon": "lon",
    "place.lat": "lat",
}
NEEDED = ("reference", "text")
YES = frozenset({"是", "1", "y", "yes", "true"})


@dataclass(frozen=True)
class RowFault:
    """What is wrong in one row; `row` counts as the file shows it, the titles being row 1."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Imported:
    """What an import did, or in a dry run would do."""

    created: tuple[str, ...]
    known: int
    faults: tuple[RowFault, ...]
    dry_run: bool
    left: int = 0  # rows that were not taken in because the store failed on the way; bring the file again


def import_tickets(
    data: bytes, *, system: str = "wgs84", actor: Actor, now: datetime, dry_run: bool = False
) -> Imported:
    """Check all rows, then take them in batch by batch; with faults nothing is written and every fault is told."""
    verdict = may(actor, "case.import")
    check_allowed(verdict)
    acting = actor.wearing(verdict.hat.post_id) if verdict.hat else actor
    rows = list(_rows(data))
    titles = catalogue.title_table()
    batches = [
        [(number, row, titles, system) for number, row in rows[start : start + BATCH]]
        for start in range(0, len(rows), BATCH)
    ]
    checked = _Taken([], 0, _twice(rows))
    for batch in batches:
        checked.add(_take(batch, actor=acting, now=now, keep=False))
    if checked.faults or dry_run:
        created = () if checked.faults else tuple(checked.created)
        return Imported(created, checked.known, tuple(sorted(checked.faults, key=_by_row)), dry_run)
    return _take_all(batches, actor=acting, now=now)


Row = tuple[
    int, Mapping[str, str], Mapping[str, Any], str
]  # its number in the file, its words, titles, system


@dataclass
class _Taken:
    """What became of some rows."""

    created: list[str]
    known: int
    faults: list[RowFault]

    def add(self, other: _Taken) -> None:
        self.created += other.created
        self.known += other.known
        self.faults += other.faults

    @property
    def rows(self) -> int:
        return len(self.created) + self.known


def _take_all(batches: Sequence[Sequence[Row]], *, actor: Actor, now: datetime) -> Imported:
    """Each batch is kept or left whole. What cannot go on leaves the rest of the file; what is in stays in."""
    done = _Taken([], 0, [])
    for batch in batches:
        try:
            taken = _take(batch, actor=actor, now=now, keep=True)
        except Unavailable:
            if not done.rows:
                raise
            break
        done.add(taken)
        if taken.faults:  # the map or the catalogue changed since it was checked
            break
    left = sum(len(batch) for batch in batches) - done.rows
    return Imported(tuple(done.created), done.known, tuple(done.faults), False, left)


def _take(batch: Sequence[Row], *, actor: Actor, now: datetime, keep: bool) -> _Taken:
    """Some rows in one transaction, undone when any is wrong or nothing is to be kept."""
    done = _Taken([], 0, [])
    with unit_of_work():
        for number, row, titles, system in batch:
            try:
                with transaction.atomic():
                    done.created.append(
                        report(_ticket(row, titles, system), actor=actor, now=now).case.number
                    )
            except Conflict:
                done.known += 1
            except Invalid as error:
                done.faults += [
                    RowFault(number, _column(one.field), str(one.message)) for one in error.errors
                ]
            except Refused as error:  # a confidential one, and nobody to seal its contact to
                done.faults.append(RowFault(number, _column("confidential"), str(error)))
        if done.faults or not keep:
            transaction.set_rollback(True)
    return _Taken([], 0, done.faults) if done.faults else done


def _twice(rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[RowFault]:
    """Two rows of one file with the same ticket: which of them counts, only its sender knows."""
    first: dict[str, int] = {}
    faults = []
    for number, row in rows:
        ticket = row.get("reference", "")
        if ticket and ticket in first:
            message = _("Row %(row)s has the same ticket number.") % {"row": first[ticket]}
            faults.append(RowFault(number, _column("reference"), message))
        first.setdefault(ticket, number)
    return faults


def _by_row(fault: RowFault) -> int:
    return fault.row


def _rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows by our own names of columns, with the number each has in the file."""
    table = next(iter(read_workbook(data).values())) if data[:2] == b"PK" else read_csv(data)
    if not table:
        raise Invalid.at("file", "empty", _("This file has no rows."))
    if len(table) > ROWS + 1:
        raise Invalid.at("file", "too_many", _("At most %(most)s rows at once.") % {"most": ROWS})
    where = _where([str(cell or "").strip() for cell in table[0]])
    for number, cells in enumerate(table[1:], start=2):
        row = {name: _word(cells, column) for name, column in where.items()}
        if any(row.values()):
            yield number, row


def _where(titles: Sequence[str]) -> dict[str, int]:
    """Which column holds what; a missing one that is needed is told by its usual title."""
    plain = [title.casefold() for title in titles]
    found = {
        name: next(plain.index(word.casefold()) for word in words if word.casefold() in plain)
        for name, words in COLUMNS.items()
        if any(word.casefold() in plain for word in words)
    }
    missing = [
        FieldError("file", "column", _("The column “%(title)s” is missing.") % {"title": COLUMNS[name][0]})
        for name in NEEDED
        if name not in found
    ]
    if missing:
        raise Invalid(missing)
    return found


def _word(cells: Sequence[Any], column: int) -> str:
    """A cell as text; whole numbers that a workbook keeps as 1.0 lose the fraction."""
    value = cells[column] if column < len(cells) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _ticket(row: Mapping[str, str], titles: Mapping[str, Any], system: str) -> ReportInput:
    if not row.get("reference"):
        raise Invalid.at("reference", "required", _("Please fill this in."))
    condition = catalogue.match(row["category"], titles=titles) if row.get("category") else None
    contact = None
    if row.get("name") or row.get("phone"):
        contact = ContactInput(row.get("name", "")[: limits.NAME], row.get("phone", ""))
    return ReportInput(
        text=row.get("text", ""),
        condition=condition.code if condition else "",
        lon=row.get("lon", ""),
        lat=row.get("lat", ""),
        system=system,
        place=row.get("place", ""),
        area_code=row.get("area", ""),
        contact=contact,
        confidential=row.get("confidential", "").casefold() in YES,
        source="hotline",
        reference=row["reference"],
    )


def _column(field: str) -> str:
    """The title of the column a fault belongs to."""
    name = FIELDS.get(field, field)
    return COLUMNS[name][0] if name in COLUMNS else field
