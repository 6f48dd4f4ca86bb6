"""Tables that people bring and take: XLSX and CSV, read with suspicion and written without traps.

A workbook is opened by `workbook_reader` in a child process with limits on memory and time, so a bomb ends there.
Written texts that an office program would run as a formula (``= + - @`` and their full-width twins, tab, line break
in front) get an apostrophe before them; reading takes one such apostrophe away, so what was written comes back.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from gewu.core import clock, limits
from gewu.core.errors import Invalid
from gewu.core.sentences import Sentence
from gewu.core.sentences import sentence as _
from gewu.core.text import decode_csv

Cell = str | int | float | bool | date | datetime | None
Rows = list[list[Cell]]

_READER = Path(__file__).with_name("workbook_reader.py")
_WALL_SECONDS = 30  # the child's own limit is on computing time; a busy machine may take longer
_CELL_CHARACTERS = 32_767  # what a cell of a workbook holds
_CSV_ROWS = limits.IMPORT_ROWS

_TRAP = re.compile("^'*[=+\\-@\t\r\n＝＋－＠]")
_DEFUSED = re.compile("^'+[=+\\-@\t\r\n＝＋－＠]")
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")

_REFUSED: dict[str, Sentence] = {
    "workbook_broken": _("This file is not a readable XLSX workbook. Save it as XLSX and try again."),
    "workbook_too_big": _("This workbook is too big. Split it, or remove formatted empty rows and columns."),
}


def read_workbook(data: bytes, *, field: str = "file") -> dict[str, Rows]:
    """Every sheet by name, each a list of rows as they stand from the first cell on; empty cells are None."""
    if len(data) > limits.IMPORT_BYTES:
        raise _refused("workbook_too_big", field)
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_READER)],
            input=data,
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refused("workbook_too_big", field) from None
    if done.returncode < 0:  # ended by one of its limits
        raise _refused("workbook_too_big", field)
    if done.returncode > 0:  # the parser itself gave up on the file
        raise _refused("workbook_broken", field)
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise _refused(answer["refused"], field)
    return {name: [[_cell(cell) for cell in row] for row in rows] for name, rows in answer["sheets"].items()}


def write_workbook(sheets: Mapping[str, Iterable[Sequence[Cell]]]) -> bytes:
    """A workbook; the first row of each sheet is its heading. Times are written as they stand, so bring them to
    local time first."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": clock.now().replace(tzinfo=None)})
        heading = book.add_format({"bold": True})
        formats: dict[type, Any] = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        for name, rows in sheets.items():
            sheet = book.add_worksheet(_NO_SHEET_NAME.sub(" ", name)[:31])
            sheet.freeze_panes(1, 0)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    _write(sheet, at, column, cell, formats, heading if at == 0 else None)
    return out.getvalue()


def read_csv(data: bytes, *, field: str = "file") -> Rows:
    """The rows of a CSV file, in the encodings and with the separators office programs use."""
    if len(data) > limits.IMPORT_BYTES:
        raise _refused_csv(field)
    text = decode_csv(data, field=field)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)  # the first of these on a tie, so a single column reads too
    rows: Rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if len(rows) == _CSV_ROWS:
                raise _refused_csv(field)
            rows.append([_disarmed(cell) or None for cell in row])
    except csv.Error:
        message = _(
            "Row %(row)s cannot be read: a cell there is too long, or a quotation mark is not closed.",
            row=len(rows) + 1,
        )
        raise Invalid.at(field, "csv_broken", message) from None
    return rows


def write_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, without which office programs show Chinese as noise."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def defuse(text: str) -> str:
    """The text as an office program shows it instead of running it."""
    return f"'{text}" if _TRAP.match(text) else text


def _cell(cell: Any) -> Cell:
    if isinstance(cell, list):
        kind, value = cell
        return date.fromisoformat(value) if kind == "date" else datetime.fromisoformat(value)
    return _disarmed(cell) if isinstance(cell, str) else cell


def _disarmed(text: str) -> str:
    return text[1:] if _DEFUSED.match(text) else text


def _csv_cell(cell: Cell) -> Any:
    if isinstance(cell, str):
        return defuse(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return "" if cell is None else cell


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: Mapping[type, Any], heading: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, heading)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell.replace(tzinfo=None), formats[datetime])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats[date])
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, column, cell, heading)
    else:
        sheet.write_string(row, column, defuse(cell)[:_CELL_CHARACTERS], heading)


def _refused(code: str, field: str) -> Invalid:
    return Invalid.at(field, code, _REFUSED[code])


def _refused_csv(field: str) -> Invalid:
    message = _("This table is too big. Split it and import the parts.")
    return Invalid.at(field, "csv_too_big", message)
