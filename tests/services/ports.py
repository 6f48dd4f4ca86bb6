"""A free port on this machine alone."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port nobody listens on. Another process could take it first; the service that uses it then says so."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
