"""Durable intake of a report: through the handler in this process, and through the server with sixteen clients.

The floor is what the machine can do at all: the statements of one intake, recorded and replayed with fresh values by
the bare driver over as many connections.
"""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from gewu.cli.benchmarks import serving, town
from gewu.cli.benchmarks.results import Figure, Sample, figure, rounds
from gewu.core import chance
from gewu.core.text import CaseNumber

IN_A_ROUND = 60
CLIENTS = 16
SECONDS_A_ROUND = 1.5
ADDRESS = "/api/v1/reports"
_NUMBER = re.compile(r"[A-Z]{1,4}-\d{4}-\d{6,9}-\d")
_HEX = re.compile(r"[0-9a-f]{32}")
_serials = count(900_000_000)


def measure(store: str, url: str, now: datetime) -> Iterator[Figure]:
    grids, token = town.grids(now), town.token(now)
    call = _caller(grids, token)
    for _ in range(5):
        call()
    statements = record(lambda: call(0))
    alone = replay(statements, url, connections=1)
    yield figure("intake, statements", store, Sample.of([float(len(statements))]), "")
    yield figure("intake, handler", store, _rate(call), "/s", least=100 if store == "sqlite" else None,
                 floor=alone.median, ratio_least=None if store == "sqlite" else 0.10)  # fmt: skip
    together = replay(statements, url, connections=CLIENTS)
    with serving.served("--no-worker") as port:
        rates, slowest = clients(port, token)
    yield figure("intake, 16 clients", store, rates, "/s", least=100 if store == "sqlite" else None,
                 floor=together.median, ratio_least=None if store == "sqlite" else 0.10)  # fmt: skip
    yield figure("intake, 16 clients, p99", store, slowest, "ms", most=100)


def body(grid: town.Grid, number: int) -> bytes:
    given = town.given(grid, number)
    place = {"lon": grid.lon, "lat": grid.lat, "words": given.place}
    return json.dumps({"text": given.text, "condition": given.condition, "place": place}).encode()


def _caller(grids: list[town.Grid], token: str) -> Callable[..., None]:
    """One report through middleware, view, action and commit, without a socket."""
    handler, numbers = WSGIHandler(), count()

    def call(number: int | None = None) -> None:
        number = next(numbers) if number is None else number
        sent = body(grids[number % len(grids)], number)
        answers: list[str] = []
        environ = {
            "REQUEST_METHOD": "POST", "PATH_INFO": ADDRESS, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
            "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(sent)), "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(sent), "HTTP_AUTHORIZATION": f"Bearer {token}",
            "HTTP_IDEMPOTENCY_KEY": str(chance.new_id()),
        }  # fmt: skip

        def start(status: str, _headers: Any, _exc: Any = None, /) -> Callable[[bytes], object]:
            answers.append(status)
            return _headers.extend

        answer = handler(environ, start)
        list(answer)
        answer.close()
        if not answers[0].startswith("201"):
            raise RuntimeError(f"The report was not taken: {answers[0]}")

    return call


def _rate(call: Callable[..., None]) -> Sample:
    rates = []
    for _ in rounds():
        begun = time.perf_counter()
        for _ in range(IN_A_ROUND):
            call()
        rates.append(IN_A_ROUND / (time.perf_counter() - begun))
    return Sample.of(rates)


@dataclass(frozen=True)
class Statement:
    sql: str
    params: tuple[Any, ...] | None


@dataclass
class Recording:
    """The statements of one intake, and which of their values were of that intake alone."""

    statements: list[Statement] = field(default_factory=list)
    own: set[Any] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.statements)


def record(call: Callable[[], None]) -> Recording:
    """What the program says to the store during one intake; a second one shows which values change."""
    first, second = _listen(call), _listen(call)
    recording = Recording(first)
    for one, other in zip(first, second, strict=True):
        for value, changed in zip(_flat(one.params), _flat(other.params), strict=True):
            if value != changed:
                recording.own.add(value)
    return recording


def _flat(params: tuple[Any, ...] | None) -> list[Any]:
    """The values one by one; PostgreSQL gets the columns of many rows as lists."""
    return [one for value in params or () for one in (value if isinstance(value, list) else [value])]


def _listen(call: Callable[[], None]) -> list[Statement]:
    heard: list[Statement] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith("BEGIN"):
            heard.append(Statement(sql, None if params is None else tuple(params)))
        return execute(sql, params, many, context)

    while not heard or _takes_a_block(
        heard
    ):  # one intake in twenty takes a block of numbers: not the usual one
        heard.clear()
        with connection.execute_wrapper(listen):
            call()
    return heard


def _takes_a_block(heard: list[Statement]) -> bool:
    return any("cases_numberblock" in one.sql for one in heard)


def replay(recording: Recording, url: str, *, connections: int) -> Sample:
    """Intakes a second of the bare driver: the same statements, fresh values, one commit each."""
    stop, done = threading.Event(), [0] * connections
    threads = [
        threading.Thread(target=_replay_on, args=(recording, url, stop, done, place))
        for place in range(connections)
    ]
    for thread in threads:
        thread.start()
    rates = []
    stop.wait(0.5)
    for _ in rounds():
        before, begun = sum(done), time.perf_counter()
        stop.wait(SECONDS_A_ROUND)
        rates.append((sum(done) - before) / (time.perf_counter() - begun))
    stop.set()
    for thread in threads:
        thread.join()
    return Sample.of(rates)


def _replay_on(recording: Recording, url: str, stop: threading.Event, done: list[int], place: int) -> None:
    run = _on_postgresql(recording, url) if url else _on_sqlite(recording)
    with run as one:
        while not stop.is_set():
            one()
            done[place] += 1


class _on_sqlite:
    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    def __enter__(self) -> Callable[[], None]:
        options = settings.DATABASES["default"]["OPTIONS"]
        self.store = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=60, isolation_level=None)
        self.store.executescript(options["init_command"])
        said = [(one.sql.replace("%s", "?"), one.params) for one in self.recording.statements]

        def once() -> None:
            new = _Fresh(self.recording.own)
            self.store.execute("BEGIN IMMEDIATE")
            for sql, params in said:
                self.store.execute(sql, new.values(params)).fetchall()
            self.store.execute("COMMIT")

        return once

    def __exit__(self, *_: object) -> None:
        self.store.close()


class _on_postgresql:
    def __init__(self, recording: Recording, url: str) -> None:
        self.recording, self.url = recording, url

    def __enter__(self) -> Callable[[], None]:
        import psycopg

        self.store = psycopg.connect(self.url)

        def once() -> None:
            new = _Fresh(self.recording.own)
            with self.store.cursor() as cursor:
                for one in self.recording.statements:
                    cursor.execute(one.sql, new.values(one.params))
                    if cursor.description:
                        cursor.fetchall()
            self.store.commit()

        return once

    def __exit__(self, *_: object) -> None:
        self.store.close()


class _Fresh:
    """For each value that belonged to the recorded intake another one, the same wherever it occurs."""

    def __init__(self, own: set[Any]) -> None:
        self.own = own
        self.made: dict[Any, Any] = {}

    def values(self, params: tuple[Any, ...] | None) -> tuple[Any, ...]:
        return tuple(
            [self._of(one) for one in value] if isinstance(value, list) else self._of(value)
            for value in params or ()
        )

    def _of(self, value: Any) -> Any:
        if value not in self.own:
            return value
        if value not in self.made:
            self.made[value] = _another(value)
        return self.made[value]


def _another(value: Any) -> Any:
    if isinstance(value, UUID):
        return chance.new_id()
    if isinstance(value, bytes):
        return chance.token_bytes(len(value))
    if isinstance(value, str) and _HEX.fullmatch(value):
        return chance.new_id().hex
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return str(CaseNumber("LT", 2099, next(_serials)))
    return value  # a moment, a day, the journal's data


def clients(port: int, token: str) -> tuple[Sample, Sample]:
    """Rates, and the 99th percentile of each round in ms; the clients are a process of their own."""
    said = subprocess.run(
        [sys.executable, "-m", "gewu.cli.benchmarks.clients", str(port), str(CLIENTS), str(SECONDS_A_ROUND),
         str(len(rounds()))],
        input=json.dumps({"token": token, "bodies": _bodies()}), capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    each = json.loads(said)
    return Sample.of([one["rate"] for one in each]), Sample.of([one["p99"] for one in each])


def _bodies() -> list[str]:
    from gewu.core import clock

    return [body(grid, number).decode() for number, grid in enumerate(town.grids(clock.now()))]
