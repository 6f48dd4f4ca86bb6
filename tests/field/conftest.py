"""The town, served by the program itself, with the cookies of a worker."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services import gewu
from tests.services.gewu import LiveGewu
from tests.shape.sources import ROOT


def phone_town(data: Path, *words: str) -> Any:
    """Run the little program beside this file on an installation's folder."""
    settings = {"GEWU_DATA": str(data), "DJANGO_SETTINGS_MODULE": "gewu.config.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.field.phone_town", *words],
        cwd=ROOT, env=gewu.environment(settings), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveGewu, dict[str, str]]]:
    """One server for all tests of the phone: each looks only at what it added."""
    data = tmp_path_factory.mktemp("field") / "data"
    made = gewu.run(data, "init")
    assert made.returncode == 0, made.stderr
    session = phone_town(data)
    server = LiveGewu(data)
    server.start()
    yield server, session
    server.stop()
