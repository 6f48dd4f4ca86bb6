"""Power cuts: no acknowledged report is lost with the program's own settings, and some are without them.

For photos see tests/media/test_power_cut.py: their files are flushed before the row that names them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.durability.powercut import Recorded, cuts, record
from tests.services.environment import store

pytestmark = [
    pytest.mark.service,
    pytest.mark.skipif(store() != "sqlite", reason="about SQLite"),
]
CUTS, INTAKES = 32, 12


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return record(tmp_path_factory.mktemp("recorded"), INTAKES)


@pytest.mark.parametrize("inside", [False, True], ids=["between commits", "at any write"])
def test_no_acknowledged_report_is_lost(recorded: Recorded, tmp_path: Path, inside: bool) -> None:
    made = cuts(recorded, tmp_path, CUTS, inside=inside)
    assert [cut for cut in made if cut.lost or cut.damage != "ok"] == []
    assert sum(cut.acknowledged for cut in made) > CUTS, "the cuts came too early to mean anything"


def test_this_test_sees_a_store_that_does_not_flush_each_commit(recorded: Recorded, tmp_path: Path) -> None:
    made = cuts(recorded, tmp_path, CUTS, inside=False, synchronous="NORMAL")
    assert sum(1 for cut in made if cut.lost) > CUTS / 2
    assert {cut.damage for cut in made} == {"ok"}
