"""A real installation with the cast's town, and clients that write down what they were promised."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from tests.media import photos
from tests.services import gewu
from tests.services import installation as copies
from tests.services.environment import own_folder

FILL = """
import django
django.setup()
from tests import town
town.town()
"""
CLIENTS = 4
_addresses = itertools.count(1)
_keys = itertools.count(1)


def installation(data: Path, settings: Mapping[str, str] | None = None) -> None:
    """Folders, tables, and the town of tests/town.py, by processes that have ended when this returns.

    On SQLite it is made once for all tests of this process, and copied.
    """
    if settings is None:
        made = own_folder() / "filled"
        if not made.exists():
            _fill(made, None)
        shutil.copytree(made, data)
    else:
        _fill(data, settings)


def _fill(data: Path, settings: Mapping[str, str] | None) -> None:
    if settings is None:
        copies.copy(data, *copies.BEGUN)
    else:
        made = gewu.run(data, "init", settings=settings)
        assert made.returncode == 0, made.stderr
    filled = run_inside(data, FILL, settings=settings)
    assert filled.returncode == 0, filled.stderr


def run_inside(
    data: Path, script: str, *words: str, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A few lines with the program's own settings and data folder."""
    named = {"GEWU_DATA": str(data), "DJANGO_SETTINGS_MODULE": "gewu.config.settings", **(settings or {})}
    return subprocess.run(
        [sys.executable, "-c", script, *words],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, env=gewu.environment(named), timeout=120,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip


@dataclass(frozen=True)
class Promise:
    """What a 201 said: this number and secret, and this photo with it."""

    number: str
    secret: str
    photo: str


@dataclass
class Clients:
    """People who report with photos as fast as they are answered. `ledger` grows only after a 2xx."""

    port: int
    ledger: list[Promise] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)  # statuses that are no promise
    again: list[str | None] = field(default_factory=list)  # Retry-After of each 503

    @contextlib.contextmanager
    def at_work(self, number: int = CLIENTS) -> Iterator[None]:
        stop = threading.Event()
        threads = [threading.Thread(target=self._work, args=(stop,)) for _ in range(number)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=60)
            assert not any(thread.is_alive() for thread in threads)

    def wait_for(self, more: int, *, seconds: float = 60) -> None:
        """Until that many more promises were made."""
        wanted, tick = len(self.ledger) + more, threading.Event()
        for _ in range(int(seconds / 0.02)):
            if len(self.ledger) >= wanted:
                return
            tick.wait(0.02)
        raise AssertionError(f"{len(self.ledger)} promises, {self.refused[-5:]}")

    def _work(self, stop: threading.Event) -> None:
        pause = threading.Event()
        while not stop.is_set():
            if not self.report():
                pause.wait(0.02)

    def report(self) -> bool:
        """One photo and one report with it; True when both were promised."""
        try:
            photo = self._post("photos", PHOTO, "image/jpeg")
            if photo is None:
                return False
            body = {"text": "垃圾桶旁有大量垃圾", "condition": "0110", "photos": [photo["id"]],
                    "place": {"lon": 120.135, "lat": 32.525}}  # fmt: skip
            told = self._post("reports", json.dumps(body).encode(), "application/json")
        except (OSError, http.client.HTTPException):
            return False  # the server died before it answered: nothing was promised
        if told is not None:
            self.ledger.append(Promise(told["number"], told["secret"], photo["id"]))
        return told is not None

    def _post(self, path: str, body: bytes, kind: str) -> dict[str, str] | None:
        headers = {
            "Content-Type": kind,
            "Idempotency-Key": str(UUID(int=next(_keys) | 0x7 << 76 | 0b10 << 62)),
        }
        status, again, said = self._send("POST", path, body, headers)
        if status == 201:
            return json.loads(said)  # type: ignore[no-any-return]
        self.refused.append(status)
        if status == 503:
            self.again.append(again)
        return None

    def _send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, str | None, bytes]:
        # Each call from an address of its own: one address may only report so often in an hour.
        number = next(_addresses)
        source = f"127.{1 + number // 62500}.{1 + number // 250 % 250}.{1 + number % 250}"
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(source, 0)
        )
        with contextlib.closing(connection):
            connection.request(method, f"/api/v1/{path}", body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Retry-After"), answer.read()

    def broken(self, promises: list[Promise] | None = None) -> list[Promise]:
        """Promises the program no longer keeps: the receipt must open the case, and its photo must be there."""
        return [one for one in (self.ledger if promises is None else promises) if not self._kept(one)]

    def _kept(self, promise: Promise) -> bool:
        headers = {"Authorization": f"Receipt {promise.number}:{promise.secret}"}
        status, _again, said = self._send("GET", f"cases/{promise.number}", None, headers)
        if status != 200 or "垃圾" not in said.decode():
            return False
        status, _again, photo = self._send(
            "GET", f"cases/{promise.number}/photos/{UUID(promise.photo)}", None, headers
        )
        return status == 200 and photo.startswith(b"\xff\xd8")


PHOTO = photos.jpeg(photos.scene(64, 48))
