"""What each web process of `gewu serve` loads: the program, and the promise to end with its parent."""

from __future__ import annotations

import os

from gewu.cli import processes
from gewu.config.wsgi import application

__all__ = ["application"]

processes.end_with_parent(processes.supervisor or os.getppid())
