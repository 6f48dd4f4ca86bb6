"""`gewu replay PATH`: play recorded days through the program and say what came of them.

PATH is a folder of recorded data: `cases.csv.gz` in it makes it a city's service requests (the map of precincts lies
beside it, in ../geo), `replies.parquet` messages to a mayor. It runs in the present installation when that is empty,
else in a temporary one on the same store, which is taken away afterwards; never in a filled one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

import msgspec
from django.db import connection

from gewu.cli import init
from gewu.config import environment
from gewu.core.errors import Broken
from gewu.demo.replay import boston, letters
from gewu.demo.replay.outcome import Outcome
from gewu.domain.journal.models import Entry
from gewu.domain.place import queries as place

PLAYED: dict[str, Callable[..., Outcome]] = {"cases.csv.gz": boston.replay, "replies.parquet": letters.replay}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH", help="folder of recorded data")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N")
    parser.add_argument("--seed", type=int, default=2026, help="what ids, draws and hand-ups follow from")
    parser.add_argument("--json", action="store_true", help="give the figures as one JSON object")
    parser.add_argument("--keep", action="store_true", help="leave the temporary installation there")


def run(args: argparse.Namespace) -> int:
    play = _how(args.path)
    init.prepare_folders()
    init.migrate()
    if place.is_open() or Entry.objects.exists():
        return _elsewhere(args)
    outcome = play(args.path.resolve(), limit=args.limit, seed=args.seed)
    _say(outcome, as_json=args.json)
    return 1 if outcome.invariants_broken else 0


def _how(path: Path) -> Callable[..., Outcome]:
    for name, play in PLAYED.items():
        if (path / name).is_file():
            return play
    raise Broken(f"{path} holds neither of {', '.join(PLAYED)}.", code="nothing_to_replay")


def _elsewhere(args: argparse.Namespace) -> int:
    """The same command in a process of its own, on an empty store beside the filled one."""
    folder = Path(tempfile.mkdtemp(prefix="gewu-replay-"))
    schema = folder.name.replace("-", "_") if connection.vendor == "postgresql" else ""
    where = f"{folder}, schema {schema}" if schema else str(folder)
    print(f"This installation is filled: replaying in a temporary one, {where}", file=sys.stderr)
    if schema:
        _execute(f'CREATE SCHEMA "{schema}"')
    try:
        words = [sys.executable, "-m", "gewu.cli", "--data", str(folder / "data"), "replay", *_words(args)]
        return subprocess.run(words, env=_environment(folder, schema), check=False).returncode
    finally:
        if not args.keep:
            shutil.rmtree(folder)
            if schema:
                _execute(f'DROP SCHEMA "{schema}" CASCADE')


def _words(args: argparse.Namespace) -> list[str]:
    words = [str(args.path.resolve()), "--seed", str(args.seed)]
    words += ["--limit", str(args.limit)] if args.limit is not None else []
    return words + [f"--{name}" for name in ("json", "keep") if getattr(args, name)]


def _environment(folder: Path, schema: str) -> dict[str, str]:
    """The caller's settings without those that say where this installation keeps its things."""
    places = {"GEWU_DATA", "GEWU_KEYS", "GEWU_HEADS", "GEWU_BACKUPS", "GEWU_PHOTOS"}
    kept = {name: value for name, value in os.environ.items() if name not in places}
    if schema:
        url = environment.text("GEWU_DATABASE_URL", "")
        option = quote(f"-c search_path={schema}", safe="")
        kept.pop("GEWU_DATABASE_URL_FILE", None)
        kept["GEWU_DATABASE_URL"] = f"{url}{'&' if '?' in url else '?'}options={option}"
    return kept


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _say(outcome: Outcome, *, as_json: bool) -> None:
    """The figures, for a program or for a person."""
    if as_json:
        print(msgspec.json.encode(asdict(outcome)).decode())
        return
    print(f"{outcome.cases} cases in {outcome.seconds} s, {outcome.cases_per_second} a second")
    print(f"accepted {outcome.accepted}, closed {outcome.closed}, reopened {outcome.reopened}")
    print("level:   " + ", ".join(f"{level} {number}" for level, number in outcome.by_level.items()))
    print(f"in time: {outcome.in_time} of those that closed")
    if outcome.location_agreement is not None:
        agreed = f"{outcome.location_agreement:.1%} in the recorded precinct"
        print(f"located: {outcome.located}, {agreed}")
    for word, number in outcome.refused.items():
        print(f"refused {number} times: {word}")
    print(f"digest:  {outcome.digest}")
    print(f"broken:  {outcome.invariants_broken}")
    for sentence in outcome.broken:
        print(f"  {sentence}")
