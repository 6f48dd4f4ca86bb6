"""`gewu replay`: recorded days through the whole program, on whichever store this run speaks to."""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Place
from tests.services import gewu
from tests.services.datasets import FIXTURES, dataset

REQUESTS, LETTERS = FIXTURES / "boston311_2011", FIXTURES / "teddy2020_replies"
REAL = "GEWU_DATASETS" in os.environ
MANY = 2000  # the first of them; `make soak` plays all

pytestmark = pytest.mark.service


def replayed(place: Place, folder: Path, *words: str) -> dict[str, Any]:
    return dict(json.loads(place.done("replay", str(folder), "--json", *words)))


def test_recorded_requests_are_played_to_their_end(empty_place: Place) -> None:
    said = replayed(empty_place, REQUESTS)
    assert said["invariants_broken"] == 0, said["broken"]
    assert said["refused"] == {}
    assert (said["cases"], said["accepted"]) == (73, 73)
    assert said["closed"] == 73 - 8  # eight are recorded as open
    assert said["located"] == 61  # eleven at the city hall, one in no precinct
    assert said["location_agreement"] >= 0.95
    assert sum(said["by_level"].values()) == 73
    assert min(said["by_level"].values()) > 0


def test_a_request_that_was_due_before_it_was_filed_is_late_from_the_start(
    place: Place, tmp_path: Path
) -> None:
    folder = tmp_path / REQUESTS.name
    shutil.copytree(FIXTURES, tmp_path, dirs_exist_ok=True)
    with gzip.open(folder / "cases.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    filed = datetime.fromisoformat(rows[0]["open_dt"])
    rows[0]["target_dt"] = str(filed - timedelta(hours=8))
    with gzip.open(folder / "cases.csv.gz", "wt", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows[:1])
    said = replayed(place, folder)
    assert (said["invariants_broken"], said["cases"], said["in_time"]) == (0, 1, 0), said["broken"]


def test_of_recorded_letters_time_closes_what_nobody_answers(place: Place) -> None:
    said = replayed(place, LETTERS)
    assert said["invariants_broken"] == 0, said["broken"]
    assert said["refused"] == {}
    assert (said["cases"], said["accepted"], said["closed"]) == (24, 24, 24)
    assert said["location_agreement"] is None


@pytest.mark.one_store
def test_the_seed_decides_the_digest(places: Any) -> None:
    first, again, other = (
        replayed(places.begun(), REQUESTS, "--limit", "8", "--seed", seed) for seed in ("1", "1", "2")
    )
    assert first["digest"] == again["digest"] != other["digest"]


@pytest.mark.postgresql
@pytest.mark.parametrize("name", ["boston311_2011", "teddy2020_replies"])
def test_both_stores_give_one_digest(place: Place, tmp_path: Path, name: str) -> None:
    folder, words = (dataset(name), ("--limit", "100")) if REAL else (FIXTURES / name, ())
    here = replayed(place, folder, *words)
    assert here["invariants_broken"] == 0, here["broken"]
    result = gewu.run(tmp_path / "other", "replay", str(folder), "--json", *words)
    assert json.loads(result.stdout)["digest"] == here["digest"], result.stderr


@pytest.mark.one_store
def test_a_filled_installation_is_left_alone(place: Place) -> None:
    replayed(place, LETTERS, "--limit", "2")
    before = place.told()["counts"]
    again = place.run("replay", str(LETTERS), "--limit", "3", "--json")
    assert "temporary" in again.stderr
    assert json.loads(again.stdout)["cases"] == 3
    assert place.told()["counts"] == before


@pytest.mark.one_store
def test_people_read_the_same_figures(place: Place) -> None:
    said = place.done("replay", str(REQUESTS), "--limit", "3")
    assert "3 cases in" in said
    assert "broken:  0" in said


@pytest.mark.one_store
def test_a_folder_without_recorded_days_is_refused(place: Place, tmp_path: Path) -> None:
    result = place.run("replay", str(tmp_path))
    assert result.returncode == 1
    assert "cases.csv.gz" in result.stderr


@pytest.mark.long
@pytest.mark.one_store  # the digests above say that the other store plays the same
@pytest.mark.skipif(not REAL, reason="the fixtures are played above")
@pytest.mark.parametrize("name", ["teddy2020_replies", "boston311_2011"])
def test_real_days_break_nothing(place: Place, name: str) -> None:
    words = ("replay", str(dataset(name)), "--json", "--limit", str(MANY))
    said = json.loads(place.done(*words, within=1800))
    assert said["invariants_broken"] == 0, said["broken"]
    assert said["refused"] == {}
    assert said["accepted"] == said["cases"] == MANY


@pytest.mark.soak
@pytest.mark.parametrize("name", ["boston311_2011", "teddy2020_replies"])
def test_all_real_days_break_nothing(place: Place, name: str) -> None:
    words = [*gewu.GEWU, "--data", str(place.data), "replay", str(dataset(name)), "--json"]
    settings = gewu.environment(place.settings)
    result = subprocess.run(words, capture_output=True, text=True, env=settings, check=False)
    said = json.loads(result.stdout)
    assert said["invariants_broken"] == 0, said["broken"]
    assert said["location_agreement"] is None or said["location_agreement"] >= 0.95
