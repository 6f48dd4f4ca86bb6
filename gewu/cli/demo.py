"""`gewu demo`: the model town with six weeks of work in it, ways in for every kind of post, and the server.

The first run fills an empty installation; later runs only serve it. Passwords and second factors are made at that
moment, shown once and stored nowhere; everything else follows from the seed and the moment of filling.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max

from gewu.cli import init
from gewu.core import chance, clock
from gewu.core.clock import DrivenClock, driven
from gewu.core.errors import Conflict
from gewu.demo import cases, load, patrols, town
from gewu.domain.accounts import passwords
from gewu.domain.journal.actions import FILLER, move_cursor, release_lease, seal_all, take_lease
from gewu.domain.journal.models import Entry
from gewu.domain.place import queries as place

FILLING = 3600  # seconds at most; a run that was killed is found by `doctor` after them
OFFICERS = 3
NEWS = timedelta(days=1)
BEFORE = timedelta(days=1)  # the town stands a day before its first case


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-serve", action="store_true", help="fill and say how to sign in, then end")
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default %(default)s)")
    parser.add_argument("--seed", type=int, default=town.SEED, help="what town and cases follow from")
    parser.add_argument("--cases", type=int, default=400, help="how many cases (default %(default)s)")
    parser.add_argument("--new-logins", action="store_true", help="make new passwords and second factors")


def run(args: argparse.Namespace) -> int:
    settings.DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    init.prepare_folders()
    init.migrate()
    if not place.is_open():
        with _said_to_be_filling():
            logins = _fill(args)
            _seal()
        _introduce(logins, args.port)
    elif args.new_logins:
        logins = load.logins(now=clock.now())
        _seal()
        _introduce(logins, args.port)
    else:
        print(
            "This installation is filled already; nothing was changed. New passwords: gewu demo --new-logins"
        )
    return 0 if args.no_serve else _serve(args.port)


def _fill(args: argparse.Namespace) -> list[load.Login]:
    until = clock.now().replace(microsecond=0)
    begin = until - cases.PAST - BEFORE
    # Drawn before the seed is set: words that open something must not follow from it.
    passphrases = [passwords.generate() for _officer in range(OFFICERS)]
    started = clock.monotonic()
    print("Filling the model town ...", flush=True)
    with chance.seeded(f"town {args.seed}"), driven(DrivenClock(begin)):
        load.load(town.build(args.seed), now=begin)
        load.appoint_officers(passphrases, now=begin)
    with _unhurried_disk():
        filled = cases.fill(cases=args.cases, seed=args.seed, until=until)
    with _unhurried_disk(), driven(DrivenClock(begin)) as hands:
        patrols.fill(seed=args.seed, until=until, hands=hands)
    with chance.seeded(f"worker {args.seed}"), driven(DrivenClock(until)):
        _work(until)
    states = ", ".join(f"{state} {number}" for state, number in filled.states.items())
    took = clock.monotonic() - started
    print(f"{filled.cases} cases in {filled.acts} acts and {filled.fired} timers, {took:.0f} s: {states}")
    for word, number in sorted(filled.refused.items()):
        print(f"  refused {number} times: {word}")
    return load.logins(now=clock.now(), passphrases=passphrases)


@contextmanager
def _said_to_be_filling() -> Iterator[None]:
    """Six weeks of entries wait for their seal meanwhile; `doctor` reads here that this is as it should be."""
    lease = take_lease(FILLER, "gewu demo", now=clock.now(), seconds=FILLING)
    try:
        yield
    finally:
        if lease:
            release_lease(FILLER, fence=lease.fence, now=clock.now())


def _seal() -> None:
    """The logins are on the record too, and a demo ends with everything sealed."""
    try:
        seal_all(clock.now())
    except Conflict:
        return  # a worker is running on this folder, and seals within a second


@contextmanager
def _unhurried_disk() -> Iterator[None]:
    """Nobody has been told of these cases yet, so not every act waits for the disk: SQLite's WAL stays whole without
    it, and a power cut would lose invented cases alone."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        connection.close()  # the next connection waits for the disk again


def _work(now: datetime) -> None:
    """What the worker does with it. Of messages only those of the last day wait: older ones were told in their time."""
    from gewu.jobs import reactions, worker

    told = Entry.objects.filter(at__lt=now - NEWS).aggregate(last=Max("position"))["last"] or 0
    move_cursor(reactions.READER, 0, told)
    worker.run_until_idle(now)


def _introduce(logins: Sequence[load.Login], port: int) -> None:
    grid = load.shown_grid()
    print(f"\nFor residents:  http://127.0.0.1:{port}/")
    print(f"    {grid.name}, whose people are below:  http://127.0.0.1:{port}/report?area={grid.code}")
    print(f"For staff:      http://127.0.0.1:{port}/login  (shown once, stored nowhere)\n")
    for login in logins:
        print(f"{login.title}  {login.username}  {login.password}")
        if login.totp:
            address = f"otpauth://totp/Gewu:{login.username}?secret={login.totp}&issuer=Gewu"
            print(f"    second factor {login.totp}  {address}")
        if login.passphrase:
            print(f"    passphrase of the officer's key  {login.passphrase}")
    print()


def _serve(port: int) -> int:
    from gewu.cli import serve

    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    status: int = serve.run(parser.parse_args(["--listen", f"127.0.0.1:{port}"]))
    return status
