"""Measure the program beside the machine's floor, in temporary installations that are gone afterwards. SQLite always;
PostgreSQL with GEWU_DATABASE_URL (a database of its own is made beside) or where its programs are installed. With the
usual 100,000 cases some ten minutes; 1,000,000 cases take about an hour."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from gewu.cli.benchmarks import postgres
from gewu.cli.benchmarks.results import ROUNDS, Figure, table
from gewu.core import clock
from gewu.core.errors import Broken

NAMES = ("intake", "queue", "case", "dashboard", "locate", "start", "memory", "replay", "verify")
CASES, MADE = 100_000, 2_000
STORES = ("sqlite", "postgresql")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(NAMES)} (else all)")
    parser.add_argument(
        "--cases", type=_many, default=CASES, metavar="N", help="in the installation (%(default)s)"
    )
    parser.add_argument(
        "--made", type=_many, default=MADE, metavar="N", help="of these by the actions (%(default)s)"
    )
    parser.add_argument(
        "--rounds", type=_number, default=ROUNDS, metavar="N", help="of each figure (%(default)s)"
    )
    parser.add_argument("--store", choices=STORES, help="this one alone")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    names = args.names or list(NAMES)
    if unknown := set(names) - set(NAMES):
        raise Broken(f"There is no figure named {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}.")
    args.now = clock.now()
    with tempfile.TemporaryDirectory(prefix="gewu-bench-") as folder:
        found = list(_measure(args, names, Path(folder)))
    print(json.dumps([one.as_dict() for one in found], ensure_ascii=False) if args.json else table(found))
    return 1 if any(one.met is False for one in found) else 0


def _measure(args: argparse.Namespace, names: Sequence[str], folder: Path) -> Iterator[Figure]:
    if args.store != "postgresql":
        yield from _child(args, names, folder, "sqlite", "")
    if args.store != "sqlite":
        given = os.environ.get("GEWU_DATABASE_URL", "")
        with postgres.store(folder / "postgresql", given=given) as url:
            if url:
                yield from _child(args, names, folder, "postgresql", url)
            else:
                print("PostgreSQL is not here: measured on SQLite alone.", file=sys.stderr)


def _child(
    args: argparse.Namespace, names: Sequence[str], folder: Path, store: str, url: str
) -> Iterator[Figure]:
    """One store is one process with settings of its own; keys are shared, so that copies can be read on both."""
    job = {
        "store": store, "url": url, "names": list(names), "cases": args.cases,
        "made": min(args.made, args.cases // 5), "book": str(folder / "book"), "rounds": args.rounds,
        "now": args.now.isoformat(),
    }  # fmt: skip
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("GEWU_", "DJANGO_"))
    }
    if datasets := os.environ.get("GEWU_DATASETS"):
        environment["GEWU_DATASETS"] = datasets
    environment |= {"GEWU_DATA": str(folder / store), "GEWU_KEYS": str(folder / "keys")}
    if url:
        environment["GEWU_DATABASE_URL"] = url
    child = subprocess.Popen(
        [sys.executable, "-m", "gewu.cli.benchmarks", json.dumps(job)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    with child:
        for line in child.stdout or ():
            one = Figure(**json.loads(line))
            beside = f" (ratio {one.ratio:.2f})" if one.ratio else ""
            print(f"{one.store}: {one.name}: {one.value:.4g} {one.unit}{beside}", file=sys.stderr)
            yield one
    if child.returncode:
        raise Broken(f"Measuring on {store} failed.")


def _many(text: str) -> int:
    return _whole(text, 10)


def _number(text: str) -> int:
    return _whole(text, 1)


def _whole(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"a whole number, at least {least}")
    return int(text)
