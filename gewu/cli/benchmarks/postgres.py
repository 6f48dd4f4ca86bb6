"""A PostgreSQL for one run of the bench: an own server where its programs are installed, else a database of its own
beside the one that GEWU_DATABASE_URL names.

Durability stays switched on: fsync, synchronous_commit and full_page_writes are what the figures are about.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from gewu.core import chance
from gewu.core.errors import Broken

STARTS_WITHIN = 30
SETTINGS = {
    "max_connections": "100", "shared_buffers": "256MB", "wal_level": "minimal", "max_wal_senders": "0",
    "max_wal_size": "4GB", "checkpoint_timeout": "30min", "log_min_messages": "fatal", "timezone": "UTC",
}  # fmt: skip


def programs() -> Path | None:
    """The folder of initdb and postgres, newest first; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


@contextlib.contextmanager
def store(folder: Path, *, given: str) -> Iterator[str | None]:
    """The address of an empty database, or None where there is no PostgreSQL; gone afterwards."""
    if given:
        with _beside(given) as url:
            yield url
    elif found := programs():
        with _server(found, folder) as url:
            yield url
    else:
        yield None


@contextlib.contextmanager
def _beside(given: str) -> Iterator[str]:
    import psycopg

    name = f"gewu_bench_{chance.token_bytes(4).hex()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def _server(found: Path, folder: Path) -> Iterator[str]:
    as_server: dict[str, Any] = {}
    folder.mkdir(parents=True)
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        as_server = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
        for parent in folder.parents[:-2]:  # temporary folders are closed: let the server's user pass through
            parent.chmod(parent.stat().st_mode | 0o011)
    password, port = chance.token_bytes(16).hex(), _free_port()
    _initialise(found, folder, password, as_server)
    options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [found / "postgres", "-D", folder / "cluster", f"-p{port}", "-clisten_addresses=127.0.0.1",
             "-cunix_socket_directories=", *options],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, **as_server,
        )  # fmt: skip
    url = f"postgresql://gewu:{password}@127.0.0.1:{port}/"
    try:
        _wait(server, f"{url}postgres")
        yield f"{url}gewu"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _initialise(found: Path, folder: Path, password: str, as_server: dict[str, Any]) -> None:
    word = folder / "word"
    word.write_text(password, encoding="ascii")
    word.chmod(0o600)
    if as_server:
        shutil.chown(word, "postgres", "postgres")
    made = subprocess.run(
        [found / "initdb", "-D", folder / "cluster", "-U", "gewu", f"--pwfile={word}", "--auth=scram-sha-256",
         "--encoding=UTF8", "--locale=C"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/", **as_server,
    )  # fmt: skip
    word.unlink()
    if made.returncode:
        raise Broken(f"PostgreSQL's initdb failed: {made.stderr[-500:]}")


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    import psycopg

    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=2) as connection:
                connection.execute("CREATE DATABASE gewu ENCODING 'UTF8' TEMPLATE template0")
                return
        except psycopg.OperationalError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.1)
    raise Broken("The PostgreSQL of the bench did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
