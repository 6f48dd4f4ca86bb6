"""Give out areas (GeoJSON), the catalogue (CSV or XLSX), the workbook for people, or figures (XLSX)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import msgspec
from django.utils import translation

from gewu.core import clock, tables
from gewu.core.errors import Broken, NotFound
from gewu.core.tables import Cell
from gewu.domain.areas import queries as areas
from gewu.domain.catalogue import queries as catalogue
from gewu.domain.catalogue.rules import closing_text
from gewu.domain.figures.queries import Period
from gewu.domain.insight import export, public, queries
from gewu.domain.names import LANGUAGES
from gewu.domain.people import workbook
from gewu.domain.people.filled import filled
from gewu.domain.people.queries import today

CATALOGUE = (
    "code", "version", "class", "subclass", "condition", "closing", "kind", "limit", "target", "level",
    "unit_rule", "private", "rewarded", "emergency", "confidential", "assumed",
)  # fmt: skip
DAYS = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    one = kinds.add_parser("areas", help="the map in force, or another version of it (GeoJSON)")
    one.add_argument("--version", type=int, metavar="N", help="number of the version")
    one.set_defaults(give=_areas)
    one = kinds.add_parser("catalogue", help="every filing condition in force")
    one.set_defaults(give=_catalogue)
    one = kinds.add_parser("people", help="the workbook for gewu import people (XLSX)")
    one.add_argument(
        "--filled", action="store_true", help="with all units, posts and people in it (else empty)"
    )
    one.set_defaults(give=_people)
    one = kinds.add_parser("figures", help="indicators of an area by what lies below it")
    one.add_argument("--area", metavar="CODE", help="code of the area (else everything)")
    one.add_argument("--first", type=date.fromisoformat, metavar="DAY", help=f"else {DAYS} days ago")
    one.add_argument("--last", type=date.fromisoformat, metavar="DAY", help="else today")
    one.add_argument("--by", choices=("area", "unit", "category", "level", "day"), default="area")
    one.set_defaults(give=_figures)
    one = kinds.add_parser("open-data", help="a whole month as the public page gives it, masked")
    one.add_argument("--month", type=_month, metavar="YYYY-MM", help="else the last one")
    one.set_defaults(give=_open_data)
    for kind in kinds.choices.values():
        kind.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help="%(default)s")
        kind.add_argument(
            "--to", type=Path, metavar="FILE", help="else to the standard output, as CSV or GeoJSON"
        )


def run(args: argparse.Namespace) -> int:
    with translation.override(args.language):
        content: bytes = args.give(args)
    if args.to is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        args.to.write_bytes(content)
    return 0


def _areas(args: argparse.Namespace) -> bytes:
    version = areas.get_version(args.version) if args.version else areas.current_version()
    if version is None:
        raise NotFound("No map is in force yet.")
    return msgspec.json.format(msgspec.json.encode(areas.feature_collection(version)), indent=1) + b"\n"


def _catalogue(args: argparse.Namespace) -> bytes:
    return _as_table(args, "catalogue", _conditions(args.language))


def _conditions(language: str) -> Iterator[Sequence[Cell]]:
    yield CATALOGUE
    for row in catalogue.current(kind=None):
        subclass = row.subclass
        yield (
            row.code,
            row.version,
            subclass.parent.names.get(language, ""),
            subclass.names.get(language, ""),
            row.names.get(language, ""),
            closing_text(row, language),
            row.kind,
            row.limit,
            row.target,
            row.level,
            " ".join(f"{level}:{kind}" for level, kind in row.unit_rule.items()),
            *(int(mark) for mark in (row.private, row.rewarded, row.emergency, row.confidential)),
            " ".join(sorted(name for name, source in row.sources.items() if source == "assumed")),
        )


def _people(args: argparse.Namespace) -> bytes:
    _needs_file(args)
    return filled(on=today(clock.now())) if args.filled else workbook.template()


def _figures(args: argparse.Namespace) -> bytes:
    _needs_file(args)
    last = args.last or today(clock.now())
    period = Period(args.first or last - timedelta(days=DAYS - 1), last)
    path = areas.get_area(args.area).path if args.area else ""
    return export.export_xlsx(queries.table(path, period, by=args.by))


def _open_data(args: argparse.Namespace) -> bytes:
    now, path = clock.now(), public.top()
    first = args.month or next(iter(public.months(path, now=now, most=1)), None)
    month = public.publish(path, first, now=now) if first else None
    if month is None:
        raise NotFound("Only whole, past months with something to show are public.")
    rows = (tuple(getattr(row, name) for name in public.COLUMNS) for row in public.records(path, month))
    return _as_table(args, "open-data", iter([public.COLUMNS, *rows]))


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError("a month is written 2026-10") from None


def _as_table(args: argparse.Namespace, name: str, rows: Iterator[Sequence[Cell]]) -> bytes:
    return tables.write_workbook({name: rows}) if _wants_workbook(args) else tables.write_csv(rows)


def _needs_file(args: argparse.Namespace) -> None:
    if not _wants_workbook(args):
        raise Broken("This is a workbook and needs a file: --to FILE.xlsx")


def _wants_workbook(args: argparse.Namespace) -> bool:
    return args.to is not None and args.to.suffix.lower() == ".xlsx"
