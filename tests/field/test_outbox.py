"""The phone's outbox against the running program: whatever happens on the way, each report arrives exactly once."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.field.conftest import Served
from tests.shape.sources import ROOT

SCHEDULES = Path(__file__).with_name("schedules.mjs")
pytestmark = pytest.mark.browser  # of the client, not of the store: run once, on SQLite


def run_schedules(served: Served, count: int, seed: int) -> None:
    before = served.town.numbers()
    cookies = served.town.ask("session")
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    words = [served.url, cookie, cookies[settings.CSRF_COOKIE_NAME], str(count), str(seed)]
    done = subprocess.run(
        ["node", str(SCHEDULES), *words],
        cwd=ROOT, capture_output=True, text=True, timeout=60 + count,
        env={**os.environ, "NODE_PATH": str(ROOT / "node_modules")},
    )  # fmt: skip
    assert done.returncode == 0, f"seed {seed}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    told = json.loads(done.stdout.splitlines()[-1])
    assert min(told["bad"].values()) > 0, "some kind of bad luck was never drawn"
    assert len(told["numbers"]) >= count
    assert sorted(told["numbers"]) == sorted(served.town.numbers() - before), f"seed {seed}"


def test_a_thousand_schedules_of_bad_luck(served: Served) -> None:
    run_schedules(served, 1_000, secrets.randbelow(1_000_000))


@pytest.mark.soak
def test_ten_thousand_schedules_of_bad_luck(served: Served) -> None:
    run_schedules(served, 10_000, secrets.randbelow(1_000_000))
