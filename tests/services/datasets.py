"""Real data sets where they are (GEWU_DATASETS), small fixtures of the same form where they are not."""

from __future__ import annotations

import os
from pathlib import Path

from tests.services.environment import run_folder

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
NOTES = "not-run"


def dataset(name: str) -> Path:
    """The file or folder `name` of the data sets; else the one below tests/fixtures, which is noted for the summary."""
    root = os.environ.get("GEWU_DATASETS")
    if root and (Path(root) / name).exists():
        return Path(root).resolve() / name
    fixture = FIXTURES / name
    if not fixture.exists():
        raise FileNotFoundError(f"Neither GEWU_DATASETS nor tests/fixtures holds {name}.")
    notes = run_folder() / NOTES
    notes.mkdir(exist_ok=True)
    (notes / name.replace("/", "__")).touch()
    return fixture


def not_run() -> list[str]:
    """Names of the data sets that were asked for and stood in for by a fixture, over all processes of the run."""
    notes = run_folder() / NOTES
    return sorted(path.name.replace("__", "/") for path in notes.iterdir()) if notes.exists() else []
