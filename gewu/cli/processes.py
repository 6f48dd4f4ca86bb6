"""What the long-running processes share: are we ready to begin, and how does the whole tree end?"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading

from django.core import checks
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from gewu.core.errors import Broken

_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux
STOPS_WITHIN = 15
THREADS = 4  # of the program, in each web process (docs/adr/0020)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0

supervisor = 0  # the process of `gewu serve`, for those it forks


def end_with_parent(parent: int) -> None:
    """Let the kernel end this process when `parent`, which started it, dies, also by kill -9. Linux only."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_DIES_WITH_PARENT, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the kernel was told
        os.kill(os.getpid(), signal.SIGTERM)


def refuse_unready() -> None:
    """Refuse to begin on a store without all tables, or with settings that would lose or betray something."""
    if missing := missing_migrations():
        raise Broken(f"{missing} changes of the tables are missing. Make a backup, then run: gewu init")
    refuse_unsafe()


def missing_migrations() -> int:
    """How many migrations of this program the store has not seen."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def is_fresh() -> bool:
    """True when the store has no tables at all."""
    return not connection.introspection.table_names()


def refuse_unsafe() -> None:
    """Refuse to begin when a check of `config.checks` says so."""
    found = [one for one in checks.run_checks(databases=["default"]) if one.level >= checks.ERROR]
    if found:
        raise Broken("\n  ".join(["It is not safe to begin:", *(str(one.msg) for one in found)]))


def leave_store() -> None:
    """Close every connection and pool, so that a forked process opens its own."""
    for one in connections.all(initialized_only=True):
        one.close()
        if hasattr(one, "close_pool"):
            one.close_pool()


class Kept:
    """A child process that is started again whenever it dies, until it is told to stop."""

    def __init__(self, *words: str) -> None:
        self.words = (sys.executable, "-m", "gewu.cli", *words)
        self.stopping = threading.Event()
        self.begun = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        # One thread for the child's whole life: the kernel counts the thread that started it as its parent.
        self.thread = threading.Thread(target=self._keep, name="keeps-worker", daemon=True)

    def start(self) -> None:
        """Begin, and return when the first child runs.

        The server forks its web processes right after this. A fork in the middle of a start would inherit the pipe on
        which the start waits for the child, and the keeper would wait on it for ever.
        """
        self.thread.start()
        self.begun.wait(STOPS_WITHIN)

    def stop(self) -> None:
        """Ask it to end, wait, and end it by force when it does not."""
        self.stopping.set()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.thread.join(STOPS_WITHIN)

    def _keep(self) -> None:
        pause = FIRST_PAUSE
        while not self.stopping.is_set():
            self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL)
            self.begun.set()
            if self.stopping.is_set():  # told to stop while it was being started
                self.process.terminate()
            code = self.process.wait()
            if self.stopping.is_set():
                return
            print(f"gewu: the worker ended ({code}); it starts again in {pause:.0f} s.", file=sys.stderr)
            self.stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
