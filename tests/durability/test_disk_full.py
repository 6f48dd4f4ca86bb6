"""The disk is full: 503 and when to come again, never a receipt; nothing is lost, and it goes on when there is room."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from tests.durability.program import Clients, installation
from tests.services import gewu
from tests.services.environment import store

pytestmark = [
    pytest.mark.service,
    pytest.mark.skipif(store() != "sqlite", reason="PostgreSQL's disk belongs to its own server"),
]
ROOM = 60_000  # bytes the files may still grow: enough for a few reports


def _tree(group: int) -> list[int]:
    """All processes of a group, each of which writes files."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == group:
                found.append(int(folder.name))
        except ProcessLookupError:
            continue
    return found


def _limit(group: int, size: int) -> None:
    for pid in _tree(group):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def fill_and_free(data: Path, *, rounds: int) -> Clients:
    """No file may grow any more, then it may again; whatever was acknowledged is there."""
    installation(data)
    server = gewu.LiveGewu(data)
    server.start()
    assert server.process is not None
    clients = Clients(server.port)
    try:
        for _ in range(rounds):
            with clients.at_work(1):
                clients.wait_for(3)
            largest = max(path.stat().st_size for path in data.glob("gewu.sqlite3*"))
            _limit(server.process.pid, min(ROOM, largest))
            before, told = len(clients.ledger), len(clients.again)
            for _ in range(40):
                clients.report()
                if len(clients.again) > told:
                    break
            assert len(clients.again) > told, (before, clients.refused[-5:])
            _limit(server.process.pid, resource.RLIM_INFINITY)
            with clients.at_work(1):
                clients.wait_for(2)
        assert clients.broken() == []
    finally:
        server.stop()
    proved = gewu.run(data, "verify", "--figures")
    assert proved.returncode == 0, proved.stdout
    return clients


def test_a_full_disk_gives_no_receipt_and_loses_none(tmp_path: Path) -> None:
    clients = fill_and_free(tmp_path / "data", rounds=1)
    assert set(clients.refused) == {503}
    assert all(clients.again)
