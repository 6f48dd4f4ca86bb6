"""Places in a table or as GeoJSON: the words of the first row, and each row as a `PlaceInput`.

Excel's workbook, CSV (also GB18030) and GeoJSON points come in; the template that goes out has the same words. What is
empty in a row is empty; what cannot be read as a number stays text and is refused at its field with its row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from gewu.core import limits, tables
from gewu.core.errors import FieldError, Invalid
from gewu.core.punctuation import listed
from gewu.domain.people.roles import in_every_language
from gewu.domain.places.actions import PlaceInput
from gewu.domain.places.kinds import KINDS

COLUMNS: dict[str, Any] = {
    "code": pgettext_lazy("place column", "Code"),
    "kind": pgettext_lazy("place column", "Kind"),
    "name": pgettext_lazy("place column", "Name"),
    "area": pgettext_lazy("place column", "Grid code"),
    "lon": pgettext_lazy("place column", "Longitude"),
    "lat": pgettext_lazy("place column", "Latitude"),
    "households": pgettext_lazy("place column", "Households"),
    "residents": pgettext_lazy("place column", "Residents"),
    "keeper": pgettext_lazy("place column", "Unit that looks after it"),
    "active": pgettext_lazy("place column", "In use"),
}
# What heads of tables are called besides code and label, in whichever script the office writes.
WORDS: dict[str, tuple[str, ...]] = {
    "code": ("点位编码", "點位編碼"),
    "kind": ("点位类型", "點位類型"),
    "name": ("点位名称", "點位名稱"),
    "area": ("网格", "網格", "grid"),
    "lon": ("longitude",),
    "lat": ("latitude",),
    "keeper": ("管理单位编码", "管理單位編碼"),
    "active": ("启用", "是否启用", "啟用", "是否啟用"),
}
NO = {"0", "no", "false", "否", "停用"}
WHOLE = ("households", "residents")


def read(data: bytes) -> list[PlaceInput]:
    """The places of a file; raises `Invalid` at `file` when it is none of the three kinds or lacks a column."""
    if data[:64].lstrip()[:1] == b"{":
        return [_input(properties) for properties in _points(data)]
    if data[:2] == b"PK":
        sheets = tables.read_workbook(data)
        rows = next(iter(sheets.values()), [])
    else:
        rows = tables.read_csv(data)
    return [_input(values) for values in _by_column(rows)]


def template() -> bytes:
    """An empty workbook with the words read here, and the kinds on a second sheet."""
    head = [str(word) for word in COLUMNS.values()]
    kinds = [[code, str(kind.name)] for code, kind in KINDS.items()]
    return tables.write_workbook({_("Places"): [head], _("Kinds"): kinds})


def _by_column(rows: Sequence[Sequence[Any]]) -> Iterable[dict[str, Any]]:
    if not rows:
        raise Invalid.at("file", "empty", _("This file has no rows."))
    if len(rows) - 1 > limits.IMPORT_ROWS:
        raise Invalid.at(
            "file", "too_many", _("At most %(most)s rows at once.") % {"most": limits.IMPORT_ROWS}
        )
    columns = [_column(str(head or "").strip()) for head in rows[0]]
    missing = [COLUMNS[name] for name in ("code", "kind", "name") if name not in columns]
    if missing:
        message = _("These columns are missing: %(names)s.") % {"names": listed(missing)}
        raise Invalid.at("file", "columns", message)
    for row in rows[1:]:
        if any(cell not in (None, "") for cell in row):
            yield {name: cell for name, cell in zip(columns, row, strict=False) if name}


def _column(head: str) -> str:
    """The field a head names; attributes by their code or label; empty for a column nobody knows."""
    return _heads().get(head.lower(), "")


@cache
def _heads() -> dict[str, str]:
    """Every head that is read, in small letters: a table made in one language comes in, whatever its bringer reads."""
    attributes = {one.code: one.label for kind in KINDS.values() for one in kind.attributes}
    fields = {
        f"attributes.{code}": (code, *in_every_language(label).values()) for code, label in attributes.items()
    }
    for name, label in COLUMNS.items():
        fields[name] = (name, *in_every_language(label).values(), *WORDS.get(name, ()))
    return {word.lower(): field for field, words in fields.items() for word in words}


def _points(data: bytes) -> Iterable[dict[str, Any]]:
    try:
        features = json.loads(data)["features"]
        for feature in features:
            lon, lat = feature["geometry"]["coordinates"][:2]
            yield {**feature["properties"], "lon": lon, "lat": lat}
    except (ValueError, KeyError, TypeError, RecursionError):
        message = _("This is not a GeoJSON collection of points.")
        raise Invalid([FieldError("file", "geojson", message)]) from None


def _input(values: Mapping[str, Any]) -> PlaceInput:
    attributes = dict(values.get("attributes") or {}) if isinstance(values.get("attributes"), dict) else {}
    attributes |= {
        name.removeprefix("attributes."): _text(cell)
        for name, cell in values.items()
        if name.startswith("attributes.") and cell not in (None, "")
    }
    return PlaceInput(
        code=_text(values.get("code")),
        kind=_kind(_text(values.get("kind"))),
        name=_text(values.get("name")),
        area=_text(values.get("area")),
        lon=_number(values.get("lon")),
        lat=_number(values.get("lat")),
        households=_whole(values.get("households")),
        residents=_whole(values.get("residents")),
        keeper=_text(values.get("keeper")),
        attributes=attributes,
        is_active=_text(values.get("active")).lower() not in NO,
    )


def _text(cell: Any) -> str:
    """A cell as text; a code that Excel made a number of loses its fraction."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _number(cell: Any) -> Any:
    try:
        return float(_text(cell))
    except ValueError:
        return _text(cell)


def _whole(cell: Any) -> Any:
    number = _number(cell)
    return 0 if number == "" else int(number) if isinstance(number, float) and number.is_integer() else number


def _kind(word: str) -> str:
    """The code of a kind, however it was named."""
    return _kinds().get(word, word)


@cache
def _kinds() -> dict[str, str]:
    return {
        word: code for code, kind in KINDS.items() for word in (code, *in_every_language(kind.name).values())
    }
