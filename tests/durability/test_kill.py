"""kill -9 of the whole program while people report with photos: whatever was acknowledged is there afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.durability.program import Clients, installation
from tests.services import gewu
from tests.services.environment import own_folder, store
from tests.services.ports import free_port
from tests.services.postgres import Cluster

pytestmark = pytest.mark.service
ROUNDS, PROMISES = 2, 8


def kill_again_and_again(data: Path, *, rounds: int, promises: int) -> int:
    """How many acknowledged reports survived all kills; fails when one did not."""
    installation(data)
    server = gewu.LiveGewu(data)
    clients = Clients(server.port)
    for _ in range(rounds):
        server.start()
        with clients.at_work():
            clients.wait_for(promises)
            server.kill()
    server.start()
    try:
        assert clients.broken() == []
    finally:
        server.stop()
    proved = gewu.run(data, "verify", "--figures")
    assert proved.returncode == 0, proved.stdout
    return len(clients.ledger)


@pytest.mark.skipif(store() != "sqlite", reason="PostgreSQL has its own below")
def test_nothing_acknowledged_is_lost_when_the_program_is_killed(tmp_path: Path) -> None:
    assert kill_again_and_again(tmp_path / "data", rounds=ROUNDS, promises=PROMISES) >= ROUNDS * PROMISES


def kill_the_store(data: Path, cluster: Cluster, *, rounds: int, promises: int) -> Clients:
    """Kill PostgreSQL's whole tree under the running program, again and again."""
    settings = {"GEWU_DATABASE_URL": cluster.url}
    installation(data, settings)
    server = gewu.LiveGewu(data, settings)
    server.start()
    clients = Clients(server.port)
    try:
        for _ in range(rounds):
            with clients.at_work():
                clients.wait_for(promises)
                cluster.kill()
                cluster.launch()
                clients.wait_for(promises)  # the program finds the store again by itself
        assert clients.broken() == []
    finally:
        server.stop()
    return clients


@pytest.mark.postgresql
def test_nothing_acknowledged_is_lost_when_postgresql_is_killed(tmp_path: Path) -> None:
    cluster = Cluster.start(own_folder() / "killed")
    try:
        clients = kill_the_store(tmp_path / "data", cluster, rounds=1, promises=PROMISES)
    finally:
        cluster.stop()
    assert set(clients.refused) <= {503}, "a store that is away is said to be busy, never broken"
    assert all(clients.again), "and each answer says when to come again"


@pytest.mark.postgresql
def test_a_store_that_would_lose_reports_is_refused(tmp_path: Path) -> None:
    cluster = Cluster.start(own_folder() / "unsafe")
    settings = {"GEWU_DATABASE_URL": f"{cluster.url}?options=-c%20synchronous_commit%3Doff"}
    try:
        made = gewu.run(tmp_path / "data", "init", settings=settings)
        served = gewu.run(tmp_path / "data", "serve", "--port", str(free_port()), settings=settings)
    finally:
        cluster.stop()
    assert made.returncode == 0, made.stderr
    assert served.returncode == 1
    assert "synchronous_commit" in served.stderr
