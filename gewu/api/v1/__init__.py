"""Version 1 of the API; importing this package registers its endpoints."""

from gewu.api.v1 import cases, reports

__all__ = ["cases", "reports"]
