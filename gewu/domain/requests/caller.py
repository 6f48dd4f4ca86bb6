"""From where a request comes: what limits for people without an account are counted by."""

from __future__ import annotations

from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's address as the server sees it; a declared proxy has put the real one there."""
    return str(request.META.get("REMOTE_ADDR", ""))
