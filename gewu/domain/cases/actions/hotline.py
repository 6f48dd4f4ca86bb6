"""Hotline tickets (12345) from a CSV or XLSX file: each row becomes a case through the ordinary report.

Columns are found by their titles, Chinese in either script or English. A dry run says for each row what is wrong; the
real run takes all rows or none. A ticket that was imported before is passed over, so a file can be brought again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gewu.core import limits
from gewu.core.errors import Conflict, FieldError, Invalid
from gewu.core.tables import read_csv, read_workbook
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.cases.actions.intake import ReportInput, report
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.requests.work import unit_of_work

ROWS = 5_000
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


def import_tickets(
    data: bytes, *, system: str = "wgs84", actor: Actor, now: datetime, dry_run: bool = False
) -> Imported:
    """All rows or none. With faults nothing is written and every fault is told."""
    verdict = may(actor, "case.import")
    check_allowed(verdict)
    acting = actor.wearing(verdict.hat.post_id) if verdict.hat else actor
    rows = list(_rows(data))
    titles = catalogue.title_table()
    created: list[str] = []
    faults: list[RowFault] = []
    known = 0
    with unit_of_work():
        for number, row in rows:
            try:
                with transaction.atomic():
                    created.append(report(_ticket(row, titles, system), actor=acting, now=now).case.number)
            except Conflict:
                known += 1
            except Invalid as error:
                faults += [RowFault(number, _column(one.field), str(one.message)) for one in error.errors]
        if faults or dry_run:
            transaction.set_rollback(True)
    return Imported(tuple(created) if not faults else (), known, tuple(faults), dry_run)


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
