"""The workbook of units, posts and people: its sheets and columns, read into a batch and written as a template.

A heading may be the column's code or its label in any language of the program, so a template downloaded in Chinese
comes back. The people sheet has one row for each seat a person holds; a person with two seats has two rows with the
same user name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.utils.translation import pgettext_lazy

from gewu.core import tables
from gewu.core.errors import Invalid
from gewu.core.sentences import sentence as _
from gewu.core.tables import Cell, Rows
from gewu.domain.people.batch import AppointmentInput, PersonInput, PostInput, UnitInput
from gewu.domain.people.kinds import KINDS
from gewu.domain.people.roles import ROLES, in_every_language

HEADING_ROW = 1
_YES = frozenset({"1", "true", "yes", "y", "是", "对", "對", "full", "专职", "全职", "專職", "全職"})
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_NO = frozenset({"0", "false", "no", "n", "否", "不", "part", "兼职", "兼職"})


@dataclass(frozen=True)
class Column:
    """One column: the code under which errors name it, and its label."""

    code: str
    label: Any
    required: bool = False
    day: bool = False
    flag: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook."""

    code: str
    label: Any
    columns: tuple[Column, ...]


SHEETS = (
    Sheet(
        "units",
        pgettext_lazy("table", "Units"),
        (
            Column("code", pgettext_lazy("table", "Code"), required=True),
            Column("kind", pgettext_lazy("table", "Kind"), required=True),
            Column("level", pgettext_lazy("table", "Level"), required=True),
            Column("name", pgettext_lazy("table", "Name"), required=True),
            Column("parent", pgettext_lazy("table", "Parent unit")),
            Column("area", pgettext_lazy("table", "Area code")),
            Column("covers", pgettext_lazy("table", "Areas covered")),
            Column("active", pgettext_lazy("table", "Active"), flag=True),
        ),
    ),
    Sheet(
        "posts",
        pgettext_lazy("table", "Posts"),
        (
            Column("code", pgettext_lazy("table", "Code"), required=True),
            Column("role", pgettext_lazy("table", "Role"), required=True),
            Column("area", pgettext_lazy("table", "Area code"), required=True),
            Column("unit", pgettext_lazy("table", "Unit code")),
            Column("level", pgettext_lazy("table", "Level")),
            Column("title", pgettext_lazy("table", "Title"), required=True),
            Column("duties", pgettext_lazy("table", "Duties")),
        ),
    ),
    Sheet(
        "people",
        pgettext_lazy("table", "People"),
        (
            Column("username", pgettext_lazy("table", "User name"), required=True),
            Column("name", pgettext_lazy("table", "Name"), required=True),
            Column("phone", pgettext_lazy("table", "Service phone")),
            Column("email", pgettext_lazy("table", "E-mail")),
            Column("language", pgettext_lazy("table", "Language")),
            Column("post", pgettext_lazy("table", "Post code")),
            Column("starts", pgettext_lazy("table", "First day"), day=True),
            Column("ends", pgettext_lazy("table", "Last day"), day=True),
            Column("full_time", pgettext_lazy("table", "Full time"), flag=True),
        ),
    ),
)


@dataclass(frozen=True)
class RowError:
    """One fault, where a person finds it: the sheet, the row's number in the sheet, the column."""

    sheet: str
    row: int
    column: str
    code: str
    message: Any


_SHEET_OF: dict[str, str] = {"units": "units", "posts": "posts", "people": "people", "appointments": "people"}
_COLUMN_OF = {"is_active": "active"}


@dataclass
class Batch:
    """What a workbook brings. `rows` tells for each noun from which row of which sheet its entries come."""

    units: list[UnitInput] = field(default_factory=list)
    posts: list[PostInput] = field(default_factory=list)
    people: list[PersonInput] = field(default_factory=list)
    appointments: list[AppointmentInput] = field(default_factory=list)
    rows: dict[str, list[int]] = field(default_factory=lambda: {noun: [] for noun in _SHEET_OF})
    errors: list[RowError] = field(default_factory=list)
    known: dict[str, PersonInput] = field(default_factory=dict)

    def place(self, fault: str, code: str, message: Any) -> RowError:
        """A fault of `set_up` (``posts.3.area``) as a fault in the workbook."""
        noun, index, column = fault.split(".", 2)
        return RowError(
            _SHEET_OF[noun], self.rows[noun][int(index)], _COLUMN_OF.get(column, column), code, message
        )


Values = Mapping[str, Any]


def read(data: bytes, *, day: date) -> Batch:
    """The workbook as a batch; `day` is the first day of appointments that name none."""
    found = {_sheet_code(name): rows for name, rows in tables.read_workbook(data).items()}
    if not found.keys() & {sheet.code for sheet in SHEETS}:
        message = _("The workbook needs a sheet with units, posts or people. Take the template.")
        raise Invalid.at("file", "no_sheet", message)
    batch = Batch()
    for sheet in SHEETS:
        if rows := found.get(sheet.code):
            _read_sheet(sheet, rows, batch, _READERS[sheet.code], day)
    return batch


def template() -> bytes:
    """An empty workbook with headings in the reader's language, and the words that may stand in it."""
    sheets: dict[str, list[Sequence[Cell]]] = {
        str(sheet.label): [[str(column.label) for column in sheet.columns]] for sheet in SHEETS
    }
    words: list[Sequence[Cell]] = [[str(pgettext_lazy("table", "Role")), ""]]
    words += [[str(role.name), code] for code, role in ROLES.items() if role.levels]
    words += [
        [None],
        [str(pgettext_lazy("table", "Kind")), ""],
        *([str(name), code] for code, name, _level in KINDS),
    ]
    return tables.write_workbook({**sheets, str(pgettext_lazy("table", "Words")): words})


def error_sheet(errors: Sequence[RowError]) -> bytes:
    """The faults as a workbook, in the order of the sheets, to work through beside the one that was sent."""
    labels = {sheet.code: str(sheet.label) for sheet in SHEETS}
    columns = {(sheet.code, column.code): str(column.label) for sheet in SHEETS for column in sheet.columns}
    heading = [
        pgettext_lazy("table", "Sheet"),
        pgettext_lazy("table", "Row"),
        pgettext_lazy("table", "Column"),
        pgettext_lazy("table", "What is wrong"),
    ]
    rows: list[Sequence[Cell]] = [[str(word) for word in heading]]
    rows += [
        [labels[e.sheet], e.row, columns.get((e.sheet, e.column), e.column), str(e.message)] for e in errors
    ]
    return tables.write_workbook({str(pgettext_lazy("table", "Faults")): rows})


def _read_sheet(
    sheet: Sheet, rows: Rows, batch: Batch, put: Callable[[Batch, Values, int, date], None], day: date
) -> None:
    headings = _headings(sheet, rows[0])
    missing = [column for column in sheet.columns if column.required and column not in headings.values()]
    for column in missing:
        message = _("The column “%(label)s” is missing.", label=column.label)
        batch.errors.append(RowError(sheet.code, HEADING_ROW, column.code, "column_missing", message))
    if missing:
        return
    for number, row in enumerate(rows[1:], HEADING_ROW + 1):
        if any(cell is not None for cell in row):
            values, errors = _values(sheet, number, headings, row)
            batch.errors += errors
            put(
                batch, values, number, day
            )  # also with a fault, so that rows naming this one are not blamed for it


def _headings(sheet: Sheet, row: Sequence[Cell]) -> dict[int, Column]:
    known = {
        word.strip().lower(): column
        for column in sheet.columns
        for word in (column.code, *in_every_language(column.label).values())
    }
    return {
        at: known[word] for at, cell in enumerate(row) if (word := str(cell or "").strip().lower()) in known
    }


def _values(
    sheet: Sheet, number: int, headings: Mapping[int, Column], row: Sequence[Cell]
) -> tuple[dict[str, Any], list[RowError]]:
    values: dict[str, Any] = {column.code: None for column in sheet.columns}
    errors = []
    for at, column in headings.items():
        cell = row[at] if at < len(row) else None
        try:
            values[column.code] = _value(column, cell)
        except Invalid as error:
            errors += [RowError(sheet.code, number, column.code, e.code, e.message) for e in error.errors]
            values[column.code] = None if column.day or column.flag else ""
    return values, errors


def _value(column: Column, cell: Cell) -> Any:
    if column.day:
        return _day(column, cell)
    if column.flag:
        return _flag(column, cell)
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    text = "" if cell is None else str(cell).strip()
    if column.required and not text:
        raise Invalid.at(column.code, "required", _("Please fill this in."))
    return text


def _day(column: Column, cell: Cell) -> date | None:
    if cell is None or (isinstance(cell, date) and not isinstance(cell, datetime)):
        return cell
    if isinstance(cell, datetime):
        return cell.date()
    try:
        return date.fromisoformat(_DAY.sub(_iso, str(cell).strip()))
    except ValueError:
        raise Invalid.at(column.code, "day_malformed", _("Write a day like 2026-03-01.")) from None


def _iso(written: re.Match[str]) -> str:
    return f"{written[1]}-{int(written[2]):02d}-{int(written[3]):02d}"


def _flag(column: Column, cell: Cell) -> bool | None:
    if cell is None or isinstance(cell, bool):
        return cell
    word = str(cell).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise Invalid.at(column.code, "flag_malformed", _("Write yes or no."))


def _put_unit(batch: Batch, values: Values, number: int, day: date) -> None:
    batch.rows["units"].append(number)
    batch.units.append(
        UnitInput(
            code=values["code"],
            kind=_in_code(values["kind"], _kind_words()),
            level=values["level"].upper(),
            name=values["name"],
            parent=values["parent"],
            area=values["area"],
            covers=tuple(re.split(r"[\s,，、;；]+", values["covers"])) if values["covers"] else (),
            is_active=values["active"],
        )
    )


def _put_post(batch: Batch, values: Values, number: int, day: date) -> None:
    batch.rows["posts"].append(number)
    batch.posts.append(
        PostInput(
            code=values["code"],
            role=_in_code(values["role"], _role_words()),
            area=values["area"],
            unit=values["unit"],
            level=(values["level"] or "").upper(),
            title=values["title"],
            duties=values["duties"],
        )
    )


def _put_person(batch: Batch, values: Values, number: int, day: date) -> None:
    person = PersonInput(
        username=values["username"],
        name=values["name"],
        phone=values["phone"],
        email=values["email"],
        language=values["language"] or "",
    )
    if not _says_again(batch.known.setdefault(person.username, person), person):
        batch.rows["people"].append(number)
        batch.people.append(person)
    if values["post"]:
        batch.rows["appointments"].append(number)
        batch.appointments.append(
            AppointmentInput(
                post=values["post"],
                username=values["username"],
                starts=values["starts"] or day,
                ends=values["ends"],
                full_time=values["full_time"] is not False,
            )
        )


def _says_again(first: PersonInput, later: PersonInput) -> bool:
    """True for the row of a person's second seat; what it leaves empty was said in the first."""
    if first is later:
        return False
    pairs = zip(astuple(first), astuple(later), strict=True)
    return all(not said or said == before for before, said in pairs)


def _in_code(word: str, words: Mapping[str, str]) -> str:
    return words.get(word, word)


@cache
def _kind_words() -> dict[str, str]:
    return {word: code for code, name, _level in KINDS for word in (code, *in_every_language(name).values())}


@cache
def _role_words() -> dict[str, str]:
    return {word: code for code, role in ROLES.items() for word in (code, *role.names.values())}


def _sheet_code(name: str) -> str:
    for sheet in SHEETS:
        if name.strip().lower() in {
            sheet.code,
            *(w.lower() for w in in_every_language(sheet.label).values()),
        }:
            return sheet.code
    return name


_READERS = {"units": _put_unit, "posts": _put_post, "people": _put_person}
