"""Reading settings from the environment: typed, loud on nonsense, secrets also from files."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from gewu.core.errors import Broken

LOCK_WAIT_MS = 5000
POSTGRESQL = ("postgres", "postgresql")


def text(name: str, default: str) -> str:
    """The value of `name`, or of the file that `name`_FILE points to."""
    if file := os.environ.get(f"{name}_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str, default: bool) -> bool:
    """1/0, true/false, yes/no, on/off; anything else is an error."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    try:
        return known[value.lower()]
    except KeyError:
        raise Broken(f"{name}={value!r} is neither yes nor no.") from None


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    value = os.environ.get(name)
    return default if value is None else [word.strip() for word in value.split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    """A folder as an absolute path; made by `gewu init`, not here."""
    return Path(os.environ.get(name) or default).expanduser().resolve()


def secret(name: str, file: Path) -> str:
    """A secret from the environment, else from `file`, which is made once, readable by its owner only.

    Where no installation is yet, nothing is written: `gewu --help` and slips in the name of a folder leave no trace.
    """
    if value := text(name, ""):
        return value
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        value = secrets.token_urlsafe(48)
        return keep_secret(file, value) if file.parent.is_dir() else value


def keep_secret(file: Path, value: str) -> str:
    """Write a secret where none is yet; gives the one that holds."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of this installation was first
        return file.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(value)
        out.flush()
        os.fsync(out.fileno())
    return value


def database(name: str, sqlite: Path) -> dict[str, Any]:
    """Django's database settings: PostgreSQL when an address is given, else one SQLite file below the data folder."""
    url = text(name, "")
    return _postgresql(name, url) if url else _sqlite(sqlite)


def _sqlite(path: Path) -> dict[str, Any]:
    # FULL, not NORMAL: with NORMAL a power cut loses acknowledged reports. IMMEDIATE: a writer waits at the start of
    # its transaction instead of failing in the middle. secure_delete: erased texts leave no bytes behind. Cache and
    # map are per connection, and a web process with four of them stays below 200 MB.
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; "
        "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=67108864; PRAGMA cache_size=-16000;"
    )
    return {
        "ENGINE": "gewu.config.sqlite",
        "NAME": path,
        "OPTIONS": {"timeout": 5, "transaction_mode": "IMMEDIATE", "init_command": pragmas},
        "CONN_MAX_AGE": None,
        "ATOMIC_REQUESTS": False,
    }


def _times(name: str, said: str) -> int | None:
    """How often a statement runs before its plan is kept; none keeps no plans."""
    if said != "none" and not said.isdecimal():
        raise Broken(f"{name}: prepare_threshold must be a whole number or none, not {said!r}")
    return None if said == "none" else int(said)


def _postgresql(name: str, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in POSTGRESQL:
        raise Broken(f"{name} must begin with postgresql://")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    own = options.pop("options", "")
    if "prepare_threshold" in options:
        options["prepare_threshold"] = _times(name, options["prepare_threshold"])
    return {
        "ENGINE": "gewu.config.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "gewu",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            # Whoever waits longer for a row gets 503. Told once per connection: a word per transaction costs a round
            # trip. A PgBouncer in between needs `ignore_startup_parameters = options` and the same on the role; for the
            # plans that are kept (postgresql/base.py) `max_prepared_statements` from its version 1.22 on, before that
            # `?prepare_threshold=none` in the address, which keeps none.
            "options": f"-c lock_timeout={LOCK_WAIT_MS} {own}".rstrip(),
            **options,
            "pool": {"min_size": 1, "max_size": 16, "timeout": 5},
            "server_side_binding": True,
        },
        "ATOMIC_REQUESTS": False,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
