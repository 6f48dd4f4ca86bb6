"""What each web process of `gewu serve` loads: the program, and the promise to end with its parent."""

from __future__ import annotations

from gewu.cli.processes import end_with_parent
from gewu.config.wsgi import application

__all__ = ["application"]

end_with_parent()
