"""Tables come in and go out as XLSX and CSV; hostile files and formulas do no harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest

from gewu.core import tables
from gewu.core.errors import Invalid

TRAPS = ["=1+1", "+86", "-2", "@sum", "\tx", "\rx", "＝1", "＋1", "－1", "＠a", "'=1", "''-1"]


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def rebuilt(workbook: bytes, name: str, content: bytes) -> bytes:
    """The same workbook with one part exchanged."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    return zipped({**parts, name: content})


def refused(data: bytes) -> str:
    with pytest.raises(Invalid) as error:
        tables.read_workbook(data)
    return error.value.errors[0].code


def test_a_workbook_comes_back_as_it_was_written() -> None:
    moment = datetime.fromisoformat("2026-03-01T08:30")
    rows = [
        ["编号", "名称", "自", "数"],
        ["007", "第一网格", date(2026, 3, 1), 3],
        [None, "x", moment, 2.5],
    ]
    assert tables.read_workbook(tables.write_workbook({"单位": rows, "空": []})) == {"单位": rows, "空": []}


def test_rows_keep_their_numbers_below_empty_ones() -> None:
    rows = [[None], ["a"], [None], ["b"]]
    assert tables.read_workbook(tables.write_workbook({"s": rows}))["s"] == rows


@pytest.mark.parametrize("trap", TRAPS)
def test_a_text_that_would_run_as_a_formula_is_defused_and_comes_back(trap: str) -> None:
    csv_bytes = tables.write_csv([["h"], [trap, "plain"]])
    assert csv_bytes.decode("utf-8-sig").split("\r\n", 1)[1].lstrip('"').startswith("'" + trap[:1])
    assert tables.read_csv(csv_bytes)[1][0] == trap
    written = tables.write_workbook({"s": [["h"], [trap]]})
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    if trap != "\rx":  # XML has no way to write a lone carriage return that every reader keeps
        assert tables.read_workbook(written)["s"][1][0] == trap


def test_numbers_stay_numbers_in_both_forms() -> None:
    assert tables.write_csv([[-5, 2.5, None, True]]).decode("utf-8-sig") == "-5,2.5,,True\r\n"
    assert tables.read_workbook(tables.write_workbook({"s": [["n"], [-5]]}))["s"][1] == [-5]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_of_office_programs(encoding: str) -> None:
    assert tables.read_csv("编号;名称\r\n1;罗塘\r\n".encode(encoding)) == [["编号", "名称"], ["1", "罗塘"]]


def test_something_else_than_a_workbook_is_refused() -> None:
    assert refused(b"") == "workbook_broken"
    assert refused(b"PK\x03\x04nonsense") == "workbook_broken"
    assert refused(zipped({"readme.txt": b"no workbook"})) == "workbook_broken"
    assert refused(zipped({"xl/workbook.xml": b"<not-one"})) == "workbook_broken"


def test_a_bomb_is_refused_by_what_its_directory_says() -> None:
    assert refused(zipped({"xl/workbook.xml": b"\0" * 60_000_000})) == "workbook_too_big"
    assert refused(zipped({"xl/workbook.xml": b"x" * 500_000})) == "workbook_too_big"  # more than 1 : 100
    assert refused(zipped({f"{number}": b"" for number in range(201)})) == "workbook_too_big"


def test_a_bomb_that_hides_from_its_directory_dies_in_the_child() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    workbook = tables.write_workbook({"s": [["a"]]})
    assert refused(rebuilt(workbook, "xl/worksheets/sheet1.xml", sheet)) == "workbook_too_big"


def test_too_many_rows_are_refused() -> None:
    assert refused(tables.write_workbook({"s": [[number] for number in range(20_001)]})) == "workbook_too_big"
