"""Take in areas (GeoJSON), people (XLSX), days of the calendar (CSV), hotline tickets."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.db import transaction

from gewu.cli import passwords
from gewu.core import clock
from gewu.core.errors import Broken
from gewu.domain.access.actor import SYSTEM
from gewu.domain.areas import actions as areas
from gewu.domain.areas.rules import read_accept_list
from gewu.domain.cases.actions import borders, hotline
from gewu.domain.people import workbook
from gewu.domain.people.actions.imports import import_people
from gewu.domain.place import actions as place


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    one = kinds.add_parser("areas", help="a map of areas and their borders (GeoJSON)")
    one.add_argument("file", type=Path)
    one.add_argument(
        "--system", choices=("wgs84", "gcj02"), default="wgs84", help="coordinates (%(default)s)"
    )
    one.add_argument("--accept", type=Path, metavar="FILE", help="names of faults to live with, one a line")
    one.add_argument("--within", metavar="CODE", help="the file holds only what lies below this area")
    one.add_argument("--dry-run", action="store_true", help="only say what would happen")
    one.add_argument("--put-into-force", action="store_true", help="let the map decide from now on")
    one.set_defaults(take=_areas)
    one = kinds.add_parser("people", help="units, posts and people (XLSX; see: gewu export people)")
    one.add_argument("file", type=Path)
    one.add_argument("--errors", type=Path, metavar="FILE", help="write the faults as a workbook")
    one.add_argument(
        "--passwords", type=Path, metavar="FILE", help="make passwords for those without, list them here"
    )
    one.add_argument("--dry-run", action="store_true", help="only say what would happen")
    one.set_defaults(take=_people)
    one = kinds.add_parser("calendar", help="working days and holidays (CSV: date, working, note)")
    one.add_argument("file", type=Path)
    one.add_argument("--publish", type=int, metavar="YEAR", help="the table of this year is complete")
    one.add_argument("--source", default="", help="the notice it was taken from")
    one.set_defaults(take=_calendar)
    one = kinds.add_parser("tickets", help="hotline tickets (CSV or XLSX), each becomes a case")
    one.add_argument("file", type=Path)
    one.add_argument(
        "--system", choices=("wgs84", "gcj02"), default="wgs84", help="coordinates (%(default)s)"
    )
    one.add_argument("--dry-run", action="store_true", help="only say what would happen")
    one.set_defaults(take=_tickets)


def run(args: argparse.Namespace) -> int:
    done: int = args.take(args, _read(args.file))
    return done


def _areas(args: argparse.Namespace, data: bytes) -> int:
    now = clock.now()
    accept = read_accept_list(_read(args.accept).decode("utf-8", "replace")) if args.accept else []
    with transaction.atomic():
        done = areas.import_geojson(
            data,
            system=args.system,
            accept=accept,
            actor=SYSTEM,
            now=now,
            dry_run=args.dry_run,
            within=args.within,
        )
        moved = None
        if args.put_into_force and done.version is not None:
            _in_force, moved = borders.take_effect(done.version, actor=SYSTEM, now=now)
    print(
        f"{done.areas} areas: {len(done.added)} new, {len(done.gone)} gone; {done.ignored} trifles left alone."
    )
    for fault in done.faults:
        state = "fault" if fault in done.unaccepted else "accepted"
        where = f"{fault.m2:.1f} m2 at {fault.lon:.6f}, {fault.lat:.6f}"
        print(f"  {state}  {fault.name}: {fault.sentence} ({where})")
    if done.version is not None:
        state = "in force" if moved is not None else "prepared"
        print(f"Map {done.version.number} is {state}." + (f" {moved} open cases moved." if moved else ""))
    return 1 if done.unaccepted else 0


def _people(args: argparse.Namespace, data: bytes) -> int:
    now = clock.now()
    passwords.refuse_existing(args.passwords)
    done = import_people(data, actor=SYSTEM, now=now, dry_run=args.dry_run)
    for error in done.errors:
        print(f"  {error.sheet} row {error.row} {error.column}: {error.message}")
    if done.done is None:
        if args.errors:
            args.errors.write_bytes(workbook.error_sheet(done.errors))
        print(f"{len(done.errors)} faults; nothing was taken in.")
        return 1
    would = "would be " if args.dry_run else ""
    for noun in ("units", "posts", "people", "appointments"):
        count = getattr(done.done, noun)
        print(f"{noun}: {count.created} {would}new, {count.changed} {would}changed")
    if args.passwords and not args.dry_run:
        print(
            f"{passwords.give(args.passwords, now=now)} passwords in {args.passwords}: hand them over, then delete it."
        )
    return 0


def _calendar(args: argparse.Namespace, data: bytes) -> int:
    change = place.import_days(data, publish=args.publish, source=args.source, actor=SYSTEM, now=clock.now())
    print(f"{change.days} days of the calendar changed.")
    return 0


def _tickets(args: argparse.Namespace, data: bytes) -> int:
    done = hotline.import_tickets(
        data, system=args.system, actor=SYSTEM, now=clock.now(), dry_run=args.dry_run
    )
    for fault in done.faults:
        print(f"  row {fault.row} {fault.column}: {fault.message}")
    if done.faults and not done.left:
        print(f"{len(done.faults)} faults; nothing was taken in.")
        return 1
    print(f"{len(done.created)} cases {'would be ' if args.dry_run else ''}new, {done.known} known already.")
    if done.left:
        print(f"{done.left} rows were not taken in. Bring the same file again: what is in is passed over.")
        return 1
    return 0


def _read(file: Path) -> bytes:
    if not file.is_file():
        raise Broken(f"The file {file} is not there.")
    return file.read_bytes()
