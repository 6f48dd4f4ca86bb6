"""Gives a test run its own installation, before any setting is read.

pytest loads this plugin first (`-p tests.services.environment` in pyproject.toml), because settings are read from the
environment the moment Django starts. Whatever `GEWU_*` the caller has set is put aside: a test run must never reach
the data of a real installation. Every xdist worker gets a data folder of its own below one folder of the run.

`GEWU_TEST_STORE=postgresql` runs the suite on a PostgreSQL cluster that this run starts and stops; SQLite otherwise.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services.postgres import Cluster

KEPT = ("GEWU_DATASETS", "GEWU_TEST_")
STORES = ("sqlite", "postgresql")
SHARED_MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - a folder of our own is made below it


def is_worker() -> bool:
    """True in a process started by xdist; the first process owns the run's folder and cluster."""
    return "PYTEST_XDIST_WORKER" in os.environ


def store() -> str:
    """The store this run speaks to."""
    name = os.environ.get("GEWU_TEST_STORE", "sqlite")
    if name not in STORES:
        raise pytest.UsageError(f"GEWU_TEST_STORE={name!r} is none of {', '.join(STORES)}.")
    return name


def run_folder() -> Path:
    """The folder of this run, shared by all its processes."""
    return Path(os.environ["GEWU_TEST_RUN"])


def own_folder() -> Path:
    """The folder of this process."""
    return run_folder() / os.environ.get("PYTEST_XDIST_WORKER", "main")


@contextmanager
def first_of_run(what: str) -> Iterator[bool]:
    """True for the first process of this run that comes here; the others wait for it, one after another. Where the
    first one fails, the next one is the first."""
    marks = run_folder() / "first"
    marks.mkdir(exist_ok=True)
    with (marks / f"{what}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = marks / f"{what}.done"
        yield not done.exists()
        done.touch()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    for name in [name for name in os.environ if name.startswith("GEWU_") and not name.startswith(KEPT)]:
        del os.environ[name]
    _compile_once()
    if not is_worker():
        os.environ["GEWU_TEST_RUN"] = tempfile.mkdtemp(prefix="gewu-tests-", dir=_roomy_memory())
        (run_folder() / "tmp").mkdir()
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(run_folder() / "tmp")
        cluster = Cluster.start(run_folder() / "postgresql") if store() == "postgresql" else None
        if cluster:
            os.environ["GEWU_TEST_POSTGRESQL"] = cluster.url
        # At exit, not in a hook: pytest calls none when settings or conftest fail to load.
        atexit.register(_clean_up, run_folder(), cluster)
    own_folder().mkdir(exist_ok=True)
    os.environ["GEWU_DATA"] = str(own_folder() / "data")
    if store() == "postgresql":
        os.environ["GEWU_DATABASE_URL"] = os.environ["GEWU_TEST_POSTGRESQL"]


def _compile_once() -> None:
    """Hundreds of processes start in a run. Without compiled modules kept beside the sources, each would spend three
    seconds on compiling them anew."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _roomy_memory() -> Path | None:
    """Where waiting for a disk costs nothing: no test here can tell whether a disk has really written. Lost writes are
    simulated (tests/durability), a killed process loses no memory of the kernel's. None: the usual temporary folder."""
    if SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).free > ROOM:
        return SHARED_MEMORY
    return None


def _clean_up(folder: Path, cluster: Cluster | None) -> None:
    if cluster:
        cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)
