"""The phone's outbox against the running program: whatever happens on the way, each report arrives exactly once."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.services import gewu
from tests.services.gewu import LiveGewu
from tests.shape.sources import ROOT

SCHEDULES = Path(__file__).with_name("schedules.mjs")
pytestmark = pytest.mark.browser  # of the client, not of the store: run once, on SQLite


def phone_town(data: Path, *words: str) -> Any:
    """Run the little program beside this file on an installation's folder."""
    settings = {"GEWU_DATA": str(data), "DJANGO_SETTINGS_MODULE": "gewu.config.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.field.phone_town", *words],
        cwd=ROOT, env=gewu.environment(settings), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The town, served; with the cookies of a worker."""
    data = tmp_path_factory.mktemp("field") / "data"
    made = gewu.run(data, "init")
    assert made.returncode == 0, made.stderr
    session = phone_town(data)
    server = LiveGewu(data)
    server.start()
    yield server, session
    server.stop()


def run_schedules(served: Any, count: int, seed: int) -> None:
    server, session = served
    before = set(phone_town(server.data, "numbers"))
    words = [server.url, session["cookie"], session["csrf"], str(count), str(seed)]
    done = subprocess.run(
        ["node", str(SCHEDULES), *words],
        cwd=ROOT, capture_output=True, text=True, timeout=60 + count,
        env={**os.environ, "NODE_PATH": str(ROOT / "node_modules")},
    )  # fmt: skip
    assert done.returncode == 0, f"seed {seed}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    told = json.loads(done.stdout.splitlines()[-1])
    assert min(told["bad"].values()) > 0, "some kind of bad luck was never drawn"
    assert len(told["numbers"]) >= count
    assert sorted(told["numbers"]) == sorted(set(phone_town(server.data, "numbers")) - before), f"seed {seed}"


def test_a_thousand_schedules_of_bad_luck(served: Any) -> None:
    run_schedules(served, 1_000, secrets.randbelow(1_000_000))


@pytest.mark.soak
def test_ten_thousand_schedules_of_bad_luck(served: Any) -> None:
    run_schedules(served, 10_000, secrets.randbelow(1_000_000))
