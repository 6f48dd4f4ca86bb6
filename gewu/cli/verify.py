"""Recompute the history from its rows and hold it against the outside witness; recount the figures. Ends with 0 only
when everything holds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from gewu.core import clock
from gewu.core.errors import Broken
from gewu.domain.figures.proof import prove
from gewu.domain.journal import verify
from gewu.domain.journal.claims import Finding


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--heads", type=Path, metavar="PATH", help="folder of the outside witness (else GEWU_HEADS)"
    )
    parser.add_argument("--figures", action="store_true", help="recount the figures alone")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    if args.heads and not args.heads.is_dir():
        raise Broken(f"The folder {args.heads} is not there.")
    heads = args.heads or (settings.HEADS if settings.HEADS.is_dir() else None)
    found = list(prove()) if args.figures else verify.verify(heads=heads, now=clock.now())
    return report(found, as_json=args.json)


def report(found: Sequence[Finding], *, as_json: bool = False) -> int:
    """Say what was found, faults first; the exit code."""
    sound = verify.is_sound(found)
    in_order = sorted(found, key=lambda finding: finding.severity != "fault")
    if as_json:
        print(json.dumps({"sound": sound, "findings": [asdict(one) for one in in_order]}, ensure_ascii=False))
        return 0 if sound else 1
    for finding in in_order:
        where = f" ({finding.where})" if finding.where else ""
        print(
            f"{'FAULT' if finding.severity == 'fault' else 'note'}  {finding.code}: {finding.message}{where}"
        )
    print("History and figures hold." if sound else "Not everything holds.")
    return 0 if sound else 1
