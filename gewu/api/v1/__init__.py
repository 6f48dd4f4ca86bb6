"""Version 1 of the API; importing this package registers its endpoints."""

from gewu.api.v1 import cases, description, reports

__all__ = ["cases", "description", "reports"]
