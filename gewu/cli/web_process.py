"""What each web process of `gewu serve` loads: the program, and the promise to end with its parent."""

from __future__ import annotations

import gc
import os

from gewu.cli import processes
from gewu.cli.bodies import TakesBodiesIn
from gewu.config.wsgi import application as program

__all__ = ["application"]

NEW_OBJECTS = 20_000  # so many more than were freed, until the rings among them are looked for


def _leave_in_peace() -> None:
    """What is loaded now stays for good: looking through all of it for rings again and again holds up every thread."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 50, 50)


application = TakesBodiesIn(program, threads=processes.THREADS)
processes.end_with_parent(processes.supervisor or os.getppid())
_leave_in_peace()
