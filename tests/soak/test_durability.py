"""What tests/durability does in a minute, for as long as it takes: 1,000 power cuts, 500 kills, 50 full disks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.durability import powercut, test_disk_full, test_kill
from tests.services.environment import own_folder, store
from tests.services.postgres import Cluster

pytestmark = [pytest.mark.soak, pytest.mark.service]
sqlite = pytest.mark.skipif(store() != "sqlite", reason="about SQLite")
CUTS, INTAKES, KILLS, STORE_KILLS, FULL = 500, 40, 500, 100, 50


@sqlite
@pytest.mark.parametrize("inside", [False, True], ids=["between commits", "at any write"])
def test_a_thousand_power_cuts(tmp_path: Path, inside: bool) -> None:
    recorded = powercut.record(tmp_path, INTAKES)
    made = powercut.cuts(recorded, tmp_path, CUTS, inside=inside)
    assert [cut for cut in made if cut.lost or cut.damage != "ok"] == []


@sqlite
def test_five_hundred_kills_of_the_program(tmp_path: Path) -> None:
    assert test_kill.kill_again_and_again(tmp_path / "data", rounds=KILLS, promises=5) >= KILLS * 5


@sqlite
def test_fifty_full_disks(tmp_path: Path) -> None:
    test_disk_full.fill_and_free(tmp_path / "data", rounds=FULL)


@pytest.mark.postgresql
def test_a_hundred_kills_of_postgresql(tmp_path: Path) -> None:
    cluster = Cluster.start(own_folder() / "killed")
    try:
        test_kill.kill_the_store(tmp_path / "data", cluster, rounds=STORE_KILLS, promises=10)
    finally:
        cluster.stop()
