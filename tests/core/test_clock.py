"""Time comes from one place, and can be driven."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from gewu.core import clock
from gewu.core.clock import DrivenClock

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_now_is_aware_utc_and_close_to_the_machine() -> None:
    before = datetime.now(UTC)
    moment = clock.now()
    assert before <= moment <= datetime.now(UTC)
    assert moment.tzinfo is UTC


def test_a_driven_clock_stands_still_until_moved() -> None:
    with clock.driven(DrivenClock(START)) as hands:
        assert clock.now() == clock.now() == START
        assert hands.advance(timedelta(minutes=30)) == START + timedelta(minutes=30)
        assert clock.now() == START + timedelta(minutes=30)
    assert clock.now() > START + timedelta(days=1)


def test_a_driven_clock_keeps_utc_whatever_it_is_given() -> None:
    local = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    with clock.driven(DrivenClock(local)):
        assert clock.now().utcoffset() == timedelta(0)
        assert clock.now() == START


def test_setting_back_is_allowed_and_advancing_back_is_not() -> None:
    hands = DrivenClock(START)
    assert hands.set(START - timedelta(days=1)) == START - timedelta(days=1)
    with pytest.raises(ValueError, match="forwards"):
        hands.advance(timedelta(seconds=-1))


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        DrivenClock(datetime(2026, 3, 2))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        DrivenClock(START).set(datetime(2026, 3, 2))  # noqa: DTZ001


def test_blocks_nest_and_an_error_restores_the_clock() -> None:
    with clock.driven(DrivenClock(START)):
        with clock.driven(DrivenClock(START + timedelta(days=1))):
            assert clock.now() == START + timedelta(days=1)
        assert clock.now() == START
        with pytest.raises(ZeroDivisionError), clock.driven(DrivenClock(START + timedelta(days=1))):
            _ = clock.now().year // 0
        assert clock.now() == START


def test_another_thread_keeps_the_machines_time() -> None:
    seen: list[datetime] = []
    with clock.driven(DrivenClock(START)):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != START


def test_monotonic_measures_real_time_also_while_driven() -> None:
    with clock.driven(DrivenClock(START)) as hands:
        begun = clock.monotonic()
        hands.advance(timedelta(days=30))
        assert 0 <= clock.monotonic() - begun < 5
