"""Ids, secrets and draws come from one place, and follow a seed when told."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from gewu.core import chance, clock
from gewu.core.clock import DrivenClock

START = datetime(2026, 3, 2, 1, 0, 0, 123_456, tzinfo=UTC)
START_MS = int(datetime(2026, 3, 2, 1, tzinfo=UTC).timestamp()) * 1000 + 123


def ms_of(key: uuid.UUID) -> int:
    return key.int >> 80


def test_an_id_is_a_version_7_uuid_of_its_millisecond() -> None:
    with clock.driven(DrivenClock(START)):
        key = chance.new_id()
    assert (key.version, key.variant) == (7, uuid.RFC_4122)
    assert ms_of(key) == START_MS


def test_ids_rise_strictly_even_when_time_stands_still() -> None:
    with clock.driven(DrivenClock(START)):
        keys = [chance.new_id() for _ in range(20_000)]
    assert keys == sorted(set(keys))
    # More than one millisecond holds: a few are borrowed from the next ones, never many.
    assert START_MS < ms_of(keys[-1]) <= START_MS + 10


def test_ids_rise_when_the_machine_is_stepped_back_a_little() -> None:
    with clock.driven(DrivenClock(START)) as hands:
        first = chance.new_id()
        hands.set(START - timedelta(seconds=2))
        assert chance.new_id() > first


def test_ids_follow_a_clock_driven_far_back() -> None:
    with clock.driven(DrivenClock(START)) as hands:
        chance.new_id()
        hands.set(START - timedelta(days=365))
        assert ms_of(chance.new_id()) == START_MS - 365 * 86_400_000


def test_many_threads_never_share_an_id() -> None:
    made: list[list[uuid.UUID]] = [[] for _ in range(8)]
    threads = [
        threading.Thread(target=lambda own=own: own.extend(chance.new_id() for _ in range(2_000)))
        for own in made
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({key for own in made for key in own}) == 16_000
    for own in made:
        assert own == sorted(own)


def test_a_seed_repeats_ids_secrets_and_draws() -> None:
    def everything() -> tuple[object, ...]:
        with clock.driven(DrivenClock(START)), chance.seeded("town"):
            draw = chance.random().sample(range(1000), 5)
            return chance.new_id(), chance.token_bytes(16), chance.digits(16), draw

    assert everything() == everything()
    with clock.driven(DrivenClock(START)), chance.seeded("other town"):
        assert chance.new_id() != everything()[0]


def test_after_the_seed_chance_is_chance_again() -> None:
    with chance.seeded(1):
        pass
    with chance.seeded(1):
        inside = chance.token_bytes(16)
    assert chance.token_bytes(16) != inside


def test_seeds_nest_and_an_error_restores_the_outer_one() -> None:
    with chance.seeded(1):
        chance.digits(4)
        expected = chance.digits(4)
    with chance.seeded(1):
        chance.digits(4)
        with pytest.raises(ZeroDivisionError), chance.seeded(2):
            _ = int(chance.digits(4)) // 0
        assert chance.digits(4) == expected


def test_another_thread_does_not_share_the_seed() -> None:
    seen: list[bytes] = []
    with chance.seeded(1):
        thread = threading.Thread(target=lambda: seen.append(chance.token_bytes(16)))
        thread.start()
        thread.join()
        assert chance.token_bytes(16) != seen[0]


def test_digits_keep_leading_zeros_and_are_evenly_spread() -> None:
    with chance.seeded(7):
        drawn = [chance.digits(4) for _ in range(10_000)]
    assert all(len(text) == 4 and text.isascii() and text.isdigit() for text in drawn)
    counted = Counter("".join(drawn))
    assert len(counted) == 10
    assert max(counted.values()) - min(counted.values()) < 400  # 4,000 each, some six standard deviations


def test_lengths_are_exact_and_nonsense_is_refused() -> None:
    assert chance.token_bytes(0) == b""
    assert len(chance.token_bytes(33)) == 33
    with pytest.raises(ValueError, match="one digit"):
        chance.digits(0)
