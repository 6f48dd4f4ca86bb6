"""Run the worker alone, for instance on a machine of its own: it seals the journal, reacts, reminds, sends and counts.
`gewu serve` runs one already. Several may run at once; leases in the database share the work between them."""

from __future__ import annotations

import argparse

from gewu.cli import processes
from gewu.jobs import worker


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--with-parent", type=int, metavar="PID", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    if args.with_parent is not None:
        processes.end_with_parent(args.with_parent)
    processes.refuse_unready()
    worker.run_forever()
    return 0
