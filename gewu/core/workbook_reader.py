"""Reads one workbook in a process of its own, so that a hostile file can only harm that process.

Run by `core/tables.py` as a plain script: the workbook comes on standard input, JSON goes to standard output, either
``{"sheets": {name: rows}}`` or ``{"refused": code}``. Days and times travel as ``["date", "2026-03-10"]``. Nothing of
the program is imported here. All that parses the file runs below the limits set first, the look at the zip
directory too.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 10
ENTRIES, UNZIPPED, RATIO = 200, 50 * 1024 * 1024, 100
ROWS, COLUMNS = 20_000, 200


class Refused(Exception):
    """The file is not taken; the code says why."""


def main() -> None:
    """Limits first, then the file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"sheets": _read(sys.stdin.buffer.read())}
    except Refused as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "workbook_too_big"}
    sys.stdout.write(json.dumps(answer))


def _read(data: bytes) -> dict[str, list[list[Any]]]:
    _guard(data)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets, rows = {}, 0
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            bottom, right = sheet.end or (0, 0)  # counted from zero
            rows += bottom + 1
            if rows > ROWS or right >= COLUMNS:
                raise Refused("workbook_too_big")
            sheets[name] = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except CalamineError as error:
        raise Refused("workbook_broken") from error
    return sheets


def _guard(data: bytes) -> None:
    """What the zip directory says must be modest; what it hides is left to the limits of this process."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused("workbook_broken") from error
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNZIPPED:
        raise Refused("workbook_too_big")
    if any(entry.file_size > RATIO * max(entry.compress_size, 1) for entry in entries):
        raise Refused("workbook_too_big")
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise Refused("workbook_broken")


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return ["date", cell.date().isoformat()] if cell.time() == time() else ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, (time, timedelta)):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)  # office programs store every number as a float; codes must not end in ".0"
    return None if cell == "" else cell


if __name__ == "__main__":
    main()
