"""`gewu serve` as a process: how soon it answers, how much memory its web process holds."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from gewu.cli.benchmarks.results import Figure, Sample, figure, rounds
from gewu.core.errors import Broken

ANSWERS_WITHIN = 60
MB = 1024


def start(store: str) -> Iterator[Figure]:
    """From the command to the first answer."""
    took = []
    for _ in rounds():
        begun = time.perf_counter()
        with served():
            took.append(time.perf_counter() - begun)
    yield figure("start", store, Sample.of(took), "s", most=3)


def memory(store: str) -> Iterator[Figure]:
    """The web process after it has drawn pages and answered the API."""
    held = []
    for _ in range(3):
        with served("--no-worker", "--workers", "1") as port:
            for path in ("/", "/report", "/api/v1/openapi.json", "/healthz") * 25:
                with contextlib.suppress(urllib.error.HTTPError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30).read()
            held.append(max(_resident(pid) for pid in _children(os.getpid())) / MB)
    yield figure("memory of a web process", store, Sample.of(held), "MB", most=200)


@contextlib.contextmanager
def served(*words: str) -> Iterator[int]:
    """A running server on a free port; ended afterwards with all its processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = Path(settings.DATA).parent / "serve.log"
    with log.open("ab") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "gewu.cli", "--data", str(settings.DATA), "serve", "--port", str(port), *words],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(server, port, log)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + ANSWERS_WITHIN
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.02)
            break
    raise Broken(f"gewu serve did not answer: {log.read_text(encoding='utf-8', errors='replace')[-500:]}")


def _children(pid: int) -> list[int]:
    """All processes below this one."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found, left = [], [pid]
    while left:
        one = left.pop()
        below = [child for child, parent in parents.items() if parent == one]
        found += below
        left += below
    return found


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0
