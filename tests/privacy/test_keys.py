"""Keys lie in files for their owner only, are made once, and turn with rotation."""

from __future__ import annotations

import stat
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from gewu.core import chance
from gewu.core.errors import Broken
from gewu.domain.privacy import keys


def test_a_ring_seals_and_opens(data_dir: Path) -> None:
    sealed = keys.ring("data").encrypt(b"hello", aad=b"row")

    assert keys.ring("data").decrypt(sealed, aad=b"row") == b"hello"


def test_files_are_for_their_owner_only(data_dir: Path) -> None:
    keys.ring("data")
    keys.secret("receipt")

    assert sorted(path.name for path in (data_dir / "keys").iterdir()) == ["data.ring", "receipt.key"]
    for path in (data_dir / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((data_dir / "keys").stat().st_mode) == 0o700


def test_secrets_stay_and_differ_by_purpose(data_dir: Path) -> None:
    keys._read_secret.cache_clear()
    first = keys.secret("receipt")
    keys._read_secret.cache_clear()

    assert keys.secret("receipt") == first
    assert keys.secret("phone") != first


def test_keys_do_not_follow_a_seed(tmp_path: Path, settings: Any) -> None:
    made = []
    for name in ("one", "two"):
        settings.KEYS = tmp_path / name
        with chance.seeded(7):
            made.append(keys.secret("receipt"))

    assert made[0] != made[1]


def test_making_keys_does_not_shift_what_follows_from_a_seed(data_dir: Path) -> None:
    drawn = []
    for _run in ("keys are made", "keys are there"):
        with chance.seeded(7):
            keys.ring("data")
            keys.secret("phone")
            drawn.append(chance.token_bytes(8))

    assert drawn[0] == drawn[1]


def test_many_at_once_end_with_one_key(data_dir: Path) -> None:
    barrier, found = Barrier(8), []

    def ask() -> None:
        barrier.wait()
        found.append(keys.secret("phone"))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1


def test_rotation_keeps_the_older_keys(data_dir: Path) -> None:
    sealed = keys.ring("data").encrypt(b"old", aad=b"")

    assert keys.rotate("data") == "k2"

    assert keys.ring("data").current == "k2"
    assert keys.ring("data").decrypt(sealed, aad=b"") == b"old"


def test_a_damaged_file_is_said_and_never_replaced(data_dir: Path) -> None:
    keys.ring("data")
    (data_dir / "keys" / "data.ring").write_text("{", encoding="ascii")

    with pytest.raises(Broken):
        keys.ring("data")
    assert (data_dir / "keys" / "data.ring").read_text(encoding="ascii") == "{"
