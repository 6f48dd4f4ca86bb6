"""`gewu bench` measures both stores beside their floors and says whether the targets are met."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gewu.cli.benchmarks.results import Sample, figure, table
from tests.services import gewu
from tests.services.environment import store

EVERY_LINE = {"name", "store", "value", "unit", "low", "high", "floor", "ratio", "target", "met"}


@pytest.mark.service
@pytest.mark.skipif(store() != "sqlite", reason="brings its own stores")
def test_a_small_installation_is_made_measured_and_proved(tmp_path: Path) -> None:
    words = (
        "intake",
        "queue",
        "case",
        "dashboard",
        "verify",
        "--store",
        "sqlite",
        "--cases",
        "400",
        "--made",
        "20",
        "--rounds",
        "2",
        "--json",
    )
    ended = gewu.run(tmp_path / "unused", "bench", *words)
    assert ended.returncode in (0, 1), ended.stderr  # a target may be missed on a busy machine
    figures = {line["name"]: line for line in json.loads(ended.stdout)}
    assert all(set(line) == EVERY_LINE for line in figures.values())
    assert figures["case page, long history, queries"]["met"]
    assert any(name.startswith("verify, ") for name in figures), "history and figures of the copies hold"


def test_an_unknown_figure_is_refused(tmp_path: Path) -> None:
    ended = gewu.run(tmp_path / "unused", "bench", "nonsense")
    assert ended.returncode == 1
    assert "nonsense" in ended.stderr


@pytest.mark.parametrize(
    ("values", "met"),
    [([90.0, 95.0, 99.0], False), ([90.0, 99.0, 130.0], True), ([120.0, 130.0, 140.0], True)],
)
def test_a_rate_misses_only_when_its_better_quartile_does(values: list[float], met: bool) -> None:
    assert figure("intake", "sqlite", Sample.of(values), "/s", least=100).met is met


@pytest.mark.parametrize(("values", "met"), [([49.0, 60.0, 70.0], False), ([30.0, 60.0, 70.0], True)])
def test_a_time_misses_only_when_its_better_quartile_does(values: list[float], met: bool) -> None:
    assert figure("dashboard", "sqlite", Sample.of(values), "ms", most=50).met is met


def test_a_ratio_is_to_the_floor_of_the_same_run() -> None:
    line = figure("intake", "postgresql", Sample.of([20.0] * 9), "/s", floor=100.0, ratio_least=0.25)
    assert (line.ratio, line.met) == (0.2, False)
    assert "0.2" in table([line])
