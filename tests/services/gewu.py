"""The program itself as a process, with a data folder of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.services.ports import free_port

GEWU = (sys.executable, "-m", "gewu.cli")
STARTS_WITHIN = 300  # tenths of a second


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The caller's environment without any setting of another installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GEWU_", "DJANGO_"))}
    return {**kept, **(extra or {})}


def run(
    data: Path, *words: str, settings: Mapping[str, str] | None = None, within: int = 300
) -> subprocess.CompletedProcess[str]:
    """`gewu --data DATA words...` to its end; the caller looks at returncode, stdout and stderr."""
    return subprocess.run(
        [*GEWU, "--data", str(data), *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment(settings),
        timeout=within,
    )


@dataclass
class LiveGewu:
    """A running `gewu serve`."""

    data: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()  # further words of `gewu serve`
    port: int = field(default_factory=free_port)
    trust: ssl.SSLContext | None = None  # with a certificate: whom to believe
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self.trust else 'http'}://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}-serve.log"

    def start(self) -> None:
        """Start and wait until /healthz answers; a server that dies first fails with its own words."""
        with self.log.open("ab") as log:
            self.process = server = subprocess.Popen(
                [*GEWU, "--data", str(self.data), "serve", "--listen", f"127.0.0.1:{self.port}", *self.more],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(self.settings),
                start_new_session=True,
            )
        for _ in range(STARTS_WITHIN):
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2, context=self.trust).close()
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=0.1)
                break
        words = self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
        self.stop()
        raise AssertionError(f"gewu serve did not answer on {self.url}:\n{words}")

    def stop(self) -> None:
        """Ask it to end as an operator would."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """The whole tree at once, as when the power goes."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)
