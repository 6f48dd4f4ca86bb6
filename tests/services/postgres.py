"""A PostgreSQL cluster of the tests' own: made, started, used and stopped within one run.

It keeps every setting that makes a commit durable (fsync, synchronous_commit, full_page_writes), since the program
refuses a store without them; only what costs time and not safety is tuned. The server is a child of this process, so
it never outlives the run. PostgreSQL refuses to run as root: then it runs as the user `postgres`.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.services.ports import free_port

OLDEST = 15
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "30min",
    "jit": "off",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}


class NoPostgreSQL(RuntimeError):
    """No usable server on this machine; the message says what to install."""


def programs() -> Path:
    """The folder of initdb and postgres, newest first; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -_number(path.parent.name))
    for folder in folders:
        if (folder / "initdb").exists() and _version(folder) >= OLDEST:
            return folder
    raise NoPostgreSQL(f"PostgreSQL {OLDEST} or later is missing: install the package postgresql.")


def _number(name: str) -> int:
    return int(name) if name.isdigit() else 0


def _version(folder: Path) -> int:
    said = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"\d+", said)
    return int(found.group()) if found else 0


def _as_server() -> dict[str, Any]:
    """Arguments that let a process run as the server's user when we are root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@dataclass
class Cluster:
    """A running server. `url` opens its database `gewu` as a user who may create test databases."""

    folder: Path
    port: int
    password: str
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(cls, folder: Path) -> Cluster:
        """Make a cluster in `folder` (new), start it and wait until it answers."""
        found = programs()
        folder.mkdir(parents=True)
        if os.geteuid() == 0:
            _open_a_way(folder)
            shutil.chown(folder, "postgres", "postgres")
        folder.chmod(0o700)
        password = secrets.token_hex(16)
        _initialise(found, folder, password)
        cluster = cls(folder, free_port(), password)
        cluster.launch(found)
        with cluster.connect("postgres") as connection:
            connection.execute("CREATE DATABASE gewu ENCODING 'UTF8' TEMPLATE template0")
        return cluster

    @property
    def url(self) -> str:
        return f"postgresql://gewu:{self.password}@127.0.0.1:{self.port}/gewu"

    def connect(self, database: str = "gewu") -> psycopg.Connection[tuple[Any, ...]]:
        """A connection outside Django, each statement on its own."""
        return psycopg.connect(self.url.removesuffix("gewu") + database, autocommit=True, connect_timeout=5)

    def launch(self, found: Path | None = None) -> None:
        """Start the server on its folder, also again after `kill`."""
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        with (self.folder / "server.log").open("ab") as log:
            self.process = server = subprocess.Popen(
                [(found or programs()) / "postgres", "-D", self.folder / "cluster", f"-p{self.port}",
                 "-clisten_addresses=127.0.0.1", "-cunix_socket_directories=", *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, **_as_server(),
            )  # fmt: skip
        self._wait_until_it_answers(server)

    def _wait_until_it_answers(self, server: subprocess.Popen[bytes]) -> None:
        for _ in range(300):
            with contextlib.suppress(psycopg.OperationalError):
                self.connect("postgres").close()
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=0.1)
                break
        log = (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")
        raise NoPostgreSQL(f"The PostgreSQL of the tests did not start:\n{log[-2000:]}")

    def stop(self) -> None:
        """A fast, clean shutdown."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)

    def kill(self) -> None:
        """The whole process group at once, as when the power goes; `launch` recovers it."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=60)


def _open_a_way(folder: Path) -> None:
    """Temporary folders are closed to others; the server's user may pass through them, not look into them."""
    ceilings = {Path(tempfile.gettempdir()).resolve(), Path("/dev/shm")}  # noqa: S108 - where runs have folders
    for parent in folder.resolve().parents:
        if not ceilings & set(parent.parents):
            return
        parent.chmod(parent.stat().st_mode | 0o011)


def _initialise(found: Path, folder: Path, password: str) -> None:
    word = folder / "password"
    word.write_text(password, encoding="ascii")
    word.chmod(0o600)
    if os.geteuid() == 0:
        shutil.chown(word, "postgres", "postgres")
    made = subprocess.run(
        [found / "initdb", "-D", folder / "cluster", "-U", "gewu", f"--pwfile={word}", "--auth=scram-sha-256",
         "--encoding=UTF8", "--locale=C", "--no-sync"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/", **_as_server(),
    )  # fmt: skip
    word.unlink()
    if made.returncode:
        raise NoPostgreSQL(f"initdb failed:\n{made.stderr[-2000:]}")
