"""A table as a workbook: the values, and beside them what each column means."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import pgettext

from gewu.core import tables
from gewu.core.punctuation import bracketed, named
from gewu.domain.insight.indicators import INDICATORS, MEDIAN, SHARE, Indicator
from gewu.domain.insight.queries import Cell, Table

_DIGITS = 4


def export_xlsx(table: Table) -> bytes:
    """In the language in force; an interval stands in two columns of its own."""
    return tables.write_workbook(
        {
            pgettext("table heading", "Figures"): _values(table),
            pgettext("table heading", "Definitions"): _definitions(table),
        }
    )


def _values(table: Table) -> Iterator[list[tables.Cell]]:
    yield [
        pgettext("table heading", "Code"),
        pgettext("table heading", "Name"),
        *(word for one in table.indicators for word in _headings(one)),
    ]
    for row in table.rows:
        yield [row.label.code, row.label.name, *_cells(table, dict(row.cells))]
    yield ["", pgettext("table heading", "Together"), *_cells(table, dict(table.whole))]


def _headings(one: Indicator) -> list[str]:
    name = str(one.name)
    if one.kind not in (SHARE, MEDIAN):
        return [name]
    unit = pgettext("table heading", "seconds") if one.kind == MEDIAN else pgettext("table heading", "share")
    low, high = pgettext("table heading", "from"), pgettext("table heading", "to")
    return [name + bracketed(unit), named(name, low), named(name, high), named(name, "n")]


def _cells(table: Table, cells: dict[str, Cell]) -> list[tables.Cell]:
    found: list[tables.Cell] = []
    for one in table.indicators:
        cell = cells[one.code]
        value = _rounded(cell.value)
        if one.kind in (SHARE, MEDIAN):
            found += [value, _rounded(cell.low), _rounded(cell.high), cell.n]
        else:
            found.append(value)
    return found


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _definitions(table: Table) -> Iterator[list[tables.Cell]]:
    yield [
        pgettext("table heading", "Indicator"),
        pgettext("table heading", "Definition"),
        pgettext("table heading", "Formula"),
        pgettext("table heading", "Source"),
    ]
    for one in table.indicators:
        known = INDICATORS[one.code]
        yield [str(known.name), str(known.definition), known.formula, known.source]
    yield [pgettext("table heading", "Period"), f"{table.period.first} – {table.period.last}", "", ""]
