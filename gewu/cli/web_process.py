"""What each web process of `gewu serve` loads: the program, and the promise to end with its parent."""

from __future__ import annotations

import os

from gewu.cli import processes
from gewu.cli.bodies import TakesBodiesIn
from gewu.config.wsgi import application as program

__all__ = ["application"]

application = TakesBodiesIn(program, threads=processes.THREADS)
processes.end_with_parent(processes.supervisor or os.getppid())
